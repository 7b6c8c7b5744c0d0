"""Reads for those who see that cases wait and who sits on them, and no word of what they hold."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import and_, select

from innocap_lms.content.model import Task
from innocap_lms.extensions import db
from innocap_lms.people.models import Person
from innocap_lms.people.viewer import Viewer, keeps_track
from innocap_lms.tasks.models import Assessment, Submission


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


def waiting_cases(viewer: Viewer, only: str | None = None) -> list[Waiting]:
    """The cases of the viewer's own tracks, the first promised first; or `only` one. One
    statement."""
    statement = (
        select(
            Submission.id,
            Submission.track,
            Submission.edition_id,
            Submission.task_id,
            Submission.number,
            Submission.handed_in_at,
            Submission.promised_at,
            Assessment.id.label("assessment_id"),
            Assessment.seat,
            Assessment.scored_at,
            Person.name,
            Person.protected,
        )
        .outerjoin(
            Assessment,
            and_(Assessment.submission_id == Submission.id, Assessment.released_at.is_(None)),
        )
        .outerjoin(Person, Person.id == Assessment.assessor_id)
        .where(Submission.state == "handed_in")
        .order_by(Submission.promised_at, Submission.id, Assessment.seat)
    )
    if only is not None:
        statement = statement.where(Submission.id == only)
    found: dict[str, Waiting] = {}
    for row in db.session.execute(statement):
        if not keeps_track(viewer, row.track):
            continue
        case = found.setdefault(row.id, _case(row))
        if row.assessment_id is not None:
            name = "" if row.protected else row.name
            sitting = Sitting(row.assessment_id, row.seat, name, row.scored_at is not None)
            found[row.id] = replace(case, seats=(*case.seats, sitting))
    return list(found.values())


def has_free_seat(case: Waiting, task: Task) -> bool:
    """Whether somebody is still to be drawn; where all have scored, that is the third."""
    return len(case.seats) < task.assessors or all(sitting.scored for sitting in case.seats)


def _case(row: Any) -> Waiting:
    names = ("id", "track", "edition_id", "task_id", "number", "handed_in_at", "promised_at")
    return Waiting(**{name: getattr(row, name) for name in names})
