"""What a programme coordinator sees: counts across organisations, never a name.

The unit is a month that is over. Its figures do not grow any more, so that two looks at them, a day
apart, do not tell of the one person between; what is corrected or revoked leaves them. No sum over
months is given: with it, a count that is left out of one of them could be worked out.

Source of who may see what: docs/privacy.md. Persons and participations: a person counts once in
each cell, a participation is one person in one course.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final, Literal, NamedTuple, get_args
from zoneinfo import ZoneInfo

from sqlalchemy import Select, func, literal, or_, select

from innocap_lms.catalogue.models import Edition
from innocap_lms.catalogue.queries import everything
from innocap_lms.extensions import db
from innocap_lms.hr.filters import not_revoked
from innocap_lms.hr.suppression import Sum, left_out
from innocap_lms.learning.models import Completion, Enrolment
from innocap_lms.people.models import Organisation
from innocap_lms.requirements.history import STILL
from innocap_lms.requirements.models import (
    NumberedPlace,
    NumberedRequirement,
    RequirementRow,
    Standing,
)
from innocap_lms.requirements.periods import GROUPS
from innocap_lms.requirements.queries import rule_on

Status = Literal["completed", "in_progress", "late"]
STATUSES: Final[tuple[Status, ...]] = get_args(Status)
ALL: Final = ""  # every track
SITE: Final = ("", "")
MONTHS: Final = 24  # that can be looked at

Where = tuple[str, str]  # a country and an organisation of it; ("FI", "") is a country, SITE all
OTHER: Final = "-"  # the track of what belongs to none that is known
Row = tuple[str, str, str, int]  # organisation, track, person, participations


class Count(NamedTuple):
    """Of one cell."""

    persons: int
    participations: int


@dataclass(frozen=True)
class Figures:
    """The counts of a month: by where and track, None where they are left out. `names` are those
    of the organisations by id; `places` has them by country, each after its country."""

    places: tuple[Where, ...]
    tracks: tuple[str, ...]
    names: Mapping[str, str]
    cells: Mapping[tuple[Where, str], Count | None]


def months(today: date) -> list[date]:
    """The first days of the months that are over, the newest first."""
    number = today.year * 12 + today.month - 1
    return [
        date(year, month + 1, 1)
        for year, month in (divmod(each, 12) for each in range(number - 1, number - 1 - MONTHS, -1))
    ]


def figures(status: Status, month: date, zone: ZoneInfo) -> Figures:
    """The counts of a month: completed in it, in progress or late as it ended. Three statements,
    and one for the courses in service where it is about what is late."""
    table = Organisation.__table__.c
    organisations = db.session.execute(
        select(table.id, table.name, table.country).order_by(table.name)
    ).all()
    country_of = {row.id: row.country for row in organisations}
    rows = _ROWS[status](month, zone)
    persons, participations = _counted(rows, country_of)
    tracks = tuple(sorted({track for _where, track in persons} - {ALL}))
    places = _places(country_of)
    cells = [(where, track) for where in places for track in (*tracks, ALL)]
    counts = {cell: len(persons.get(cell, ())) for cell in cells}
    hidden = left_out(counts, _sums(country_of, tracks))
    return Figures(
        places,
        tracks,
        {row.id: row.name for row in organisations},
        {
            cell: None if cell in hidden else Count(counts[cell], participations.get(cell, 0))
            for cell in cells
        },
    )


def _places(country_of: Mapping[str, str]) -> tuple[Where, ...]:
    """Each country and its organisations, in their order; all together last."""
    countries = sorted(set(country_of.values()))
    of_countries = (
        [(country, ""), *((country, one) for one, its in country_of.items() if its == country)]
        for country in countries
    )
    return (*(place for places in of_countries for place in places), SITE)


def _sums(country_of: Mapping[str, str], tracks: Iterable[str]) -> list[Sum]:
    """Which cells are sums of others. People who are in two tracks count in both and once in all,
    so that these do not hold exactly; to take them for true only leaves out more."""
    below: defaultdict[Where, list[Where]] = defaultdict(list)
    for one, country in country_of.items():
        below[country, ""].append((country, one))
    for country in sorted({*country_of.values()}):
        below[SITE].append((country, ""))
    places = _places(country_of)
    found = [Sum((where, ALL), tuple((where, track) for track in tracks)) for where in places]
    found += [
        Sum((where, track), tuple((part, track) for part in parts))
        for where, parts in below.items()
        for track in (*tracks, ALL)
    ]
    return found


def _counted(
    rows: Iterable[Row], country_of: Mapping[str, str]
) -> tuple[Mapping[tuple[Where, str], set[str]], Mapping[tuple[Where, str], int]]:
    """Who is in each cell, and how many participations."""
    persons: defaultdict[tuple[Where, str], set[str]] = defaultdict(set)
    participations: defaultdict[tuple[Where, str], int] = defaultdict(int)
    for organisation, track, person, number in rows:
        country = country_of[organisation]
        for where in ((country, organisation), (country, ""), SITE):
            for each in (track, ALL):
                persons[where, each].add(person)
                participations[where, each] += number
    return persons, participations


def _edges(month: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The moments at which a month begins and is over, in UTC."""
    after = (month + timedelta(days=31)).replace(day=1)
    begins, ends = (datetime.combine(day, time.min, zone).astimezone(UTC) for day in (month, after))
    return begins, ends


def _completed(month: date, zone: ZoneInfo) -> Iterator[Row]:
    begins, ends = _edges(month, zone)
    table = Completion.__table__.c
    yield from _tuples(
        select(table.organisation_id, table.track, table.person_id, func.count())
        .where(
            not_revoked(),
            table.kind == "course",  # that of a programme is no participation of its own
            table.completed_at >= begins,
            table.completed_at < ends,
            table.organisation_id.is_not(None),
        )
        .group_by(table.organisation_id, table.track, table.person_id)
    )


def _in_progress(month: date, zone: ZoneInfo) -> Iterator[Row]:
    """Begun, and neither completed nor begun anew, as the month ended."""
    _begins, ends = _edges(month, zone)
    table = Enrolment.__table__.c
    done = (
        select(literal(1))
        .where(Completion.enrolment_id == table.id, Completion.completed_at < ends)
        .correlate(Enrolment.__table__)
    )
    yield from _tuples(
        select(table.organisation_id, Edition.track, table.person_id, func.count())
        .join(Edition, Edition.id == table.edition_id)
        .where(
            table.kind == "course",
            table.enrolled_at < ends,
            or_(table.renewed_at.is_(None), table.renewed_at >= ends),
            table.organisation_id.is_not(None),
            ~done.exists(),
        )
        .group_by(table.organisation_id, Edition.track, table.person_id)
    )


def _late(month: date, zone: ZoneInfo) -> Iterator[Row]:
    """Late with what is required of them on the last day of the month; a participation is one
    requirement. Its track is that of the course; where that is not in service, none is known."""
    _begins, ends = _edges(month, zone)
    day = (ends.astimezone(zone) - timedelta(days=1)).date()
    tracks = {each.course_id: each.track for each in everything()}
    track_of = {
        row.id: tracks.get(rule_on(row.rules, day).target_id, "")
        for row in db.session.execute(select(RequirementRow.id, RequirementRow.rules))
    }
    rows = db.session.execute(
        select(NumberedPlace.organisation_id, NumberedRequirement.id, Standing.person)
        .join(NumberedPlace, NumberedPlace.number == Standing.place)
        .join(NumberedRequirement, NumberedRequirement.number == Standing.requirement)
        .where(
            Standing.known_until == STILL,
            Standing.valid_from <= day,
            Standing.valid_until > day,
            Standing.state.in_([state for state, group in GROUPS.items() if group == "late"]),
        )
    )
    for organisation, requirement, person in rows:
        yield organisation, track_of.get(requirement, "") or OTHER, str(person), 1


_ROWS = {"completed": _completed, "in_progress": _in_progress, "late": _late}


def _tuples(query: Select[Any]) -> Iterator[Row]:
    for row in db.session.execute(query):
        yield row[0], row[1] or OTHER, row[2], row[3]
