"""The table of certificates."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from innocap_lms.extensions import Base
from innocap_lms.ids import new_id


class Certificate(Base):
    """A certificate as issued. Nothing in it follows later changes of person or course."""

    __tablename__ = "certificate"
    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    completion_id: Mapped[str] = mapped_column(ForeignKey("completion.id"), unique=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    holder_name: Mapped[str]
    issuer_name: Mapped[str]
    course_id: Mapped[str]
    track: Mapped[str]
    edition_id: Mapped[str] = mapped_column(ForeignKey("edition.id"))
    edition_number: Mapped[int]
    fingerprint: Mapped[str]
    language: Mapped[str]
    details: Mapped[dict[str, Any]] = mapped_column(JSON)  # title, outcomes, hours, because
    completed_at: Mapped[datetime]
    issued_at: Mapped[datetime]
    valid_until: Mapped[datetime | None]
