"""How many are in a course and how far: counts only, of nobody by name."""

from collections.abc import Collection

from sqlalchemy import exists, func, select

from innocap_lms.extensions import db
from innocap_lms.learning.models import Attempt, Completion, Enrolment, LessonProgress

_enrolment, _completion = Enrolment.__table__.c, Completion.__table__.c
_lesson, _try = LessonProgress.__table__.c, Attempt.__table__.c

_has_completed = exists().where(_completion.enrolment_id == _enrolment.id)

_by_course = (
    select(_enrolment.course_id, func.count(_enrolment.id), func.count(_completion.id))
    .outerjoin(Completion.__table__, _completion.enrolment_id == _enrolment.id)
    .group_by(_enrolment.course_id)
)


def in_the_middle(course_id: str) -> dict[str, int]:
    """How many are in the course and have not completed it, by the id of their edition."""
    rows = db.session.execute(
        select(_enrolment.edition_id, func.count())
        .where(_enrolment.course_id == course_id, ~_has_completed)
        .group_by(_enrolment.edition_id)
    )
    return {row[0]: row[1] for row in rows}


def have_read(
    edition_id: str, lessons: Collection[str], quizzes: Collection[str]
) -> tuple[int, int]:
    """Of those in the middle of a course in that edition: how many have read any of the lessons,
    and how many have passed any of the quizzes."""
    middle = select(_enrolment.id).where(_enrolment.edition_id == edition_id, ~_has_completed)
    readers = select(func.count(_lesson.enrolment_id.distinct())).where(
        _lesson.enrolment_id.in_(middle),
        _lesson.lesson_id.in_(lessons),
        _lesson.read_at.is_not(None),
    )
    passers = select(func.count(_try.enrolment_id.distinct())).where(
        _try.enrolment_id.in_(middle),
        _try.quiz_id.in_(quizzes),
        _try.passed.is_(True),
        _try.counting,
    )
    return db.session.scalar(readers) or 0, db.session.scalar(passers) or 0


def learners_by_course() -> dict[str, tuple[int, int]]:
    """(enrolled, completed) by course id; counts only, no names."""
    return {row[0]: (row[1], row[2]) for row in db.session.execute(_by_course)}
