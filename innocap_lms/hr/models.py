"""Tables of the HR desk: views that somebody has kept, how far files are, rules that are tried."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from innocap_lms.extensions import Base
from innocap_lms.ids import new_id

EVERY = ("", "weekly", "monthly")


class SavedView(Base):
    """A name for the address of a page with its filters: somebody's own, and shared with the HR of
    an organisation where one is named. It holds what was asked for, never what was found.

    `every` is how often its link is mailed to its owner, "" for never, since `scheduled_at`.
    """

    __tablename__ = "saved_view"
    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    organisation_id: Mapped[str | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    name: Mapped[str]
    page: Mapped[str]  # a key of hr.saved_views.PAGES, or report:<name>
    query: Mapped[dict[str, Any]] = mapped_column(JSON)
    every: Mapped[str] = mapped_column(default="")
    scheduled_at: Mapped[datetime | None]
    saved_at: Mapped[datetime]
    __table_args__ = (
        UniqueConstraint("person_id", "name"),
        CheckConstraint(f"every IN {EVERY}", name="every"),
    )


class ExportProgress(Base):
    """How far a long file is, for its reader; see hr.progress."""

    __tablename__ = "export_progress"
    id: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    done: Mapped[int]
    total: Mapped[int]
    begun_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class RuleTry(Base):
    """A rule that somebody tries out for many people: what the form says, of how many it is known
    by now what the rule would do, and what that is in the end; see hr.rule_tries."""

    __tablename__ = "rule_try"
    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"))
    requirement_id: Mapped[str | None] = mapped_column(ForeignKey("requirement.id"))
    typed: Mapped[dict[str, Any]] = mapped_column(JSON)  # the values of each field, as a list
    rule: Mapped[dict[str, Any]] = mapped_column(JSON)
    done: Mapped[int]
    total: Mapped[int]
    found: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    asked_at: Mapped[datetime]
