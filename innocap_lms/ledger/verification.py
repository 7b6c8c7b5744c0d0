"""Whether the ledger is what it was: the whole chain computed anew."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, func, select

from innocap_lms.extensions import db, one_moment
from innocap_lms.ledger.hashes import GENESIS, chain_hash, content_hash
from innocap_lms.ledger.models import LedgerContent, LedgerEvent, LedgerSeal
from innocap_lms.ledger.services import DISPOSAL


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


_FIELDS = (
    *LedgerEvent.__table__.columns,
    LedgerContent.event_id,
    LedgerContent.person_id,
    LedgerContent.actor_id,
    LedgerContent.salt,
    LedgerContent.content,
)
_sealed_rows = (
    select(
        LedgerSeal.sequence,
        LedgerSeal.event_id.label("sealed_id"),
        LedgerSeal.chain_hash,
        *_FIELDS,
    )
    .outerjoin_from(LedgerSeal, LedgerEvent, LedgerEvent.id == LedgerSeal.event_id)
    .outerjoin(LedgerContent, LedgerContent.event_id == LedgerSeal.event_id)
    .order_by(LedgerSeal.sequence)
    .execution_options(yield_per=1000)
)
_tail_rows = (
    select(
        *_FIELDS,
    )
    .outerjoin_from(LedgerEvent, LedgerSeal, LedgerSeal.event_id == LedgerEvent.id)
    .outerjoin(LedgerContent, LedgerContent.event_id == LedgerEvent.id)
    .where(LedgerSeal.event_id.is_(None))
    .order_by(LedgerEvent.recorded_at, LedgerEvent.id)
    .execution_options(yield_per=1000)
)


NOTHING = f"0:{GENESIS}"  # the head of a ledger without a sealed event


def verify(noted: str | None = None) -> LedgerReport:
    """Compute the whole chain anew and say what holds, reading row by row.

    `noted` is a head that an earlier verification gave: the chain must still pass through it.
    """
    chain, count, unsealed, wrong = GENESIS, 0, 0, _Wrong()
    passed = noted in (None, NOTHING)
    with one_moment() as connection:
        for row in connection.execute(_sealed_rows):
            count += 1
            holds = row.id is not None and row.sealed and row.sequence == count
            if holds:
                chain = chain_hash(chain, count, row)
                holds = row.chain_hash == chain
                passed = passed or noted == f"{count}:{chain}"
            wrong.look(row, row.sealed_id, holds)
        for row in connection.execute(_tail_rows):
            unsealed += 1
            wrong.look(row, row.id, not row.sealed)
    changed = wrong.first(_decisions())
    if changed is None and not passed:
        changed = f"at or before the noted head {noted}"
    return LedgerReport(count, unsealed, _by_decision(), changed, f"{count}:{chain}")


def head() -> str:
    """Where the chain ends now, "<number of sealed events>:<hash>". One statement."""
    newest = select(LedgerSeal.sequence, LedgerSeal.chain_hash)
    last = db.session.execute(newest.order_by(LedgerSeal.sequence.desc()).limit(1)).first()
    return f"{last.sequence}:{last.chain_hash}" if last else NOTHING


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
    found = content_hash(row.salt, row.person_id, row.actor_id, row.content)
    return bool(found == row.content_hash)
