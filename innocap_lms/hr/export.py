"""The list of completions as CSV, in constant memory, and as rows of a spreadsheet.

Source of the format: docs/privacy.md, section on exports.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from functools import cache
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from innocap_lms.catalogue.queries import Kind
from innocap_lms.hr.days import day_in
from innocap_lms.hr.queries import PersonRow, Place

BOM = "\ufeff"  # without it, spreadsheets take UTF-8 for something else
LINES_AT_A_TIME = 500  # some 100 kB
FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r")


def csv_of(
    people: Iterable[PersonRow],
    places: Iterable[Place],
    courses: Mapping[str, tuple[str, str]],
    zone: ZoneInfo,
    *,
    decimal_comma: bool,
    kind: Kind = "course",
) -> Iterator[bytes]:
    """One line per completion, of courses or of programmes. `courses` gives (track, title) by
    id.

    Words are those of the language now; what repeats is written once and looked up after that.
    """
    header = BOM + ";".join(cell(name) for name in header_of(kind)) + "\r\n"
    hidden = cell(_("Protected identity"))
    where = _written_places(places)

    @cache
    def what(course_id: str) -> str:
        track, title = courses.get(course_id, ("", course_id))
        return f"{cell(track)};{cell(title)};{cell(course_id)}"

    def lines() -> Iterator[bytes]:
        yield header.encode()
        day, hours = day_in(zone), _hours(decimal_comma)
        written: list[str] = []
        for person_id, name, protected, completed in people:
            who = f"{hidden if protected else cell(name)};{person_id}"
            written += [
                f"{who};{where.get(place, ';')};{what(course)};{day(at)};{hours(taken)};"
                f"{certificate};{revoked and day(revoked)}\r\n"
                for at, place, course, taken, certificate, revoked in completed
            ]
            if len(written) > LINES_AT_A_TIME:
                yield "".join(written).encode()
                written.clear()
        yield "".join(written).encode()

    return lines()


def header_of(kind: Kind) -> list[str]:
    """The heads of its columns."""
    of_courses = kind == "course"
    return [
        _("Name"),
        _("Person id"),
        _("Organisation"),
        _("Unit"),
        _("Track"),
        _("Course") if of_courses else _("Programme"),
        _("Course id") if of_courses else _("Programme id"),
        _("Completed"),
        _("Hours"),
        _("Certificate"),
        _("Certificate revoked"),
    ]


def rows_of(
    people: Iterable[PersonRow],
    places: Iterable[Place],
    courses: Mapping[str, tuple[str, str]],
    zone: ZoneInfo,
) -> Iterator[list[str | float | date | None]]:
    """The same as `csv_of`, as rows of a spreadsheet."""
    hidden, day = _("Protected identity"), day_in(zone)
    where: dict[str, tuple[str, str]] = {}
    for each in places:
        where[each.organisation_id] = (each.organisation, "")
        if each.unit_id:
            where[each.unit_id] = (each.organisation, each.unit)
    for person_id, name, protected, completed in people:
        for at, place, course, taken, certificate, revoked in completed:
            yield [
                hidden if protected else name,
                person_id,
                *where.get(place, ("", "")),
                *courses.get(course, ("", course)),
                course,
                date.fromisoformat(day(at)),
                float(taken),
                certificate or None,
                date.fromisoformat(day(revoked)) if revoked else None,
            ]


def cell(text: str) -> str:
    """A cell that no spreadsheet takes for a formula, quoted where it must be."""
    if text.startswith(FORMULA):
        text = f"'{text}"
    if any(sign in text for sign in ';"\r\n'):
        return '"' + text.replace('"', '""') + '"'
    return text


def _written_places(places: Iterable[Place]) -> dict[str, str]:
    """Organisation and unit, by the unit's id and by the organisation's."""
    written: dict[str, str] = {}
    for place in places:
        organisation = cell(place.organisation)
        written[place.organisation_id] = f"{organisation};"
        if place.unit_id:
            written[place.unit_id] = f"{organisation};{cell(place.unit)}"
    return written


def _hours(decimal_comma: bool) -> Callable[[str], str]:
    """Writes the database's number: 2.0 as 2, 1.5 with the point or comma asked for."""

    @cache
    def write(number: str) -> str:
        text = f"{float(number):g}"
        return text.replace(".", ",") if decimal_comma else text

    return write
