"""That a course or programme asks those who have completed it to take it again, and takes it back.

An edition may ask so when it is published. Once an older one is in service again, what it was for
is gone, and whoever has not done it yet need not any more. Their completions and certificates stay
as they are all the time, and so does what was taken again.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select, update

from innocap_lms import clock
from innocap_lms.catalogue.models import Edition
from innocap_lms.catalogue.queries import EditionView
from innocap_lms.extensions import db
from innocap_lms.learning.models import Completion, RenewalCall
from innocap_lms.ledger.services import record


@dataclass(frozen=True)
class Call:
    """When a course last asked to be taken again, and when it took that back. One that holds comes
    before those that were taken back."""

    at: datetime
    taken_back_at: datetime | None

    def concerns(self, completed_at: datetime) -> bool:
        """Whether it was said to those who completed the course then."""
        return completed_at < self.at

    def holds(self, completed_at: datetime) -> bool:
        """Whether those who completed the course then are still asked."""
        return self.concerns(completed_at) and self.taken_back_at is None


# Of several calls of a course the one that counts is the first in this order.
LAST_FIRST = (RenewalCall.taken_back_at.is_not(None), RenewalCall.called_at.desc())


def last_calls(course_ids: Collection[str]) -> dict[str, Call]:
    """The last call of each course or programme that has called. One statement."""
    rows = db.session.execute(
        select(RenewalCall.course_id, RenewalCall.called_at, RenewalCall.taken_back_at)
        .where(RenewalCall.course_id.in_(course_ids))
        .order_by(*LAST_FIRST)
    )
    found: dict[str, Call] = {}
    for row in rows:
        found.setdefault(row.course_id, Call(row.called_at, row.taken_back_at))
    return found


def call_for_renewal(edition: EditionView, actor_id: str | None) -> None:
    """Ask those who have completed the course so far to take it again; nobody is the actor on the
    command line. Their completions and certificates stay as they are. In a write transaction."""
    now = clock.utcnow()
    course_id = edition.course.id
    db.session.add(
        RenewalCall(course_id=course_id, edition_id=edition.id, called_at=now, called_by=actor_id)
    )
    _note("renewal.called", edition.kind, course_id, edition.id, actor_id, now)


def still_asked(course_id: str, fingerprint: str) -> int:
    """How many have not yet done what they are asked for by editions that are undone once the one
    of that fingerprint is in service: nobody where it is new."""
    undone = db.session.execute(
        _undone(course_id, fingerprint).with_only_columns(RenewalCall.id, RenewalCall.called_at)
    ).all()
    if not undone:
        return 0
    kept = db.session.scalar(
        select(func.max(RenewalCall.called_at)).where(
            RenewalCall.course_id == course_id,
            RenewalCall.taken_back_at.is_(None),
            RenewalCall.id.not_in([row.id for row in undone]),
        )
    )
    last = (
        select(func.max(Completion.completed_at).label("at"))
        .where(Completion.course_id == course_id)
        .group_by(Completion.person_id)
        .subquery()
    )
    asked = last.c.at < max(row.called_at for row in undone)
    return (
        db.session.scalar(
            select(func.count())
            .select_from(last)
            .where(asked, *([last.c.at > kept] if kept else []))
        )
        or 0
    )


def take_back(edition: EditionView, actor_id: str | None) -> int:
    """Ask no longer for what editions asked for that are undone by this one, which is in service
    now; returns how many need not take it again. Doing so twice is once. In a write transaction."""
    course, now = edition.course, clock.utcnow()
    spared = still_asked(course.id, course.fingerprint)
    undone = _undone(course.id, course.fingerprint).with_only_columns(RenewalCall.id)
    taken_back = db.session.execute(
        update(RenewalCall)
        .where(RenewalCall.id.in_(undone), RenewalCall.taken_back_at.is_(None))
        .values(taken_back_at=now, taken_back_by=actor_id)
        .returning(RenewalCall.edition_id)
        .execution_options(synchronize_session=False)
    ).all()
    for row in taken_back:
        _note("renewal.taken_back", edition.kind, course.id, row.edition_id, actor_id, now)
    return spared if taken_back else 0


def _undone(course_id: str, fingerprint: str) -> Select[RenewalCall]:
    """The calls that hold, of other editions, made since the one of that fingerprint was new."""
    return (
        select(RenewalCall)
        .join(Edition, Edition.course_id == RenewalCall.course_id)
        .where(
            Edition.course_id == course_id,
            Edition.fingerprint == fingerprint,
            RenewalCall.edition_id != Edition.id,
            RenewalCall.called_at > Edition.published_at,
            RenewalCall.taken_back_at.is_(None),
        )
    )


def _note(
    what: str, kind: str, course_id: str, edition_id: str, actor_id: str | None, now: datetime
) -> None:
    record(
        what,
        person_id=None,
        actor_id=actor_id,
        organisation_id=None,
        happened_at=now,
        content={kind: course_id, "edition": edition_id},
    )
