"""Asking for something to happen after commit."""

from datetime import datetime
from typing import Any

from innocap_lms import clock
from innocap_lms.extensions import db, insert_once
from innocap_lms.ids import new_id
from innocap_lms.jobs.models import OutboxMessage

WAKE = "outbox written"


def enqueue(kind: str, key: str, payload: dict[str, Any], run_at: datetime | None = None) -> None:
    """Write an outbox row in the current transaction. A `key` asked for before changes nothing."""
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
    db.session().info[WAKE] = True
