"""Reads for those who see that cases wait and who sits on them, and no word of what they hold."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, or_, select

from innocap_lms.content.model import Task
from innocap_lms.extensions import db
from innocap_lms.learning.models import Enrolment
from innocap_lms.people.models import Person
from innocap_lms.people.viewer import Viewer, track_scope
from innocap_lms.tasks.models import Assessment, Submission

PAGE = 50  # cases


@dataclass(frozen=True)
class Sitting:
    """Somebody on a case; `assessor` is "" for a protected identity."""

    assessment_id: str
    seat: int
    assessor: str
    scored: bool


@dataclass(frozen=True)
class Waiting:
    """A case that is handed in and not decided. Neither its learner nor their employer is named."""

    id: str
    track: str
    edition_id: str
    task_id: str
    number: int
    handed_in_at: datetime
    promised_at: datetime
    seats: tuple[Sitting, ...] = ()


def waiting_cases(viewer: Viewer, after: str = "") -> tuple[list[Waiting], bool]:
    """A page of the cases of the viewer's tracks, the first promised first, and whether more
    follow. `after` is the id of the last one of the page before; any other id leads to the first
    page. Two statements, and one for `after`."""
    order = Submission.promised_at, Submission.id
    query = _open_to(viewer).order_by(*order)
    if after:
        own = and_(Submission.id == after, track_scope(viewer, Submission.track))
        at = db.session.scalar(select(Submission.promised_at).where(own))
        if at is not None:
            query = query.where(
                or_(
                    Submission.promised_at > at,
                    and_(Submission.promised_at == at, Submission.id > after),
                )
            )
    rows = db.session.execute(query.limit(PAGE + 1)).all()
    return _with_seats(rows[:PAGE]), len(rows) > PAGE


def waiting_case(viewer: Viewer, submission_id: str) -> Waiting | None:
    """The case of that id, if it waits in a track of the viewer's."""
    row = db.session.execute(_open_to(viewer).where(Submission.id == submission_id)).first()
    return _with_seats([row])[0] if row else None


def _open_to(viewer: Viewer) -> Any:
    """Cases that wait in the viewer's tracks; never the viewer's own, whose assessors they would
    learn and choose."""
    return (
        select(
            Submission.id,
            Submission.track,
            Submission.edition_id,
            Submission.task_id,
            Submission.number,
            Submission.handed_in_at,
            Submission.promised_at,
        )
        .join(Enrolment, Enrolment.id == Submission.enrolment_id)
        .where(
            Submission.state == "handed_in",
            track_scope(viewer, Submission.track),
            Enrolment.person_id != viewer.id,
        )
    )


def _with_seats(rows: Sequence[Any]) -> list[Waiting]:
    found: defaultdict[str, list[Sitting]] = defaultdict(list)
    seats = db.session.execute(
        select(
            Assessment.submission_id,
            Assessment.id,
            Assessment.seat,
            Person.name,
            Person.protected,
            Assessment.scored_at,
        )
        .join(Person, Person.id == Assessment.assessor_id)
        .where(
            Assessment.submission_id.in_([row.id for row in rows]),
            Assessment.released_at.is_(None),
        )
        .order_by(Assessment.seat)
    )
    for case, assessment, seat, name, protected, scored_at in seats:
        sitting = Sitting(assessment, seat, "" if protected else name, scored_at is not None)
        found[case].append(sitting)
    return [Waiting(**row._mapping, seats=tuple(found[row.id])) for row in rows]


def has_free_seat(case: Waiting, task: Task) -> bool:
    """Whether somebody is still to be drawn; where all have scored, that is the third."""
    return len(case.seats) < task.assessors or all(sitting.scored for sitting in case.seats)
