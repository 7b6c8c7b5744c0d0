"""From one edition of a course to another, for those who are in the middle of it.

Each function is called inside a write transaction.
"""

from sqlalchemy import delete, not_, select, tuple_, update

from innocap_lms.catalogue.queries import EditionView
from innocap_lms.extensions import db
from innocap_lms.learning.models import Attempt, Enrolment


def move_all(edition: EditionView) -> None:
    """Let everybody who is in the course go on in this edition."""
    db.session.execute(
        update(Enrolment)
        .where(Enrolment.course_id == edition.course.id, Enrolment.edition_id != edition.id)
        .values(edition_id=edition.id, fingerprint=edition.course.fingerprint)
        .execution_options(synchronize_session=False)
    )


def drop_unsent(edition: EditionView) -> None:
    """Forget attempts under way at quizzes of the course that are no longer those of the edition.
    For a course that nobody takes in earnest."""
    same = [(quiz.id, quiz.fingerprint) for quiz in edition.course.quizzes]
    enrolled = select(Enrolment.id).where(Enrolment.course_id == edition.course.id)
    db.session.execute(
        delete(Attempt)
        .where(
            Attempt.submitted_at.is_(None),
            Attempt.enrolment_id.in_(enrolled),
            not_(tuple_(Attempt.quiz_id, Attempt.fingerprint).in_(same)),
        )
        .execution_options(synchronize_session=False)
    )
