"""What a follow-up list is narrowed to: read from an address, written back into one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, func, select

from innocap_lms.catalogue.queries import Kind
from innocap_lms.credentials.models import Revocation
from innocap_lms.hr.branches import within
from innocap_lms.hr.sorting import NAME, Columns, read_sort
from innocap_lms.learning.models import Completion
from innocap_lms.people.models import Unit
from innocap_lms.people.naming import names_like
from innocap_lms.people.viewer import Viewer, hr_scope

MAX_TEXT = 100
A_DAY = timedelta(days=1)
COLUMNS: Final[Columns] = {NAME: False, "number": True, "latest": True}


@dataclass(frozen=True)
class Filters:
    """Empty means everything in the viewer's scope. Both days are included."""

    organisation: str = ""
    unit: str = ""
    track: str = ""
    course: str = ""
    first_day: date | None = None
    last_day: date | None = None
    name: str = ""
    kind: Kind = "course"  # the completions of courses, or of programmes: never both in one count
    sort: str = ""  # one of COLUMNS, see `sorting`; narrows nothing

    def address(self) -> dict[str, str]:
        """The filters as the query part of an address; those that are empty are left out."""
        values = {
            "organisation": self.organisation,
            "unit": self.unit,
            "track": self.track,
            "course": self.course,
            "from": self.first_day.isoformat() if self.first_day else "",
            "to": self.last_day.isoformat() if self.last_day else "",
            "name": self.name,
            "kind": "" if self.kind == "course" else self.kind,
            "sort": self.sort,
        }
        return {name: value for name, value in values.items() if value}


def read_filters(values: Mapping[str, str]) -> tuple[Filters, list[tuple[str, str]]]:
    """Filters from an address, and (field, message) for each value that cannot be used."""
    problems: list[tuple[str, str]] = []

    def word(name: str) -> str:
        return values.get(name, "").strip()[:MAX_TEXT]

    def day(name: str) -> date | None:
        text = word(name)
        try:
            return date.fromisoformat(text) if text else None
        except ValueError:
            problems.append((name, _("%(text)s is not a date: write it as 2026-11-23.", text=text)))
            return None

    filters = Filters(
        word("organisation"),
        word("unit"),
        word("track"),
        word("course"),
        day("from"),
        day("to"),
        word("name"),
        "programme" if word("kind") == "programme" else "course",
        read_sort(word("sort"), COLUMNS),
    )
    if filters.first_day and filters.last_day and filters.first_day > filters.last_day:
        problems.append(("to", _("The last day is before the first.")))
    return filters, problems


def conditions(viewer: Viewer, filters: Filters, zone: ZoneInfo) -> list[ColumnElement[bool]]:
    """Which completions count: what `viewer` may see, narrowed; days are those of `zone`.

    The name is no part of it: see `named`. A unit is the branch that it was on the last day. No
    statement, three where that day is over and a unit is asked for.
    """
    path = select(Unit.path).where(Unit.id == Completion.unit_id).scalar_subquery()
    wanted = [
        hr_scope(viewer, Completion.organisation_id, path),
        Completion.kind == filters.kind,
    ]
    if filters.organisation:
        wanted.append(Completion.organisation_id == filters.organisation)
    if filters.unit:
        wanted.append(Completion.unit_id.in_(within(filters.unit, filters.last_day)))
    if filters.track:
        wanted.append(Completion.track == filters.track)
    if filters.course:
        wanted.append(Completion.course_id == filters.course)
    if filters.first_day:
        wanted.append(Completion.completed_at >= midnight(filters.first_day, zone))
    if filters.last_day and filters.last_day < date.max:
        wanted.append(Completion.completed_at < midnight(filters.last_day + A_DAY, zone))
    return wanted


def not_revoked() -> ColumnElement[bool]:
    """That a completion counts still: the certificate that it bears was not revoked."""
    found = select(Revocation.certificate_id).where(
        Revocation.certificate_id == Completion.certificate_id
    )
    return ~found.correlate(Completion.__table__).exists()


def latest_completion() -> ColumnElement[datetime]:
    """The moment of the latest of some completions, to sort by: long ago where there is none."""
    return func.coalesce(func.max(Completion.completed_at), datetime(1, 1, 1, tzinfo=UTC))


def named(filters: Filters) -> list[ColumnElement[bool]]:
    """The condition on Person."""
    return names_like(filters.name)


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """The moment a day begins in `zone`, in UTC; kept off the ends of the calendar."""
    safe = min(max(day, date(2, 1, 1)), date(9998, 1, 1))
    return datetime.combine(safe, time.min, zone).astimezone(UTC)
