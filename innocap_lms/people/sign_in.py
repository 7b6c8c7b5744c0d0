"""Sessions: begun by a sign-in, kept in the database, ended at once when they must."""

from datetime import timedelta

from sqlalchemy import delete, select

from innocap_lms import clock
from innocap_lms.extensions import db
from innocap_lms.ids import new_id
from innocap_lms.people.models import Person, SignIn, may_enter
from innocap_lms.people.passwords import PasswordHash
from innocap_lms.people.queries import hash_token


class AccountChangedError(Exception):
    """The account changed between the question and the answer; nobody is signed in."""


def open_session(
    person_id: str,
    hours: int,
    *,
    verified: str | None = None,
    rehashed: PasswordHash | None = None,
) -> str:
    """Sign a person in; returns the token for the cookie, new each time.

    `verified` is the hash that the password was compared with; `rehashed` replaces it by one of
    today's settings. Raises AccountChangedError when the password has been changed meanwhile, or
    the account closed.
    """
    now = clock.utcnow()
    wanted = select(Person).where(Person.id == person_id, may_enter(Person, now))
    person = db.session.scalar(wanted.with_for_update())
    if person is None:
        raise AccountChangedError
    if verified is not None and person.password_hash != verified:
        raise AccountChangedError
    if rehashed is not None:
        person.password_hash = rehashed
    token = new_id()
    db.session.execute(
        delete(SignIn).where(SignIn.expires_at <= now).execution_options(synchronize_session=False)
    )
    db.session.add(
        SignIn(
            token_hash=hash_token(token),
            person_id=person_id,
            created_at=now,
            expires_at=now + timedelta(hours=hours),
        )
    )
    db.session.flush()
    return token


def end_session(token: str) -> None:
    """Sign out the session of this token."""
    db.session.execute(
        delete(SignIn)
        .where(SignIn.token_hash == hash_token(token))
        .execution_options(synchronize_session=False)
    )
