"""The table of self-assessments."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from innocap_lms.extensions import Base
from innocap_lms.ids import new_id


class Sitting(Base):
    """Where a person placed themselves once. Nobody else reads it: no list, export or report.

    `key` comes with the form, so that sending it twice keeps it once. `levels`: id of a competence
    to the place of the level, from 1.
    """

    __tablename__ = "self_assessment"
    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    name: Mapped[str]
    key: Mapped[str]
    taken_at: Mapped[datetime]
    levels: Mapped[dict[str, Any]] = mapped_column(JSON)
    __table_args__ = (UniqueConstraint("person_id", "key"),)
