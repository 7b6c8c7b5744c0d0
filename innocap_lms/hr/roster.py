"""Reads of who belongs where: people by the roles they hold now, with what they have completed."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, case, func, literal, select

from innocap_lms import clock
from innocap_lms.extensions import db, one_moment
from innocap_lms.hr import paging
from innocap_lms.hr.filters import MAX_TEXT, Filters, conditions, latest_completion, not_revoked
from innocap_lms.hr.paging import BY_NAME, Order, page_of
from innocap_lms.hr.sorting import NAME, Columns, column_of, is_from_end, read_sort
from innocap_lms.learning.models import Completion
from innocap_lms.people.models import Membership, Person, Unit, holds
from innocap_lms.people.naming import names_like
from innocap_lms.people.viewer import Viewer, hr_scope

PAGE = 50
AT_A_TIME = 400  # people of a file, fetched together
NOTHING = "-"  # the track of who has completed nothing

# Of the register.
COLUMNS: Final[Columns] = {NAME: False, "unit": False, "last": True, "certificates": True}

_person = Person.__table__.c
_COLUMNS = (case((_person.protected, ""), else_=_person.name), _person.protected)


@dataclass(frozen=True)
class RosterFilters:
    """Whom a list of people is narrowed to; empty means everybody in the viewer's scope."""

    organisation: str = ""
    unit: str = ""
    role: str = ""
    track: str = ""  # a completed course of it; NOTHING: of none
    name: str = ""
    sort: str = ""  # see `sorting`; narrows nothing

    def address(self) -> dict[str, Any]:
        """The filters as the query part of an address; those that are empty are left out."""
        return {name: value for name, value in vars(self).items() if value}


class Held(NamedTuple):
    """A role and the id of the unit, or of the organisation as a whole, in which it is held."""

    role: str
    place: str


class Done(NamedTuple):
    """A completion whose certificate, if there is one, was not revoked."""

    track: str
    course_id: str
    completed_at: datetime
    certificate_id: str | None


@dataclass(frozen=True)
class RosterPerson:
    """Somebody who belongs somewhere in the viewer's scope. No name where protected."""

    id: str
    name: str
    protected: bool
    held: list[Held]
    done: list[Done]


@dataclass(frozen=True)
class RosterPage:
    """A page of people; `before` and `after` are the ids its neighbours are asked for with."""

    people: list[RosterPerson]
    before: str
    after: str


def read_roster_filters(values: Mapping[str, str], columns: Columns) -> RosterFilters:
    """Filters from an address; what they do not find, they do not find. `columns` sort the list."""
    names = RosterFilters.__dataclass_fields__
    found = RosterFilters(*(values.get(name, "").strip()[:MAX_TEXT] for name in names))
    return replace(found, sort=read_sort(found.sort, columns))


def count(viewer: Viewer, filters: RosterFilters, zone: ZoneInfo) -> int:
    """How many people there are. One statement."""
    asked = select(func.count()).select_from(Person).where(*_who(viewer, filters, zone))
    return db.session.scalar(asked) or 0


def page(
    viewer: Viewer,
    filters: RosterFilters,
    zone: ZoneInfo,
    after: str = "",
    before: str = "",
    order: Order = BY_NAME,
) -> RosterPage:
    """Fifty people after, or before, the person of that id. Three statements."""
    who = _who(viewer, filters, zone)
    found = page_of(who, _COLUMNS, PAGE, after, before, order)
    return RosterPage(_with_more(viewer, found.rows, zone), found.before, found.after)


def everybody(viewer: Viewer, filters: RosterFilters, zone: ZoneInfo) -> Iterator[RosterPerson]:
    """All of them, some hundred at a time."""
    who, order = _who(viewer, filters, zone), register_order(viewer, filters, zone)
    with one_moment() as connection:
        people = paging.everybody(connection, who, _COLUMNS, order)
        while rows := list(islice(people, AT_A_TIME)):
            yield from _with_more(viewer, rows, zone)


def register_order(viewer: Viewer, filters: RosterFilters, zone: ZoneInfo) -> Order:
    """The order of the register: by name, by unit, by the last completion that `_done` tells of, or
    by how many certificates there are."""
    if column_of(filters.sort) == "unit":
        return by_unit(viewer, filters.sort)
    values: dict[str, Any] = {
        "last": latest_completion(),
        "certificates": func.count(Completion.certificate_id),
    }
    value = values.get(column_of(filters.sort))
    if value is not None:
        value = select(value).where(Completion.person_id == _person.id, *_that_count(viewer, zone))
        value = value.correlate(Person.__table__).scalar_subquery()
    return Order(value, is_from_end(filters.sort))


def by_unit(viewer: Viewer, sort: str) -> Order:
    """By the name of the unit that somebody belongs to, the first one where there are several of
    those that `_held` tells of; whoever belongs to none stands before all who do."""
    name = select(Unit.name).where(Unit.id == Membership.unit_id).scalar_subquery()
    first = select(func.min(name)).where(
        Membership.person_id == _person.id, *_memberships(viewer, RosterFilters())
    )
    value = func.coalesce(first.correlate(Person.__table__).scalar_subquery(), "")
    return Order(value, is_from_end(sort))


def _who(viewer: Viewer, filters: RosterFilters, zone: ZoneInfo) -> list[ColumnElement[bool]]:
    """The conditions on Person: they belong where the viewer follows up, as asked for."""
    belongs = select(literal(1)).where(
        Membership.person_id == _person.id, *_memberships(viewer, filters)
    )
    found = [
        _person.suspended_at.is_(None),
        belongs.correlate(Person.__table__).exists(),
        *names_like(filters.name),
    ]
    if filters.track:
        of_track = "" if filters.track == NOTHING else filters.track
        done = (
            select(literal(1))
            .where(Completion.person_id == _person.id, *_that_count(viewer, zone, of_track))
            .correlate(Person.__table__)
            .exists()
        )
        found.append(~done if filters.track == NOTHING else done)
    return found


def _memberships(viewer: Viewer, filters: RosterFilters) -> list[ColumnElement[bool]]:
    """The conditions on memberships: held now, in the viewer's scope, as asked for."""
    path = select(Unit.path).where(Unit.id == Membership.unit_id).scalar_subquery()
    found = [
        holds(Membership, clock.utcnow()),
        Membership.organisation_id.is_not(None),
        hr_scope(viewer, Membership.organisation_id, path),
    ]
    if filters.organisation:
        found.append(Membership.organisation_id == filters.organisation)
    if filters.unit:
        root = select(Unit.path).where(Unit.id == filters.unit).scalar_subquery()
        found.append(Membership.unit_id.in_(select(Unit.id).where(Unit.path.startswith(root))))
    if filters.role:
        found.append(Membership.role == filters.role)
    return found


def _with_more(viewer: Viewer, rows: list[Any], zone: ZoneInfo) -> list[RosterPerson]:
    ids = [row[0] for row in rows]
    held, done = _held(viewer, ids), _done(viewer, ids, zone)
    return [RosterPerson(row[0], row[1], row[2], held[row[0]], done[row[0]]) for row in rows]


def _held(viewer: Viewer, ids: Collection[str]) -> dict[str, list[Held]]:
    place = func.coalesce(Membership.unit_id, Membership.organisation_id)
    found: defaultdict[str, list[Held]] = defaultdict(list)
    rows = db.session.execute(
        select(Membership.person_id, Membership.role, place)
        .where(Membership.person_id.in_(ids), *_memberships(viewer, RosterFilters()))
        .order_by(Membership.valid_from, Membership.id)
    )
    for person_id, role, where in rows:
        found[person_id].append(Held(role, where))
    return found


def _that_count(viewer: Viewer, zone: ZoneInfo, track: str = "") -> list[ColumnElement[bool]]:
    """The conditions on completions: in scope, their certificate not revoked."""
    return [not_revoked(), *conditions(viewer, Filters(track=track), zone)]


def _done(viewer: Viewer, ids: Collection[str], zone: ZoneInfo) -> dict[str, list[Done]]:
    found: defaultdict[str, list[Done]] = defaultdict(list)
    rows = db.session.execute(
        select(
            Completion.person_id,
            Completion.track,
            Completion.course_id,
            Completion.completed_at,
            Completion.certificate_id,
        )
        .where(Completion.person_id.in_(ids), *_that_count(viewer, zone))
        .order_by(Completion.completed_at, Completion.id)
    )
    for row in rows:
        found[row[0]].append(Done(*row[1:]))
    return found
