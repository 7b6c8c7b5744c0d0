"""The tables of reviews."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from innocap_lms.extensions import Base
from innocap_lms.ids import new_id


class Review(Base):
    """A draft as it was when a trainer asked others to read it. Its id is the secret of the link;
    after `open_until` the link leads nowhere."""

    __tablename__ = "review"
    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    course_id: Mapped[str] = mapped_column(index=True)
    track: Mapped[str]
    content: Mapped[dict[str, Any]] = mapped_column(JSON)  # a snapshot, without keys
    note: Mapped[str]
    asked_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime]
    open_until: Mapped[datetime] = mapped_column(index=True)


class ReviewComment(Base):
    """What somebody with the link says of a piece of the draft: `piece` counts from 1 within a part
    in a language, `quote` is how the piece begins."""

    __tablename__ = "review_comment"
    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    review_id: Mapped[str] = mapped_column(ForeignKey("review.id"), index=True)
    part: Mapped[str]
    language: Mapped[str]
    piece: Mapped[int]
    quote: Mapped[str]
    name: Mapped[str]
    text: Mapped[str]
    said_at: Mapped[datetime]
    settled_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    settled_at: Mapped[datetime | None]
