"""The tables of practical tasks."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from innocap_lms.extensions import Base
from innocap_lms.ids import new_id

STATES = ("draft", "handed_in", "returned", "passed")
LAST_SEAT = 3  # the seat of whoever decides where the first two disagree


class Submission(Base):
    """A case that a learner documents. `text` as a whole is replaced where `revision` is still the
    one that was read, so that two windows never undo each other.

    `organisation_id` is where the learner was when handing it in, `because` what the decision
    rests on: {"agreement": share from 0 to 1 or None, "seats": [1, 2]}.
    """

    __tablename__ = "task_submission"
    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    enrolment_id: Mapped[str] = mapped_column(ForeignKey("enrolment.id"))
    task_id: Mapped[str]
    number: Mapped[int]
    track: Mapped[str]
    edition_id: Mapped[str] = mapped_column(ForeignKey("edition.id"))
    fingerprint: Mapped[str]
    language: Mapped[str]
    organisation_id: Mapped[str | None] = mapped_column(ForeignKey("organisation.id"))
    text: Mapped[str]
    revision: Mapped[int] = mapped_column(default=0)
    state: Mapped[str] = mapped_column(default="draft")
    started_at: Mapped[datetime]
    saved_at: Mapped[datetime]
    handed_in_at: Mapped[datetime | None]
    promised_at: Mapped[datetime | None]  # the end of the day on which an answer was promised
    decided_at: Mapped[datetime | None]
    because: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    __table_args__ = (
        UniqueConstraint("enrolment_id", "task_id", "number"),
        CheckConstraint(f"state IN {STATES}", name="state"),
        Index("ix_task_submission_state_promised_at", "state", "promised_at"),
    )


class SubmissionFile(Base):
    """A file of a case. Its bytes lie under `stored`, a random name; a revised case names the same
    ones as the case it began as a copy of."""

    __tablename__ = "task_file"
    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    submission_id: Mapped[str] = mapped_column(ForeignKey("task_submission.id"))
    name: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int]
    sha256: Mapped[str]
    stored: Mapped[str] = mapped_column(index=True)
    added_at: Mapped[datetime]
    __table_args__ = (UniqueConstraint("submission_id", "sha256"),)


class Assessment(Base):
    """One assessor's seat at a case. `scores` maps criterion ids to level ids.

    Whoever hands over is released, and never drawn for the same case again.
    """

    __tablename__ = "task_assessment"
    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    submission_id: Mapped[str] = mapped_column(ForeignKey("task_submission.id"))
    assessor_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    seat: Mapped[int]
    drawn_at: Mapped[datetime]
    scores: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    remark: Mapped[str] = mapped_column(default="")
    scored_at: Mapped[datetime | None]
    released_at: Mapped[datetime | None]
    __table_args__ = (
        UniqueConstraint("submission_id", "assessor_id"),
        CheckConstraint(f"seat BETWEEN 1 AND {LAST_SEAT}", name="seat"),
        Index(
            "uq_task_assessment_seat",
            "submission_id",
            "seat",
            unique=True,
            sqlite_where=text("released_at IS NULL"),
            postgresql_where=text("released_at IS NULL"),
        ),
    )


class AssessorAgreement(Base):
    """Two organisations whose assessors assess for each other; the lower id stands first."""

    __tablename__ = "assessor_agreement"
    one_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    other_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    agreed_at: Mapped[datetime]
    __table_args__ = (CheckConstraint("one_id < other_id", name="order"),)
