"""What a person has kept of self-assessments: each read names the person."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from innocap_lms.extensions import db
from innocap_lms.self_assessment.models import Sitting


@dataclass(frozen=True)
class SittingView:
    """A self-assessment that was kept: the place of the level, from 1, by competence."""

    id: str
    taken_at: datetime
    levels: Mapping[str, int]


def sittings_of(person_id: str, name: str) -> list[SittingView]:
    """A person's own, the first first."""
    rows = db.session.scalars(
        select(Sitting)
        .where(Sitting.person_id == person_id, Sitting.name == name)
        .order_by(Sitting.taken_at, Sitting.id)
    )
    return [SittingView(row.id, row.taken_at, row.levels) for row in rows]


def last_taken(person_id: str) -> dict[str, datetime]:
    """When a person last placed themselves, by name of self-assessment."""
    latest = (
        select(Sitting.name, func.max(Sitting.taken_at))
        .where(Sitting.person_id == person_id)
        .group_by(Sitting.name)
    )
    return dict(db.session.execute(latest).all())
