"""Reads: the people of an organisation, as a list that its own systems send is compared with."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import and_, not_, or_, select

from innocap_lms import clock
from innocap_lms.extensions import db
from innocap_lms.people.models import EmployeeNumber, Membership, Person
from innocap_lms.people.scope import GRANTED_BY_HR

AT_A_TIME: Final = 500  # names in one statement


class Member(NamedTuple):
    """Somebody with a role in the organisation that is not over. `units` are those in which they
    learn or will, "" for the whole organisation; `until` is when the last role ends, if it does."""

    name: str  # "" where protected
    roles: frozenset[str]
    units: frozenset[str]
    until: datetime | None


@dataclass(frozen=True)
class Roll:
    """What is known: whose an employee number, an address or a login name is; who belongs here now,
    or will; who ever did; and who is not this HR's alone, by a role elsewhere or a higher one."""

    numbers: Mapping[str, str]
    accounts: Mapping[str, str]
    members: Mapping[str, Member]
    ever: Collection[str]
    shared: Collection[str] = ()


def roll_of(organisation_id: str, accounts: Iterable[str]) -> Roll:
    """The people of an organisation; and whose these addresses and login names are, anywhere on
    the site. Four statements, and one for every 500 names."""
    found: dict[str, str] = {}
    person = Person.__table__.c
    names = sorted(set(accounts))
    for start in range(0, len(names), AT_A_TIME):
        some = names[start : start + AT_A_TIME]
        rows = db.session.execute(
            select(person.id, person.email, person.login).where(
                or_(person.email.in_(some), person.login.in_(some))
            )
        )
        for row in rows:
            found |= {name: row.id for name in (row.email, row.login) if name}
    table = EmployeeNumber.__table__.c
    numbers = select(table.number, table.person_id).where(table.organisation_id == organisation_id)
    ever = select(Membership.person_id).where(Membership.organisation_id == organisation_id)
    theirs = and_(Membership.role.in_(GRANTED_BY_HR), Membership.organisation_id == organisation_id)
    shared = select(Membership.person_id).where(Membership.person_id.in_(ever), not_(theirs))
    return Roll(
        {row.number: row.person_id for row in db.session.execute(numbers)},
        found,
        _members(organisation_id),
        frozenset(db.session.scalars(ever.distinct())),
        frozenset(db.session.scalars(shared.distinct())),
    )


def _members(organisation_id: str) -> dict[str, Member]:
    goes_on = or_(Membership.valid_until.is_(None), Membership.valid_until > clock.utcnow())
    rows = db.session.execute(
        select(
            Membership.person_id,
            Membership.role,
            Membership.unit_id,
            Membership.valid_until,
            Person.name,
            Person.protected,
        )
        .join(Person, Person.id == Membership.person_id)
        .where(Membership.organisation_id == organisation_id, goes_on)
        .order_by(Person.protected, Person.name, Person.id)  # the place must not tell a name
    )
    found: dict[str, Member] = {}
    for row in rows:
        until = row.valid_until
        before = found.get(row.person_id, Member("", frozenset(), frozenset(), until))
        learns = {row.unit_id or ""} if row.role == "learner" else set()
        found[row.person_id] = Member(
            "" if row.protected else row.name,
            before.roles | {row.role},
            before.units | learns,
            max(until, before.until) if until and before.until else None,
        )
    return found
