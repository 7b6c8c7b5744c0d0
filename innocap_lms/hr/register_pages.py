"""The register of coaches: role, unit, tracks done, last completion, certificates."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from innocap_lms.catalogue.queries import offerings
from innocap_lms.hr import queries, roster
from innocap_lms.hr.export import BOM, cell
from innocap_lms.hr.listing import around, files
from innocap_lms.hr.pages import place_labels, track_names, unit_choices
from innocap_lms.hr.roster import Held, RosterFilters, RosterPerson
from innocap_lms.hr.spreadsheet import Cell
from innocap_lms.people.language import request_language
from innocap_lms.people.viewer import Viewer


class TrackDone(NamedTuple):
    """How many courses of a track somebody has completed, and how many there are."""

    slug: str
    name: str
    done: int
    total: int


@dataclass(frozen=True)
class RegisterRow:
    """A person in the register; `places` are (role, where)."""

    id: str
    name: str
    places: list[tuple[str, str]]
    tracks: list[TrackDone]
    last: datetime | None
    certificates: int


def held_names() -> dict[str, str]:
    """What somebody with a role is, by role."""
    return {
        "learner": _("Learner"),
        "manager": _("Manager of a unit"),
        "trainer": _("Trainer"),
        "assessor": _("Assessor"),
        "hr": _("HR of an organisation"),
    }


def register_page(
    viewer: Viewer, filters: RosterFilters, zone: ZoneInfo, after: str, before: str
) -> dict[str, Any]:
    """The context of hr/register.html: six statements besides the session's."""
    places = queries.places(viewer)
    labels, tracks = place_labels(places), _tracks()
    order = roster.register_order(viewer, filters, zone)
    page = roster.page(viewer, filters, zone, after, before, order)
    address, number = filters.address(), roster.count(viewer, filters, zone)

    return {
        "rows": [_row(person, labels, tracks) for person in page.people],
        "number": number,
        **around(".register", address, page, roster.COLUMNS),
        **files("register", address, number, number),
        "typed": vars(filters),
        "roles": [("", _("All roles")), *held_names().items()],
        "tracks": [
            ("", _("All tracks")),
            *((slug, name) for slug, (name, _total) in tracks.items()),
            (roster.NOTHING, _("Nothing completed yet")),
        ],
        **unit_choices(places, labels),
    }


def _tracks() -> dict[str, tuple[str, int]]:
    """The name of each track and how many courses it has in service, by slug."""
    total = Counter(item.track for item in offerings())
    return {slug: (name, total[slug]) for slug, name in track_names(request_language()).items()}


def held_where(held: Iterable[Held], labels: Mapping[str, str]) -> list[tuple[str, str]]:
    """Roles and places in words, each once."""
    names = held_names()
    words = [(names.get(one.role, one.role), labels.get(one.place, "")) for one in held]
    return list(dict.fromkeys(words))


def _row(
    person: RosterPerson, labels: Mapping[str, str], tracks: Mapping[str, tuple[str, int]]
) -> RegisterRow:
    return RegisterRow(
        person.id,
        person.name,
        held_where(person.held, labels),
        [track for track in _tracks_done(person, tracks) if track.done],
        person.done[-1].completed_at if person.done else None,
        sum(1 for done in person.done if done.certificate_id),
    )


def _tracks_done(person: RosterPerson, tracks: Mapping[str, tuple[str, int]]) -> list[TrackDone]:
    """Each track; a course counts once, also one that is out of service by now."""
    courses = {(done.track, done.course_id) for done in person.done}
    done = Counter(track for track, _course in courses)
    return [
        TrackDone(slug, name, done[slug], max(total, done[slug]))
        for slug, (name, total) in tracks.items()
    ]


def register_header() -> list[str]:
    """The heads of the register's columns in a file, two a track."""
    header = [_("Name"), _("Person id"), _("Role"), _("Unit")]
    for name, _total in _tracks().values():
        header += [name, _("%(track)s: courses in it", track=name)]
    return [*header, _("Last completion"), _("Certificates")]


def register_cells(
    people: Iterable[RosterPerson], viewer: Viewer, zone: ZoneInfo
) -> Iterator[list[Cell]]:
    """The register as rows of a file, one a person."""
    labels, tracks = place_labels(queries.places(viewer)), _tracks()
    hidden = _("Protected identity")
    for person in people:
        row = _row(person, labels, tracks)
        yield [
            hidden if person.protected else row.name,
            row.id,
            ", ".join(role for role, _where in row.places),
            ", ".join(where for _role, where in row.places),
            *(number for track in _tracks_done(person, tracks) for number in track[2:]),
            row.last.astimezone(zone).date() if row.last else None,
            row.certificates,
        ]


def register_lines(
    people: Iterable[RosterPerson], viewer: Viewer, zone: ZoneInfo
) -> Iterator[bytes]:
    """The register as CSV; see docs/privacy.md."""
    yield (BOM + ";".join(map(cell, register_header())) + "\r\n").encode()
    for row in register_cells(people, viewer, zone):
        parts = ("" if part is None else cell(str(part)) for part in row)
        yield (";".join(parts) + "\r\n").encode()
