"""Reads of standings: who stands how towards what, on a day, as known now or as shown that day."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, NamedTuple, cast

from sqlalchemy import ColumnElement, Select, String, and_, case, func, literal, select, tuple_

from innocap_lms.extensions import db
from innocap_lms.hr.tree import units_below
from innocap_lms.people.models import Person, Unit
from innocap_lms.people.naming import names_like
from innocap_lms.people.viewer import Viewer, hr_scope
from innocap_lms.requirements.models import (
    STILL_KNOWN,
    NumberedPerson,
    NumberedPlace,
    NumberedRequirement,
    RequirementRow,
    Standing,
)
from innocap_lms.requirements.periods import GROUPS, Group, State
from innocap_lms.requirements.queries import rule_on
from innocap_lms.requirements.rules import Rule, rule_of

PAGE = 50  # people

_person = Person.__table__.c
people_order = tuple_(_person.protected, _person.name, _person.id)
UNIT_ID = case(  # of a place: "" for the whole organisation
    (NumberedPlace.id == NumberedPlace.organisation_id, ""), else_=NumberedPlace.id
)


@dataclass(frozen=True)
class Lens:
    """What is looked at. `known` is a place in the ledger, None: all that is known now. Empty
    means everything in the viewer's scope."""

    day: date
    known: int | None = None
    organisation: str = ""
    unit: str = ""
    requirement: str = ""
    state: str = ""  # one of the ten, or one of the four groups
    name: str = ""


class Required(NamedTuple):
    """A requirement: the version that holds on the day asked for, and the newest."""

    id: str
    organisation_id: str
    rule: Rule
    newest: Rule


class Cell(NamedTuple):
    """How somebody stands towards a requirement, since when, and the last day in time or in
    order, None without one."""

    state: State
    since: date
    deadline: date | None


@dataclass(frozen=True)
class PersonLine:
    """A person in the matrix, with the cells by requirement. No name where protected."""

    id: str
    name: str
    unit_id: str
    cells: dict[str, Cell]


@dataclass(frozen=True)
class Lines:
    """A page of people; `before` and `after` are the ids its neighbours are asked for with."""

    people: list[PersonLine]
    before: str
    after: str


def requirements(viewer: Viewer, day: date) -> list[Required]:
    """The requirements of the organisations in which the viewer follows up, as they are on a day.
    One statement."""
    table = RequirementRow.__table__.c
    rows = db.session.execute(
        select(table.id, table.organisation_id, table.rule, table.rules)
        .where(_in_organisations(viewer, table.organisation_id))
        .order_by(table.set_at, table.id)
    )
    return [
        Required(row.id, row.organisation_id, rule_on(row.rules, day), rule_of(row.rule))
        for row in rows
    ]


def _in_organisations(viewer: Viewer, organisation_id: Any) -> ColumnElement[bool]:
    """A manager reads what the whole organisation requires, and of whom in the own unit alone."""
    if viewer.has("admin"):
        return hr_scope(viewer, organisation_id, literal(""))
    own = {role.organisation_id for role in viewer.roles if role.name in ("hr", "manager")}
    found: ColumnElement[bool] = organisation_id.in_(sorted(filter(None, own)))
    return found


def holding(viewer: Viewer, lens: Lens, *, of_each: bool = False) -> list[ColumnElement[bool]]:
    """The conditions on standings: in scope, on the day, as known; `of_each` where they are asked
    for person by person."""
    found = [
        *seen(viewer, lens, of_each=of_each),
        Standing.valid_from <= lens.day,
        Standing.valid_until > lens.day,
    ]
    if lens.state:
        found.append(Standing.state.in_(_states(lens.state)))
    return found


def seen(viewer: Viewer, lens: Lens, *, of_each: bool = False) -> list[ColumnElement[bool]]:
    """The conditions on standings of whatever day and state: in scope, as known.

    Person by person the key of people is to be used: the function around the place keeps SQLite
    from going through all of a place's standings for each of them.
    """
    found: list[ColumnElement[bool]] = []
    if (where := places(viewer, lens)) is not None:
        place: Any = func.coalesce(Standing.place, 0) if of_each else Standing.place
        found.append(place.in_(where))
    if lens.known is None:
        found.append(STILL_KNOWN)
    else:
        found += [Standing.known_from <= lens.known, Standing.known_until > lens.known]
    if lens.requirement:
        found.append(Standing.requirement == number_of(NumberedRequirement, lens.requirement))
    return found


def places(viewer: Viewer, lens: Lens) -> Select[int] | None:
    """The numbers of the places in scope; None where that is all of the site."""
    if not lens.organisation and not lens.unit and viewer.has("admin"):
        return None
    path = select(Unit.path).where(Unit.id == NumberedPlace.id).scalar_subquery()
    found = [hr_scope(viewer, NumberedPlace.organisation_id, path)]
    if lens.organisation:
        found.append(NumberedPlace.organisation_id == lens.organisation)
    if lens.unit:
        found.append(NumberedPlace.id.in_(units_below(lens.unit, lens.day, lens.known)))
    return select(NumberedPlace.number).where(*found)


def number_of(model: type[NumberedPerson | NumberedRequirement], its_id: str) -> Any:
    """The number by which standings name what has this id."""
    return select(model.number).where(model.id == its_id).scalar_subquery()


def _states(wanted: str) -> list[str]:
    return [state for state, group in GROUPS.items() if wanted in (state, group)]


Groups = dict[Group, int]


def counts(viewer: Viewer, lens: Lens) -> tuple[dict[str, Groups], dict[str, Groups]]:
    """How many standings are in which group: by requirement, and by unit. One statement."""
    counted = (
        select(Standing.requirement, Standing.place, Standing.state, func.count().label("number"))
        .where(*holding(viewer, lens))
        .group_by(Standing.requirement, Standing.place, Standing.state)
        .subquery()
    )
    rows = db.session.execute(
        select(NumberedRequirement.id, UNIT_ID, counted.c.state, counted.c.number)
        .join(NumberedRequirement, NumberedRequirement.number == counted.c.requirement)
        .join(NumberedPlace, NumberedPlace.number == counted.c.place)
    )
    by_requirement: defaultdict[str, Groups] = defaultdict(dict)
    by_unit: defaultdict[str, Groups] = defaultdict(dict)
    for requirement_id, unit_id, state, number in rows:
        group = GROUPS[cast("State", state)]
        for groups in (by_requirement[requirement_id], by_unit[unit_id]):
            groups[group] = groups.get(group, 0) + number
    return dict(by_requirement), dict(by_unit)


def people_in_order(viewer: Viewer, lens: Lens) -> tuple[int, int]:
    """How many people are asked for anything, and how many of them are late with something. One
    statement."""
    late = case((Standing.state.in_(_states("late")), Standing.person))
    row = db.session.execute(
        select(func.count(Standing.person.distinct()), func.count(late.distinct())).where(
            *holding(viewer, lens)
        )
    ).one()
    return row[0], row[1]


def lines(viewer: Viewer, lens: Lens, after: str = "", before: str = "") -> Lines:
    """Fifty people after, or before, the person of that id, with all their cells. Two
    statements."""
    asked = select(literal(1)).where(theirs(viewer, lens))
    query = select(_person.id, _shown_name()).where(
        asked.correlate(Person.__table__).exists(), *names_like(lens.name)
    )
    query = query.order_by(*people_order.clauses).limit(PAGE + 1)
    if before:
        query = query.where(people_order < _anchor(before)).order_by(None)
        query = query.order_by(*(column.desc() for column in people_order.clauses))
    elif after:
        query = query.where(people_order > _anchor(after))
    rows = [(row[0], row[1]) for row in db.session.execute(query)]
    more = len(rows) > PAGE
    rows = rows[:PAGE]
    if before:
        rows.reverse()
    people = _with_cells(viewer, lens, rows)
    earlier, later = (more, True) if before else (bool(after), more)
    return Lines(
        people,
        people[0].id if people and earlier else "",
        people[-1].id if people and later else "",
    )


def _with_cells(viewer: Viewer, lens: Lens, rows: Sequence[tuple[str, str]]) -> list[PersonLine]:
    """Their cells towards every requirement, whichever state was asked for."""
    all_states = replace(lens, state="", requirement="", name="")
    found: defaultdict[str, dict[str, Cell]] = defaultdict(dict)
    units: dict[str, str] = {}
    for row in db.session.execute(
        select(
            NumberedPerson.id.label("person_id"),
            NumberedRequirement.id.label("requirement_id"),
            Standing.state,
            Standing.valid_from,
            Standing.deadline,
            UNIT_ID.label("unit_id"),
        )
        .select_from(NumberedPerson)
        .join(Standing, Standing.person == NumberedPerson.number)
        .join(NumberedRequirement, NumberedRequirement.number == Standing.requirement)
        .join(NumberedPlace, NumberedPlace.number == Standing.place)
        .where(
            NumberedPerson.id.in_([person_id for person_id, _name in rows]),
            *holding(viewer, all_states, of_each=True),
        )
    ):
        found[row.person_id][row.requirement_id] = _cell(row)
        units[row.person_id] = row.unit_id
    return [
        PersonLine(person_id, name, units.get(person_id, ""), found[person_id])
        for person_id, name in rows
    ]


def _cell(row: Any) -> Cell:
    return Cell(row.state, row.valid_from, None if row.deadline == date.max else row.deadline)


def _shown_name() -> ColumnElement[str]:
    return case((_person.protected, ""), else_=_person.name).cast(String)


def _anchor(person_id: str) -> ColumnElement[Any]:
    """Where a person stands in the list's order."""
    row = [select(column).where(_person.id == person_id) for column in people_order.clauses]
    return tuple_(*(part.scalar_subquery() for part in row))


def theirs(viewer: Viewer, lens: Lens) -> ColumnElement[bool]:
    """The standings of the Person that a statement around it names."""
    number = select(NumberedPerson.number).where(NumberedPerson.id == _person.id)
    its = number.correlate(Person.__table__).scalar_subquery()
    return and_(Standing.person == its, *holding(viewer, lens, of_each=True))


def standings_of(viewer: Viewer, person_id: str, lens: Lens) -> dict[str, Cell]:
    """How a person stands towards each requirement. One statement."""
    rows = db.session.execute(
        select(
            NumberedRequirement.id.label("requirement_id"),
            Standing.state,
            Standing.valid_from,
            Standing.deadline,
        )
        .join(NumberedRequirement, NumberedRequirement.number == Standing.requirement)
        .where(*_of(viewer, person_id, lens))
    )
    return {row.requirement_id: _cell(row) for row in rows}


def organisations_of(viewer: Viewer, person_id: str, lens: Lens) -> set[str]:
    """The organisations in which a person stands in the viewer's scope. One statement."""
    return set(
        db.session.scalars(
            select(NumberedPlace.organisation_id)
            .join(Standing, Standing.place == NumberedPlace.number)
            .where(*_of(viewer, person_id, lens))
            .distinct()
        )
    )


def _of(viewer: Viewer, person_id: str, lens: Lens) -> list[ColumnElement[bool]]:
    number = number_of(NumberedPerson, person_id)
    return [Standing.person == number, *holding(viewer, lens, of_each=True)]
