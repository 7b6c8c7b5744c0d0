"""The table of inquiries."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from innocap_lms.extensions import Base
from innocap_lms.ids import new_id

ABOUT = ("fault", "help", "attempt")


class Inquiry(Base):
    """A learner's word to the trainer: about a question, or for another attempt.

    `key` holds what may be asked once only; `file` and `line` say where the question stands.
    """

    __tablename__ = "inquiry"
    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    key: Mapped[str] = mapped_column(unique=True)
    about: Mapped[str]
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    enrolment_id: Mapped[str] = mapped_column(ForeignKey("enrolment.id"))
    track: Mapped[str]
    course_id: Mapped[str]
    quiz_id: Mapped[str]
    edition_id: Mapped[str] = mapped_column(ForeignKey("edition.id"))
    attempt_id: Mapped[str | None] = mapped_column(ForeignKey("attempt.id"))
    question_id: Mapped[str | None]
    file: Mapped[str]
    line: Mapped[int]
    language: Mapped[str]
    text: Mapped[str]
    asked_at: Mapped[datetime]
    answer: Mapped[str | None]
    answered_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    answered_at: Mapped[datetime | None]
    __table_args__ = (
        CheckConstraint(f"about IN {ABOUT}", name="about"),
        Index("ix_inquiry_track_answered_at", "track", "answered_at"),
    )
