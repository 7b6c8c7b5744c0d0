"""Writing events, giving them their place in the chain, and lawful disposal.

Writing an event takes no lock shared by all. A leased job, the sealer, later gives each committed
event its place in the chain. What an event says of people lies beside its salted hash, so that it
can be disposed of while the chain still proves that nothing else was changed. A disposal is itself
an event: content may be missing only where one of them says so.

Whoever can write to the database can compute a whole new chain; only its head, noted somewhere
else, tells. `verification.verify` gives the head and compares with one that was noted.
"""

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, delete, insert, select, update

from innocap_lms import clock
from innocap_lms.extensions import db, execute
from innocap_lms.ids import new_id
from innocap_lms.ledger.hashes import GENESIS, chain_hash, content_hash
from innocap_lms.ledger.models import LedgerContent, LedgerEvent, LedgerSeal

BATCH = 500
DISPOSAL = "ledger.disposed"


class DisposalError(ValueError):
    """These events cannot be disposed of; the message says which and why."""


# Of the tables, not the classes: the ORM's bulk insert costs several times as much for one row.
_insert_event = insert(cast("Table", LedgerEvent.__table__))
_insert_content = insert(cast("Table", LedgerContent.__table__))


def record(
    kind: str,
    *,
    person_id: str | None,
    actor_id: str | None,
    organisation_id: str | None,
    happened_at: datetime,
    content: dict[str, Any],
) -> str:
    """Write an event in the current transaction and return its id.

    `content` is JSON: names are strings, values what JSON knows.
    """
    event_id, salt = new_id(), secrets.token_hex(16)
    execute(
        _insert_event,
        {
            "id": event_id,
            "kind": kind,
            "happened_at": happened_at,
            "recorded_at": clock.utcnow(),
            "organisation_id": organisation_id,
            "content_hash": content_hash(salt, person_id, actor_id, content),
            "disposed_under": None,
            "sealed": False,
        },
    )
    execute(
        _insert_content,
        {
            "event_id": event_id,
            "person_id": person_id,
            "actor_id": actor_id,
            "salt": salt,
            "content": content,
        },
    )
    return event_id


def seal() -> int:
    """Chain committed events that have no place yet, at most 500; returns how many.

    Call it in a write transaction. Of two sealers at once, one breaks on the unique sequence
    numbers and changes nothing; what it wanted to seal is sealed by the other, or at the next turn.
    """
    last = db.session.execute(
        select(LedgerSeal.sequence, LedgerSeal.chain_hash)
        .order_by(LedgerSeal.sequence.desc())
        .limit(1)
    ).first()
    sequence, chain = (last.sequence, last.chain_hash) if last else (0, GENESIS)
    events = db.session.execute(
        select(*LedgerEvent.__table__.columns)
        .outerjoin(LedgerSeal, LedgerSeal.event_id == LedgerEvent.id)
        .where(LedgerEvent.sealed.is_(False), LedgerSeal.event_id.is_(None))
        .order_by(LedgerEvent.recorded_at, LedgerEvent.id)
        .limit(BATCH)
    ).all()
    seals = []
    for number, event in enumerate(events, sequence + 1):
        chain = chain_hash(chain, number, event)
        seals.append({"sequence": number, "event_id": event.id, "chain_hash": chain})
    if seals:
        db.session.execute(insert(LedgerSeal), seals)
        ids = [event.id for event in events]
        db.session.execute(
            update(LedgerEvent).where(LedgerEvent.id.in_(ids)).values(sealed=True),
            execution_options={"synchronize_session": False},
        )
    return len(seals)


def dispose(event_ids: Sequence[str], decision: str, actor_id: str | None = None) -> int:
    """Empty the content of events under a disposal decision; returns how many had content.

    The events and the chain stay, and an event of kind DISPOSAL says what was emptied and why.
    What an earlier decision emptied stays under that one. Raises DisposalError without a decision,
    for an event that is not there, and for a disposal itself.
    """
    decision, wanted = decision.strip(), list(dict.fromkeys(event_ids))
    if not decision:
        raise DisposalError("a disposal names the decision it is made under")
    emptied: list[str] = []
    for start in range(0, len(wanted), BATCH):
        emptied += _empty(wanted[start : start + BATCH], decision)
    if emptied:
        record(
            DISPOSAL,
            person_id=None,
            actor_id=actor_id,
            organisation_id=None,
            happened_at=clock.utcnow(),
            content={"decision": decision, "events": emptied},
        )
    return len(emptied)


def _empty(event_ids: list[str], decision: str) -> list[str]:
    """Delete the contents of these events and mark them; the ids of those that had content."""
    found = select(LedgerEvent.id, LedgerEvent.kind).where(LedgerEvent.id.in_(event_ids))
    kinds = {row.id: row.kind for row in db.session.execute(found)}
    for event_id in event_ids:
        if event_id not in kinds:
            raise DisposalError(f"there is no event {event_id}")
        if kinds[event_id] == DISPOSAL:
            raise DisposalError(f"event {event_id} is a disposal: it proves others and stays")
    emptied = list(
        db.session.scalars(
            delete(LedgerContent)
            .where(LedgerContent.event_id.in_(event_ids))
            .returning(LedgerContent.event_id),
            execution_options={"synchronize_session": False},
        )
    )
    db.session.execute(
        update(LedgerEvent).where(LedgerEvent.id.in_(emptied)).values(disposed_under=decision),
        execution_options={"synchronize_session": False},
    )
    return sorted(emptied)
