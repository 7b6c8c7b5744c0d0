"""Reads: who a session belongs to, who somebody is."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, exists, or_, select

from innocap_lms import clock
from innocap_lms.extensions import db, fetch
from innocap_lms.people.identity import fold_account
from innocap_lms.people.models import (
    Membership,
    Organisation,
    Person,
    SignIn,
    Unit,
    holds,
    may_enter,
)
from innocap_lms.people.viewer import Role, Viewer

_session, _person = SignIn.__table__.c, Person.__table__.c
_membership, _unit = Membership.__table__.c, Unit.__table__.c
_NOW = bindparam("now", type_=_session.expires_at.type)

# A session that is not over, of a person whose account is open.
_SESSION_HOLDS = and_(
    _session.token_hash == bindparam("token_hash"),
    _session.expires_at > _NOW,
    may_enter(_person, _NOW),
)

# The read of every signed-in page, built once: a row for each role the person holds now.
_VIEWER = (
    select(
        _person.id,
        _person.name,
        _person.language,
        _person.timezone,
        _session.expires_at,
        _membership.role,
        _membership.organisation_id,
        _membership.unit_id,
        _unit.path,
        _membership.track,
    )
    .select_from(
        SignIn.__table__.join(Person.__table__)
        .outerjoin(
            Membership.__table__,
            and_(_membership.person_id == _person.id, holds(_membership, _NOW)),
        )
        .outerjoin(Unit.__table__, _unit.id == _membership.unit_id)
    )
    .where(_SESSION_HOLDS)
    .order_by(_membership.valid_from, _membership.id)
)


def hash_token(secret: str) -> str:
    """What the database keeps of a random secret: SHA-256 in hex."""
    return hashlib.sha256(secret.encode()).hexdigest()


def is_asking(person_id: ColumnElement[Any]) -> ColumnElement[bool]:
    """Whether the session of `asking(token)` is that person's: for a statement that reads what is
    somebody's and asks who they are at the same time."""
    theirs = SignIn.__table__.join(Person.__table__)
    return exists().select_from(theirs).where(_SESSION_HOLDS, _session.person_id == person_id)


def asking(token: str) -> dict[str, Any]:
    """The values of the session conditions, for the holder of that token now."""
    return {"token_hash": hash_token(token), "now": clock.utcnow()}


def load_viewer(token: str) -> Viewer | None:
    """Who holds this session, or None when it is over, unknown, or its person's account
    is closed."""
    rows = fetch(_VIEWER, asking(token))
    if not rows:
        return None
    person_id, name, language, timezone, expires_at = rows[0][:5]
    roles = _roles(rows)
    return Viewer(person_id, name, language, timezone, roles, token, expires_at)


def _roles(rows: Iterable[Any]) -> tuple[Role, ...]:
    return tuple(
        Role(row.role, row.organisation_id, row.unit_id, row.path, row.track)
        for row in rows
        if row.role is not None
    )


@dataclass(frozen=True)
class Account:
    """What signing in needs to know of a person. `password_hash` never leaves the room."""

    id: str
    name: str
    email: str | None
    login: str | None
    language: str
    password_hash: str | None
    suspended_at: datetime | None
    left_at: datetime | None

    @property
    def is_open(self) -> bool:
        """Whether its holder may sign in, and is written to."""
        has_left = self.left_at is not None and self.left_at <= clock.utcnow()
        return self.suspended_at is None and not has_left


LONGEST_ACCOUNT = 1000  # characters; an address has at most 254, in whatever way it is typed
_ACCOUNT = select(
    _person.id,
    _person.name,
    _person.email,
    _person.login,
    _person.language,
    _person.password_hash,
    _person.suspended_at,
    _person.left_at,
)
_BY_NAME = _ACCOUNT.where(
    or_(_person.email == bindparam("account"), _person.login == bindparam("account"))
)
_BY_ID = _ACCOUNT.where(_person.id == bindparam("person_id"))


def find_account(account: str) -> Account | None:
    """The account with this e-mail address or login name, in any case."""
    if len(account) > LONGEST_ACCOUNT:
        return None
    row = db.session.execute(_BY_NAME, {"account": fold_account(account)}).one_or_none()
    return Account(*row) if row else None


def account_of(person_id: str) -> Account | None:
    """The account of a person."""
    row = db.session.execute(_BY_ID, {"person_id": person_id}).one_or_none()
    return Account(*row) if row else None


_CLOSED = select(exists().where(Organisation.closed_catalogue.is_(True)))


def catalogue_is_closed() -> bool:
    """Whether an organisation asks that strangers do not see the catalogue."""
    return bool(db.session.scalar(_CLOSED))


_ALL = _ACCOUNT.order_by(_person.created_at, _person.id)
_ROLES = (
    select(
        _person.id,
        _person.name,
        _person.language,
        _person.timezone,
        _membership.role,
        _membership.organisation_id,
        _membership.unit_id,
        _unit.path,
        _membership.track,
    )
    .select_from(
        Person.__table__.outerjoin(
            Membership.__table__,
            and_(_membership.person_id == _person.id, holds(_membership, _NOW)),
        ).outerjoin(Unit.__table__, _unit.id == _membership.unit_id)
    )
    .where(_person.id == bindparam("person_id"))
    .order_by(_membership.valid_from, _membership.id)
)


def list_accounts(limit: int | None = None) -> list[Account]:
    """Every account, oldest first."""
    return [Account(*row) for row in db.session.execute(_ALL.limit(limit))]


def viewer_of(person_id: str) -> Viewer:
    """A person with the roles of now, without a session. Raises LookupError."""
    rows = db.session.execute(_ROLES, {"person_id": person_id, "now": clock.utcnow()}).all()
    if not rows:
        raise LookupError(f"there is no person {person_id}")
    roles = _roles(rows)
    return Viewer(*rows[0][:4], roles)
