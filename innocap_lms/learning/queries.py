"""Reads of learning: always of one person, whose id is part of every statement."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, case, func, select, union_all
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql import literal

from innocap_lms.content.identifiers import CHECK_IDS
from innocap_lms.extensions import db, fetch
from innocap_lms.learning.calls import LAST_FIRST, Call
from innocap_lms.learning.models import (
    ActivityResult,
    Attempt,
    Completion,
    Enrolment,
    LessonProgress,
    RenewalCall,
)

# Columns of tables, not attributes of classes: these reads run on every page, and the ORM's way
# round costs twice as much.
_enrolment, _completion = Enrolment.__table__.c, Completion.__table__.c
_lesson, _try = LessonProgress.__table__.c, Attempt.__table__.c
_result = ActivityResult.__table__.c


@dataclass(frozen=True)
class Progress:
    """How far an enrolment has come."""

    opened: frozenset[str] = frozenset()
    read: frozenset[str] = frozenset()
    passed: frozenset[str] = frozenset()
    tried: frozenset[str] = frozenset()
    checked: frozenset[str] = frozenset()  # checks taken or put aside: no part of the course
    again: frozenset[str] = frozenset()  # lessons that say something else since they were read

    @property
    def done(self) -> frozenset[str]:
        """Activities that are behind the learner."""
        return self.read | self.passed


@dataclass(frozen=True)
class MyCourse:
    """A person's place in a course or programme, as they take it now.

    `earned_at` is when they last completed it, be it before they began it anew; `call` when the
    course last asked those who had to take it again.
    """

    enrolment_id: str
    course_id: str
    organisation_id: str | None
    edition_id: str
    enrolled_at: datetime
    completion_id: str | None
    completed_at: datetime | None
    because: Mapping[str, Any] | None
    earned_at: datetime | None = None
    call: Call | None = None
    progress: Progress = field(default_factory=Progress)


_earlier = Completion.__table__.alias("earlier").c
_earned_at = (
    select(func.max(_earlier.completed_at))
    .where(_earlier.person_id == _enrolment.person_id, _earlier.course_id == _enrolment.course_id)
    .scalar_subquery()
    .label("earned_at")
)


def _of_last_call(column: InstrumentedAttribute[Any]) -> Any:
    last = select(column).where(RenewalCall.course_id == _enrolment.course_id)
    return last.order_by(*LAST_FIRST).limit(1).scalar_subquery().label(column.key)


_mine = (
    select(
        _enrolment.id,
        _enrolment.course_id,
        _enrolment.organisation_id,
        _enrolment.edition_id,
        _enrolment.enrolled_at,
        _completion.id.label("completion_id"),
        _completion.completed_at,
        _completion.because,
        _earned_at,
        _of_last_call(RenewalCall.called_at),
        _of_last_call(RenewalCall.taken_back_at),
    )
    .outerjoin(Completion.__table__, _completion.enrolment_id == _enrolment.id)
    .where(
        _enrolment.person_id == bindparam("person_id"),
        _enrolment.renewed_at.is_(None),
    )
)
_my_places = _mine.order_by(_enrolment.enrolled_at.desc(), _enrolment.id)
_my_course = _mine.where(
    _enrolment.course_id == bindparam("course_id"), _enrolment.kind == bindparam("kind")
)


# Read once, and to be read again since what it says has changed.
_again = _lesson.read_at.is_(None) & _lesson.earlier.is_not(None)


def _steps(*conditions: Any) -> Any:
    """(enrolment, what, activity) rows of lessons, quizzes and what other rooms report, under the
    same conditions."""
    lessons = (
        select(
            _lesson.enrolment_id,
            _lesson.lesson_id.label("activity_id"),
            case((_again, "again"), else_="lesson").label("what"),
            _lesson.read_at.is_not(None).label("done"),
        )
        .join(Enrolment.__table__, _enrolment.id == _lesson.enrolment_id)
        .where(*conditions)
    )
    quizzes = (
        select(
            _try.enrolment_id,
            _try.quiz_id.label("activity_id"),
            literal("quiz").label("what"),
            (_try.passed.is_(True) & _try.counting).label("done"),
        )
        .join(Enrolment.__table__, _enrolment.id == _try.enrolment_id)
        .where(*conditions)
    )
    others = (
        select(
            _result.enrolment_id,
            _result.activity_id,
            literal("other").label("what"),
            _result.passed_at.is_not(None).label("done"),
        )
        .join(Enrolment.__table__, _enrolment.id == _result.enrolment_id)
        .where(*conditions)
    )
    return union_all(lessons, quizzes, others)


_all_steps = _steps(_enrolment.person_id == bindparam("person_id"))
_one_enrolment = _steps(_enrolment.id == bindparam("enrolment_id"))


def my_places(person_id: str) -> list[MyCourse]:
    """Every course and programme the person is in, newest first; courses with their progress. Two
    statements."""
    rows = fetch(_my_places, {"person_id": person_id})
    progress = _gather(fetch(_all_steps, {"person_id": person_id}))
    return [_my_course_of(row, progress.get(row.id, Progress())) for row in rows]


def my_course(person_id: str, course_id: str) -> MyCourse | None:
    """The person's place in one course, with progress. Two statements."""
    found = fetch(_my_course, {"person_id": person_id, "course_id": course_id, "kind": "course"})
    return _my_course_of(found[0], progress_of(found[0].id)) if found else None


def my_programme(person_id: str, programme_id: str) -> MyCourse | None:
    """The person's place in one programme; how far they are, `way` says. One statement."""
    asked = {"person_id": person_id, "course_id": programme_id, "kind": "programme"}
    found = fetch(_my_course, asked)
    return _my_course_of(found[0], Progress()) if found else None


_my_states = (
    select(_enrolment.course_id, _completion.id.is_not(None).label("done"))
    .outerjoin(Completion.__table__, _completion.enrolment_id == _enrolment.id)
    .where(_enrolment.person_id == bindparam("person_id"), _enrolment.renewed_at.is_(None))
)


def my_states(person_id: str) -> dict[str, str]:
    """ "done" or "begun" for each course and programme the person is in. One statement."""
    rows = fetch(_my_states, {"person_id": person_id})
    return {row.course_id: "done" if row.done else "begun" for row in rows}


_place = select(_enrolment.id, _enrolment.edition_id).where(
    _enrolment.person_id == bindparam("person_id"),
    _enrolment.course_id == bindparam("course_id"),
    _enrolment.renewed_at.is_(None),
)


def place_in(person_id: str, course_id: str) -> tuple[str, str] | None:
    """The ids of the person's enrolment in a course and of its edition. One statement."""
    found = fetch(_place, {"person_id": person_id, "course_id": course_id})
    return (found[0].id, found[0].edition_id) if found else None


def progress_of(enrolment_id: str) -> Progress:
    """Progress of one enrolment. One statement."""
    rows = fetch(_one_enrolment, {"enrolment_id": enrolment_id})
    return _gather(rows).get(enrolment_id, Progress())


def has_begun_anew(person_id: str, course_id: str) -> bool:
    """Whether a person has taken a course again, at least once."""
    before = select(Enrolment.id).where(
        Enrolment.person_id == person_id,
        Enrolment.course_id == course_id,
        Enrolment.renewed_at.is_not(None),
    )
    return db.session.scalar(before.limit(1)) is not None


def _my_course_of(row: Row[*tuple[Any, ...]], progress: Progress) -> MyCourse:
    return MyCourse(
        row.id,
        row.course_id,
        row.organisation_id,
        row.edition_id,
        row.enrolled_at,
        row.completion_id,
        row.completed_at,
        row.because,
        row.earned_at,
        Call(row.called_at, row.taken_back_at) if row.called_at else None,
        progress,
    )


def _gather(rows: Any) -> dict[str, Progress]:
    sets: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for enrolment_id, activity_id, what, done in rows:
        if activity_id in CHECK_IDS:
            if done:
                sets[enrolment_id]["checked"].add(activity_id)
            continue
        if what == "again":
            sets[enrolment_id]["again"].add(activity_id)
        first, then = ("opened", "read") if what in ("lesson", "again") else ("tried", "passed")
        sets[enrolment_id][first].add(activity_id)
        if done:
            sets[enrolment_id][then].add(activity_id)
    return {
        enrolment_id: Progress(**{name: frozenset(ids) for name, ids in of.items()})
        for enrolment_id, of in sets.items()
    }
