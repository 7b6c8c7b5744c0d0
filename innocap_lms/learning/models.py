"""Tables of what a person does in a course. Each row names edition, fingerprint and language."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from innocap_lms.extensions import Base
from innocap_lms.ids import new_id


class Enrolment(Base):
    """A person in a course, in one edition, from one place in an organisation."""

    __tablename__ = "enrolment"
    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    course_id: Mapped[str] = mapped_column(index=True)
    edition_id: Mapped[str] = mapped_column(ForeignKey("edition.id"))
    fingerprint: Mapped[str]
    language: Mapped[str]
    organisation_id: Mapped[str | None] = mapped_column(ForeignKey("organisation.id"))
    unit_id: Mapped[str | None] = mapped_column(ForeignKey("unit.id"))
    enrolled_at: Mapped[datetime]
    __table_args__ = (UniqueConstraint("person_id", "course_id"),)


class LessonProgress(Base):
    """That a lesson was opened, and that its reader said it was read."""

    __tablename__ = "lesson_progress"
    enrolment_id: Mapped[str] = mapped_column(ForeignKey("enrolment.id"), primary_key=True)
    lesson_id: Mapped[str] = mapped_column(primary_key=True)
    fingerprint: Mapped[str]
    language: Mapped[str]
    opened_at: Mapped[datetime]
    read_at: Mapped[datetime | None]


class Attempt(Base):
    """A try at a quiz. `asked` keeps the questions and the order of options as they were shown."""

    __tablename__ = "attempt"
    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    enrolment_id: Mapped[str] = mapped_column(ForeignKey("enrolment.id"))
    quiz_id: Mapped[str]
    number: Mapped[int]
    edition_id: Mapped[str] = mapped_column(ForeignKey("edition.id"))
    fingerprint: Mapped[str]
    language: Mapped[str]
    asked: Mapped[list[Any]] = mapped_column(JSON)  # [[question id, [option id, …]], …]
    started_at: Mapped[datetime]
    answers: Mapped[dict[str, Any] | None] = mapped_column(
        JSON(none_as_null=True)
    )  # {question id: [value, …]}
    marks: Mapped[dict[str, Any] | None] = mapped_column(
        JSON(none_as_null=True)
    )  # {question id: [points, because]}
    submitted_at: Mapped[datetime | None]
    points: Mapped[float | None]
    max_points: Mapped[float | None]
    passed: Mapped[bool | None]
    __table_args__ = (UniqueConstraint("enrolment_id", "quiz_id", "number"),)


class Completion(Base):
    """That a person met a course's completion rule; once per enrolment, whatever races."""

    __tablename__ = "completion"
    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    enrolment_id: Mapped[str] = mapped_column(ForeignKey("enrolment.id"), unique=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    course_id: Mapped[str]
    track: Mapped[str]
    edition_id: Mapped[str] = mapped_column(ForeignKey("edition.id"))
    fingerprint: Mapped[str]
    language: Mapped[str]
    organisation_id: Mapped[str | None] = mapped_column(ForeignKey("organisation.id"))
    unit_id: Mapped[str | None] = mapped_column(ForeignKey("unit.id"))
    completed_at: Mapped[datetime]
    hours: Mapped[float]
    because: Mapped[dict[str, Any]] = mapped_column(JSON)
    # The id its certificate will bear: lists need no join, and issuing twice hits a primary key.
    certificate_id: Mapped[str | None] = mapped_column(default=new_id)
    __table_args__ = (
        Index("ix_completion_person_id_completed_at", "person_id", "completed_at"),
        # Counting for HR reads this index alone; a person's rows in an organisation are one seek.
        Index(
            "ix_completion_follow_up",
            "organisation_id",
            "person_id",
            "unit_id",
            "track",
            "course_id",
            "completed_at",
        ),
    )
