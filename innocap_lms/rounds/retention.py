"""What is kept of a round once it is over, and what goes after a time.

Who took part and who was there stays with the completions. Working material goes: what members
asked for help with, and invitations that led to no seat. Source: docs/privacy.md, rounds.
"""

from datetime import timedelta
from typing import Any, Final

from flask import current_app
from sqlalchemy import ColumnElement, delete, or_, select

from innocap_lms.config import Settings
from innocap_lms.extensions import db, writing
from innocap_lms.requirements.days import today
from innocap_lms.rounds.enrolments import lock
from innocap_lms.rounds.models import Round, RoundEnrolment, RoundHelp
from innocap_lms.rounds.states import AGAIN
from innocap_lms.rounds.trail import note_round

AT_A_TIME: Final = 50  # rounds looked at together
_of_round = select(RoundEnrolment.id).where(RoundEnrolment.round_id == Round.id)


def dispose() -> int:
    """Let go what is old of rounds long over; returns of how many rounds. A repeating job.

    `INNOCAP_ROUND_DAYS` says how long after the last day; 0: never. The ledger notes how much went,
    of nobody by name.
    """
    settings: Settings = current_app.extensions["innocap_settings"]
    if not settings.round_days:
        return 0
    help_asked = select(RoundHelp.id).where(RoundHelp.enrolment_id.in_(_of_round))
    old = (
        select(Round.id)
        .where(
            Round.last_day < today() - timedelta(days=settings.round_days),
            or_(help_asked.exists(), _of_round.where(_without_a_seat()).exists()),
        )
        .order_by(Round.id)
        .limit(AT_A_TIME)
    )
    disposed = 0
    while rounds := db.session.scalars(old).all():
        for round_id in rounds:
            with writing():
                _dispose(round_id)
        disposed += len(rounds)
    return disposed


def _without_a_seat() -> ColumnElement[bool]:
    """That somebody was asked, or waited, and never had a seat."""
    return RoundEnrolment.joined_at.is_(None) & RoundEnrolment.state.in_(AGAIN)


def _dispose(round_id: str) -> None:
    held = lock(round_id)
    theirs = select(RoundEnrolment.id).where(RoundEnrolment.round_id == round_id)
    asked = _gone(delete(RoundHelp).where(RoundHelp.enrolment_id.in_(theirs)), RoundHelp.id)
    unseated = RoundEnrolment.round_id == round_id, _without_a_seat()
    places = _gone(delete(RoundEnrolment).where(*unseated), RoundEnrolment.id)
    note_round("disposed", held, None, help=asked, places=places)


def _gone(statement: Any, column: Any) -> int:
    """How many rows a deletion took, which not every driver counts."""
    options = {"synchronize_session": False}
    return len(db.session.execute(statement.returning(column), execution_options=options).all())
