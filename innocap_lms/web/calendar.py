"""A person's due days and rounds as a calendar that programs subscribe to, by an address nobody
can guess."""

from datetime import timedelta

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _

from innocap_lms import clock
from innocap_lms.people.feeds import Subscriber
from innocap_lms.people.mail import site_address
from innocap_lms.requirements.days import today
from innocap_lms.requirements.queries import own_standings
from innocap_lms.rounds.calendar import sessions_of
from innocap_lms.rounds.queries import own_rounds
from innocap_lms.web.required import row_of

ASKED = ("not_due", "due_soon", "in_progress", "renewal_open", "valid")  # with a day to come
A_DAY = timedelta(days=1)


def calendar_of(subscriber: Subscriber) -> bytes:
    """iCalendar (RFC 5545): an all-day event for the last day of each requirement, and the sessions
    of the person's rounds."""
    from icalendar import Calendar, Event  # 2 MB that few processes need

    calendar = Calendar()
    calendar.add("prodid", "-//innocap-lms//due days//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    with force_locale(subscriber.language):
        calendar.add("x-wr-calname", str(current_app.extensions["innocap_settings"].site_name))
        for own in own_standings(subscriber.person_id, today()):
            if own.deadline is None or own.state not in ASKED:
                continue
            row = row_of(own, None, subscriber.language)
            event = Event()
            event.add("uid", f"{own.requirement_id}@{site_address().partition('://')[2]}")
            event.add("dtstamp", clock.utcnow())
            event.add("dtstart", own.deadline)
            event.add("dtend", own.deadline + A_DAY)
            event.add("transp", "TRANSPARENT")
            event.add("summary", str(_("Last day: %(title)s", title=row.title)))
            event.add("description", row.said)
            event.add("url", f"{site_address()}{row.url}")
            calendar.add_component(event)
        for event in sessions_of(own_rounds(subscriber.person_id), subscriber.language):
            calendar.add_component(event)
    return bytes(calendar.to_ical())
