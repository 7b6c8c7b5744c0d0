"""Carrying out what the outbox asks for: at least once, with leases, backoff and dead letters."""

import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import event, or_, select, update
from sqlalchemy.orm import Session

from innocap_lms import clock
from innocap_lms.extensions import UnitOfWork, db, writing
from innocap_lms.ids import new_id
from innocap_lms.jobs.models import OutboxMessage
from innocap_lms.jobs.outbox import WAKE
from innocap_lms.jobs.schedule import Repeating, beat, run_repeating

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=2)
MAX_ATTEMPTS = 8
BATCH = 20
IDLE_SECONDS = 5.0

Handler = Callable[[dict[str, Any]], None]


@dataclass
class Relay:
    """Runs outbox messages by `handlers` (kind to function) and the `repeating` jobs."""

    app: Flask
    handlers: Mapping[str, Handler]
    repeating: tuple[Repeating, ...] = ()
    _wake: threading.Event = field(default_factory=threading.Event)
    _stop: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None
    _starting: threading.Lock = field(default_factory=threading.Lock)

    def run_due(self) -> int:
        """Run what is due until nothing is; returns how many messages were carried out."""
        done = 0
        with self.app.app_context():
            beat("relay")
            while claimed := _claim():
                done += sum(self._carry(*message) for message in claimed)
            run_repeating(self.repeating)
        return done

    def run_forever(self) -> None:
        """Until `stop`; a commit that wrote to the outbox wakes it, else it looks now and then."""
        while not self._stop.is_set():
            try:
                self.run_due()
            except Exception:
                log.exception("the relay stumbled; it goes on")
                self._stop.wait(IDLE_SECONDS)
            self._wake.wait(IDLE_SECONDS)
            self._wake.clear()

    def start(self) -> None:
        """Start the thread of this process, once. Called on the first request, after any fork."""
        with self._starting:
            if self._thread is None:
                self._thread = threading.Thread(
                    target=self.run_forever, name="innocap-relay", daemon=True
                )
                self._thread.start()

    def stop(self) -> None:
        """Let the loop end after the message it is at."""
        self._stop.set()
        self._wake.set()

    def wake(self) -> None:
        self._wake.set()

    def _carry(self, message_id: str, lease: str, kind: str, payload: dict[str, Any]) -> bool:
        try:
            with self.app.app_context():
                self.handlers[kind](payload)
        except Exception as error:
            log.exception("job %s %s failed", kind, message_id)
            _put_back(message_id, lease, f"{error!r}")
            return False
        _finish(message_id, lease)
        return True


def wake_after_commit(relay: Relay) -> None:
    """Wake `relay` when a unit of work that wrote to the outbox has been committed."""

    @event.listens_for(UnitOfWork, "after_commit")
    def on_commit(session: Session) -> None:
        if session.info.pop(WAKE, False):
            relay.wake()


def _claim() -> list[tuple[str, str, str, dict[str, Any]]]:
    now, lease = clock.utcnow(), new_id()
    due = (
        select(OutboxMessage.id, OutboxMessage.kind, OutboxMessage.payload)
        .where(
            OutboxMessage.done_at.is_(None),
            OutboxMessage.dead_at.is_(None),
            OutboxMessage.run_at <= now,
            or_(OutboxMessage.leased_until.is_(None), OutboxMessage.leased_until < now),
        )
        .order_by(OutboxMessage.run_at)
        .limit(BATCH)
    )
    if db.session.execute(due.limit(1)).first() is None:
        return []  # the usual case takes no write lock
    with writing():
        rows = db.session.execute(due.with_for_update(skip_locked=True)).all()
        db.session.execute(
            update(OutboxMessage)
            .where(OutboxMessage.id.in_([row.id for row in rows]))
            .values(lease=lease, leased_until=now + LEASE, attempts=OutboxMessage.attempts + 1)
        )
    return [(row.id, lease, row.kind, row.payload) for row in rows]


def _finish(message_id: str, lease: str) -> None:
    with writing():
        db.session.execute(
            update(OutboxMessage)
            .where(OutboxMessage.id == message_id, OutboxMessage.lease == lease)
            .values(done_at=clock.utcnow(), lease=None, leased_until=None, last_error=None)
        )


def _put_back(message_id: str, lease: str, error: str) -> None:
    now = clock.utcnow()
    with writing():
        row = db.session.get(OutboxMessage, message_id)
        if row is None or row.lease != lease:
            return  # another worker took it over
        row.lease = row.leased_until = None
        row.last_error = error[:2000]
        row.run_at = now + timedelta(seconds=2**row.attempts)
        if row.attempts >= MAX_ATTEMPTS:
            row.dead_at = now
