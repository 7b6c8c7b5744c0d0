"""What one learner may have at a quiz beyond its rule: more attempts, more minutes."""

from typing import NamedTuple

from sqlalchemy import bindparam, select

from innocap_lms.extensions import db
from innocap_lms.learning.models import Allowance

_table = Allowance.__table__.c
_allowance = select(_table.attempts, _table.minutes).where(
    _table.enrolment_id == bindparam("enrolment_id"), _table.quiz_id == bindparam("quiz_id")
)


class AllowanceView(NamedTuple):
    """Attempts and minutes on top of what the quiz gives everyone."""

    attempts: int = 0
    minutes: int = 0


def allowance_of(enrolment_id: str, quiz_id: str) -> AllowanceView:
    """What this enrolment may have at the quiz beyond its rule. One statement."""
    row = db.session.execute(_allowance, {"enrolment_id": enrolment_id, "quiz_id": quiz_id}).first()
    return AllowanceView(*row) if row else AllowanceView()
