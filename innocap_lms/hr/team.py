"""The team of a manager: who is where, how each stands, and which days come next."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final, NamedTuple, cast
from zoneinfo import ZoneInfo

from sqlalchemy import case, select

from innocap_lms.extensions import db
from innocap_lms.hr import queries, roster, standings
from innocap_lms.hr.listing import around, files
from innocap_lms.hr.matrix_pages import titles_of
from innocap_lms.hr.pages import place_labels, unit_choices
from innocap_lms.hr.paging import Order
from innocap_lms.hr.register_pages import held_where
from innocap_lms.hr.roster import RosterFilters, RosterPerson
from innocap_lms.hr.scope import Lens, holding
from innocap_lms.hr.sorting import NAME, Columns, column_of, is_from_end
from innocap_lms.hr.urgency import OPEN, by_nearest_day
from innocap_lms.people.language import request_language
from innocap_lms.people.models import Person
from innocap_lms.people.viewer import Viewer
from innocap_lms.requirements.models import NumberedPerson, NumberedRequirement, Standing
from innocap_lms.requirements.periods import GROUPS, Group, State

AHEAD = timedelta(days=30)  # the days that come next
MOST_DAYS = 20  # of them, shown
SHARED: Final = ("organisation", "unit", "name")  # what the matrix can be narrowed by, too
TEAM_COLUMNS: Final[Columns] = {NAME: False, "unit": False, "day": False}


class Ahead(NamedTuple):
    """A last day that comes next: whose, and of which requirement. No name where protected."""

    day: date
    person_id: str
    name: str
    requirement_id: str
    state: State


@dataclass(frozen=True)
class TeamRow:
    """A person of the team: roles and places, how many standings are in which group, and the
    nearest last day of what is open, with its requirement's title."""

    id: str
    name: str
    places: list[tuple[str, str]]
    groups: list[tuple[Group, int]]
    day: date | None
    title: str


def team_page(
    viewer: Viewer, filters: RosterFilters, day: date, zone: ZoneInfo, after: str, before: str
) -> dict[str, Any]:
    """The context of hr/team.html: nine statements besides the session's."""
    places = queries.places(viewer)
    labels, address = place_labels(places), filters.address()
    page = roster.page(viewer, filters, zone, after, before, _order(viewer, filters.sort, day))
    titles = titles_of(standings.requirements(viewer, day), request_language())
    lens = Lens(day, organisation=filters.organisation, unit=filters.unit)
    asked, late = standings.people_in_order(viewer, lens)
    where = {name: value for name, value in address.items() if name in SHARED}
    return {
        "rows": _rows(viewer, page.people, day, labels, titles),
        "number": roster.count(viewer, filters, zone),
        "asked": asked,
        "late": late,
        "ahead": [(one, titles.get(one.requirement_id, "")) for one in _ahead(viewer, lens)],
        "most_days": MOST_DAYS,
        "where": labels.get(filters.unit, ""),
        "unit": filters.unit,
        **around(".team", address, page, TEAM_COLUMNS),
        **files("matrix", where, asked, asked),
        "typed": vars(filters),
        **unit_choices(places, labels),
    }


def _order(viewer: Viewer, sort: str, day: date) -> Order:
    if column_of(sort) == NAME:
        return Order(backwards=is_from_end(sort))
    if column_of(sort) == "unit":
        return roster.by_unit(viewer, sort)
    return by_nearest_day(viewer, Lens(day), sort)


def _rows(
    viewer: Viewer,
    people: Iterable[RosterPerson],
    day: date,
    labels: Mapping[str, str],
    titles: Mapping[str, str],
) -> list[TeamRow]:
    these = list(people)
    held = _standings(viewer, [person.id for person in these], day)
    return [
        TeamRow(
            person.id,
            person.name,
            held_where(person.held, labels),
            *_told(held[person.id], titles),
        )
        for person in these
    ]


Told = tuple[list[tuple[Group, int]], date | None, str]


def _told(found: Iterable[tuple[str, State, date]], titles: Mapping[str, str]) -> Told:
    """What a row says of standings, each (requirement, state, last day)."""
    every = list(found)
    numbers = Counter(GROUPS[state] for _requirement, state, _last in every)
    groups = [(group, numbers[group]) for group in dict.fromkeys(GROUPS.values()) if numbers[group]]
    still = [(last, name) for name, state, last in every if GROUPS[state] in OPEN]
    last, name = min(still, default=(date.max, ""))
    return groups, None if last == date.max else last, titles.get(name, "")


def _standings(
    viewer: Viewer, ids: Collection[str], day: date
) -> dict[str, list[tuple[str, State, date]]]:
    """What is required of people, by person. One statement."""
    found: defaultdict[str, list[tuple[str, State, date]]] = defaultdict(list)
    rows = db.session.execute(
        select(NumberedPerson.id, NumberedRequirement.id, Standing.state, Standing.deadline)
        .select_from(NumberedPerson)
        .join(Standing, Standing.person == NumberedPerson.number)
        .join(NumberedRequirement, NumberedRequirement.number == Standing.requirement)
        .where(NumberedPerson.id.in_(ids), *holding(viewer, Lens(day), of_each=True))
        .order_by(Standing.deadline, NumberedRequirement.id)
    )
    for person_id, requirement_id, state, last in rows:
        found[person_id].append((requirement_id, cast("State", state), last))
    return found


def _ahead(viewer: Viewer, lens: Lens) -> list[Ahead]:
    """The last days from the lens's day on that come next, of what is open. One statement."""
    name = case((Person.protected, ""), else_=Person.name)
    still = [state for state, group in GROUPS.items() if group in OPEN]
    rows = db.session.execute(
        select(Standing.deadline, Person.id, name, NumberedRequirement.id, Standing.state)
        .join(NumberedPerson, NumberedPerson.number == Standing.person)
        .join(Person, Person.id == NumberedPerson.id)
        .join(NumberedRequirement, NumberedRequirement.number == Standing.requirement)
        .where(
            *holding(viewer, lens),
            Standing.state.in_(still),
            Standing.deadline >= lens.day,
            Standing.deadline <= lens.day + AHEAD,
        )
        .order_by(Standing.deadline, Person.protected, Person.name, NumberedRequirement.id)
        .limit(MOST_DAYS)
    )
    return [Ahead(row[0], row[1], row[2], row[3], cast("State", row[4])) for row in rows]
