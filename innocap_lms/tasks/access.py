"""How long an assessor may open a case, as conditions on `Assessment` joined to `Submission`."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, exists, or_
from sqlalchemy.orm import aliased

from innocap_lms.people.models import Membership, Person, holds, may_enter
from innocap_lms.tasks.models import Assessment, Submission

KEPT = timedelta(days=90)  # after the decision; then what was assessed is the learner's alone


def in_role(now: datetime) -> ColumnElement[bool]:
    """Whether the assessor, not suspended, still has the role for the case's track, in an
    organisation in which they had it when they were drawn."""
    # Aliases: whoever asks may have the learner's row beside these.
    assessor, held, then = aliased(Person), aliased(Membership), aliased(Membership)
    return exists().where(
        assessor.id == Assessment.assessor_id,
        may_enter(assessor, now),
        held.person_id == assessor.id,
        held.role == "assessor",
        holds(held, now),
        or_(held.track.is_(None), held.track == Submission.track),
        then.person_id == assessor.id,
        then.role == "assessor",
        then.organisation_id == held.organisation_id,
        holds(then, Assessment.drawn_at),
    )


def may_open(now: datetime) -> ColumnElement[bool]:
    """Whether the assessor may open the case: seated, in the role, and not long after the
    decision."""
    return and_(
        Assessment.released_at.is_(None),
        or_(Submission.decided_at.is_(None), Submission.decided_at > now - KEPT),
        in_role(now),
    )
