"""Tables of what is taught: courses, their immutable editions, and the keys kept apart."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from innocap_lms.extensions import Base
from innocap_lms.ids import new_id


class Offering(Base):
    """A course or programme in service: which track and plugin supply it, which edition new
    learners get. Both kinds share their ids, so that an id alone says what is meant."""

    __tablename__ = "offering"
    course_id: Mapped[str] = mapped_column(primary_key=True)
    track: Mapped[str] = mapped_column(index=True)
    plugin: Mapped[str]
    kind: Mapped[str] = mapped_column(default="course", server_default="course")
    edition_id: Mapped[str] = mapped_column(ForeignKey("edition.id"))


class Edition(Base):
    """An immutable snapshot of a course or programme in all its languages, without keys."""

    __tablename__ = "edition"
    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    course_id: Mapped[str] = mapped_column(index=True)
    track: Mapped[str]
    number: Mapped[int]
    fingerprint: Mapped[str]
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    published_at: Mapped[datetime]
    published_by: Mapped[str | None]
    __table_args__ = (
        UniqueConstraint("course_id", "number"),
        UniqueConstraint("course_id", "fingerprint"),
    )


class EditionKeys(Base):
    """Answers and feedback of an edition's quizzes; read by grading and by a review that is due."""

    __tablename__ = "edition_keys"
    edition_id: Mapped[str] = mapped_column(ForeignKey("edition.id"), primary_key=True)
    keys: Mapped[dict[str, Any]] = mapped_column(JSON)
