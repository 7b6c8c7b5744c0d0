"""Tables of what a person does in a course. Each row names edition, fingerprint and language."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from innocap_lms.extensions import Base
from innocap_lms.ids import new_id


class Enrolment(Base):
    """A person in a course or a programme (`kind`), in one edition, from one place in an
    organisation.

    Whoever takes a course again, to renew what they earned, has a new row; `renewed_at` is when
    that began, in the row before, which stays with all that was done in it. So one at a time is
    current.
    """

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
    renewed_at: Mapped[datetime | None]
    kind: Mapped[str] = mapped_column(default="course", server_default="course")
    __table_args__ = (
        Index("ix_enrolment_person_id_course_id", "person_id", "course_id"),
        Index(
            "uq_enrolment_current",
            "person_id",
            "course_id",
            unique=True,
            sqlite_where=text("renewed_at IS NULL"),
            postgresql_where=text("renewed_at IS NULL"),
        ),
    )


class LessonProgress(Base):
    """That a lesson was opened, and that its reader said it was read.

    `earlier` keeps when other texts of the lesson were read, by their fingerprint: those that count
    no longer since the course said something else, and count again when it says the same again.
    """

    __tablename__ = "lesson_progress"
    enrolment_id: Mapped[str] = mapped_column(ForeignKey("enrolment.id"), primary_key=True)
    lesson_id: Mapped[str] = mapped_column(primary_key=True)
    fingerprint: Mapped[str]
    language: Mapped[str]
    opened_at: Mapped[datetime]
    read_at: Mapped[datetime | None]
    earlier: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))


class Attempt(Base):
    """A try at a quiz. `asked` keeps the questions and the order of options as they were shown.

    Every answer is saved as it is given: `answers` as a whole is replaced where `revision` is still
    the one that was read, so two windows never undo each other. `saved` says of each question at
    which revision it was last changed, how many seconds its learner has spent on it, and by which
    page; and, where its kind could not read it, that it is kept as it was sent.
    """

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
    due_at: Mapped[datetime | None]  # the end of its time, where the quiz has a limit
    revision: Mapped[int] = mapped_column(default=0, server_default="0")
    answers: Mapped[dict[str, Any] | None] = mapped_column(
        JSON(none_as_null=True)
    )  # {question id: [value, …]}
    saved: Mapped[dict[str, Any] | None] = mapped_column(
        JSON(none_as_null=True)
    )  # {question id: [revision, seconds, page, turn]}
    saved_at: Mapped[datetime | None]
    marks: Mapped[dict[str, Any] | None] = mapped_column(
        JSON(none_as_null=True)
    )  # {question id: [points, because]}
    submitted_at: Mapped[datetime | None]
    points: Mapped[float | None]
    max_points: Mapped[float | None]
    passed: Mapped[bool | None]
    # Whether its result counts, by the quiz's rule: best, last or first.
    counting: Mapped[bool] = mapped_column(default=True, server_default=text("true"))
    __table_args__ = (
        UniqueConstraint("enrolment_id", "quiz_id", "number"),
        Index(
            "ix_attempt_due_at",
            "due_at",
            sqlite_where=text("submitted_at IS NULL AND due_at IS NOT NULL"),
            postgresql_where=text("submitted_at IS NULL AND due_at IS NOT NULL"),
        ),
    )


class ActivityResult(Base):
    """A part of a course that another room looks after: when it was begun and when passed."""

    __tablename__ = "activity_result"
    enrolment_id: Mapped[str] = mapped_column(ForeignKey("enrolment.id"), primary_key=True)
    activity_id: Mapped[str] = mapped_column(primary_key=True)
    begun_at: Mapped[datetime]
    passed_at: Mapped[datetime | None]


class Allowance(Base):
    """What one learner may have at a quiz beyond its rule: more attempts, more minutes.

    `closed_at` is when they chose to see the right answers after the last attempt: from then on
    no other can be given.
    """

    __tablename__ = "allowance"
    enrolment_id: Mapped[str] = mapped_column(ForeignKey("enrolment.id"), primary_key=True)
    quiz_id: Mapped[str] = mapped_column(primary_key=True)
    attempts: Mapped[int] = mapped_column(default=0)
    minutes: Mapped[int] = mapped_column(default=0)
    closed_at: Mapped[datetime | None]


class Response(Base):
    """One question of a first attempt at a graded or practice quiz, for item analysis.

    `item` is the start of the question's fingerprint in its language, so answers are pooled over
    editions and draws as long as the wording is the same, and in its low bits the quiz. It is
    -1 less that number while the row waits for others (`responses.release`). Names no person.
    """

    __tablename__ = "response"
    attempt_id: Mapped[str] = mapped_column(ForeignKey("attempt.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    item: Mapped[int] = mapped_column(BigInteger)
    chosen: Mapped[str]  # canonical JSON of a counted answer; "" for words of the learner's own
    share: Mapped[float | None]  # earned, from 0 to 1; None where it could not be marked
    rest: Mapped[float | None]  # earned on the attempt's other questions, from 0 to 1
    seconds: Mapped[int | None]
    # Analysis reads this index alone.
    __table_args__ = (Index("ix_response_item", "item", "chosen", "share", "rest", "seconds"),)


class Remedy(Base):
    """What was decided of a faulty question: accept every answer, accept further options, drop it.

    It holds for each attempt that asked the question in these words (`fingerprint`), until it is
    ended; what it gave before stays.
    """

    __tablename__ = "remedy"
    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    course_id: Mapped[str]
    quiz_id: Mapped[str]
    question_id: Mapped[str]
    fingerprint: Mapped[str]
    how: Mapped[str]
    accepted: Mapped[list[Any]] = mapped_column(JSON)  # [[value, …], …]: answers also right
    reason: Mapped[str]
    decided_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    __table_args__ = (
        UniqueConstraint("course_id", "quiz_id", "question_id", "fingerprint"),
        CheckConstraint("how IN ('accept_all', 'accept', 'drop')", name="how"),
    )


class Completion(Base):
    """That a person met the completion rule of a course or programme (`kind`); once per enrolment,
    whatever races. That of a programme is no participation: those of its courses are.

    One that HR has noted, of a course taken elsewhere or before, names who did it (`noted_by`); it
    has no enrolment, no edition and no certificate, and its fingerprint and language are empty.
    Once it is withdrawn, the ledger alone tells of it.
    """

    __tablename__ = "completion"
    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    enrolment_id: Mapped[str | None] = mapped_column(ForeignKey("enrolment.id"), unique=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    course_id: Mapped[str]
    track: Mapped[str]
    edition_id: Mapped[str | None] = mapped_column(ForeignKey("edition.id"))
    fingerprint: Mapped[str]
    language: Mapped[str]
    organisation_id: Mapped[str | None] = mapped_column(ForeignKey("organisation.id"))
    unit_id: Mapped[str | None] = mapped_column(ForeignKey("unit.id"))
    completed_at: Mapped[datetime]
    hours: Mapped[float]
    because: Mapped[dict[str, Any]] = mapped_column(JSON)
    kind: Mapped[str] = mapped_column(default="course", server_default="course")
    # The id its certificate will bear: lists need no join, and issuing twice hits a primary key.
    certificate_id: Mapped[str | None] = mapped_column(default=new_id)
    noted_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    __table_args__ = (
        CheckConstraint(
            "noted_by IS NOT NULL OR (enrolment_id IS NOT NULL AND edition_id IS NOT NULL)",
            name="earned_or_noted",
        ),
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
            "kind",
            "certificate_id",  # whether it was revoked
        ),
        # Hours of a place in a month are a stretch of this one.
        Index(
            "ix_completion_hours",
            "organisation_id",
            "unit_id",
            "completed_at",
            "kind",
            "hours",
            "certificate_id",
        ),
    )


class RenewalCall(Base):
    """That a course asks those who completed it before to take it again, in this edition; until
    that is taken back, since the edition was undone."""

    __tablename__ = "renewal_call"
    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    course_id: Mapped[str] = mapped_column(index=True)
    edition_id: Mapped[str] = mapped_column(ForeignKey("edition.id"))
    called_at: Mapped[datetime]
    called_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    taken_back_at: Mapped[datetime | None]
    taken_back_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
