"""Rows for reports of plugins: standings or completions that the reader may see, names kept apart.

A report gets no session and no names: what it may not see, it cannot ask for.
"""

from collections.abc import Callable, Generator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Select, case, func, select

from innocap_lms.extensions import db, one_moment
from innocap_lms.hr import queries, standings
from innocap_lms.hr.filters import Filters, conditions, not_revoked
from innocap_lms.hr.pages import all_titled, place_labels
from innocap_lms.hr.scope import UNIT_ID, Lens, holding
from innocap_lms.hr.tree import as_on
from innocap_lms.learning.models import Completion
from innocap_lms.people.models import Person
from innocap_lms.people.viewer import Viewer
from innocap_lms.plugin_host.report_types import ReportAsked, ReportRow, ReportWish
from innocap_lms.requirements.models import (
    NumberedPerson,
    NumberedPlace,
    NumberedRequirement,
    Standing,
)

AT_A_TIME = 500  # rows that a report is given together

_person = Person.__table__.c
_shown = case((_person.protected, ""), else_=_person.name)


class Where(NamedTuple):
    """The part of the viewer's scope that is asked for; "" for all of it."""

    organisation: str = ""
    unit: str = ""


@dataclass(frozen=True)
class Batch:
    """Some rows, and the name of each person in them by id; "" where protected."""

    rows: list[ReportRow]
    names: dict[str, str]


def rows_of(
    viewer: Viewer, source: str, wish: ReportWish, where: Where, asked: ReportAsked, zone: ZoneInfo
) -> Generator[Batch]:
    """The rows that a report wishes for, by day, some hundred at a time, as of one moment. Close
    it: it holds a connection."""
    places = as_on(queries.places(viewer), wish.last)
    labels = place_labels(places)
    organisations = {place.organisation_id: place.organisation for place in places}
    titles = all_titled(asked.language)
    if source == "standings":
        targets = {
            each.id: each.rule.target_id for each in standings.requirements(viewer, asked.day)
        }
        made = _of_standing(organisations, labels, titles, targets)
    else:
        made = _of_completion(organisations, labels, titles, zone)
    query = _rows(viewer, source, wish, where, asked.day, zone)
    query = query.execution_options(yield_per=AT_A_TIME)
    with one_moment() as connection, closing(connection.execute(query)) as found:
        for some in found.partitions(AT_A_TIME):
            yield Batch([made(row) for row in some], {row.person_id: row.shown for row in some})


def number_of_rows(
    viewer: Viewer, source: str, wish: ReportWish, where: Where, asked: ReportAsked, zone: ZoneInfo
) -> int:
    """How many rows that will be. One statement."""
    rows = _rows(viewer, source, wish, where, asked.day, zone).order_by(None).subquery()
    return db.session.scalar(select(func.count()).select_from(rows)) or 0


def _rows(
    viewer: Viewer, source: str, wish: ReportWish, where: Where, day: date, zone: ZoneInfo
) -> Select[*tuple[Any, ...]]:
    if source == "standings":
        return _standings(viewer, wish, where, day)
    return _completions(viewer, wish, where, zone)


def _standings(
    viewer: Viewer, wish: ReportWish, where: Where, day: date
) -> Select[*tuple[Any, ...]]:
    lens = Lens(day, organisation=where.organisation, unit=where.unit)
    wanted = holding(viewer, lens)
    if wish.states:
        wanted.append(Standing.state.in_(wish.states))
    if wish.first:
        wanted.append(Standing.deadline >= wish.first)
    if wish.last:
        wanted.append(Standing.deadline <= wish.last)
    return (
        select(
            _person.id.label("person_id"),
            _shown.label("shown"),
            NumberedPlace.organisation_id,
            UNIT_ID.label("unit_id"),
            NumberedRequirement.id.label("requirement_id"),
            Standing.state,
            Standing.deadline,
        )
        .join(NumberedPerson, NumberedPerson.number == Standing.person)
        .join(Person, Person.id == NumberedPerson.id)
        .join(NumberedRequirement, NumberedRequirement.number == Standing.requirement)
        .join(NumberedPlace, NumberedPlace.number == Standing.place)
        .where(*wanted)
        .order_by(
            Standing.deadline, _person.protected, _person.name, _person.id, NumberedRequirement.id
        )
    )


def _completions(
    viewer: Viewer, wish: ReportWish, where: Where, zone: ZoneInfo
) -> Select[*tuple[Any, ...]]:
    """What was revoked is none."""
    filters = Filters(where.organisation, where.unit, first_day=wish.first, last_day=wish.last)
    return (
        select(
            Completion.person_id,
            _shown.label("shown"),
            Completion.organisation_id,
            Completion.unit_id,
            Completion.track,
            Completion.course_id,
            Completion.completed_at,
            Completion.hours,
        )
        .join(Person, Person.id == Completion.person_id)
        .where(*conditions(viewer, filters, zone), not_revoked())
        .order_by(Completion.completed_at, Completion.id)
    )


Names = Mapping[str, str]
Titles = Mapping[str, tuple[str, str]]  # track and title by course id
Make = Callable[[Any], ReportRow]


def _of_standing(organisations: Names, units: Names, titles: Titles, targets: Names) -> Make:
    def make(row: Any) -> ReportRow:
        target = targets.get(row.requirement_id, "")
        track, title = titles.get(target, ("", target))
        last = None if row.deadline == date.max else row.deadline
        where = (organisations.get(row.organisation_id, ""), units.get(row.unit_id, ""))
        return ReportRow(row.person_id, *where, track, title, last, state=row.state)

    return make


def _of_completion(organisations: Names, units: Names, titles: Titles, zone: ZoneInfo) -> Make:
    def make(row: Any) -> ReportRow:
        track, title = titles.get(row.course_id, (row.track, row.course_id))
        day = row.completed_at.astimezone(zone).date()
        where = (organisations.get(row.organisation_id, ""), units.get(row.unit_id, ""))
        return ReportRow(row.person_id, *where, track, title, day, hours=row.hours)

    return make
