"""Asking for something to happen after commit; looking after what was asked for."""

from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import delete, select, update

from innocap_lms import clock
from innocap_lms.extensions import after_commit, db, insert_once, writing
from innocap_lms.ids import new_id
from innocap_lms.jobs.models import OutboxMessage

KEPT = timedelta(days=30)
PURGE_BATCH = 1000


def enqueue(kind: str, key: str, payload: dict[str, Any], run_at: datetime | None = None) -> None:
    """Write an outbox row in the current transaction. A `key` asked for before changes nothing.

    A key is known as long as its message is kept: 30 days after it was carried out.
    """
    now = clock.utcnow()
    insert_once(
        OutboxMessage,
        ("key",),
        id=new_id(),
        kind=kind,
        key=key,
        payload=payload,
        created_at=now,
        run_at=run_at or now,
        attempts=0,
    )
    after_commit(current_app.extensions["innocap_relay"].wake)


def try_again(message_id: str) -> bool:
    """Give a dead message all its attempts anew, from now on; False when it is not dead."""
    found = db.session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.id == message_id, OutboxMessage.dead_at.is_not(None))
        .values(dead_at=None, attempts=0, run_at=clock.utcnow())
        .returning(OutboxMessage.id)
    ).first()
    after_commit(current_app.extensions["innocap_relay"].wake)
    return found is not None


def purge() -> int:
    """Forget what was carried out more than 30 days ago; returns how many. A repeating job.

    Dead messages stay until somebody has looked at them.
    """
    old = (
        select(OutboxMessage.id)
        .where(OutboxMessage.done_at < clock.utcnow() - KEPT)
        .limit(PURGE_BATCH)
    )
    forgotten = 0
    while ids := db.session.scalars(old).all():
        with writing():
            db.session.execute(delete(OutboxMessage).where(OutboxMessage.id.in_(ids)))
        forgotten += len(ids)
    return forgotten
