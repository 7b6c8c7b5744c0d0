"""The ledger: an append-only record of what happened, sealed in a chain, open to lawful disposal.

Writing an event takes no lock shared by all. A leased job, the sealer, later gives each committed
event its place in the chain. What an event says of people lies beside its salted hash, so that it
can be disposed of while the chain still proves that nothing else was changed. A disposal is itself
an event: content may be missing only where one of them says so.

Whoever can write to the database can compute a whole new chain; only its head, noted somewhere
else, tells. `verify` gives the head and compares with one that was noted.
"""

import hashlib
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Row, Table, delete, func, insert, select, update

from innocap_lms import clock
from innocap_lms.extensions import db
from innocap_lms.ids import new_id
from innocap_lms.learning.models import LedgerContent, LedgerEvent, LedgerSeal

GENESIS = "0" * 64
BATCH = 500
DISPOSAL = "ledger.disposed"


class DisposalError(ValueError):
    """These events cannot be disposed of; the message says which and why."""


@dataclass(frozen=True)
class LedgerReport:
    """What `verify` found. `changed` names the first event that does not fit, or is None.

    `head` is "<number of sealed events>:<hash>", to be noted outside the database.
    """

    sealed: int
    unsealed: int
    disposed: tuple[tuple[str, int], ...]  # (decision, number of events)
    changed: str | None
    head: str

    @property
    def ok(self) -> bool:
        return self.changed is None


# Of the tables, not the classes: the ORM's bulk insert costs several times as much for one row.
_insert_event = insert(cast("Table", LedgerEvent.__table__))
_insert_content = insert(cast("Table", LedgerContent.__table__))

_sealed_rows = (
    select(
        LedgerSeal.sequence,
        LedgerSeal.event_id.label("sealed_id"),
        LedgerSeal.chain_hash,
        *LedgerEvent.__table__.columns,
        LedgerContent.event_id,
        LedgerContent.person_id,
        LedgerContent.actor_id,
        LedgerContent.salt,
        LedgerContent.content,
    )
    .outerjoin_from(LedgerSeal, LedgerEvent, LedgerEvent.id == LedgerSeal.event_id)
    .outerjoin(LedgerContent, LedgerContent.event_id == LedgerSeal.event_id)
    .order_by(LedgerSeal.sequence)
    .execution_options(yield_per=1000)
)
_tail_rows = (
    select(
        *LedgerEvent.__table__.columns,
        LedgerContent.event_id,
        LedgerContent.person_id,
        LedgerContent.actor_id,
        LedgerContent.salt,
        LedgerContent.content,
    )
    .outerjoin_from(LedgerEvent, LedgerSeal, LedgerSeal.event_id == LedgerEvent.id)
    .outerjoin(LedgerContent, LedgerContent.event_id == LedgerEvent.id)
    .where(LedgerSeal.event_id.is_(None))
    .order_by(LedgerEvent.recorded_at, LedgerEvent.id)
    .execution_options(yield_per=1000)
)


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
            "sealed": False,
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
        chain = _chain_hash(chain, number, event)
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


def verify(noted: str | None = None) -> LedgerReport:
    """Compute the whole chain anew and say what holds, reading row by row.

    `noted` is a head that an earlier verification gave: the chain must still pass through it.
    """
    chain, count, unsealed, wrong = GENESIS, 0, 0, _Wrong()
    passed = noted in (None, f"0:{GENESIS}")
    for row in db.session.execute(_sealed_rows):
        count += 1
        holds = row.id is not None and row.sealed and row.sequence == count
        if holds:
            chain = _chain_hash(chain, count, row)
            holds = row.chain_hash == chain
            passed = passed or noted == f"{count}:{chain}"
        wrong.look(row, row.sealed_id, holds)
    for row in db.session.execute(_tail_rows):
        unsealed += 1
        wrong.look(row, row.id, not row.sealed)
    changed = wrong.first(_decisions())
    if changed is None and not passed:
        changed = f"at or before the noted head {noted}"
    return LedgerReport(count, unsealed, _by_decision(), changed, f"{count}:{chain}")


class _Wrong:
    """Events that do not fit, in their order, and those whose content is gone.

    Whether a decision emptied these is asked at the end: what is emptied while the ledger is read
    has its decision by then.
    """

    def __init__(self) -> None:
        self.places: list[tuple[str, str | None]] = []  # (event, decision or None: wrong anyway)

    def look(self, row: Row[Any], event_id: str, holds: bool) -> None:
        if holds and row.event_id is None and row.disposed_under is not None:
            self.places.append((event_id, row.disposed_under))
        elif not holds or row.disposed_under is not None or not _content_holds(row):
            self.places.append((event_id, None))

    def first(self, decisions: dict[str, str]) -> str | None:
        for event_id, decision in self.places:
            if decision is None or decisions.get(event_id) != decision:
                return event_id
        return None


def _decisions() -> dict[str, str]:
    """Event id to the decision that emptied it, as the disposals in the ledger say."""
    contents = db.session.scalars(
        select(LedgerContent.content)
        .join(LedgerEvent, LedgerEvent.id == LedgerContent.event_id)
        .where(LedgerEvent.kind == DISPOSAL)
    )
    found: dict[str, str] = {}
    for content in contents:
        if isinstance(content, dict):  # else it was changed, which its own hash will say
            found |= dict.fromkeys(content.get("events", ()), content.get("decision", ""))
    return found


def _by_decision() -> tuple[tuple[str, int], ...]:
    rows = db.session.execute(
        select(LedgerEvent.disposed_under, func.count())
        .where(LedgerEvent.disposed_under.is_not(None))
        .group_by(LedgerEvent.disposed_under)
        .order_by(LedgerEvent.disposed_under)
    )
    return tuple((str(decision), count) for decision, count in rows)


def _content_holds(row: Row[Any]) -> bool:
    if row.event_id is None:
        return False
    found = _content_hash(row.salt, row.person_id, row.actor_id, row.content)
    return bool(found == row.content_hash)


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


def _chain_hash(previous: str, sequence: int, event: Row[Any]) -> str:
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
