"""A member asks the leader for help, by name and of their own will; the leader answers.

Each function is called inside a write transaction.
"""

from flask_babel import gettext as _
from sqlalchemy import func, select, update

from innocap_lms import clock
from innocap_lms.extensions import db
from innocap_lms.ids import new_id
from innocap_lms.people.identity import InvalidInputError, holds_personal_number
from innocap_lms.rounds import mail
from innocap_lms.rounds.enrolments import lock
from innocap_lms.rounds.models import RoundEnrolment, RoundHelp
from innocap_lms.rounds.states import SEATED

LONGEST = 1000  # characters
MOST_OPEN = 5  # of one member that wait for an answer


def ask_for_help(enrolment_id: str, text: str) -> str:
    """Ask; returns the id. Raises InvalidInputError."""
    found = db.session.get_one(RoundEnrolment, enrolment_id)
    held = lock(found.round_id)
    if found.state not in SEATED or held.cancelled_at is not None:
        raise InvalidInputError({"": _("Help is for those who are in the round.")})
    asked = RoundHelp(
        id=new_id(), enrolment_id=enrolment_id, text=_clean(text), asked_at=clock.utcnow()
    )
    waiting = select(func.count()).where(
        RoundHelp.enrolment_id == enrolment_id, RoundHelp.answered_at.is_(None)
    )
    if (db.session.scalar(waiting) or 0) >= MOST_OPEN:
        words = _("You have asked %(count)s things. Wait for an answer first.", count=MOST_OPEN)
        raise InvalidInputError({"text": words})
    db.session.add(asked)
    db.session.flush()
    mail.tell_leader(held, asked.id)
    return asked.id


def answer(round_id: str, help_id: str, text: str, actor_id: str) -> bool:
    """Answer; the first answer stands. False where there is nothing to answer in that round. Raises
    InvalidInputError."""
    of_round = select(RoundEnrolment.id).where(RoundEnrolment.round_id == round_id)
    done = db.session.execute(
        update(RoundHelp)
        .where(
            RoundHelp.id == help_id,
            RoundHelp.enrolment_id.in_(of_round),
            RoundHelp.answered_at.is_(None),
        )
        .values(answer=_clean(text), answered_at=clock.utcnow(), answered_by=actor_id)
        .returning(RoundHelp.id),
        execution_options={"synchronize_session": False},
    )
    return done.first() is not None


def _clean(text: str) -> str:
    text = text.strip()
    if not text:
        raise InvalidInputError({"text": _("Write a few words.")})
    if len(text) > LONGEST:
        raise InvalidInputError({"text": _("Use at most %(count)s characters.", count=LONGEST)})
    if holds_personal_number(text):
        words = _("This looks like a personal identity number: leave it out.")
        raise InvalidInputError({"text": words})
    return text
