"""Sessions as events of a calendar, iCalendar (RFC 5545)."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _

from innocap_lms import clock
from innocap_lms.people.mail import site_address
from innocap_lms.rounds.queries import RoundView, SessionView
from innocap_lms.rounds.states import SEATED
from innocap_lms.rounds.words import named, place_words

if TYPE_CHECKING:
    from icalendar import Event


def sessions_of(rounds: Iterable[RoundView], language: str) -> "Iterable[Event]":
    """An event for each session of these rounds. One of a cancelled round says so, since programs
    may have it already; a session that moved keeps its name and has a higher sequence."""
    for one in rounds:
        title = named(one.course_id, language).title
        for session in one.sessions:
            yield _event(one, session, title)


def calendar_of(one: RoundView, language: str) -> bytes:
    """A round as a file for calendar programs."""
    from icalendar import Calendar  # 2 MB that few processes need

    calendar = Calendar()
    calendar.add("prodid", "-//innocap-lms//rounds//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    for event in sessions_of([one], language):
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _event(one: RoundView, session: SessionView, title: str) -> Any:
    from icalendar import Event

    event, cancelled = Event(), one.cancelled_at is not None
    where = [place_words(session)]
    if one.state in SEATED and session.link:
        where.append(session.link)
    event.add("uid", f"{session.id}@{site_address().partition('://')[2]}")
    event.add("dtstamp", clock.utcnow())
    event.add("sequence", one.revision)
    event.add("dtstart", session.starts_at)
    event.add("dtend", session.ends_at)
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    event.add("summary", str(_("Cancelled: %(title)s", title=title)) if cancelled else title)
    event.add("location", ", ".join(where))
    event.add("url", f"{site_address()}/rounds/{one.id}")
    return event
