"""Tables of the ledger: what happened, what it says of people, and its place in the chain."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from innocap_lms.extensions import Base
from innocap_lms.ids import new_id

# Events that say something of a whole organisation: few, and asked for by it. Both the index and
# who asks write it in these words, else SQLite does not see that the one serves the other.
OF_ORGANISATIONS = (
    "kind IN ('requirement.set', 'unit.added', 'unit.moved', 'unit.renamed', 'unit.closed')"
)
REFUSALS = "kind = 'access.refused'"  # what somebody asked for in vain, likewise


class LedgerEvent(Base):
    """One fact that happened. Never updated, but for its two marks: sealed, and disposed of."""

    __tablename__ = "ledger_event"
    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    kind: Mapped[str]
    happened_at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    organisation_id: Mapped[str | None]
    content_hash: Mapped[str]  # SHA-256 of salt and content, in hex
    disposed_under: Mapped[str | None]  # the decision, once the content is gone
    sealed: Mapped[bool] = mapped_column(default=False)
    __table_args__ = (
        Index(  # what the sealer looks for: a few rows, however long the ledger
            "ix_ledger_event_unsealed",
            "recorded_at",
            "id",
            sqlite_where=text("sealed IS 0"),
            postgresql_where=text("sealed IS false"),
        ),
        Index(
            "ix_ledger_event_of_organisation",
            "organisation_id",
            sqlite_where=text(OF_ORGANISATIONS),
            postgresql_where=text(OF_ORGANISATIONS),
        ),
        Index(
            "ix_ledger_event_refused",
            "recorded_at",
            "id",
            sqlite_where=text(REFUSALS),
            postgresql_where=text(REFUSALS),
        ),
    )


class LedgerContent(Base):
    """What an event says of people, and the salt of its hash; emptied by a lawful disposal."""

    __tablename__ = "ledger_content"
    event_id: Mapped[str] = mapped_column(ForeignKey("ledger_event.id"), primary_key=True)
    person_id: Mapped[str | None] = mapped_column(index=True)
    actor_id: Mapped[str | None]
    salt: Mapped[str]
    content: Mapped[dict[str, Any]] = mapped_column(JSON)


class LedgerSeal(Base):
    """An event's place in the chain; written by the sealer, in batches."""

    __tablename__ = "ledger_seal"
    sequence: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    event_id: Mapped[str] = mapped_column(ForeignKey("ledger_event.id"), unique=True)
    chain_hash: Mapped[str]
