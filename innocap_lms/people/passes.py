"""Single-use ways in: an invitation, a reset link, a printed code.

A link's secret has 130 random bits and is kept as SHA-256. A printed code is short enough to type,
so it is kept as Argon2id and throttled like a password.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update

from innocap_lms import clock
from innocap_lms.extensions import db
from innocap_lms.ids import new_id
from innocap_lms.people.models import Pass, Person, may_enter
from innocap_lms.people.passwords import PasswordHash
from innocap_lms.people.queries import hash_token
from innocap_lms.people.trail import note

INVITATION, RESET, CODE = "invitation", "reset", "code"
LASTS = {INVITATION: timedelta(days=14), RESET: timedelta(hours=1), CODE: timedelta(days=14)}

_CODE_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford base 32
_CODE_LENGTH = 12


class PassSpentError(Exception):
    """The way in is used, has expired, or never was. `reason`: used, expired, unknown."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class OpenPass:
    """A way in that works now, and whose it is."""

    id: str
    person_id: str
    name: str
    email: str | None
    login: str | None
    expires_at: datetime
    secret_hash: str


_OPEN = select(
    Pass.id,
    Pass.person_id,
    Person.name,
    Person.email,
    Person.login,
    Pass.expires_at,
    Pass.secret_hash,
).join(Person, Person.id == Pass.person_id)


def make_link(person_id: str, purpose: str, *, actor_id: str | None = None) -> str:
    """A new INVITATION or RESET secret for a link. Earlier ones go on working until one is used."""
    secret = new_id()
    _add(person_id, purpose, hash_token(secret), actor_id)
    return secret


def new_code() -> str:
    """A code to print: 60 random bits in three groups of four."""
    letters = "".join(secrets.choice(_CODE_ALPHABET) for _ in range(_CODE_LENGTH))
    return "-".join(letters[place : place + 4] for place in range(0, _CODE_LENGTH, 4))


def fold_code(typed: str) -> str:
    """A code as it is hashed and compared: without groups, and O, I, L read as they are meant."""
    kept = "".join(letter for letter in typed.upper() if letter.isalnum())
    return kept.translate(str.maketrans("OIL", "011"))


def make_code(person_id: str, code_hash: PasswordHash, *, actor_id: str | None = None) -> datetime:
    """Keep the hash of a (folded) printed code; the person's earlier codes stop working.

    Returns when it expires.
    """
    db.session.execute(
        update(Pass)
        .where(Pass.person_id == person_id, Pass.purpose == CODE, Pass.used_at.is_(None))
        .values(used_at=clock.utcnow())
        .execution_options(synchronize_session=False)
    )
    return _add(person_id, CODE, code_hash, actor_id)


def find_link(secret: str, purpose: str) -> OpenPass:
    """The person a link is for. Raises PassSpentError."""
    row = db.session.execute(
        _OPEN.add_columns(Pass.used_at, may_enter(Person, clock.utcnow()).label("open")).where(
            Pass.secret_hash == hash_token(secret), Pass.purpose == purpose
        )
    ).one_or_none()
    if row is None or not row.open:
        raise PassSpentError("unknown")
    if row.used_at is not None:
        raise PassSpentError("used")
    if row.expires_at <= clock.utcnow():
        raise PassSpentError("expired")
    return OpenPass(*row[:7])


def open_code(person_id: str) -> OpenPass | None:
    """The printed code that works for a person now."""
    row = db.session.execute(
        _OPEN.where(
            Pass.person_id == person_id,
            Pass.purpose == CODE,
            Pass.used_at.is_(None),
            Pass.expires_at > clock.utcnow(),
            may_enter(Person, clock.utcnow()),
        )
        .order_by(Pass.created_at.desc())
        .limit(1)
    ).one_or_none()
    return OpenPass(*row) if row else None


def use(pass_id: str) -> None:
    """Spend a way in. Of two that race, one raises PassSpentError."""
    now = clock.utcnow()
    spent = db.session.execute(
        update(Pass)
        .where(Pass.id == pass_id, Pass.used_at.is_(None), Pass.expires_at > now)
        .values(used_at=now)
        .returning(Pass.id)
        .execution_options(synchronize_session=False)
    )
    if spent.first() is None:
        raise PassSpentError("used")


def _add(person_id: str, purpose: str, secret_hash: str, actor_id: str | None) -> datetime:
    now = clock.utcnow()
    expires_at = now + LASTS[purpose]
    db.session.add(
        Pass(
            person_id=person_id,
            purpose=purpose,
            secret_hash=secret_hash,
            created_at=now,
            expires_at=expires_at,
        )
    )
    db.session.flush()
    note("way_in.made", actor_id, person_id=person_id, purpose=purpose)
    return expires_at
