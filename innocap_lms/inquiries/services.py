"""What a learner asks of the trainers of a course, and what they answer.

Each function is called inside a write transaction.
"""

from dataclasses import dataclass

from sqlalchemy import func, select, update

from innocap_lms import clock
from innocap_lms.catalogue.queries import EditionView
from innocap_lms.content.fingerprints import fingerprint
from innocap_lms.content.model import Question
from innocap_lms.extensions import db, insert_once
from innocap_lms.ids import new_id
from innocap_lms.inquiries.models import Inquiry
from innocap_lms.inquiries.queries import InquiryView
from innocap_lms.jobs.outbox import enqueue
from innocap_lms.learning.allowances import grant_attempt

ANSWER_MAIL_JOB = "inquiry.answer_mail"
LONGEST = 2000  # characters of a text
MOST_OPEN = 20  # inquiries of one person that wait for an answer


class TooManyOpenError(ValueError):
    """The person has MOST_OPEN inquiries that nobody has answered yet."""


class AnswersShownError(ValueError):
    """The learner has had the right answers shown: there can be no other attempt."""


@dataclass(frozen=True)
class Place:
    """Where somebody asks from: their enrolment, and the quiz in the edition they are in."""

    person_id: str
    enrolment_id: str
    edition: EditionView
    quiz_id: str
    language: str


def ask(place: Place, attempt_id: str, question: Question, about: str, text: str) -> bool:
    """Report a question, or ask for help with it; the same words twice are asked once.

    Returns whether it is new. Raises TooManyOpenError.
    """
    same = fingerprint("inquiry", [place.person_id, attempt_id, question.id, about, text])
    return _ask(
        place,
        key=f"{about}:{same}",
        about=about,
        text=text,
        attempt_id=attempt_id,
        question_id=question.id,
        file=question.file,
        line=question.line,
    )


def ask_for_attempt(place: Place, had: int, text: str) -> bool:
    """Ask for another attempt after `had` of them: once, and again when that was declined.

    Raises TooManyOpenError.
    """
    answered = select(func.count()).where(
        Inquiry.enrolment_id == place.enrolment_id,
        Inquiry.quiz_id == place.quiz_id,
        Inquiry.about == "attempt",
        Inquiry.answered_at.is_not(None),
    )
    times = db.session.scalar(answered) or 0
    key = f"attempt:{place.enrolment_id}:{place.quiz_id}:{had}" + (f":{times}" if times else "")
    return _ask(place, key=key, about="attempt", text=text, file="", line=0)


def _ask(place: Place, **values: object) -> bool:
    waiting = select(func.count()).where(
        Inquiry.person_id == place.person_id, Inquiry.answered_at.is_(None)
    )
    if (db.session.scalar(waiting) or 0) >= MOST_OPEN:
        raise TooManyOpenError(place.person_id)
    return insert_once(
        Inquiry,
        ("key",),
        id=new_id(),
        person_id=place.person_id,
        enrolment_id=place.enrolment_id,
        track=place.edition.track,
        course_id=place.edition.course.id,
        quiz_id=place.quiz_id,
        edition_id=place.edition.id,
        language=place.language,
        asked_at=clock.utcnow(),
        **values,
    )


def answer(actor_id: str, inquiry_id: str, text: str) -> bool:
    """Answer an inquiry; False when somebody has answered it already, and nothing changed."""
    now = clock.utcnow()
    answered = db.session.execute(
        update(Inquiry)
        .where(Inquiry.id == inquiry_id, Inquiry.answered_at.is_(None))
        .values(answer=text, answered_by=actor_id, answered_at=now)
        .returning(Inquiry.id),
        execution_options={"synchronize_session": False},
    ).first()
    if answered is None:
        return False
    enqueue(ANSWER_MAIL_JOB, f"inquiry:{inquiry_id}:answered", {"inquiry_id": inquiry_id})
    return True


def grant(actor_id: str, inquiry: InquiryView) -> bool:
    """Give the attempt that was asked for; False when it is answered already. Raises
    AnswersShownError, and nothing is kept.

    Its answer stays empty: that is how a given attempt is told from a declined one.
    """
    if not answer(actor_id, inquiry.id, ""):
        return False
    if not grant_attempt(actor_id, inquiry.enrolment_id, inquiry.quiz_id):
        raise AnswersShownError(inquiry.id)
    return True
