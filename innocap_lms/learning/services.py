"""What a learner does: enrol, open and read lessons, try a quiz, complete a course.

Each function is called inside a write transaction. What must happen once has a unique constraint.
"""

import logging
import random
from collections.abc import Mapping, Sequence
from typing import Any

from flask import current_app
from sqlalchemy import bindparam, select, update

from innocap_lms import clock
from innocap_lms.catalogue.queries import EditionView, quiz_keys
from innocap_lms.content.kinds import QuestionKind
from innocap_lms.content.model import Lesson, Quiz
from innocap_lms.extensions import db, insert_once, note_once
from innocap_lms.ids import new_id
from innocap_lms.jobs.outbox import enqueue
from innocap_lms.learning.grading import Grade
from innocap_lms.learning.models import Attempt, Completion, Enrolment, LessonProgress
from innocap_lms.learning.queries import AttemptView, progress_of
from innocap_lms.learning.responses import note_responses
from innocap_lms.ledger.services import record
from innocap_lms.people.viewer import Viewer

Asked = list[tuple[str, list[str]]]  # question id, ids of its options in order

log = logging.getLogger(__name__)

ENROLMENT_AND_LESSON = ("enrolment_id", "lesson_id")
CERTIFICATE_JOB = "certificate.issue"


# Built once, of the tables: building a statement costs more than running it.
_try = Attempt.__table__.c
_last_attempt = (
    select(_try.id, _try.number, _try.submitted_at)
    .where(_try.enrolment_id == bindparam("enrolment_id"), _try.quiz_id == bindparam("quiz_id"))
    .order_by(_try.number.desc())
    .limit(1)
)
_hand_in = (
    update(Attempt.__table__)  # type: ignore[arg-type]
    .where(_try.id == bindparam("attempt_id"), _try.submitted_at.is_(None))
    .returning(_try.id)
)


class NoAttemptsLeft(ValueError):
    """The quiz's limit of attempts is reached."""


def enrol(viewer: Viewer, edition: EditionView, language: str) -> str:
    """Enrol in a course, in that edition; returns the enrolment's id. Doing so twice is once."""
    home = viewer.home()
    now, new = clock.utcnow(), new_id()
    made = insert_once(
        Enrolment,
        ("person_id", "course_id"),
        id=new,
        person_id=viewer.id,
        course_id=edition.course.id,
        edition_id=edition.id,
        fingerprint=edition.course.fingerprint,
        language=language,
        organisation_id=home.organisation_id if home else None,
        unit_id=home.unit_id if home else None,
        enrolled_at=now,
    )
    if not made:
        return db.session.execute(
            select(Enrolment.id).where(
                Enrolment.person_id == viewer.id, Enrolment.course_id == edition.course.id
            )
        ).scalar_one()
    record(
        "enrolled",
        person_id=viewer.id,
        actor_id=viewer.id,
        organisation_id=home.organisation_id if home else None,
        happened_at=now,
        content={"enrolment": new, **_named(edition, language)},
    )
    return new


def open_lesson(enrolment_id: str, lesson: Lesson, language: str) -> None:
    """Note that a lesson was opened; the first time counts. Needs no transaction."""
    note_once(
        LessonProgress,
        ENROLMENT_AND_LESSON,
        **_opened(enrolment_id, lesson, language),
        read_at=None,
    )


def read_lesson(
    viewer: Viewer, enrolment_id: str, edition: EditionView, lesson: Lesson, language: str
) -> bool:
    """Note that the learner has read a lesson; True when that completes the course."""
    now = clock.utcnow()
    opened = _opened(enrolment_id, lesson, language)
    if not insert_once(LessonProgress, ENROLMENT_AND_LESSON, **opened, read_at=now):
        db.session.execute(
            update(LessonProgress)
            .where(
                LessonProgress.enrolment_id == enrolment_id,
                LessonProgress.lesson_id == lesson.id,
                LessonProgress.read_at.is_(None),
            )
            .values(read_at=now)
        )
    return complete_if_due(viewer, enrolment_id, edition, language)


def _opened(enrolment_id: str, lesson: Lesson, language: str) -> dict[str, Any]:
    return {
        "enrolment_id": enrolment_id,
        "lesson_id": lesson.id,
        "fingerprint": lesson.texts[language].fingerprint,
        "language": language,
        "opened_at": clock.utcnow(),
    }


def start_attempt(
    enrolment_id: str,
    edition: EditionView,
    quiz: Quiz,
    asked: Asked,
    language: str,
) -> str:
    """Begin an attempt, or go on with the one that is open; returns its id.

    Raises NoAttemptsLeft. Two starts at once give one attempt: its number is unique.
    """
    at = {"enrolment_id": enrolment_id, "quiz_id": quiz.id}
    last = db.session.execute(_last_attempt, at).first()
    if last is not None and last.submitted_at is None:
        return str(last.id)
    number = last.number + 1 if last else 1
    if quiz.attempts is not None and number > quiz.attempts:
        raise NoAttemptsLeft(quiz.id)
    new = new_id()
    made = insert_once(
        Attempt,
        ("enrolment_id", "quiz_id", "number"),
        id=new,
        **at,
        number=number,
        edition_id=edition.id,
        fingerprint=quiz.fingerprint,
        language=language,
        asked=asked,
        started_at=clock.utcnow(),
    )
    if made:
        return new
    return str(db.session.execute(_last_attempt, at).one().id)


def draw(quiz: Quiz, kinds: Mapping[str, QuestionKind], lead: str) -> Asked:
    """The questions of an attempt with their options in the order in which they will be shown.

    Called before the transaction, since question kinds are plugins. One that is gone or fails does
    not keep a learner from the other questions: its own has no options, and stays ungraded.
    """
    shuffle = random.SystemRandom().shuffle
    asked: Asked = []
    for question in quiz.questions:
        mix = shuffle if question.shuffle else _as_written
        try:
            order = kinds[question.kind].order(question.views[lead], mix)
        except Exception:
            log.exception("question %s of kind %s cannot be put", question.id, question.kind)
            order = []
        asked.append((question.id, order))
    return asked


def _as_written(_options: list[str]) -> None:
    """An order that the author fixed."""


def submit_attempt(
    viewer: Viewer,
    attempt: AttemptView,
    edition: EditionView,
    quiz: Quiz,
    answers: Mapping[str, Sequence[str]],
    grade: Grade,
    language: str,
) -> bool:
    """Hand in an attempt with its grade; False when that was done before, and nothing changed."""
    now = clock.utcnow()
    taken = db.session.execute(
        _hand_in,
        {
            "attempt_id": attempt.id,
            "submitted_at": now,
            "language": language,
            "answers": {question: list(values) for question, values in answers.items()},
            "marks": {question: list(mark) for question, mark in grade.marks.items()},
            "points": grade.points,
            "max_points": grade.max_points,
            "passed": grade.passed,
        },
    )
    if taken.first() is None:
        return False
    note_responses(
        attempt,
        edition,
        quiz,
        answers,
        grade,
        language,
        keys=quiz_keys(edition.id, quiz.id),
        kinds=current_app.extensions["innocap_host"].kinds,
        saved={},
    )
    home = viewer.home()
    record(
        "attempt.submitted",
        person_id=viewer.id,
        actor_id=viewer.id,
        organisation_id=home.organisation_id if home else None,
        happened_at=now,
        content={
            "attempt": attempt.id,
            "quiz": quiz.id,
            "passed": grade.passed,
            **_named(edition, language),
        },
    )
    if grade.passed:
        complete_if_due(viewer, attempt.enrolment_id, edition, language)
    return True


def complete_if_due(viewer: Viewer, enrolment_id: str, edition: EditionView, language: str) -> bool:
    """Complete the course once its rule is met; True when this call was the one that did."""
    course, rule = edition.course, edition.course.completion
    progress = progress_of(enrolment_id)
    if not (progress.read.issuperset(rule.lessons) and progress.passed.issuperset(rule.quizzes)):
        return False
    enrolment = db.session.get_one(Enrolment, enrolment_id)
    because = {"lessons_read": list(rule.lessons), "quizzes_passed": list(rule.quizzes)}
    now, new = clock.utcnow(), new_id()
    made = insert_once(
        Completion,
        ("enrolment_id",),
        id=new,
        enrolment_id=enrolment_id,
        person_id=viewer.id,
        course_id=course.id,
        track=edition.track,
        edition_id=edition.id,
        fingerprint=course.fingerprint,
        language=language,
        organisation_id=enrolment.organisation_id,
        unit_id=enrolment.unit_id,
        completed_at=now,
        hours=course.hours,
        because=because,
    )
    if not made:
        return False
    record(
        "completed",
        person_id=viewer.id,
        actor_id=viewer.id,
        organisation_id=enrolment.organisation_id,
        happened_at=now,
        content={"completion": new, "because": because, **_named(edition, language)},
    )
    enqueue(CERTIFICATE_JOB, f"certificate:{new}", {"completion_id": new})
    return True


def _named(edition: EditionView, language: str) -> dict[str, Any]:
    """What every record names: course, edition, fingerprint and language."""
    return {
        "course": edition.course.id,
        "edition": edition.id,
        "fingerprint": edition.course.fingerprint,
        "language": language,
    }
