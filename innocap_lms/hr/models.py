"""Tables of the HR desk: views that somebody has kept, words of notices, how far files are."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from innocap_lms.extensions import Base
from innocap_lms.ids import new_id

EVERY = ("", "weekly", "monthly")
READERS = ("learner", "manager", "hr")


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


class NoticeText(Base):
    """An organisation's own words around the weekly digest to one kind of reader, in one language;
    "" where the site's words stay. See hr.notices for the places that they may name."""

    __tablename__ = "notice_text"
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    reader: Mapped[str] = mapped_column(primary_key=True)
    language: Mapped[str] = mapped_column(primary_key=True)
    subject: Mapped[str]
    opening: Mapped[str]
    closing: Mapped[str]
    set_at: Mapped[datetime]
    set_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    __table_args__ = (CheckConstraint(f"reader IN {READERS}", name="reader"),)


class ExportProgress(Base):
    """How far a long file is, for its reader; see hr.progress."""

    __tablename__ = "export_progress"
    id: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    done: Mapped[int]
    total: Mapped[int]
    begun_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
