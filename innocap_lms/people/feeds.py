"""Addresses by which a person's calendar is read without signing in: random, kept as a hash, and
over as soon as their owner says so."""

import secrets
from typing import NamedTuple

from sqlalchemy import delete, select

from innocap_lms import clock
from innocap_lms.extensions import db
from innocap_lms.people.models import Feed, Person, may_enter
from innocap_lms.people.queries import hash_token


class Subscriber(NamedTuple):
    """Whose calendar it is, and in which language."""

    person_id: str
    language: str


def open_feed(person_id: str) -> str:
    """A new address for a person's calendar; the one before leads nowhere. Returns its secret. In a
    write transaction."""
    close_feed(person_id)
    secret = secrets.token_urlsafe(24)
    db.session.add(
        Feed(secret_hash=hash_token(secret), person_id=person_id, opened_at=clock.utcnow())
    )
    db.session.flush()
    return secret


def close_feed(person_id: str) -> None:
    """Let the address lead nowhere. In a write transaction."""
    db.session.execute(delete(Feed).where(Feed.person_id == person_id))


def has_feed(person_id: str) -> bool:
    """Whether the person's calendar has an address."""
    return db.session.scalar(select(Feed.person_id).where(Feed.person_id == person_id)) is not None


def subscriber_of(secret: str) -> Subscriber | None:
    """Whose calendar an address leads to; None where it is over, or its
    owner's account is closed."""
    row = db.session.execute(
        select(Person.id, Person.language)
        .join(Feed, Feed.person_id == Person.id)
        .where(Feed.secret_hash == hash_token(secret), may_enter(Person, clock.utcnow()))
    ).first()
    return Subscriber(*row) if row else None
