"""What one learner may have at a quiz beyond its rule: more attempts, more minutes."""

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select, update

from innocap_lms import clock
from innocap_lms.extensions import db, upsert
from innocap_lms.learning.models import Allowance, Attempt, Enrolment
from innocap_lms.ledger.services import record
from innocap_lms.people.models import Person

ONE_STEP = 15  # minutes that one click gives

_table, _try = Allowance.__table__.c, Attempt.__table__.c
_allowance = select(_table.attempts, _table.minutes).where(
    _table.enrolment_id == bindparam("enrolment_id"), _table.quiz_id == bindparam("quiz_id")
)


class AllowanceView(NamedTuple):
    """Attempts and minutes on top of what the quiz gives everyone."""

    attempts: int = 0
    minutes: int = 0


class TimedAttempt(NamedTuple):
    """An attempt under way that has an end. No name where the person is protected."""

    id: str
    enrolment_id: str
    quiz_id: str
    edition_id: str
    number: int
    name: str
    started_at: datetime
    due_at: datetime


def allowance_of(enrolment_id: str, quiz_id: str) -> AllowanceView:
    """What this enrolment may have at the quiz beyond its rule. One statement."""
    row = db.session.execute(_allowance, {"enrolment_id": enrolment_id, "quiz_id": quiz_id}).first()
    return AllowanceView(*row) if row else AllowanceView()


def timed_attempts(course_id: str) -> list[TimedAttempt]:
    """The attempts at a course's quizzes that run against the clock, the first to end first.

    For the trainer's desk alone, which has asked whose course it is. One statement.
    """
    rows = db.session.execute(
        select(
            Attempt.id,
            Attempt.enrolment_id,
            Attempt.quiz_id,
            Attempt.edition_id,
            Attempt.number,
            Person.name,
            Attempt.started_at,
            Attempt.due_at,
            Person.protected,
        )
        .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
        .join(Person, Person.id == Enrolment.person_id)
        .where(
            Enrolment.course_id == course_id,
            Attempt.submitted_at.is_(None),
            Attempt.due_at.is_not(None),
        )
        .order_by(Attempt.due_at, Attempt.id)
    )
    return [
        TimedAttempt(*row[:5], "" if row.protected else row.name, row.started_at, row.due_at)
        for row in rows
        if row.due_at is not None
    ]


def grant_attempt(actor_id: str, enrolment_id: str, quiz_id: str) -> None:
    """Give a learner one attempt more than the quiz gives everyone. In a write transaction."""
    _add(enrolment_id, quiz_id, attempts=1)
    _note("attempt.granted", actor_id, enrolment_id, quiz=quiz_id)


def extend_time(actor_id: str, enrolment_id: str, quiz_id: str, minutes: int) -> datetime | None:
    """Give a learner more minutes at a quiz, in later attempts too. In a write transaction.

    The attempt under way ends that much later, counted from now if its time was over; returns its
    new end, None where there is none. Its revision grows, so that whoever was about to hand it in
    because its time was over finds it changed.
    """
    _add(enrolment_id, quiz_id, minutes=minutes)
    row = db.session.execute(
        select(_try.id, _try.due_at)
        .where(
            _try.enrolment_id == enrolment_id,
            _try.quiz_id == quiz_id,
            _try.submitted_at.is_(None),
            _try.due_at.is_not(None),
        )
        .with_for_update()
    ).first()
    end = max(row.due_at, clock.utcnow()) + timedelta(minutes=minutes) if row else None
    if row:
        db.session.execute(
            update(Attempt)
            .where(Attempt.id == row.id)
            .values(due_at=end, revision=Attempt.revision + 1),
            execution_options={"synchronize_session": False},
        )
    _note("time.extended", actor_id, enrolment_id, quiz=quiz_id, minutes=minutes)
    return end


def _add(enrolment_id: str, quiz_id: str, attempts: int = 0, minutes: int = 0) -> None:
    statement = upsert(Allowance.__table__).values(
        enrolment_id=enrolment_id, quiz_id=quiz_id, attempts=attempts, minutes=minutes
    )
    more = {
        "attempts": _table.attempts + statement.excluded.attempts,
        "minutes": _table.minutes + statement.excluded.minutes,
    }
    db.session.execute(
        statement.on_conflict_do_update(index_elements=("enrolment_id", "quiz_id"), set_=more)
    )


def _note(kind: str, actor_id: str, enrolment_id: str, **content: Any) -> None:
    enrolment = db.session.get_one(Enrolment, enrolment_id)
    record(
        kind,
        person_id=enrolment.person_id,
        actor_id=actor_id,
        organisation_id=enrolment.organisation_id,
        happened_at=clock.utcnow(),
        content={"enrolment": enrolment_id, "course": enrolment.course_id, **content},
    )
