"""What one learner may have at a quiz beyond its rule: more attempts, more minutes, a kinder rule
that they began by.

After the last attempt there are two ways, and one shuts the other: to ask for another attempt, or
to see the right answers.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select, update

from innocap_lms import clock
from innocap_lms.catalogue.queries import editions
from innocap_lms.content.model import Quiz
from innocap_lms.extensions import db, fetch, upsert
from innocap_lms.learning.models import Allowance, Attempt, Enrolment
from innocap_lms.ledger.services import record
from innocap_lms.people.models import Person

ONE_STEP = 15  # minutes that one click gives

_table, _try = Allowance.__table__.c, Attempt.__table__.c
_allowance = select(_table.attempts, _table.minutes, _table.closed_at).where(
    _table.enrolment_id == bindparam("enrolment_id"), _table.quiz_id == bindparam("quiz_id")
)

_begun_in = (
    select(_try.edition_id)
    .where(_try.enrolment_id == bindparam("enrolment_id"), _try.quiz_id == bindparam("quiz_id"))
    .distinct()
)


class AllowanceView(NamedTuple):
    """Attempts and minutes on top of what the quiz gives everyone. `closed_at` is when the learner
    had the right answers shown, after the last attempt."""

    attempts: int = 0
    minutes: int = 0
    closed_at: datetime | None = None


class TimedAttempt(NamedTuple):
    """An attempt under way that has an end. No name where the person is protected."""

    id: str
    enrolment_id: str
    person_id: str
    quiz_id: str
    edition_id: str
    number: int
    name: str
    started_at: datetime
    due_at: datetime


def allowance_of(enrolment_id: str, quiz_id: str) -> AllowanceView:
    """What this enrolment may have at the quiz beyond its rule. One statement."""
    found = fetch(_allowance, {"enrolment_id": enrolment_id, "quiz_id": quiz_id})
    return AllowanceView(*found[0]) if found else AllowanceView()


def rule_for(enrolment_id: str, quiz: Quiz) -> Quiz:
    """The quiz of the edition that a learner is in, by the rule that counts for them.

    Where only the first attempt counts, whoever has begun one while others could count too goes on
    so: a new edition takes no chance away. One statement, where only the first counts.
    """
    if quiz.counts != "first":
        return quiz
    at = {"enrolment_id": enrolment_id, "quiz_id": quiz.id}
    begun_in = editions(db.session.scalars(_begun_in, at)).values()
    kinder = any(found.course.quiz(quiz.id).counts != "first" for found in begun_in)
    return replace(quiz, counts="best") if kinder else quiz


def timed_attempts(course_id: str) -> list[TimedAttempt]:
    """The attempts at a course's quizzes that run against the clock, the first to end first.

    For the trainer's desk alone, which has asked whose course it is. One statement.
    """
    rows = db.session.execute(
        select(
            Attempt.id,
            Attempt.enrolment_id,
            Enrolment.person_id,
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
        TimedAttempt(*row[:6], "" if row.protected else row.name, row.started_at, row.due_at)
        for row in rows
        if row.due_at is not None
    ]


def is_used_up(quiz: Quiz, more: AllowanceView, had: int, *, passed: bool) -> bool:
    """Whether a learner has had every attempt there is without passing, `had` of them handed in."""
    return not passed and quiz.attempts is not None and had >= quiz.attempts + more.attempts


def may_ask_for_more(quiz: Quiz, more: AllowanceView) -> bool:
    """Whether another attempt could be given and would help, once all are used up: where the first
    alone counts, none would."""
    return quiz.counts != "first" and more.closed_at is None


def grant_attempt(actor_id: str, enrolment_id: str, quiz_id: str) -> bool:
    """Give a learner one attempt more than the quiz gives everyone. In a write transaction.

    False, and nothing is given, where they have had the right answers shown.
    """
    if not _add(enrolment_id, quiz_id, attempts=1):
        return False
    _note("attempt.granted", actor_id, enrolment_id, quiz=quiz_id)
    return True


def show_answers(actor_id: str, enrolment_id: str, quiz_id: str, more: AllowanceView) -> bool:
    """End a learner's attempts at a quiz, so that the right answers may be shown to them.

    In a write transaction. `more` is what they had when they chose so; False where an attempt has
    been given since, and nothing is shown.
    """
    closed = (
        upsert(Allowance.__table__)
        .values(
            enrolment_id=enrolment_id,
            quiz_id=quiz_id,
            attempts=0,
            minutes=0,
            closed_at=clock.utcnow(),
        )
        .on_conflict_do_update(
            index_elements=("enrolment_id", "quiz_id"),
            set_={"closed_at": clock.utcnow()},
            where=_table.closed_at.is_(None) & (_table.attempts == more.attempts),
        )
        .returning(_table.quiz_id)
    )
    if db.session.execute(closed).first() is None:
        return False
    _note("answers.shown", actor_id, enrolment_id, quiz=quiz_id)
    return True


def extend_time(actor_id: str, attempt: TimedAttempt, minutes: int) -> datetime | None:
    """Give a learner more minutes for an attempt, and in later ones too. In a write transaction.

    It ends that much later, counted from now if its time was over. Returns its new end; None, and
    nothing is given, where it is handed in or has had another end since it was read: a second
    click gives nothing. Its revision grows, so that whoever was about to hand it in because its
    time was over finds it changed.
    """
    end = max(attempt.due_at, clock.utcnow()) + timedelta(minutes=minutes)
    extended = db.session.execute(
        update(Attempt)
        .where(
            Attempt.id == attempt.id,
            Attempt.submitted_at.is_(None),
            Attempt.due_at == attempt.due_at,
        )
        .values(due_at=end, revision=Attempt.revision + 1)
        .returning(Attempt.id),
        execution_options={"synchronize_session": False},
    ).first()
    if extended is None:
        return None
    _add(attempt.enrolment_id, attempt.quiz_id, minutes=minutes)
    _note("time.extended", actor_id, attempt.enrolment_id, quiz=attempt.quiz_id, minutes=minutes)
    return end


def _add(enrolment_id: str, quiz_id: str, attempts: int = 0, minutes: int = 0) -> bool:
    """Add to what a learner may have; False where no more attempts may be added."""
    statement = upsert(Allowance.__table__).values(
        enrolment_id=enrolment_id, quiz_id=quiz_id, attempts=attempts, minutes=minutes
    )
    more = {
        "attempts": _table.attempts + statement.excluded.attempts,
        "minutes": _table.minutes + statement.excluded.minutes,
    }
    added = statement.on_conflict_do_update(
        index_elements=("enrolment_id", "quiz_id"),
        set_=more,
        where=_table.closed_at.is_(None) | (statement.excluded.attempts == 0),
    ).returning(_table.quiz_id)
    return db.session.execute(added).first() is not None


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
