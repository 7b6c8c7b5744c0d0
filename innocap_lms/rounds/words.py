"""Rounds in words: days, hours and grounds, as pages and mail say them."""

from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from babel.dates import get_timezone_location
from flask_babel import format_date, get_locale
from flask_babel import gettext as _

from innocap_lms.catalogue.queries import Kind, offering
from innocap_lms.rounds.own import Change
from innocap_lms.rounds.queries import RoundView, SessionView


class Named(NamedTuple):
    """What a round is of: its title, whether a course or a programme, and whether it is in
    service."""

    title: str
    kind: Kind
    offered: bool


def named(course_id: str, language: str) -> Named:
    """The course or programme of that id; the id alone where it is no longer in service. One
    statement for a course, two for a programme."""
    found = offering(course_id) or offering(course_id, "programme")
    if found is None:
        return Named(course_id, "course", offered=False)
    course = found.edition.course
    title = course.texts[course.language(language)].title
    return Named(title, found.edition.kind, offered=True)


def days_of(one: RoundView) -> str:
    """From which day to which."""
    return span_of(one.first_day, one.last_day)


def span_of(first_day: date, last_day: date) -> str:
    """From one day to another; one day alone, where they are the same."""
    first = format_date(first_day, "long")
    if first_day == last_day:
        return first
    return _("%(first)s to %(last)s", first=first, last=format_date(last_day, "long"))


def hours_of(session: SessionView) -> str:
    """Day and hours of a session where it is held, and where that is."""
    zone = ZoneInfo(session.zone)
    starts, ends = session.starts_at.astimezone(zone), session.ends_at.astimezone(zone)
    return _(
        "%(day)s, %(start)s–%(end)s (time in %(place)s)",
        day=format_date(starts.date(), "full"),
        start=_clock(starts),
        end=_clock(ends),
        place=get_timezone_location(zone, locale=get_locale() or "en", return_city=True),
    )


def _clock(moment: datetime) -> str:
    return f"{moment:%H:%M}"


def mode_words() -> dict[str, str]:
    """The ways in which a session is held."""
    return {"on_site": _("On site"), "online": _("Online"), "both": _("On site and online")}


def place_words(session: SessionView) -> str:
    """Where one goes, without the link, which members alone have."""
    ways = {
        "on_site": session.place,
        "online": _("Online"),
        "both": _("%(place)s, or online", place=session.place),
    }
    return ways[session.mode]


def session_line(session: SessionView) -> str:
    """A session in a line of a mail."""
    where = f"{place_words(session)} {session.link}".strip()
    return f"- {hours_of(session)}: {where}"


def state_words() -> dict[str, str]:
    """Each state as its learner reads it."""
    return {
        "invited": _("Asked to take part"),
        "enrolled": _("Enrolled"),
        "in_progress": _("In progress"),
        "completed": _("Completed"),
        "failed": _("Not completed in time"),
        "withdrawn": _("Withdrawn"),
        "cancelled": _("Place cancelled"),
        "expired": _("Not answered, or never begun"),
        "waiting": _("On the waiting list"),
    }


def ground_words(ground: str, organisation: str, provision: str) -> str:
    """Why somebody is in a round, as a sentence; "" for their own wish."""
    words = {
        "own": "",
        "manager": _("Your manager asked for it."),
        "hr": _("HR asked for it."),
        "employer": _("%(organisation)s requires it.", organisation=organisation),
        "law": _(
            "%(organisation)s requires it by law: %(provision)s.",
            organisation=organisation,
            provision=provision,
        ),
    }
    return words[ground]


def grounds() -> dict[str, str]:
    """Grounds in a word, as HR and managers read them."""
    return {
        "own": _("Own wish"),
        "manager": _("Manager asked"),
        "hr": _("HR asked"),
        "employer": _("Employer requires"),
        "law": _("Law requires"),
    }


def change_words(change: Change) -> str:
    """A change of somebody's place in a round, as they read it."""
    minutes = change.said.get("minutes")
    if change.kind == "attended":
        return _("Hours confirmed: %(minutes)s minutes", minutes=minutes)
    if change.kind == "waiting_ended":
        return _("Not on the waiting list any more")
    return state_words().get(change.kind, change.kind)


def hand_words(change: Change) -> str:
    """Who made a change."""
    hands = {
        "self": _("you"),
        "manager": _("your manager"),
        "hr": _("HR"),
        "organiser": _("who arranges the round"),
        "leader": _("the leader"),
    }
    sites = {
        "noted": _("the site, after the completion was noted"),
        "corrected": _("the site, after a correction of the completion"),
    }
    dates = _("the site, by the dates of the round")
    found = hands.get(change.by) or sites.get(change.said.get("because", ""), dates)
    return f"{found} ({change.actor})" if change.actor and change.by != "self" else found
