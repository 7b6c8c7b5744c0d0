"""Reads of cases for two kinds of people: the learner, whose id is part of every statement, and the
assessors who sit on a case."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import select

from innocap_lms import clock
from innocap_lms.catalogue.queries import edition
from innocap_lms.content.model import Task
from innocap_lms.extensions import db
from innocap_lms.learning.models import Enrolment
from innocap_lms.people.models import Person
from innocap_lms.tasks.access import may_open
from innocap_lms.tasks.models import LAST_SEAT, Assessment, Submission, SubmissionFile

DECIDED = ("returned", "passed")


class FileLine(NamedTuple):
    """A file of a case as pages list it."""

    id: str
    name: str
    media_type: str
    size: int


class StoredFile(NamedTuple):
    """A file of a case, to be sent to somebody who may have it."""

    name: str
    media_type: str
    stored: str


@dataclass(frozen=True)
class Opinion:
    """What one seat said: level ids by criterion, and a remark. Names nobody."""

    seat: int
    scores: Mapping[str, str]
    remark: str
    scored_at: datetime | None

    @property
    def given(self) -> bool:
        return self.scored_at is not None


@dataclass(frozen=True)
class Case:
    """A case as its learner and its assessors see it. `opinions` are those its reader may see;
    `before` says that the learner has begun the course anew since."""

    id: str
    enrolment_id: str
    task_id: str
    number: int
    edition_id: str
    language: str
    text: str
    revision: int
    state: str
    saved_at: datetime
    handed_in_at: datetime | None
    promised_at: datetime | None
    decided_at: datetime | None
    because: Mapping[str, Any]
    files: tuple[FileLine, ...] = ()
    opinions: tuple[Opinion, ...] = ()
    before: bool = False


@dataclass(frozen=True)
class Seat:
    """An assessor's own place at a case."""

    assessment_id: str
    seat: int
    own: Opinion
    learner: str  # "" for a protected identity
    fixed: bool  # whether the scores can no longer be changed
    full: bool  # whether every seat is taken
    case: Case


def my_cases(person_id: str, course_id: str, task_id: str) -> list[Case]:
    """This person's tries at a task, newest first, also those of the times before that they took
    the course. What assessors said comes with a decision, and only from the seats that decided.
    Three statements."""
    rows = db.session.execute(
        _cases(Enrolment.renewed_at.is_not(None).label("before"))
        .join(Enrolment, Enrolment.id == Submission.enrolment_id)
        .where(
            Enrolment.person_id == person_id,
            Enrolment.course_id == course_id,
            Submission.task_id == task_id,
        )
        .order_by(Enrolment.enrolled_at.desc(), Submission.number.desc())
    ).all()
    ids = [row.id for row in rows]
    files, opinions = _files(ids), _opinions(ids)
    return [_case(row, files, _decisive(row, opinions[row.id])) for row in rows]


def my_file(person_id: str, course_id: str, task_id: str, file_id: str) -> StoredFile | None:
    """The file of that id, if it belongs to a case of this person."""
    row = db.session.execute(
        select(SubmissionFile.name, SubmissionFile.media_type, SubmissionFile.stored)
        .join(Submission, Submission.id == SubmissionFile.submission_id)
        .join(Enrolment, Enrolment.id == Submission.enrolment_id)
        .where(
            SubmissionFile.id == file_id,
            Enrolment.person_id == person_id,
            Enrolment.course_id == course_id,
            Submission.task_id == task_id,
        )
    ).first()
    return StoredFile(*row) if row else None


def seat_at(assessor_id: str, submission_id: str) -> Seat | None:
    """The case, if this person sits on it and may open it now (see `access`).

    What the others said comes once it can no longer lead anybody: to the third, who decides
    between two, and to the first two when both have scored.
    """
    own = db.session.execute(
        select(Assessment.id, Assessment.seat)
        .join(Submission, Submission.id == Assessment.submission_id)
        .where(
            Assessment.submission_id == submission_id,
            Assessment.assessor_id == assessor_id,
            may_open(clock.utcnow()),
        )
    ).first()
    if own is None:
        return None
    row = db.session.execute(
        _cases(Person.name.label("learner"), Person.protected)
        .join(Enrolment, Enrolment.id == Submission.enrolment_id)
        .join(Person, Person.id == Enrolment.person_id)
        .where(Submission.id == submission_id)
    ).one()
    seats = {each.seat: each for each in _opinions([submission_id])[submission_id]}
    task = edition(row.edition_id).course.activity(row.task_id)
    first = range(1, (task.assessors if isinstance(task, Task) else LAST_SEAT) + 1)
    decided = row.state in DECIDED
    both = all(seat in seats and seats[seat].given for seat in first)
    # Both have scored and nothing is decided: they disagree, and the last seat decides.
    wanted = len(first) + (both and not decided)
    seen = seats.keys() if decided else first if both else ()
    return Seat(
        own.id,
        own.seat,
        seats[own.seat],
        "" if row.protected else row.learner,
        decided or (both and own.seat != LAST_SEAT),
        decided or len(seats) >= wanted,
        _case(row, _files([submission_id]), [seats[seat] for seat in seen if seats[seat].given]),
    )


def case_file(assessor_id: str, submission_id: str, file_id: str) -> StoredFile | None:
    """The file of that id, if this person sits on its case and may open it now."""
    row = db.session.execute(
        select(SubmissionFile.name, SubmissionFile.media_type, SubmissionFile.stored)
        .join(Submission, Submission.id == SubmissionFile.submission_id)
        .join(Assessment, Assessment.submission_id == Submission.id)
        .where(
            SubmissionFile.id == file_id,
            Submission.id == submission_id,
            Assessment.assessor_id == assessor_id,
            may_open(clock.utcnow()),
        )
    ).first()
    return StoredFile(*row) if row else None


def _cases(*more: Any) -> Any:
    return select(
        Submission.id,
        Submission.enrolment_id,
        Submission.task_id,
        Submission.number,
        Submission.edition_id,
        Submission.language,
        Submission.text,
        Submission.revision,
        Submission.state,
        Submission.saved_at,
        Submission.handed_in_at,
        Submission.promised_at,
        Submission.decided_at,
        Submission.because,
        *more,
    )


def _case(row: Any, files: Mapping[str, list[FileLine]], opinions: Iterable[Opinion]) -> Case:
    values = {name: value for name, value in row._mapping.items() if name in Case.__annotations__}
    values.update(because=row.because or {}, files=tuple(files[row.id]), opinions=tuple(opinions))
    return Case(**values)


def _decisive(row: Any, opinions: Iterable[Opinion]) -> list[Opinion]:
    """What a learner may see: nothing before the decision, then what it rests on."""
    if row.state not in DECIDED:
        return []
    return [each for each in opinions if each.seat in row.because["seats"]]


def _files(ids: list[str]) -> dict[str, list[FileLine]]:
    found: defaultdict[str, list[FileLine]] = defaultdict(list)
    rows = db.session.execute(
        select(
            SubmissionFile.submission_id,
            SubmissionFile.id,
            SubmissionFile.name,
            SubmissionFile.media_type,
            SubmissionFile.size,
        )
        .where(SubmissionFile.submission_id.in_(ids))
        .order_by(SubmissionFile.added_at, SubmissionFile.id)
    )
    for row in rows:
        found[row.submission_id].append(FileLine(row.id, row.name, row.media_type, row.size))
    return found


def _opinions(ids: list[str]) -> dict[str, list[Opinion]]:
    found: defaultdict[str, list[Opinion]] = defaultdict(list)
    rows = db.session.execute(
        select(
            Assessment.submission_id,
            Assessment.seat,
            Assessment.scores,
            Assessment.remark,
            Assessment.scored_at,
        )
        .where(Assessment.submission_id.in_(ids), Assessment.released_at.is_(None))
        .order_by(Assessment.seat)
    )
    for submission_id, seat, scores, remark, scored_at in rows:
        found[submission_id].append(Opinion(seat, scores or {}, remark, scored_at))
    return found
