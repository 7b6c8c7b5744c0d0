"""Hours of learning by month and unit: those that courses plan for, of completions that count.

Attended hours are another thing and are never inferred: docs/privacy.md.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import case, func, select

from innocap_lms.credentials.models import Revocation
from innocap_lms.extensions import db
from innocap_lms.hr.filters import Filters, conditions, midnight
from innocap_lms.learning.models import Completion
from innocap_lms.people.viewer import Viewer

MONTHS = 12  # up to and with the one of the day


@dataclass(frozen=True)
class Hours:
    """Planned hours by month: `months` are their first days, `units` maps the id of a unit, or of
    an organisation where no unit is known, to as many numbers."""

    months: list[date]
    units: dict[str, list[float]]

    def of_months(self) -> list[float]:
        """All units together."""
        return [sum(hours[number] for hours in self.units.values()) for number in range(MONTHS)]


def planned_hours(
    viewer: Viewer, day: date, zone: ZoneInfo, organisation: str = "", unit: str = ""
) -> Hours:
    """The twelve months up to a day, as the place's own calendar has them. One statement."""
    firsts = list(_firsts(day))
    filters = Filters(organisation, unit, first_day=firsts[0], last_day=day)
    moment: Any = Completion.completed_at
    columns = [
        func.sum(
            case(
                (
                    (moment >= midnight(first, zone)) & (moment < midnight(after, zone)),
                    Completion.hours,
                ),
                else_=0.0,
            )
        )
        for first, after in pairwise(firsts)
    ]
    place = func.coalesce(Completion.unit_id, Completion.organisation_id, "")
    rows = db.session.execute(
        select(place, *columns)
        .outerjoin(Revocation, Revocation.certificate_id == Completion.certificate_id)
        .where(*conditions(viewer, filters, zone), Revocation.certificate_id.is_(None))
        .group_by(place)
    )
    return Hours(firsts[:-1], {row[0]: [float(number) for number in row[1:]] for row in rows})


def _firsts(day: date) -> Iterator[date]:
    """The first days of the months, and the one after them."""
    number = day.year * 12 + day.month - 1
    for each in range(number - MONTHS + 1, number + 2):
        year, month = divmod(each, 12)
        yield date(year, month + 1, 1)
