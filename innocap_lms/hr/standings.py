"""Reads of standings: who stands how towards what, on a day, as known now or as shown that day."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, NamedTuple, cast

from sqlalchemy import ColumnElement, String, and_, case, func, literal, select

from innocap_lms.extensions import db
from innocap_lms.hr import tallied
from innocap_lms.hr.paging import BY_NAME, Order, page_of
from innocap_lms.hr.scope import (
    UNIT_ID,
    Lens,
    holding,
    holding_any,
    is_among_asked,
    is_asked,
    is_overall,
    of_person,
    states_of,
    with_group,
)
from innocap_lms.people.models import Person
from innocap_lms.people.naming import names_like
from innocap_lms.people.viewer import Viewer, hr_scope
from innocap_lms.requirements.models import (
    NumberedPerson,
    NumberedPlace,
    NumberedRequirement,
    Overall,
    RequirementRow,
    Standing,
)
from innocap_lms.requirements.periods import GROUPS, Group, State
from innocap_lms.requirements.queries import rule_on
from innocap_lms.requirements.rules import Rule, rule_of

PAGE = 50  # people
FEW = 5000
OVERSEERS = ("hr", "manager")

_person = Person.__table__.c


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
        .where(in_organisations(viewer, table.organisation_id))
        .order_by(table.set_at, table.id)
    )
    return [
        Required(row.id, row.organisation_id, rule_on(row.rules, day), rule_of(row.rule))
        for row in rows
    ]


def in_organisations(viewer: Viewer, organisation_id: Any) -> ColumnElement[bool]:
    """A manager reads what the whole organisation requires, and of whom in the own unit alone."""
    if viewer.has("admin"):
        return hr_scope(viewer, organisation_id, literal(""))
    own = {role.organisation_id for role in viewer.roles if role.name in OVERSEERS}
    found: ColumnElement[bool] = organisation_id.in_(sorted(filter(None, own)))
    return found


Groups = dict[Group, int]


def counts(viewer: Viewer, lens: Lens) -> tuple[dict[str, Groups], dict[str, Groups]]:
    """How many standings are in which group: by requirement, and by unit. Two statements."""
    if tallied.are_by_requirement(viewer, lens):
        of_each = tallied.by_requirement(viewer, lens)
    else:
        of_each = _by_requirement(viewer, lens)
    if tallied.are_by_place(lens):
        of_units = tallied.by_unit(viewer, lens)
    else:
        of_units = _by_unit(viewer, lens)
    return _grouped(of_each), _grouped(of_units)


def _by_requirement(viewer: Viewer, lens: Lens) -> Iterator[tuple[str, str, int]]:
    """Requirement, state and number, counted of the standings themselves. One statement."""
    return _counted(viewer, lens, Standing.requirement, NumberedRequirement, NumberedRequirement.id)


def _by_unit(viewer: Viewer, lens: Lens) -> Iterator[tuple[str, str, int]]:
    """The same by unit."""
    return _counted(viewer, lens, Standing.place, NumberedPlace, UNIT_ID)


def _counted(
    viewer: Viewer, lens: Lens, number: Any, numbered: Any, name: Any
) -> Iterator[tuple[str, str, int]]:
    what = (number.label("what"), Standing.state)
    counted = select(*what, func.count().label("many")).where(*holding(viewer, lens))
    found = counted.group_by(*what).subquery()
    rows = db.session.execute(
        select(name, found.c.state, found.c.many).join(numbered, numbered.number == found.c.what)
    )
    return ((row[0], row[1], row[2]) for row in rows)


def _grouped(counted: Iterable[tuple[str, str, int]]) -> dict[str, Groups]:
    found: defaultdict[str, Groups] = defaultdict(dict)
    for its_id, state, number in counted:
        groups, group = found[its_id], GROUPS[cast("State", state)]
        groups[group] = groups.get(group, 0) + number
    return dict(found)


def people_in_order(viewer: Viewer, lens: Lens) -> tuple[int, int]:
    """How many people are asked for anything, and how many of them are late with something. One
    statement, two where several organisations may be in scope."""
    if not lens.name and lens.requirement and tallied.are_by_requirement(viewer, lens):
        groups = _grouped(tallied.by_requirement(viewer, lens)).get(lens.requirement, {})
        return sum(groups.values()), groups.get("late", 0)
    if not is_overall(lens):
        late = Standing.state.in_(states_of("late"))
        return _people(Standing.person, late, holding(viewer, lens), lens.name)
    if not lens.name and _is_one_organisation(viewer, lens):
        return tallied.people(viewer, lens)
    is_late = and_(Overall.groups.in_(with_group("late")), literal(lens.state in ("", "late")))
    return _people(Overall.person, is_late, holding_any(viewer, lens), lens.name)


def _people(
    person: Any, late: Any, conditions: list[ColumnElement[bool]], name: str
) -> tuple[int, int]:
    is_late = case((late, person))
    if name:
        named = select(NumberedPerson.number).join(Person, Person.id == NumberedPerson.id)
        conditions = [*conditions, person.in_(named.where(*names_like(name)))]
    row = db.session.execute(
        select(func.count(person.distinct()), func.count(is_late.distinct())).where(*conditions)
    ).one()
    return row[0], row[1]


def _is_one_organisation(viewer: Viewer, lens: Lens) -> bool:
    """Whether nobody can be in two of the places that are looked at."""
    if lens.organisation or lens.unit:
        return True
    if viewer.has("admin"):
        places = select(func.count(NumberedPlace.organisation_id.distinct()))
        return (db.session.scalar(places) or 0) < 2
    return len({role.organisation_id for role in viewer.roles if role.name in OVERSEERS}) < 2


def lines(
    viewer: Viewer,
    lens: Lens,
    asked: int,
    after: str = "",
    before: str = "",
    order: Order = BY_NAME,
) -> Lines:
    """Fifty people after, or before, the person of that id, with all their cells; `asked` is how
    many there are in all, whatever their names. Two statements.

    Of many, the next fifty are soon found by going through people in their order; few are looked
    up first, or that would go through everybody.
    """
    these = is_among_asked if asked <= FEW else is_asked
    who = (these(viewer, lens), *names_like(lens.name))
    page = page_of(who, [_shown_name()], PAGE, after, before, order)
    return Lines(_with_cells(viewer, lens, page.rows), page.before, page.after)


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
        .where(*of_person(viewer, person_id, lens))
    )
    return {row.requirement_id: _cell(row) for row in rows}


def organisations_of(viewer: Viewer, person_id: str, lens: Lens) -> set[str]:
    """The organisations in which a person stands in the viewer's scope. One statement."""
    return set(
        db.session.scalars(
            select(NumberedPlace.organisation_id)
            .join(Standing, Standing.place == NumberedPlace.number)
            .where(*of_person(viewer, person_id, lens))
            .distinct()
        )
    )
