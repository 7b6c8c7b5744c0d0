"""Carrying out what the outbox asks for: at least once, with leases, backoff and dead letters."""

import atexit
import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import or_, select, update

from innocap_lms import clock
from innocap_lms.extensions import db, writing
from innocap_lms.ids import new_id
from innocap_lms.jobs.models import OutboxMessage
from innocap_lms.jobs.schedule import Repeating, beat, run_repeating

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=5)  # longer than any job may take
IDLE_SECONDS = 5.0
STOP_SECONDS = 10.0
RETRY_AFTER = (
    timedelta(seconds=10),
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=6),
    timedelta(hours=12),
)
MAX_ATTEMPTS = len(RETRY_AFTER) + 1
MAX_ERROR = 2000

Handler = Callable[[dict[str, Any]], None]


@dataclass(frozen=True)
class Claimed:
    """A message this worker alone carries out until its lease ends. `attempt` counts from 1."""

    id: str
    kind: str
    payload: dict[str, Any]
    lease: str
    attempt: int


@dataclass
class Relay:
    """Runs outbox messages by `handlers` (kind to function) and the `repeating` jobs."""

    app: Flask
    handlers: Mapping[str, Handler]
    repeating: tuple[Repeating, ...] = ()
    failed: int = 0  # attempts in vain since it was made
    _wake: threading.Event = field(default_factory=threading.Event)
    _stop: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None
    _starting: threading.Lock = field(default_factory=threading.Lock)

    def run_due(self) -> int:
        """Run what is due until nothing is; returns how many messages were carried out."""
        done = 0
        with self.app.app_context():
            beat("relay")
            while not self._stop.is_set() and (message := _claim()):
                done += self._carry(message)
                beat("relay")
            run_repeating(self.repeating)
        return done

    def run_forever(self) -> None:
        """Until `stop`; a commit that wrote to the outbox wakes it, else it looks now and then."""
        while not self._stop.is_set():
            try:
                self.run_due()
            except Exception:
                log.exception("the relay stumbled; it goes on")
            self._wake.wait(IDLE_SECONDS)
            self._wake.clear()

    def start(self) -> None:
        """Start the thread of this process, once. Called on the first request, after any fork."""
        if self._thread is not None:
            return
        with self._starting:
            if self._thread is None:
                self._thread = threading.Thread(
                    target=self.run_forever, name="innocap-relay", daemon=True
                )
                self._thread.start()
                atexit.register(self.stop)

    def stop(self) -> None:
        """End after the message in hand; wait for that, at most ten seconds.

        A message that takes longer is carried out again when its lease ends.
        """
        self._stop.set()
        self._wake.set()
        if self._thread is not None:
            self._thread.join(STOP_SECONDS)
            atexit.unregister(self.stop)

    def wake(self) -> None:
        """Look at once instead of at the next turn. Without a thread it does nothing."""
        self._wake.set()

    def _carry(self, message: Claimed) -> bool:
        handler = self.handlers.get(message.kind)
        if handler is None:
            log.error("no job of kind %r: message %s is dead", message.kind, message.id)
            _give_up(message, f"no part of this site carries out jobs of kind {message.kind!r}")
            self.failed += 1
            return False
        try:
            with self.app.app_context():
                handler(message.payload)
        except Exception as error:
            log.exception("job %s %s failed", message.kind, message.id)
            _put_back(message, f"{type(error).__name__}: {error}")
            self.failed += 1
            return False
        _close(message, done_at=clock.utcnow(), last_error=None)
        return True


def _claim() -> Claimed | None:
    """Lease the message that is due longest. One at a time: no lease runs while it waits."""
    now, lease = clock.utcnow(), new_id()
    due = (
        select(OutboxMessage)
        .where(
            OutboxMessage.done_at.is_(None),
            OutboxMessage.dead_at.is_(None),
            OutboxMessage.run_at <= now,
            or_(OutboxMessage.leased_until.is_(None), OutboxMessage.leased_until < now),
        )
        .order_by(OutboxMessage.run_at)
        .limit(1)
    )
    if db.session.execute(due.with_only_columns(OutboxMessage.id)).first() is None:
        return None  # the usual case takes no write lock
    with writing():
        row = db.session.scalars(due.with_for_update(skip_locked=True)).first()
        if row is None:
            return None  # another worker was quicker
        row.attempts += 1
        row.lease, row.leased_until = lease, now + LEASE
        claimed = Claimed(row.id, row.kind, row.payload, lease, row.attempts)
    if claimed.attempt <= MAX_ATTEMPTS:
        return claimed
    # Whoever carried it out ended each time, without a word: it must not take more with it.
    _give_up(claimed, f"its worker ended in the middle of it, {MAX_ATTEMPTS} times")
    return _claim()


def _put_back(message: Claimed, error: str) -> None:
    if message.attempt >= MAX_ATTEMPTS:
        _give_up(message, error)
    else:
        again = clock.utcnow() + RETRY_AFTER[message.attempt - 1]
        _close(message, run_at=again, last_error=error[:MAX_ERROR])


def _give_up(message: Claimed, error: str) -> None:
    _close(message, dead_at=clock.utcnow(), last_error=error[:MAX_ERROR])


def _close(message: Claimed, **values: Any) -> None:
    """End the lease and note what became of the message, unless another worker took it over."""
    with writing():
        db.session.execute(
            update(OutboxMessage)
            .where(OutboxMessage.id == message.id, OutboxMessage.lease == message.lease)
            .values(lease=None, leased_until=None, **values)
        )
