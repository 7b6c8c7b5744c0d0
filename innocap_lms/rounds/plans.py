"""What somebody who arranges a round writes down, read and checked: all that is wrong, at once."""

from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from itertools import pairwise
from typing import Final
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from flask_babel import gettext as _

from innocap_lms.people.identity import holds_personal_number
from innocap_lms.people.language import LANGUAGES
from innocap_lms.requirements.days import site_zone
from innocap_lms.rounds.models import MODES
from innocap_lms.rounds.queries import RoundView, SessionView

MOST_SEATS: Final = 500
MOST_SESSIONS: Final = 40
LONGEST_HOURS: Final = 12
SPARE_LINES: Final = 3
LONGEST: Final = {"place": 200, "link": 500, "note": 4000}
LINE: Final = ("id", "day", "start", "end", "mode", "place", "link")
_YEARS: Final = (2000, 2100)  # what is outside is a slip of the keyboard


@dataclass(frozen=True)
class Meeting:
    """A session as planned; `id` is that of one which is there already, else ""."""

    id: str
    starts_at: datetime
    ends_at: datetime
    mode: str
    place: str
    link: str


@dataclass(frozen=True)
class Plan:
    """All that is said of a round."""

    leader_id: str
    language: str
    first_day: date
    last_day: date
    enrol_by: date
    seats: int
    note: str
    zone: str
    organisations: frozenset[str]
    meetings: tuple[Meeting, ...]


@dataclass
class Reading:
    """A form as it is read: what is wrong with it, by field."""

    form: Mapping[str, str]
    errors: dict[str, str] = field(default_factory=dict)

    def text(self, name: str, longest: int = 100) -> str:
        text = self.form.get(name, "").strip()
        if len(text) > longest:
            self.errors[name] = _("Use at most %(count)s characters.", count=longest)
        elif holds_personal_number(text):
            self.errors[name] = _("This looks like a personal identity number: leave it out.")
        return text

    def day(self, name: str) -> date:
        """The day of a field; where there is none, a day that no other check objects to."""
        text = self.form.get(name, "").strip()[:100]
        try:
            found = date.fromisoformat(text)
        except ValueError:
            found = date.max
        if not _YEARS[0] <= found.year < _YEARS[1]:
            self.errors[name] = (
                _("%(text)s is not a date: write it as 2026-11-23.", text=text)
                if text
                else _("Choose a day.")
            )
        return found

    def number(self, name: str, most: int) -> int:
        text = self.form.get(name, "").strip()
        number = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0
        if not 1 <= number <= most:
            self.errors[name] = _("Write a number from 1 to %(most)s.", most=most)
        return number

    def one_of(self, name: str, known: Container[str], words: str) -> str:
        text = self.form.get(name, "")
        if text not in known:
            self.errors[name] = words
        return text


def read_plan(
    form: Mapping[str, str],
    chosen: list[str],
    leaders: Mapping[str, str],
    organisations: Mapping[str, str],
) -> tuple[Plan | None, dict[str, str]]:
    """The plan of a form, or what is wrong with it by field. `leaders` and `organisations` are
    those that may be chosen, `chosen` the ids of organisations that were."""
    reading = Reading(form)
    first_day, last_day, enrol_by = (
        reading.day(name) for name in ("first_day", "last_day", "enrol_by")
    )
    zone = form.get("zone", "")
    if not _is_zone(zone):
        reading.errors["zone"] = _("Choose a time zone.")
    named = frozenset(chosen) & organisations.keys()
    if not named:
        reading.errors["organisations"] = _("Choose whose members may enrol.")
    if not reading.errors.keys() & {"first_day", "last_day", "enrol_by"}:
        if last_day < first_day:
            reading.errors["last_day"] = _("The last day is before the first.")
        elif enrol_by > last_day:
            reading.errors["enrol_by"] = _("Enrolment cannot close after the last day.")
    plan = Plan(
        reading.one_of("leader", leaders, _("Choose a leader.")),
        reading.one_of("language", LANGUAGES, _("Choose one of the languages.")),
        first_day,
        last_day,
        enrol_by,
        reading.number("seats", MOST_SEATS),
        reading.text("note", LONGEST["note"]),
        zone,
        named,
        tuple(_meetings(reading, zone, first_day, last_day)),
    )
    return (None if reading.errors else plan), reading.errors


def _is_zone(name: str) -> bool:
    try:
        return bool(name) and bool(ZoneInfo(name))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False


def lines_of(form: Mapping[str, str]) -> list[int]:
    """The numbers of the form's lines of sessions."""
    found = {name.removeprefix("day-") for name in form if name.startswith("day-")}
    return sorted(number for number in range(1000) if str(number) in found)[:MOST_SESSIONS]


def _meetings(reading: Reading, zone: str, first_day: date, last_day: date) -> list[Meeting]:
    found = [
        meeting
        for number in lines_of(reading.form)
        if _is_filled(reading.form, number)
        and (meeting := _meeting(reading, number, zone, (first_day, last_day)))
    ]
    found.sort(key=lambda one: one.starts_at)
    for before, after in pairwise(found):
        if after.starts_at < before.ends_at:
            reading.errors.setdefault("", _("Two sessions are at the same time."))
    return found


def _is_filled(form: Mapping[str, str], number: int) -> bool:
    """Whether something stands in a line; the way it is held is chosen in empty ones too."""
    return any(
        form.get(f"{name}-{number}", "").strip() for name in LINE if name not in ("mode", "id")
    )


def _meeting(reading: Reading, number: int, zone: str, days: tuple[date, date]) -> Meeting | None:
    held = reading.day(f"day-{number}")
    start, end = (_clock(reading, f"{name}-{number}") for name in ("start", "end"))
    mode = reading.one_of(f"mode-{number}", MODES, _("Choose how it is held."))
    place = reading.text(f"place-{number}", LONGEST["place"])
    link = reading.text(f"link-{number}", LONGEST["link"])
    if mode in ("on_site", "both") and not place:
        reading.errors[f"place-{number}"] = _("Say where it is.")
    if link and not _is_address(link):
        reading.errors[f"link-{number}"] = _("Write a link that begins with https://.")
    if (
        f"day-{number}" in reading.errors
        or start is None
        or end is None
        or "zone" in reading.errors
    ):
        return None
    if not days[0] <= held <= days[1]:
        reading.errors.setdefault(f"day-{number}", _("This is not within the days of the round."))
    starts_at, ends_at = _moment(held, start, zone), _moment(held, end, zone)
    if starts_at is None or ends_at is None:
        words = _("The clocks are put forward then: there is no such time on that day.")
        reading.errors[f"{'end' if starts_at else 'start'}-{number}"] = words
        return None
    hours = (ends_at - starts_at).total_seconds() / 3600
    if not 0 < hours <= LONGEST_HOURS:
        words = _("The end comes after the start, at most %(hours)s hours.", hours=LONGEST_HOURS)
        reading.errors[f"end-{number}"] = words
    return Meeting(reading.form.get(f"id-{number}", ""), starts_at, ends_at, mode, place, link)


def _clock(reading: Reading, name: str) -> time | None:
    text = reading.form.get(name, "").strip()[:20].replace(".", ":")
    try:
        return datetime.strptime(text, "%H:%M").time()  # noqa: DTZ007 - a time of day alone
    except ValueError:
        reading.errors[name] = _("Write a time such as 09:30.")
        return None


def _moment(day: date, clock: time, zone: str) -> datetime | None:
    """The moment of a day's time in a zone, in UTC; the first, where clocks are put back. None
    where they are put forward over it."""
    there = datetime.combine(day, clock, ZoneInfo(zone))
    moment = there.astimezone(UTC)
    back = moment.astimezone(ZoneInfo(zone))
    return moment if back.replace(tzinfo=None) == there.replace(tzinfo=None) else None


def _is_address(link: str) -> bool:
    try:
        parts = urlsplit(link)
    except ValueError:
        return False
    return parts.scheme in ("https", "http") and bool(parts.hostname) and " " not in link


def as_form(one: RoundView | None) -> dict[str, str]:
    """A round as the fields of its form; an empty one, in the site's zone."""
    if one is None:
        return {"zone": site_zone().key, "seats": "20", "language": "sv"}
    zone = one.sessions[0].zone if one.sessions else site_zone().key
    found = {
        "leader": one.leader_id,
        "language": one.language,
        "first_day": one.first_day.isoformat(),
        "last_day": one.last_day.isoformat(),
        "enrol_by": one.enrol_by.isoformat(),
        "seats": str(one.seats),
        "note": one.note,
        "zone": zone,
    }
    for number, session in enumerate(one.sessions):
        found |= _line(number, session, zone)
    return found


def _line(number: int, session: SessionView, zone: str) -> dict[str, str]:
    starts, ends = (
        moment.astimezone(ZoneInfo(zone)) for moment in (session.starts_at, session.ends_at)
    )
    values = {
        "id": session.id,
        "day": starts.date().isoformat(),
        "start": f"{starts:%H:%M}",
        "end": f"{ends:%H:%M}",
        "mode": session.mode,
        "place": session.place,
        "link": session.link,
    }
    return {f"{name}-{number}": value for name, value in values.items()}
