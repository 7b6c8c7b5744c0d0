"""What the dashboard of follow-up shows: one sentence, then the same as charts and tables."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from innocap_lms.hr import forecast, queries, standings
from innocap_lms.hr.filters import Filters
from innocap_lms.hr.hours import Hours, attended_hours, planned_hours
from innocap_lms.hr.lens import Looked
from innocap_lms.hr.matrix_pages import titles_of
from innocap_lms.hr.pages import place_labels, place_ways, track_names
from innocap_lms.hr.scope import Lens
from innocap_lms.hr.tree import as_on
from innocap_lms.hr.unit_levels import told_by, with_more
from innocap_lms.people.language import request_language
from innocap_lms.people.viewer import Viewer
from innocap_lms.requirements.periods import GROUPS, Group

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
    where it begins, how wide) in hundredths of the bar. `holds_more` where a unit is told together
    with others below it."""

    id: str
    name: str
    total: int
    parts: tuple[tuple[str, int, float, float], ...]
    holds_more: bool = False

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
    places = as_on(queries.places(viewer), lens.day, lens.known)
    labels, required = place_labels(places), _by_requirement(viewer, lens, by_requirement)
    day = lens.day if looked.on else None
    done = Filters(lens.organisation, lens.unit, last_day=day)
    return {
        "looked": looked,
        "narrowed": _narrowed(lens, labels, required),
        "asked": asked,
        "late": late,
        "in_order": asked - late,
        "lapsing": sum(month.lapsing for month in ahead[:SOON_MONTHS]),
        "worst": labels.get(_worst(by_unit), "") if late else "",
        "units": _by_unit(by_unit, labels, place_ways(places)),
        "required": required,
        "months": months,
        "late_months": _columns({month.first: month.late for month in months}),
        "lapse_months": _columns({month.first: month.lapsing for month in ahead}),
        "totals": queries.totals_that_count(viewer, done, zone),
        "bars": _by_track(viewer, done, zone),
        "done": done.address(),
        "hours": _hours(viewer, lens, zone),
    }


def _by_track(viewer: Viewer, done: Filters, zone: ZoneInfo) -> list[Bar]:
    by_track = queries.totals_by_track(viewer, done, zone)
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
    places = queries.places(viewer)
    labels, ways = place_labels(places), place_ways(places)
    return {kind: _hours_chart(found, labels, ways) for kind, found in both.items() if found.units}


def _hours_chart(
    every: Hours, labels: Mapping[str, str], ways: Mapping[str, Sequence[str]]
) -> HoursChart:
    """Hours are shown to the tenth, of so many units that they can be looked at."""
    found = every.told_by(told_by(every.units, ways))
    sums = [round(hours, 1) for hours in found.of_months()]
    units = [
        (labels.get(unit, ""), [round(hours, 1) for hours in numbers])
        for unit, numbers in found.units.items()
    ]
    return HoursChart(_columns(dict(zip(found.months, sums, strict=True))), sorted(units))


def _narrowed(lens: Lens, labels: Mapping[str, str], required: Iterable[Share]) -> list[str]:
    """What the page is narrowed to, in words; a unit or requirement that is not there says "–"."""
    titles = {share.id: share.name for share in required}
    narrowed = ((lens.organisation, labels), (lens.unit, labels), (lens.requirement, titles))
    return [names.get(each, "–") for each, names in narrowed if each]


def _worst(counted: Mapping[str, standings.Groups]) -> str:
    """The unit with most late standings."""
    return max(counted, key=lambda unit: counted[unit].get("late", 0), default="")


def _by_unit(
    counted: Mapping[str, standings.Groups],
    labels: Mapping[str, str],
    ways: Mapping[str, Sequence[str]],
) -> list[Share]:
    """So many units that they can be looked at: each with those below it, where there are more."""
    told = told_by(counted, ways)
    sums: defaultdict[str, Counter[Group]] = defaultdict(Counter)
    for unit, groups in counted.items():
        sums[told[unit]].update(groups)
    several = with_more(told)
    found = [
        replace(_share(unit, labels.get(unit, ""), groups), holds_more=unit in several)
        for unit, groups in sums.items()
    ]
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
