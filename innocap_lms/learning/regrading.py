"""Carrying out what was decided of a faulty question: attempts marked anew, with a trace.

Nobody loses by it: who had passed stays passed. Attempts are marked anew in batches, each where
nothing has changed since it was read, so that the work can be broken off at any point and begun
again: what is done already is found done.
"""

from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import bindparam, select, update

from innocap_lms import clock
from innocap_lms.catalogue.services import hold_course
from innocap_lms.extensions import db, insert_once, writing
from innocap_lms.ids import new_id
from innocap_lms.jobs.outbox import enqueue
from innocap_lms.learning.affected import Change, change_of, may_come_empty, tried
from innocap_lms.learning.completing import complete_if_due
from innocap_lms.learning.corrections import Answers, How, RemedyView
from innocap_lms.learning.grading import Grade
from innocap_lms.learning.models import Attempt, Remedy
from innocap_lms.learning.remedies import Wording, remedy_view, wording
from innocap_lms.ledger.services import record
from innocap_lms.people.queries import viewer_of

REMEDY_JOB = "remedy.carry_out"
RESULT_MAIL_JOB = "remedy.result_mail"

WRITTEN = 50  # attempts changed in one transaction, which others wait for
BATCHES = 10  # read in one job, so that it ends well within its lease
AGAIN_AFTER = timedelta(minutes=10)

_try = Attempt.__table__.c
_as_read = (
    update(Attempt.__table__)  # type: ignore[arg-type]
    .where(_try.id == bindparam("attempt_id"), _try.revision == bindparam("read"))
    .returning(_try.id)
)
_same = Attempt.__table__.alias("same").c
_another = select(_try.id).where(
    _same.id == bindparam("attempt_id"),
    _try.enrolment_id == bindparam("of"),
    _try.quiz_id == _same.quiz_id,
    _try.id != _same.id,
    _try.counting,
    _try.passed.is_(True),
)


class ChangedMeanwhileError(RuntimeError):
    """Some attempts were changed while they were marked anew; the next run finds them."""


class NothingLeftError(ValueError):
    """Without the question the quiz could ask a set in which nothing counts."""


def decide(actor_id: str, found: Wording, how: How, accepted: Answers, reason: str) -> bool:
    """Decide a remedy, and ask for it to be carried out; False when there is one already.

    In a write transaction. An attempt may be on its way in, marked just before this decision: a
    second run, some minutes later, finds it. Raises NothingLeftError.
    """
    if how == "drop":
        hold_course(found.course_id)  # who drops another question now is looked at, or looks at us
        if may_come_empty(found):
            raise NothingLeftError(found.question.id)
    now, new = clock.utcnow(), new_id()
    named = {
        "course_id": found.course_id,
        "quiz_id": found.quiz_id,
        "question_id": found.question.id,
        "fingerprint": found.fingerprint,
    }
    what = {"how": how, "accepted": [list(answer) for answer in accepted], "reason": reason}
    if not insert_once(
        Remedy, tuple(named), id=new, **named, **what, decided_by=actor_id, decided_at=now
    ):
        return False
    record(
        "question.remedied",
        person_id=None,
        actor_id=actor_id,
        organisation_id=None,
        happened_at=now,
        content={"remedy": new, **named, **what},
    )
    _ask_for(new, "first")
    _ask_for(new, "second", at=now + AGAIN_AFTER)
    return True


def end(actor_id: str, remedy_id: str) -> bool:
    """End a remedy for attempts that are handed in from now on; False when it was ended before.

    In a write transaction. What it gave stays, and what is handed in already still gets it.
    """
    now = clock.utcnow()
    ended = db.session.execute(
        update(Remedy)
        .where(Remedy.id == remedy_id, Remedy.ended_at.is_(None))
        .values(ended_at=now)
        .returning(Remedy.course_id, Remedy.quiz_id, Remedy.question_id),
        execution_options={"synchronize_session": False},
    ).first()
    if ended is None:
        return False
    record(
        "question.remedy_ended",
        person_id=None,
        actor_id=actor_id,
        organisation_id=None,
        happened_at=now,
        content={"remedy": remedy_id, **ended._mapping},
    )
    return True


def note_preview(actor_id: str, found: Wording, how: How, accepted: Answers) -> None:
    """Leave a trace of who looked at what a remedy would change. In a write transaction."""
    record(
        "question.previewed",
        person_id=None,
        actor_id=actor_id,
        organisation_id=None,
        happened_at=clock.utcnow(),
        content={
            "course_id": found.course_id,
            "quiz_id": found.quiz_id,
            "question_id": found.question.id,
            "fingerprint": found.fingerprint,
            "how": how,
            "accepted": [list(answer) for answer in accepted],
        },
    )


def _ask_for(remedy_id: str, run: str, after: str = "", at: datetime | None = None) -> None:
    payload = {"remedy_id": remedy_id, "run": run, "after": after}
    enqueue(REMEDY_JOB, f"remedy:{remedy_id}:{run}:{after}", payload, at)


def carry_out(payload: dict[str, Any]) -> None:
    """Outbox kind REMEDY_JOB; payload: remedy_id, run (first or second), after (an attempt's id).

    Marks the attempts after that one anew, and asks for the rest where there are very many.
    Raises ChangedMeanwhileError, so that it is tried again.
    """
    row = db.session.get_one(Remedy, payload["remedy_id"])
    remedy, actor_id, until = remedy_view(row), row.decided_by, row.ended_at
    found = wording(row.course_id, row.quiz_id, row.question_id, fingerprint=row.fingerprint)
    if found is None:
        raise LookupError(f"no edition asks the question of remedy {remedy.id}")
    missed, seen = 0, ""
    for attempts, last in islice(tried(found, payload["after"], until), BATCHES):
        seen = last
        changes = [change for each in attempts if (change := change_of(each, found, remedy))]
        for start in range(0, len(changes), WRITTEN):
            missed += _write(changes[start : start + WRITTEN], found, remedy, actor_id)
    if seen:
        with writing():
            _ask_for(remedy.id, payload["run"], seen)
    if missed:
        raise ChangedMeanwhileError(f"{missed} attempts have changed since they were read")


def _write(changes: list[Change], found: Wording, remedy: RemedyView, actor_id: str) -> int:
    """Keep these changes in one transaction; how many could not be kept."""
    with writing():
        return sum(not _apply(change, found, remedy, actor_id) for change in changes)


def _apply(change: Change, found: Wording, remedy: RemedyView, actor_id: str) -> bool:
    attempt, before, after = change.attempt, change.before, change.after
    done = db.session.execute(
        _as_read,
        {
            "attempt_id": attempt.id,
            "read": attempt.revision,
            "revision": attempt.revision + 1,
            "marks": {question: list(mark) for question, mark in after.marks.items()},
            "points": after.points,
            "max_points": after.max_points,
            "passed": after.passed,
        },
    )
    if done.first() is None:
        return False
    results = {"before": _result(before), "after": _result(after)}
    named = {"attempt": attempt.id, "remedy": remedy.id, **results}
    record(
        "attempt.regraded",
        person_id=attempt.person_id,
        actor_id=actor_id,
        organisation_id=attempt.organisation_id,
        happened_at=clock.utcnow(),
        content={
            **named,
            "course": found.course_id,
            "quiz": found.quiz_id,
            "question": found.question.id,
            "how": remedy.how,
        },
    )
    if after.passed and not before.passed:
        learner = viewer_of(attempt.person_id)
        complete_if_due(learner, attempt.enrolment_id, attempt.language)
    if change.differs and attempt.decides and not _passed_by_another(change):
        enqueue(RESULT_MAIL_JOB, f"result:{remedy.id}:{attempt.id}", named)
    return True


def _passed_by_another(change: Change) -> bool:
    """Whether the person has passed by another attempt since this one was read: of several that
    pass by one remedy, the first is told."""
    found = db.session.execute(
        _another, {"of": change.attempt.enrolment_id, "attempt_id": change.attempt.id}
    )
    return found.first() is not None


def _result(grade: Grade) -> dict[str, Any]:
    return {"points": grade.points, "max_points": grade.max_points, "passed": grade.passed}
