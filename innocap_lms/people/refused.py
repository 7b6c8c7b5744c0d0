"""Reads: who asked a desk for what was not there or not theirs, within a scope. See refusals."""

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import select, text, tuple_

from innocap_lms.extensions import db
from innocap_lms.ledger.models import REFUSALS, LedgerContent, LedgerEvent
from innocap_lms.people.models import Person
from innocap_lms.people.scope import AdminScope

PAGE = 50


class Refused(NamedTuple):
    """What somebody asked for in vain, and when. No name where protected."""

    id: str
    at: datetime
    person_id: str
    name: str
    address: str


class RefusedPage(NamedTuple):
    """The newest first; `before` is the id to go on from, "" on the last page."""

    rows: list[Refused]
    before: str


def refused(scope: AdminScope, person_id: str = "", before: str = "") -> RefusedPage:
    """What the people in `scope` asked for, or one of them; what was disposed of is gone. Raises
    LookupError where `before` is none of it."""
    event: Any = LedgerEvent.__table__.c
    place = tuple_(event.recorded_at, event.id)
    query = (
        select(
            event.id,
            event.recorded_at,
            Person.id,
            Person.name,
            Person.protected,
            LedgerContent.content,
        )
        .join(LedgerContent, LedgerContent.event_id == event.id)
        .join(Person, Person.id == LedgerContent.actor_id)
        .where(text(REFUSALS), scope.people())
    )
    if person_id:
        query = query.where(Person.id == person_id)
    if before:
        at = db.session.execute(query.where(event.id == before)).first()
        if at is None:
            raise LookupError(before)
        query = query.where(place < tuple_(at[1], at[0]))
    rows = db.session.execute(
        query.order_by(event.recorded_at.desc(), event.id.desc()).limit(PAGE + 1)
    ).all()
    found = [
        Refused(row[0], row[1], row[2], "" if row[4] else row[3], str(row[5].get("address", "")))
        for row in rows[:PAGE]
    ]
    return RefusedPage(found, found[-1].id if len(rows) > PAGE else "")
