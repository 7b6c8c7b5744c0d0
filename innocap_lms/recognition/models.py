"""Tables of lists that HR sends in, until they are done with, and of training that learners send
in."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from innocap_lms.extensions import Base
from innocap_lms.ids import new_id

STATES = ("columns", "reading", "checking", "checked", "adding", "done", "refused")
TRAINING_STATES = ("sent", "approved", "refused", "withdrawn")
OUTCOMES = ("", "add", "there", "double", "fault", "course", "skip", "added")


class Intake(Base):
    """A list of completions or credits: a file, or people who were chosen on a page.

    `places` says which column is what, `shared` what holds for every row that does not say it
    itself, `courses` which course is meant by a title that no course has ("-": none of ours).
    `refused` is why the file cannot be read. The file lies on the disk until its rows are read.
    """

    __tablename__ = "intake"
    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"), index=True)
    what: Mapped[str]  # completion, credit
    name: Mapped[str]  # of the file; "" for people chosen on a page
    made_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime]
    state: Mapped[str]
    header: Mapped[list[str]] = mapped_column(JSON)
    places: Mapped[dict[str, int]] = mapped_column(JSON)
    shared: Mapped[dict[str, str]] = mapped_column(JSON)
    courses: Mapped[dict[str, str]] = mapped_column(JSON)
    refused: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))  # [code, text]
    turn: Mapped[int] = mapped_column(default=0)  # how often its job was asked for
    evidence_id: Mapped[str | None] = mapped_column(ForeignKey("evidence.id"))
    __table_args__ = (
        CheckConstraint("what IN ('completion', 'credit')", name="what"),
        CheckConstraint(f"state IN {STATES}", name="state"),
    )


class Evidence(Base):
    """A file that HR keeps as evidence of what it notes, of one person or of many; `id` names its
    bytes on the disk. Events of the ledger name it as `evidence_file`."""

    __tablename__ = "evidence"
    id: Mapped[str] = mapped_column(primary_key=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"))
    file_name: Mapped[str]
    media_type: Mapped[str]


class IntakeRow(Base):
    """A row of a list: what it says of the chosen columns, and what becomes of it.

    `outcome`: "" not looked at yet · add · there: noted already · double: twice in the list ·
    fault: see `wrong`, [[column, code], …] · course: of a title that is not known · skip: of a
    course that is none of ours · added. The outcomes are how far the work has come: whatever ends
    in the middle goes on from them.
    """

    __tablename__ = "intake_row"
    intake_id: Mapped[str] = mapped_column(ForeignKey("intake.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    said: Mapped[dict[str, str]] = mapped_column(JSON)
    person_id: Mapped[str | None]
    about: Mapped[str | None]
    day: Mapped[date | None]
    outcome: Mapped[str] = mapped_column(default="")
    wrong: Mapped[list[Any] | None] = mapped_column(JSON(none_as_null=True))
    __table_args__ = (
        CheckConstraint(f"outcome IN {OUTCOMES}", name="outcome"),
        Index("ix_intake_row_outcome", "intake_id", "outcome", "number"),
        Index("ix_intake_row_person", "intake_id", "person_id"),
    )


class ExternalTraining(Base):
    """Training that somebody took elsewhere and sends in for their organisation to recognise.

    `stored` names the bytes of the evidence on the disk. `reason` is why it was approved or
    refused; `credits` are the requirements that it counts towards.
    """

    __tablename__ = "external_training"
    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"))
    title: Mapped[str]
    provider: Mapped[str]
    day: Mapped[date]
    hours: Mapped[float | None]
    file_name: Mapped[str | None]
    media_type: Mapped[str | None]
    stored: Mapped[str | None]
    state: Mapped[str]
    sent_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str] = mapped_column(default="", server_default="")
    credits: Mapped[list[str]] = mapped_column(JSON)  # ids of requirements
    __table_args__ = (
        CheckConstraint(f"state IN {TRAINING_STATES}", name="state"),
        Index("ix_external_training_state", "organisation_id", "state", "sent_at"),
        Index(  # a form that is sent twice is taken once
            "uq_external_training_once",
            "person_id",
            "organisation_id",
            "title",
            "day",
            unique=True,
            sqlite_where=text("state IN ('sent', 'approved')"),
            postgresql_where=text("state IN ('sent', 'approved')"),
        ),
    )
