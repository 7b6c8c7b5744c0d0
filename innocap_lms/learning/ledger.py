"""The ledger: an append-only record of what happened, sealed in a chain, open to lawful disposal.

Writing an event takes no lock shared by all. A leased job, the sealer, later gives each committed
event its place in the chain. What an event says of people lies beside its salted hash, so that it
can be disposed of while the chain still proves that nothing else was changed.
"""

import hashlib
import json
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, insert, select, update

from innocap_lms import clock
from innocap_lms.extensions import db
from innocap_lms.ids import new_id
from innocap_lms.learning.models import LedgerContent, LedgerEvent, LedgerSeal

GENESIS = "0" * 64
BATCH = 500


@dataclass(frozen=True)
class LedgerReport:
    """What `verify` found. `changed` names the first event that does not fit, or is None."""

    sealed: int
    unsealed: int
    disposed: tuple[tuple[str, int], ...]  # (decision, number of events)
    changed: str | None

    @property
    def ok(self) -> bool:
        return self.changed is None


_insert_event = insert(LedgerEvent)
_insert_content = insert(LedgerContent)


def record(
    kind: str,
    *,
    person_id: str | None,
    actor_id: str | None,
    organisation_id: str | None,
    happened_at: datetime,
    content: dict[str, Any],
) -> str:
    """Write an event in the current transaction and return its id. `content` is JSON."""
    event_id, salt = new_id(), secrets.token_hex(16)
    db.session.execute(
        _insert_event,
        {
            "id": event_id,
            "kind": kind,
            "happened_at": happened_at,
            "recorded_at": clock.utcnow(),
            "organisation_id": organisation_id,
            "content_hash": _content_hash(salt, person_id, actor_id, content),
            "disposed_under": None,
        },
    )
    db.session.execute(
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

    Call it in a write transaction, by one caller at a time: a second one breaks on the unique
    sequence numbers and changes nothing.
    """
    last = db.session.execute(
        select(LedgerSeal.sequence, LedgerSeal.chain_hash)
        .order_by(LedgerSeal.sequence.desc())
        .limit(1)
    ).first()
    sequence, chain = (last.sequence, last.chain_hash) if last else (0, GENESIS)
    events = db.session.scalars(
        select(LedgerEvent)
        .outerjoin(LedgerSeal, LedgerSeal.event_id == LedgerEvent.id)
        .where(LedgerSeal.event_id.is_(None))
        .order_by(LedgerEvent.recorded_at, LedgerEvent.id)
        .limit(BATCH)
    ).all()
    for number, event in enumerate(events, sequence + 1):
        chain = _chain_hash(chain, number, event)
        db.session.add(LedgerSeal(sequence=number, event_id=event.id, chain_hash=chain))
    db.session.flush()
    return len(events)


def dispose(event_ids: list[str], decision: str) -> int:
    """Empty the content of events under a disposal decision; returns how many had content.

    The events and the chain stay. Raises ValueError without a decision.
    """
    if not decision.strip():
        raise ValueError("a disposal names the decision it is made under")
    emptied = db.session.execute(delete(LedgerContent).where(LedgerContent.event_id.in_(event_ids)))
    db.session.execute(
        update(LedgerEvent)
        .where(LedgerEvent.id.in_(event_ids), LedgerEvent.disposed_under.is_(None))
        .values(disposed_under=decision.strip())
    )
    return emptied.rowcount  # type: ignore[attr-defined,no-any-return]


def verify() -> LedgerReport:
    """Compute the whole chain anew and say what holds, in one pass."""
    chain, expected, changed = GENESIS, 0, None
    for seal_row, event, content in _sealed():
        expected += 1
        chain = _chain_hash(chain, expected, event)
        if changed is None and (
            seal_row.sequence != expected
            or seal_row.chain_hash != chain
            or not _content_holds(event, content)
        ):
            changed = event.id
    unsealed = db.session.scalar(
        select(func.count())
        .select_from(LedgerEvent)
        .outerjoin(LedgerSeal, LedgerSeal.event_id == LedgerEvent.id)
        .where(LedgerSeal.event_id.is_(None))
    )
    disposed = db.session.execute(
        select(LedgerEvent.disposed_under, func.count())
        .where(LedgerEvent.disposed_under.is_not(None))
        .group_by(LedgerEvent.disposed_under)
        .order_by(LedgerEvent.disposed_under)
    ).all()
    return LedgerReport(
        expected, unsealed or 0, tuple((str(row[0]), row[1]) for row in disposed), changed
    )


def _sealed() -> Iterator[tuple[LedgerSeal, LedgerEvent, LedgerContent | None]]:
    rows = db.session.execute(
        select(LedgerSeal, LedgerEvent, LedgerContent)
        .join(LedgerEvent, LedgerEvent.id == LedgerSeal.event_id)
        .outerjoin(LedgerContent, LedgerContent.event_id == LedgerEvent.id)
        .order_by(LedgerSeal.sequence)
        .execution_options(yield_per=1000)
    )
    for row in rows:
        yield row[0], row[1], row[2]


def _content_holds(event: LedgerEvent, content: LedgerContent | None) -> bool:
    if content is None:
        return event.disposed_under is not None
    found = _content_hash(content.salt, content.person_id, content.actor_id, content.content)
    return event.disposed_under is None and found == event.content_hash


def _content_hash(
    salt: str, person_id: str | None, actor_id: str | None, content: dict[str, Any]
) -> str:
    text = json.dumps(
        [salt, person_id, actor_id, content],
        sort_keys=True,
        ensure_ascii=False,
        separators=(",", ":"),
    )
    return hashlib.sha256(text.encode()).hexdigest()


def _chain_hash(previous: str, sequence: int, event: LedgerEvent) -> str:
    text = json.dumps(
        [
            previous,
            sequence,
            event.id,
            event.kind,
            event.happened_at.isoformat(),
            event.recorded_at.isoformat(),
            event.organisation_id,
            event.content_hash,
        ],
        separators=(",", ":"),
    )
    return hashlib.sha256(text.encode()).hexdigest()
