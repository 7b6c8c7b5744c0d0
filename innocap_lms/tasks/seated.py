"""Reads of the assessor's list: the cases on which somebody sits."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from innocap_lms import clock
from innocap_lms.extensions import db
from innocap_lms.learning.models import Enrolment
from innocap_lms.people.models import Person
from innocap_lms.tasks.access import may_open
from innocap_lms.tasks.models import Assessment, Submission
from innocap_lms.tasks.queries import DECIDED

RECENT = 20  # decided cases that the list shows


@dataclass(frozen=True)
class DeskRow:
    """A case in an assessor's list."""

    submission_id: str
    task_id: str
    edition_id: str
    learner: str  # "" for a protected identity
    number: int
    state: str
    handed_in_at: datetime
    promised_at: datetime
    decided_at: datetime | None
    scored_at: datetime | None
    seat: int


def desk(assessor_id: str) -> tuple[list[DeskRow], list[DeskRow]]:
    """The cases on which this person sits and which they may open: undecided ones, the first
    promised first, and the ones decided last."""
    seated = (
        select(
            Submission.id.label("submission_id"),
            Submission.task_id,
            Submission.edition_id,
            Person.name,
            Person.protected,
            Submission.number,
            Submission.state,
            Submission.handed_in_at,
            Submission.promised_at,
            Submission.decided_at,
            Assessment.scored_at,
            Assessment.seat,
        )
        .join(Assessment, Assessment.submission_id == Submission.id)
        .join(Enrolment, Enrolment.id == Submission.enrolment_id)
        .join(Person, Person.id == Enrolment.person_id)
        .where(Assessment.assessor_id == assessor_id, may_open(clock.utcnow()))
    )
    waiting = seated.where(Submission.state == "handed_in").order_by(
        Submission.promised_at, Submission.id
    )
    decided = (
        seated.where(Submission.state.in_(DECIDED))
        .order_by(Submission.decided_at.desc(), Submission.id)
        .limit(RECENT)
    )
    return [_desk_row(row) for row in db.session.execute(waiting)], [
        _desk_row(row) for row in db.session.execute(decided)
    ]


def _desk_row(row: Any) -> DeskRow:
    values = dict(row._mapping)
    protected, name = values.pop("protected"), values.pop("name")
    return DeskRow(learner="" if protected else name, **values)
