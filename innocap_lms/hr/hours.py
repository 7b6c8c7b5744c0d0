"""Hours of learning by month and unit: those that courses plan for, of completions that count, and
those that leaders of rounds have confirmed.

The one is never inferred from the other. Source: hr-and-reporting, section 2, hours.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import (
    ColumnElement,
    Integer,
    String,
    case,
    cast,
    column,
    func,
    literal,
    null,
    select,
    true,
    union_all,
    values,
)

from innocap_lms.columns import UtcDateTime
from innocap_lms.extensions import db
from innocap_lms.hr.branches import within
from innocap_lms.hr.filters import A_DAY, midnight, not_revoked
from innocap_lms.learning.models import Completion
from innocap_lms.people.models import Organisation, Unit
from innocap_lms.people.viewer import Viewer, hr_scope
from innocap_lms.rounds.models import RoundAttendance

MONTHS = 12  # up to and with the one of the day


@dataclass(frozen=True)
class Hours:
    """Hours by month: `months` are their first days, `units` maps the id of a unit, or of an
    organisation where no unit is known, to as many numbers."""

    months: list[date]
    units: dict[str, list[float]]

    def of_months(self) -> list[float]:
        """All units together."""
        return [sum(hours[number] for hours in self.units.values()) for number in range(MONTHS)]

    def told_by(self, told: Mapping[str, str]) -> "Hours":
        """The same by fewer units: each together with those that it tells of."""
        units: dict[str, list[float]] = {}
        for unit, hours in self.units.items():
            before = units.get(told[unit], [0.0] * MONTHS)
            units[told[unit]] = [one + other for one, other in zip(before, hours, strict=True)]
        return Hours(self.months, units)


def planned_hours(
    viewer: Viewer, day: date, zone: ZoneInfo, organisation: str = "", unit: str = ""
) -> Hours:
    """The twelve months up to a day, as the place's own calendar has them. One statement.

    Each month of each place is a stretch of an index: to go through all completions and ask each
    for its month and place takes fifteen times as long.
    """
    firsts = list(_firsts(day))
    begins = [midnight(each, zone) for each in (*firsts[:-1], day + A_DAY)]
    months = (
        values(column("number", Integer), column("since", UtcDateTime), column("over", UtcDateTime))
        .data([(number, *month) for number, month in enumerate(pairwise(begins))])
        .cte("month")
    )
    planned = select(func.sum(Completion.hours)).where(
        Completion.kind == "course",
        Completion.completed_at >= months.c.since,
        Completion.completed_at < months.c.over,
        not_revoked(),
    )
    parts = [
        select(place, months.c.number, planned.where(*theirs).scalar_subquery())
        .join(months, true())
        .where(*wanted)
        for place, theirs, wanted in _places(viewer, day, organisation, unit)
    ]
    units: defaultdict[str, list[float]] = defaultdict(lambda: [0.0] * MONTHS)
    for place, number, hours in db.session.execute(union_all(*parts)):
        if hours:
            units[place][number] = float(hours)
    return Hours(firsts[:-1], dict(units))


def _places(
    viewer: Viewer, day: date, organisation: str, unit: str
) -> Iterator[tuple[Any, Sequence[ColumnElement[bool]], Sequence[ColumnElement[bool]]]]:
    """Units, organisations where no unit is known, and nowhere: what each is called by, which
    completions are of it, and which of them are wanted."""
    whole, nowhere = Completion.organisation_id, cast(null(), String)
    of_units = [hr_scope(viewer, Unit.organisation_id, Unit.path)]
    if organisation:
        of_units.append(Unit.organisation_id == organisation)
    if unit:
        of_units.append(Unit.id.in_(within(unit, day)))
    yield Unit.id, [whole == Unit.organisation_id, Completion.unit_id == Unit.id], of_units
    if unit:
        return
    of_all = [hr_scope(viewer, Organisation.id, nowhere)]
    if organisation:
        of_all.append(Organisation.id == organisation)
    yield Organisation.id, [whole == Organisation.id, Completion.unit_id.is_(None)], of_all
    if not organisation:
        of_none = [whole.is_(None), Completion.unit_id.is_(None)]
        none = select(literal("").label("id")).subquery()
        yield none.c.id, of_none, [hr_scope(viewer, nowhere, nowhere)]


def attended_hours(viewer: Viewer, day: date, organisation: str = "", unit: str = "") -> Hours:
    """The same for what is confirmed of sessions, by the day of the session and the unit that a
    member took part from. One statement, which reads an index of attendance."""
    firsts, minutes = list(_firsts(day)), RoundAttendance.minutes
    path = select(Unit.path).where(Unit.id == RoundAttendance.unit_id).scalar_subquery()
    wanted = [
        hr_scope(viewer, RoundAttendance.organisation_id, path),
        RoundAttendance.day.between(firsts[0], day),
        minutes > 0,
    ]
    if organisation:
        wanted.append(RoundAttendance.organisation_id == organisation)
    if unit:
        wanted.append(RoundAttendance.unit_id.in_(within(unit, day)))
    place = func.coalesce(RoundAttendance.unit_id, RoundAttendance.organisation_id)
    columns = _columns(RoundAttendance.day, minutes, firsts, lambda first: first)
    rows = db.session.execute(select(place, *columns).where(*wanted).group_by(place))
    return Hours(firsts[:-1], {row[0]: [number / 60 for number in row[1:]] for row in rows})


def _columns(
    moment: Any, amount: Any, firsts: list[date], begins: Callable[[date], Any]
) -> list[ColumnElement[Any]]:
    """The sum of an amount in each month; `begins` says at what moment a day does."""
    return [
        func.sum(case(((moment >= begins(first)) & (moment < begins(after)), amount), else_=0))
        for first, after in pairwise(firsts)
    ]


def _firsts(day: date) -> Iterator[date]:
    """The first days of the months, and the one after them."""
    number = day.year * 12 + day.month - 1
    for each in range(number - MONTHS + 1, number + 2):
        year, month = divmod(each, 12)
        yield date(year, month + 1, 1)
