"""What an operator sees of the outbox."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from innocap_lms import clock
from innocap_lms.extensions import db
from innocap_lms.jobs.models import Heartbeat, OutboxMessage

PAGE = 50


@dataclass(frozen=True)
class DeadLetter:
    """A message that was given up, and the error of its last attempt."""

    id: str
    kind: str
    key: str
    created_at: datetime
    dead_at: datetime
    attempts: int
    error: str


@dataclass(frozen=True)
class Waiting:
    """Messages of one kind that are not carried out yet: how many, how many tried in vain so far,
    and since when the eldest waits."""

    kind: str
    count: int
    failing: int
    since: datetime


@dataclass(frozen=True)
class Pulse:
    """A job that must always be running, and when it last showed itself."""

    name: str
    seen_at: datetime


def waiting() -> list[Waiting]:
    """What waits, by kind."""
    open_ = (OutboxMessage.done_at.is_(None), OutboxMessage.dead_at.is_(None))
    rows = db.session.execute(
        select(
            OutboxMessage.kind,
            func.count(),
            func.count(OutboxMessage.last_error),
            func.min(OutboxMessage.created_at),
        )
        .where(*open_)
        .group_by(OutboxMessage.kind)
        .order_by(OutboxMessage.kind)
    )
    return [Waiting(*row) for row in rows]


def dead_letters() -> tuple[int, list[DeadLetter]]:
    """How many messages were given up, and the newest fifty of them."""
    dead = OutboxMessage.dead_at.is_not(None)
    count = db.session.scalar(select(func.count()).select_from(OutboxMessage).where(dead)) or 0
    rows = db.session.scalars(
        select(OutboxMessage)
        .where(dead)
        .order_by(OutboxMessage.dead_at.desc(), OutboxMessage.id)
        .limit(PAGE)
    )
    return count, [
        DeadLetter(
            row.id,
            row.kind,
            row.key,
            row.created_at,
            row.dead_at or clock.utcnow(),
            row.attempts,
            row.last_error or "",
        )
        for row in rows
    ]


def pulses() -> list[Pulse]:
    """Relay and repeating jobs, and when each last ran."""
    rows = db.session.execute(select(Heartbeat.name, Heartbeat.seen_at).order_by(Heartbeat.name))
    return [Pulse(row.name, row.seen_at) for row in rows]
