"""The outbox table."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index
from sqlalchemy.orm import Mapped, mapped_column

from innocap_lms.extensions import Base
from innocap_lms.ids import new_id


class OutboxMessage(Base):
    """Something to do after commit. `key` makes asking twice the same as asking once."""

    __tablename__ = "outbox_message"
    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    kind: Mapped[str]
    key: Mapped[str] = mapped_column(unique=True)
    payload: Mapped[dict[str, Any]] = mapped_column(JSON)
    created_at: Mapped[datetime]
    run_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    leased_until: Mapped[datetime | None]
    lease: Mapped[str | None]
    done_at: Mapped[datetime | None]
    dead_at: Mapped[datetime | None]
    last_error: Mapped[str | None]
    __table_args__ = (Index("ix_outbox_message_due", "done_at", "dead_at", "run_at"),)


class Heartbeat(Base):
    """When a job that must always be running last showed itself, and who runs it until when."""

    __tablename__ = "heartbeat"
    name: Mapped[str] = mapped_column(primary_key=True)
    seen_at: Mapped[datetime]
    lease: Mapped[str | None]
    leased_until: Mapped[datetime | None]
