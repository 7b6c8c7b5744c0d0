"""Reads of who belongs where: people by the roles they hold now, with what they have completed."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, case, func, literal, select

from innocap_lms import clock
from innocap_lms.credentials.models import Revocation
from innocap_lms.extensions import db
from innocap_lms.hr.filters import MAX_TEXT, Filters, conditions
from innocap_lms.hr.paging import page_of
from innocap_lms.learning.models import Completion
from innocap_lms.people.models import Membership, Person, Unit, holds
from innocap_lms.people.naming import names_like
from innocap_lms.people.viewer import Viewer, hr_scope

PAGE = 50
AT_A_TIME = 400  # people of a file, fetched together
NOTHING = "-"  # the track of who has completed nothing

_person = Person.__table__.c


@dataclass(frozen=True)
class RosterFilters:
    """Whom a list of people is narrowed to; empty means everybody in the viewer's scope."""

    organisation: str = ""
    unit: str = ""
    role: str = ""
    track: str = ""  # a completed course of it; NOTHING: of none
    name: str = ""

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


def read_roster_filters(values: Mapping[str, str]) -> RosterFilters:
    """Filters from an address; what they do not find, they do not find."""
    names = RosterFilters.__dataclass_fields__
    return RosterFilters(*(values.get(name, "").strip()[:MAX_TEXT] for name in names))


def count(viewer: Viewer, filters: RosterFilters, zone: ZoneInfo) -> int:
    """How many people there are. One statement."""
    asked = _people(viewer, filters, zone).with_only_columns(func.count())
    return db.session.scalar(asked) or 0


def page(
    viewer: Viewer, filters: RosterFilters, zone: ZoneInfo, after: str = "", before: str = ""
) -> RosterPage:
    """Fifty people after, or before, the person of that id. Three statements."""
    found = page_of(_people(viewer, filters, zone), PAGE, after, before)
    return RosterPage(_with_more(viewer, found.rows, zone), found.before, found.after)


def everybody(viewer: Viewer, filters: RosterFilters, zone: ZoneInfo) -> Iterator[RosterPerson]:
    """All of them, some hundred at a time."""
    after = ""
    while True:
        found = page_of(_people(viewer, filters, zone), AT_A_TIME, after)
        yield from _with_more(viewer, found.rows, zone)
        if not found.after:
            return
        after = found.after


def _people(viewer: Viewer, filters: RosterFilters, zone: ZoneInfo) -> Select[*tuple[Any, ...]]:
    belongs = select(literal(1)).where(
        Membership.person_id == _person.id, *_memberships(viewer, filters)
    )
    shown = case((_person.protected, ""), else_=_person.name)
    query = select(_person.id, shown, _person.protected).where(
        _person.suspended_at.is_(None),
        belongs.correlate(Person.__table__).exists(),
        *names_like(filters.name),
    )
    if filters.track:
        of_track = "" if filters.track == NOTHING else filters.track
        done = (
            select(literal(1))
            .where(
                Completion.person_id == _person.id,
                *conditions(viewer, Filters(track=of_track), zone),
            )
            .correlate(Person.__table__)
            .exists()
        )
        query = query.where(~done if filters.track == NOTHING else done)
    return query


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
        .outerjoin(Revocation, Revocation.certificate_id == Completion.certificate_id)
        .where(
            Completion.person_id.in_(ids),
            Revocation.certificate_id.is_(None),
            *conditions(viewer, Filters(), zone),
        )
        .order_by(Completion.completed_at, Completion.id)
    )
    for row in rows:
        found[row[0]].append(Done(*row[1:]))
    return found
