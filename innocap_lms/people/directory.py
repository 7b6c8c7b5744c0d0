"""Reads for those who administer: people, their roles, organisations and units, within a scope."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select, tuple_

from innocap_lms import clock
from innocap_lms.extensions import db
from innocap_lms.people.models import Membership, Organisation, Person, Unit, holds
from innocap_lms.people.scope import AdminScope
from innocap_lms.people.viewer import Role

PAGE = 25


@dataclass(frozen=True)
class Held:
    """A role of somebody: where, and from when until when."""

    id: str
    role: str
    organisation_id: str | None
    unit_id: str | None
    organisation: str | None
    unit: str | None
    track: str | None
    valid_from: datetime
    valid_until: datetime | None

    def is_over(self) -> bool:
        return self.valid_until is not None and self.valid_until <= clock.utcnow()


@dataclass(frozen=True)
class PersonRow:
    """A person in the list. Who has a protected identity has no name or address here."""

    id: str
    name: str
    account: str
    protected: bool
    suspended: bool
    waiting: bool  # has not chosen a password yet
    roles: tuple[Held, ...]


@dataclass(frozen=True)
class PersonPage:
    """A page of people by name; `after` is the id to go on from, "" on the last page."""

    rows: tuple[PersonRow, ...]
    after: str


@dataclass(frozen=True)
class PersonCard:
    """What the administration shows of one person.

    `roles` are those within the scope that asked; `ever` are all, to judge what it may do. Who has
    a protected identity has no name or address here, except for administrators.
    """

    id: str
    name: str
    email: str | None
    login: str | None
    language: str
    suspended_at: datetime | None
    waiting: bool
    protected: bool
    left_at: datetime | None
    roles: tuple[Held, ...]
    ever: tuple[Role, ...]

    def has_left(self) -> bool:
        return self.left_at is not None and self.left_at <= clock.utcnow()

    def employers(self) -> dict[str, str]:
        """The organisations of the scope in which they have a role that is not over, by id."""
        held = (role for role in self.roles if not role.is_over())
        return {
            role.organisation_id: role.organisation or "" for role in held if role.organisation_id
        }


@dataclass(frozen=True)
class UnitRow:
    """A unit in its tree; `depth` is 0 at the top."""

    id: str
    name: str
    parent_id: str | None
    depth: int
    people: int
    closed_at: datetime | None

    def is_closed(self) -> bool:
        return self.closed_at is not None and self.closed_at <= clock.utcnow()


@dataclass(frozen=True)
class OrganisationRow:
    """An organisation and its units, parents before children, in the order of their names."""

    id: str
    name: str
    country: str
    closed_catalogue: bool
    units: tuple[UnitRow, ...]


def find_people(scope: AdminScope, search: str = "", after: str = "") -> PersonPage:
    """A page of the people in `scope` whose name, address or login name holds `search`. Raises
    LookupError where `after` is nobody there: where a list goes on would tell their name."""
    query = (
        select(
            Person.id,
            Person.name,
            Person.email,
            Person.login,
            Person.protected,
            Person.suspended_at,
            Person.password_hash.is_(None).label("waiting"),
        )
        .where(scope.people(), _matches(search))
        .order_by(Person.protected, Person.name, Person.id)  # the place must not tell a name
        .limit(PAGE + 1)
    )
    if after:
        last = select(Person.protected, Person.name, Person.id)
        at = db.session.execute(last.where(Person.id == after, scope.people())).one_or_none()
        if at is None:
            raise LookupError(after)
        query = query.where(tuple_(Person.protected, Person.name, Person.id) > tuple_(*at))
    found = db.session.execute(query).all()
    roles = _roles_of([row.id for row in found[:PAGE]], scope, current=True)
    rows = tuple(
        PersonRow(
            row.id,
            "" if row.protected else row.name,
            "" if row.protected else row.email or row.login,
            row.protected,
            row.suspended_at is not None,
            row.waiting,
            roles.get(row.id, ()),
        )
        for row in found[:PAGE]
    )
    return PersonPage(rows, rows[-1].id if len(found) > PAGE else "")


def _matches(search: str) -> ColumnElement[bool]:
    """SQLite folds a to z only, so Å is looked for in each case it may be written in."""
    search = " ".join(search.split())
    ways = {search, search.lower(), search.upper(), search.title(), search.capitalize()}
    named = [Person.name.icontains(way, autoescape=True) for way in ways]
    named += [
        column.contains(search.casefold(), autoescape=True)
        for column in (Person.email, Person.login)
    ]
    # A protected identity must not be guessed by searching for it.
    return or_(*named) & Person.protected.is_(False) if search else Person.id.is_not(None)


def person_card(scope: AdminScope, person_id: str) -> PersonCard | None:
    """One person, or None where there is nobody, or nobody in `scope`."""
    row = db.session.execute(
        select(
            Person.id,
            Person.name,
            Person.email,
            Person.login,
            Person.language,
            Person.suspended_at,
            Person.password_hash.is_(None).label("waiting"),
            Person.protected,
            Person.left_at,
        ).where(Person.id == person_id, scope.people())
    ).one_or_none()
    if row is None:
        return None
    ever = db.session.execute(
        select(Membership.role, Membership.organisation_id, Membership.unit_id).where(
            Membership.person_id == person_id
        )
    )
    roles = _roles_of([person_id], scope, current=False)
    card = PersonCard(*row, roles.get(person_id, ()), tuple(Role(*held) for held in ever))
    if card.protected and not scope.everything:
        return replace(card, name="", email=None, login=None)
    return card


def _roles_of(
    people: list[str], scope: AdminScope, *, current: bool
) -> dict[str, tuple[Held, ...]]:
    now = clock.utcnow()
    query = (
        select(
            Membership.person_id,
            Membership.id,
            Membership.role,
            Membership.organisation_id,
            Membership.unit_id,
            Organisation.name.label("organisation"),
            Unit.name.label("unit"),
            Membership.track,
            Membership.valid_from,
            Membership.valid_until,
        )
        .outerjoin(Organisation, Organisation.id == Membership.organisation_id)
        .outerjoin(Unit, Unit.id == Membership.unit_id)
        .where(Membership.person_id.in_(people))
        .order_by(Membership.valid_from, Membership.id)
    )
    if not scope.everything:
        query = query.where(Membership.organisation_id.in_(scope.organisation_ids))
    if current:
        query = query.where(holds(Membership, now))
    held: dict[str, tuple[Held, ...]] = {}
    for row in db.session.execute(query):
        values = dict(row._mapping)
        person_id = values.pop("person_id")
        held[person_id] = (*held.get(person_id, ()), Held(**values))
    return held


def organisations(scope: AdminScope, only: str | None = None) -> tuple[OrganisationRow, ...]:
    """The organisations in `scope`, or `only` one, with their trees, in three statements."""
    query = (
        select(
            Organisation.id,
            Organisation.name,
            Organisation.country,
            Organisation.closed_catalogue,
        )
        .where(scope.organisations())
        .order_by(Organisation.name)
    )
    if only is not None:
        query = query.where(Organisation.id == only)
    found = db.session.execute(query).all()
    ids = [row.id for row in found]
    units = db.session.execute(
        select(
            Unit.id, Unit.name, Unit.parent_id, Unit.path, Unit.organisation_id, Unit.closed_at
        ).where(Unit.organisation_id.in_(ids))
    ).all()
    people = _people_per_unit(ids)
    names = {unit.id: unit.name.casefold() for unit in units}
    ordered = sorted(units, key=lambda unit: [names[part] for part in _parts(unit.path)])
    trees: dict[str, tuple[UnitRow, ...]] = {}
    for unit in ordered:
        row = UnitRow(
            unit.id,
            unit.name,
            unit.parent_id,
            len(_parts(unit.path)) - 1,
            people.get(unit.id, 0),
            unit.closed_at,
        )
        trees[unit.organisation_id] = (*trees.get(unit.organisation_id, ()), row)
    return tuple(OrganisationRow(*row, trees.get(row.id, ())) for row in found)


def _parts(path: str) -> list[str]:
    return path.strip("/").split("/")


def _people_per_unit(organisation_ids: list[str]) -> dict[str, int]:
    now = clock.utcnow()
    counts = db.session.execute(
        select(Membership.unit_id, func.count(Membership.person_id.distinct()))
        .where(
            Membership.organisation_id.in_(organisation_ids),
            Membership.unit_id.is_not(None),
            holds(Membership, now),
        )
        .group_by(Membership.unit_id)
    )
    return {str(unit_id): count for unit_id, count in counts}
