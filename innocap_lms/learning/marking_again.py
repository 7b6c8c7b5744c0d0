"""Marking once more what could not be marked when it was handed in: its question kind had failed,
was quarantined or was not there."""

import logging
from collections.abc import Mapping
from typing import Any

from sqlalchemy import bindparam, select, update

from innocap_lms import clock
from innocap_lms.catalogue.queries import edition, quiz_keys
from innocap_lms.content.identifiers import CHECK_IDS
from innocap_lms.extensions import db, writing
from innocap_lms.jobs.outbox import enqueue
from innocap_lms.learning.attempts import AnswerSheet
from innocap_lms.learning.completing import complete_if_due, named
from innocap_lms.learning.corrections import DROPPED, Marked
from innocap_lms.learning.grading import UNASKED, Grade, regrade
from innocap_lms.learning.marking import marked_sheet
from innocap_lms.learning.models import Attempt, Enrolment
from innocap_lms.learning.own_attempts import AttemptView, attempt_of
from innocap_lms.learning.queries import progress_of
from innocap_lms.learning.remedies import remedies_of
from innocap_lms.ledger.services import record
from innocap_lms.people.queries import viewer_of
from innocap_lms.people.viewer import Viewer

log = logging.getLogger(__name__)

MARKED_MAIL_JOB = "attempt.marked_mail"
AT_ONCE = 200

_try, _enrolment = Attempt.__table__.c, Enrolment.__table__.c
_undecided = (
    select(_try.id, _enrolment.person_id, _try.language)
    .join(Enrolment.__table__, _enrolment.id == _try.enrolment_id)
    .where(
        _try.submitted_at.is_not(None),
        _try.passed.is_(None),
        _try.quiz_id.not_in(CHECK_IDS),
        _try.id > bindparam("after"),
    )
    .order_by(_try.id)
    .limit(AT_ONCE)
)
_as_read = (
    update(Attempt.__table__)  # type: ignore[arg-type]
    .where(
        _try.id == bindparam("attempt_id"),
        _try.revision == bindparam("read"),
        _try.passed.is_(None),
    )
    .returning(_try.id)
)


def mark_again() -> int:
    """Mark each attempt whose result is still open; returns how many have one now. A repeating job.

    Its learner is told by mail, unless the quiz is passed already or the attempt does not count.
    What cannot be marked yet waits for the next time, and keeps no other waiting.
    """
    done, after = 0, ""
    while rows := db.session.execute(_undecided, {"after": after}).all():
        for row in rows:
            try:
                done += _mark(viewer_of(row.person_id), row.id, row.language)
            except Exception:
                log.exception("the attempt %s cannot be marked", row.id)
        after = rows[-1].id
    return done


def _mark(learner: Viewer, attempt_id: str, language: str) -> bool:
    attempt = attempt_of(learner.id, attempt_id)
    if attempt is None:
        return False
    found = edition(attempt.edition_id)
    quiz = found.course.quiz(attempt.quiz_id)
    keys, remedies = quiz_keys(found.id, quiz.id), remedies_of(found, quiz)
    sheet = AnswerSheet(attempt.answers, attempt.saved, changed=False)
    read, now = marked_sheet(sheet, attempt, found, quiz, keys, language)
    ids = [question_id for question_id, _order in attempt.asked]
    marks = {name: _decided(attempt, name, now.marks[name]) for name in ids}
    result = regrade(quiz, ids, read.answers, Grade(0.0, 0.0, None, marks), remedies)
    if result.passed is None or not result.max_points:
        return False
    waited_for = attempt.counting and quiz.id not in progress_of(attempt.enrolment_id).passed
    with writing():
        if not _write(attempt, read, result):
            return False
        said = {"attempt": attempt.id, "quiz": quiz.id, "passed": result.passed}
        _note(learner, {**said, **named(found, language)})
        if result.passed:
            complete_if_due(learner, attempt.enrolment_id, language)
        if waited_for:
            payload = {"person": learner.id, "attempt": attempt.id}
            enqueue(MARKED_MAIL_JOB, f"marked:{attempt.id}", payload)
    return True


def _note(learner: Viewer, content: Mapping[str, Any]) -> None:
    home = learner.home()
    record(
        "attempt.marked",
        person_id=learner.id,
        actor_id=None,
        organisation_id=home.organisation_id if home else None,
        happened_at=clock.utcnow(),
        content=dict(content),
    )


def _decided(attempt: AttemptView, question_id: str, now: Marked) -> Marked:
    """The mark of a question: the one it has, or the one of now. A question that nobody could see
    when it was asked counts neither way."""
    points, because = attempt.marks.get(question_id, (None, ""))
    if points is not None:
        return points, because
    return (0.0, DROPPED) if because == UNASKED else now


def _write(attempt: AttemptView, read: AnswerSheet, result: Grade) -> bool:
    values: dict[str, Any] = {
        "attempt_id": attempt.id,
        "read": attempt.revision,
        "revision": attempt.revision + 1,
        "answers": dict(read.answers),
        "marks": {question: list(mark) for question, mark in result.marks.items()},
        "points": result.points,
        "max_points": result.max_points,
        "passed": result.passed,
    }
    return db.session.execute(_as_read, values).first() is not None
