"""Reads of attempts: always of one person, whose id or session is part of every statement."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Row, bindparam, exists, select

from innocap_lms.extensions import fetch
from innocap_lms.learning.models import Attempt, Completion, Enrolment
from innocap_lms.people.queries import asking, is_asking

_enrolment, _completion = Enrolment.__table__.c, Completion.__table__.c
_earlier = Enrolment.__table__.alias("earlier").c
_try = Attempt.__table__.c


@dataclass(frozen=True)
class AttemptView:
    """An attempt of the person who asks; without keys. `edition_id` is the edition it was begun in,
    `enrolled_in` that in which the learner is now; `before` says that they have begun the course
    anew since, `anew` that they had been in it before."""

    id: str
    enrolment_id: str
    course_id: str
    quiz_id: str
    number: int
    edition_id: str
    enrolled_in: str
    asked: list[tuple[str, list[str]]]
    started_at: datetime
    due_at: datetime | None
    revision: int
    submitted_at: datetime | None
    answers: Mapping[str, Sequence[str]]
    saved: Mapping[str, Sequence[Any]]  # question id: [revision, seconds, page, turn]
    saved_at: datetime | None
    marks: Mapping[str, tuple[float | None, str]]
    points: float | None
    max_points: float | None
    passed: bool | None
    completion_id: str | None
    counting: bool = True
    before: bool = False
    anew: bool = False


_attempt = (
    select(
        _try.id,
        _try.enrolment_id,
        _enrolment.course_id,
        _try.quiz_id,
        _try.number,
        _try.edition_id,
        _enrolment.edition_id.label("enrolled_in"),
        _try.asked,
        _try.started_at,
        _try.due_at,
        _try.revision,
        _try.submitted_at,
        _try.answers,
        _try.saved,
        _try.saved_at,
        _try.marks,
        _try.points,
        _try.max_points,
        _try.passed,
        _completion.id.label("completion_id"),
        _try.counting,
        _enrolment.renewed_at.is_not(None).label("before"),
        exists()
        .where(
            _earlier.person_id == _enrolment.person_id,
            _earlier.course_id == _enrolment.course_id,
            _earlier.enrolled_at < _enrolment.enrolled_at,
        )
        .label("anew"),
    )
    .join(Enrolment.__table__, _enrolment.id == _try.enrolment_id)
    .outerjoin(Completion.__table__, _completion.enrolment_id == _enrolment.id)
    .where(_try.id == bindparam("attempt_id"))
)
_own_attempt = _attempt.where(_enrolment.person_id == bindparam("person_id"))
_attempt_of_session = _attempt.where(is_asking(_enrolment.person_id))
_attempts_at = (
    select(
        _try.id,
        _try.number,
        _try.submitted_at,
        _try.points,
        _try.max_points,
        _try.passed,
        _enrolment.renewed_at.is_not(None).label("before"),
    )
    .join(Enrolment.__table__, _enrolment.id == _try.enrolment_id)
    .where(
        _enrolment.person_id == bindparam("person_id"),
        _enrolment.course_id == bindparam("course_id"),
        _try.quiz_id == bindparam("quiz_id"),
    )
    .order_by(_enrolment.enrolled_at, _try.number)
)


class AttemptLine(NamedTuple):
    """An attempt as a list shows it. `before` says that the learner has begun the course anew
    since."""

    id: str
    number: int
    submitted_at: datetime | None
    points: float | None
    max_points: float | None
    passed: bool | None
    before: bool


def attempt_of(person_id: str, attempt_id: str) -> AttemptView | None:
    """The attempt of that id, if it is this person's."""
    values = {"person_id": person_id, "attempt_id": attempt_id}
    found = fetch(_own_attempt, values)
    return _attempt_view(found[0]) if found else None


def attempt_of_session(token: str, attempt_id: str) -> AttemptView | None:
    """The attempt of that id, if it is of the person whose session this is. One statement."""
    values = {**asking(token), "attempt_id": attempt_id}
    found = fetch(_attempt_of_session, values)
    return _attempt_view(found[0]) if found else None


def attempts_at(person_id: str, course_id: str, quiz_id: str) -> list[AttemptLine]:
    """This person's attempts at a quiz, first to last, of the time that they are in the course."""
    return [each for each in attempts_ever(person_id, course_id, quiz_id) if not each.before]


def attempts_ever(person_id: str, course_id: str, quiz_id: str) -> list[AttemptLine]:
    """The same, after those of the times before that they took the course. One statement."""
    values = {"person_id": person_id, "course_id": course_id, "quiz_id": quiz_id}
    return [AttemptLine(*row) for row in fetch(_attempts_at, values)]


def _attempt_view(row: Row[*tuple[Any, ...]]) -> AttemptView:
    values = row._asdict()
    values["answers"] = values["answers"] or {}
    values["saved"] = values["saved"] or {}
    values["marks"] = values["marks"] or {}
    return AttemptView(**values)
