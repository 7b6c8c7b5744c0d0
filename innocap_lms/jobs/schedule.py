"""Jobs that repeat: whoever takes the lease runs them, once per interval over all processes."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, select, update

from innocap_lms import clock
from innocap_lms.extensions import db, upsert, writing
from innocap_lms.ids import new_id
from innocap_lms.jobs.models import Heartbeat

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=5)
BEAT = timedelta(seconds=20)


@dataclass(frozen=True)
class Repeating:
    """`run` at least `every` apart. It opens its own transactions."""

    name: str
    every: timedelta
    run: Callable[[], object]


def beat(name: str) -> None:
    """Show that `name` is alive, at most every 20 seconds."""
    _take(name, BEAT, clock.utcnow(), "")


def last_seen(name: str) -> datetime | None:
    """When `name` last showed itself."""
    return db.session.scalar(select(Heartbeat.seen_at).where(Heartbeat.name == name))


def run_repeating(jobs: tuple[Repeating, ...]) -> None:
    """Run each job whose interval has passed and whose lease is free.

    One that fails frees its lease, is logged, and has its next turn after its interval.
    """
    for job in jobs:
        lease = new_id()
        if not _take(job.name, job.every, clock.utcnow(), lease):
            continue
        try:
            job.run()
        except Exception:
            log.exception("repeating job %s failed; its next turn will come", job.name)
        finally:
            with writing():
                db.session.execute(
                    update(Heartbeat)
                    .where(Heartbeat.name == job.name, Heartbeat.lease == lease)
                    .values(lease=None, leased_until=None)
                )


def _take(name: str, every: timedelta, now: datetime, lease: str) -> bool:
    seen = last_seen(name)
    if seen is not None and seen > now - every:
        return False
    until = now + LEASE if lease else None
    with writing():
        taken = db.session.execute(
            upsert(Heartbeat)
            .values(name=name, seen_at=now, lease=lease or None, leased_until=until)
            .on_conflict_do_update(
                index_elements=["name"],
                set_={"seen_at": now, "lease": lease or None, "leased_until": until},
                where=(Heartbeat.seen_at <= now - every)
                & or_(Heartbeat.leased_until.is_(None), Heartbeat.leased_until < now),
            )
            .returning(Heartbeat.name)
        )
        return taken.first() is not None
