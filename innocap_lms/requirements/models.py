"""Tables of what organisations require, and of the standings that follow from the ledger."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, Integer
from sqlalchemy.orm import Mapped, mapped_column

from innocap_lms.extensions import Base
from innocap_lms.ids import new_id


class RequirementRow(Base):
    """A requirement of an organisation, with its newest version; all of them are in the ledger.

    `rules` are those that hold or will, by the day from which each does: what `rule_on` reads.
    """

    __tablename__ = "requirement"
    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"), index=True)
    version: Mapped[int]
    rule: Mapped[dict[str, Any]] = mapped_column(JSON)
    rules: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    set_at: Mapped[datetime]
    set_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))


class Standing(Base):
    """A standing of a person towards a requirement, over days, while they belong to one unit.

    `valid_until` is the first day after it, `deadline` the last day in time or in order; each is
    the last of the calendar where it has no end.
    `known_from` and `known_until` are places in the ledger: what was known in between. A correction
    closes rows and deletes none. Written by `following` alone, of the ledger alone.
    """

    __tablename__ = "standing"
    id: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True
    )
    person_id: Mapped[str]
    requirement_id: Mapped[str]
    organisation_id: Mapped[str]
    unit_id: Mapped[str]  # "": the whole organisation
    state: Mapped[str]
    valid_from: Mapped[date]
    valid_until: Mapped[date]
    deadline: Mapped[date]
    known_from: Mapped[int] = mapped_column(BigInteger)
    known_until: Mapped[int] = mapped_column(BigInteger)
    __table_args__ = (
        Index("ix_standing_person", "person_id", "organisation_id", "known_until"),
        Index(  # counting reads this index alone
            "ix_standing_cells",
            "organisation_id",
            "known_until",
            "state",
            "valid_until",
            "valid_from",
            "requirement_id",
            "unit_id",
            "person_id",
        ),
    )


class Followed(Base):
    """How far down the ledger the standings have been made: one row."""

    __tablename__ = "standing_followed"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    sequence: Mapped[int] = mapped_column(BigInteger)
    target: Mapped[int] = mapped_column(BigInteger)
    within: Mapped[str]
