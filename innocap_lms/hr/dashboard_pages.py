"""What the dashboard of follow-up shows: one sentence, then the same as charts and tables."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from innocap_lms.hr import forecast, queries, standings
from innocap_lms.hr.filters import Filters
from innocap_lms.hr.hours import Hours, attended_hours, planned_hours
from innocap_lms.hr.lens import Looked
from innocap_lms.hr.matrix_pages import titles_of
from innocap_lms.hr.pages import place_labels, track_names
from innocap_lms.hr.scope import Lens
from innocap_lms.hr.tree import as_on
from innocap_lms.people.language import request_language
from innocap_lms.people.viewer import Viewer
from innocap_lms.requirements.periods import GROUPS

SOON_MONTHS = 3  # of lapses that the sentence tells of


@dataclass(frozen=True)
class Bar:
    """One track in the dashboard's chart; `width` is a share of 100."""

    slug: str
    name: str
    persons: int
    participations: int
    width: float


@dataclass(frozen=True)
class Share:
    """The standings of a unit, or towards a requirement, by group; `parts` are (group, number,
    where it begins, how wide) in hundredths of the bar."""

    id: str
    name: str
    total: int
    parts: tuple[tuple[str, int, float, float], ...]

    def number(self, group: str) -> int:
        return sum(part[1] for part in self.parts if part[0] == group)


@dataclass(frozen=True)
class Column:
    """A month in a chart; `height` is a share of 100."""

    first: date
    number: float
    height: float


@dataclass(frozen=True)
class HoursChart:
    """Hours by month, and by unit as the table behind the chart has them."""

    months: list[Column]
    units: list[tuple[str, list[float]]]


def dashboard_page(viewer: Viewer, looked: Looked, zone: ZoneInfo) -> dict[str, Any]:
    """The context of hr/dashboard.html."""
    lens = looked.lens
    asked, late = standings.people_in_order(viewer, lens)
    months = forecast.months(viewer, lens) if asked else []
    ahead = months[forecast.BACK :]
    by_requirement, by_unit = standings.counts(viewer, lens)
    units = _by_unit(viewer, lens, by_unit)
    return {
        "looked": looked,
        "asked": asked,
        "late": late,
        "in_order": asked - late,
        "lapsing": sum(month.lapsing for month in ahead[:SOON_MONTHS]),
        "worst": max(units, key=lambda unit: unit.number("late"), default=None) if late else None,
        "units": units,
        "required": _by_requirement(viewer, lens, by_requirement),
        "months": months,
        "late_months": _columns({month.first: month.late for month in months}),
        "lapse_months": _columns({month.first: month.lapsing for month in ahead}),
        "totals": queries.totals(viewer, Filters(), zone),
        "bars": _by_track(viewer, zone),
        "hours": _hours(viewer, lens, zone),
    }


def _by_track(viewer: Viewer, zone: ZoneInfo) -> list[Bar]:
    by_track = queries.totals_by_track(viewer, zone)
    names = track_names(request_language())
    most = max((item.persons for item in by_track.values()), default=0)
    return [
        Bar(
            slug,
            names.get(slug, slug),
            item.persons,
            item.participations,
            round(100 * item.persons / most, 1) if most else 0,
        )
        for slug in dict.fromkeys([*names, *by_track])
        if (item := by_track.get(slug, queries.Totals(0, 0)))
    ]


def _hours(viewer: Viewer, lens: Lens, zone: ZoneInfo) -> dict[str, HoursChart]:
    """Planned and attended hours, where there are any."""
    where = lens.organisation, lens.unit
    both = {
        "planned": planned_hours(viewer, lens.day, zone, *where),
        "attended": attended_hours(viewer, lens.day, *where),
    }
    if not any(found.units for found in both.values()):
        return {}
    labels = place_labels(queries.places(viewer))
    return {kind: _hours_chart(found, labels) for kind, found in both.items() if found.units}


def _hours_chart(found: Hours, labels: Mapping[str, str]) -> HoursChart:
    """Hours are shown to the tenth."""
    sums = [round(hours, 1) for hours in found.of_months()]
    units = [
        (labels.get(unit, ""), [round(hours, 1) for hours in numbers])
        for unit, numbers in found.units.items()
    ]
    return HoursChart(_columns(dict(zip(found.months, sums, strict=True))), sorted(units))


def _by_unit(viewer: Viewer, lens: Lens, counted: Mapping[str, standings.Groups]) -> list[Share]:
    labels = place_labels(as_on(queries.places(viewer), lens.day, lens.known))
    found = [_share(unit, labels.get(unit, ""), groups) for unit, groups in counted.items()]
    return sorted(found, key=lambda share: (not share.name, share.name))


def _by_requirement(
    viewer: Viewer, lens: Lens, counted: Mapping[str, standings.Groups]
) -> list[Share]:
    required = standings.requirements(viewer, lens.day)
    titles = titles_of(required, request_language())
    return [_share(each.id, titles[each.id], counted.get(each.id, {})) for each in required]


def _share(name: str, label: str, groups: Mapping[Any, int]) -> Share:
    total, begun, parts = sum(groups.values()), 0.0, []
    for group in dict.fromkeys(GROUPS.values()):
        if number := groups.get(group, 0):
            width = 100 * number / total
            parts.append((group, number, round(begun, 2), round(width, 2)))
            begun += width
    return Share(name, label, total, tuple(parts))


def _columns(numbers: Mapping[date, float]) -> list[Column]:
    most = max(numbers.values(), default=0)
    return [
        Column(first, number, round(100 * number / most, 1) if most else 0)
        for first, number in numbers.items()
    ]
