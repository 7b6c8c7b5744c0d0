"""Reads of learning: always of one person, whose id is part of every statement."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, func, select, union_all
from sqlalchemy.sql import literal

from innocap_lms.extensions import db
from innocap_lms.learning.models import Attempt, Completion, Enrolment, LessonProgress


@dataclass(frozen=True)
class Progress:
    """How far an enrolment has come."""

    opened: frozenset[str] = frozenset()
    read: frozenset[str] = frozenset()
    passed: frozenset[str] = frozenset()
    tried: frozenset[str] = frozenset()

    @property
    def done(self) -> frozenset[str]:
        """Activities that are behind the learner."""
        return self.read | self.passed


@dataclass(frozen=True)
class MyCourse:
    """A person's place in a course."""

    enrolment_id: str
    course_id: str
    edition_id: str
    enrolled_at: datetime
    completion_id: str | None
    completed_at: datetime | None
    because: Mapping[str, Any] | None
    progress: Progress = field(default_factory=Progress)


_mine = (
    select(
        Enrolment.id,
        Enrolment.course_id,
        Enrolment.edition_id,
        Enrolment.enrolled_at,
        Completion.id.label("completion_id"),
        Completion.completed_at,
        Completion.because,
    )
    .outerjoin(Completion, Completion.enrolment_id == Enrolment.id)
    .where(Enrolment.person_id == bindparam("person_id"))
)
_my_courses = _mine.order_by(Enrolment.enrolled_at.desc(), Enrolment.id)
_my_course = _mine.where(Enrolment.course_id == bindparam("course_id"))


def _steps(*conditions: Any) -> Any:
    """(enrolment, what, activity) rows of lessons and quizzes under the same conditions."""
    lessons = (
        select(
            LessonProgress.enrolment_id,
            LessonProgress.lesson_id.label("activity_id"),
            literal("lesson").label("what"),
            LessonProgress.read_at.label("at"),
        )
        .join(Enrolment, Enrolment.id == LessonProgress.enrolment_id)
        .where(*conditions)
    )
    quizzes = (
        select(
            Attempt.enrolment_id,
            Attempt.quiz_id.label("activity_id"),
            literal("quiz").label("what"),
            Attempt.submitted_at.label("at"),
        )
        .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
        .where(*conditions)
    )
    passed = quizzes.where(Attempt.passed.is_(True)).with_only_columns(
        Attempt.enrolment_id,
        Attempt.quiz_id.label("activity_id"),
        literal("passed").label("what"),
        Attempt.submitted_at.label("at"),
    )
    return union_all(lessons, quizzes, passed)


_all_steps = _steps(Enrolment.person_id == bindparam("person_id"))
_one_enrolment = _steps(Enrolment.id == bindparam("enrolment_id"))


def my_courses(person_id: str) -> list[MyCourse]:
    """Every course the person is in, newest first, with progress. Two statements."""
    rows = db.session.execute(_my_courses, {"person_id": person_id}).all()
    progress = _gather(db.session.execute(_all_steps, {"person_id": person_id}).all())
    return [_my_course_of(row, progress.get(row.id, Progress())) for row in rows]


def my_course(person_id: str, course_id: str) -> MyCourse | None:
    """The person's place in one course, with progress. Two statements."""
    found = db.session.execute(_my_course, {"person_id": person_id, "course_id": course_id}).first()
    if found is None:
        return None
    return _my_course_of(found, progress_of(found.id))


def progress_of(enrolment_id: str) -> Progress:
    """Progress of one enrolment. One statement."""
    rows = db.session.execute(_one_enrolment, {"enrolment_id": enrolment_id}).all()
    return _gather(rows).get(enrolment_id, Progress())


def _my_course_of(row: Row[Any], progress: Progress) -> MyCourse:
    return MyCourse(
        row.id,
        row.course_id,
        row.edition_id,
        row.enrolled_at,
        row.completion_id,
        row.completed_at,
        row.because,
        progress,
    )


def _gather(rows: Any) -> dict[str, Progress]:
    sets: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for enrolment_id, activity_id, what, at in rows:
        of = sets[enrolment_id]
        if what == "lesson":
            of["opened"].add(activity_id)
            if at is not None:
                of["read"].add(activity_id)
        else:
            of["passed" if what == "passed" else "tried"].add(activity_id)
    return {
        enrolment_id: Progress(**{name: frozenset(ids) for name, ids in of.items()})
        for enrolment_id, of in sets.items()
    }


@dataclass(frozen=True)
class AttemptView:
    """An attempt of the person who asks; without keys."""

    id: str
    enrolment_id: str
    course_id: str
    quiz_id: str
    number: int
    edition_id: str
    asked: list[tuple[str, list[str]]]
    started_at: datetime
    submitted_at: datetime | None
    answers: Mapping[str, list[str]]
    marks: Mapping[str, tuple[float | None, str]]
    points: float | None
    max_points: float | None
    passed: bool | None
    completion_id: str | None


_attempts = (
    select(
        Attempt.id,
        Attempt.enrolment_id,
        Enrolment.course_id,
        Attempt.quiz_id,
        Attempt.number,
        Attempt.edition_id,
        Attempt.asked,
        Attempt.started_at,
        Attempt.submitted_at,
        Attempt.answers,
        Attempt.marks,
        Attempt.points,
        Attempt.max_points,
        Attempt.passed,
        Completion.id.label("completion_id"),
    )
    .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
    .outerjoin(Completion, Completion.enrolment_id == Enrolment.id)
    .where(Enrolment.person_id == bindparam("person_id"))
    .order_by(Attempt.number)
)
_attempt = _attempts.where(Attempt.id == bindparam("attempt_id"))
_attempts_at = _attempts.where(
    Enrolment.course_id == bindparam("course_id"), Attempt.quiz_id == bindparam("quiz_id")
)


def attempt_of(person_id: str, attempt_id: str) -> AttemptView | None:
    """The attempt of that id, if it is this person's."""
    row = db.session.execute(_attempt, {"person_id": person_id, "attempt_id": attempt_id}).first()
    return None if row is None else _attempt_view(row)


def attempts_at(person_id: str, course_id: str, quiz_id: str) -> list[AttemptView]:
    """This person's attempts at a quiz, first to last."""
    rows = db.session.execute(
        _attempts_at, {"person_id": person_id, "course_id": course_id, "quiz_id": quiz_id}
    )
    return [_attempt_view(row) for row in rows]


def _attempt_view(row: Row[Any]) -> AttemptView:
    values = dict(row._mapping)
    values["answers"] = values["answers"] or {}
    values["marks"] = values["marks"] or {}
    return AttemptView(**values)


_by_course = (
    select(Enrolment.course_id, func.count(Enrolment.id), func.count(Completion.id))
    .outerjoin(Completion, Completion.enrolment_id == Enrolment.id)
    .group_by(Enrolment.course_id)
)


def learners_by_course() -> dict[str, tuple[int, int]]:
    """(enrolled, completed) by course id; counts only, no names."""
    return {row[0]: (row[1], row[2]) for row in db.session.execute(_by_course)}
