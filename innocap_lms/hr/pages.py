"""What the follow-up pages show, put together from the rooms below."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, get_args
from zoneinfo import ZoneInfo

from flask import url_for
from flask_babel import gettext as _
from markupsafe import Markup, escape

from innocap_lms import clock
from innocap_lms.catalogue.queries import (
    Kind,
    OfferingView,
    editions,
    everything,
    offering,
    offerings,
)
from innocap_lms.content.model import Course
from innocap_lms.hr import queries
from innocap_lms.hr.days import day_in
from innocap_lms.hr.filters import COLUMNS, Filters
from innocap_lms.hr.listing import around, files
from innocap_lms.hr.progress import file_address
from innocap_lms.hr.queries import CardRow, Completed, Place
from innocap_lms.hr.tree import as_on
from innocap_lms.learning.calls import Call, last_calls
from innocap_lms.people.language import request_language
from innocap_lms.people.viewer import Viewer
from innocap_lms.plugin_host.current import plugins
from innocap_lms.requirements.courses import course_timeline
from innocap_lms.requirements.periods import Period
from innocap_lms.requirements.timeline import standing
from innocap_lms.requirements.words import because


@dataclass(frozen=True)
class ListRow:
    """A person in the list: how many completions count, the day of the latest, and all of them,
    `completed`, as list items."""

    id: str
    name: str
    place: str
    number: int
    latest: str
    completed: Markup


def track_names(language: str) -> dict[str, str]:
    """The tracks' names in the nearest language, by slug."""
    host = plugins()
    return {
        slug: track.names.get(language) or track.names.get("en") or slug
        for slug, track in host.tracks.items()
    }


def courses(language: str, kind: Kind = "course") -> dict[str, tuple[str, str]]:
    """(track name, title) of each course, or programme, by id, by track and title. One
    statement."""
    return _titled(offerings(kind), language)


def all_titled(language: str) -> dict[str, tuple[str, str]]:
    """The same of courses and programmes. One statement."""
    return _titled(everything(), language)


def _titled(offered: Iterable[OfferingView], language: str) -> dict[str, tuple[str, str]]:
    names = track_names(language)
    found = [
        (names.get(item.track, item.track), _title(item.edition.course, language), item.course_id)
        for item in offered
    ]
    return {course_id: (track, title) for track, title, course_id in sorted(found)}


def _title(course: Any, language: str) -> str:
    return str(course.texts[course.language(language)].title)


def list_page(
    viewer: Viewer, filters: Filters, zone: ZoneInfo, after: str, before: str
) -> dict[str, Any]:
    """The context of hr/completions.html: four statements besides the session's."""
    titles = courses(request_language(), filters.kind)
    found = as_on(queries.places(viewer), filters.last_day)
    page = queries.people_page(viewer, filters, zone, after, before)
    totals = queries.totals(viewer, filters, zone)
    labels, item, day = place_labels(found), _item_writer(titles, zone), day_in(zone)
    address = filters.address()
    rows = [
        ListRow(
            person.id,
            person.name,
            labels.get(person.completed[-1][1], ""),
            len(counting := [each for each in person.completed if not each[5]]),
            day(counting[-1][0]) if counting else "",
            Markup("".join(map(item, person.completed))),  # noqa: S704 - see _item_writer
        )
        for person in page.people
    ]

    return {
        "rows": rows,
        "totals": totals,
        **around(".completions", address, page, COLUMNS),
        **files("completions", address, totals.persons, totals.participations),
        "csv_url": file_address("completions", totals.persons, {**address, **_decimal()}),
        "zip_url": url_for(".certificates_zip", **dict[str, Any](address)),
        "kind": filters.kind,
        "kind_urls": _kind_urls(filters),
        **_choices(found, titles, labels, filters.kind),
    }


def _kind_urls(filters: Filters) -> dict[Kind, str]:
    """The same list of the other kind: without a course or programme that it lacks."""
    found = {}
    for kind in get_args(Kind):
        address: dict[str, Any] = {**replace(filters, kind=kind, course="").address()}
        found[kind] = url_for(".completions", **address)
    return found


def _item_writer(
    titles: Mapping[str, tuple[str, str]], zone: ZoneInfo
) -> Callable[[Completed], str]:
    """Writes a completion as a list item. A page has 2,000: titles are escaped once per course.

    Days and certificates' ids are the database's own, and hold nothing to escape.
    """
    day = day_in(zone)
    before = escape(url_for("credentials.certificate", certificate_id=""))

    @cache
    def title(course_id: str) -> str:
        return str(escape(titles.get(course_id, ("", course_id))[1]))

    def ended(revoked: str) -> str:
        if not revoked:
            return ""
        words = _("revoked %(day)s", day=day(revoked))
        return f" <strong>{escape(words)}</strong>"

    def item(completed: Completed) -> str:
        moment, _place, course_id, _hours, certificate_id, revoked = completed
        if not certificate_id:
            return f"<li>{day(moment)} {title(course_id)}</li>"
        link = f'<a href="{before}{certificate_id}">{title(course_id)}</a>'
        return f"<li>{day(moment)} {link}{ended(revoked)}</li>"

    return item


def place_ways(places: Iterable[Place]) -> dict[str, list[str]]:
    """The units from the top down to each unit, itself the last; those that are not among the
    places are left out."""
    units = {place.unit_id for place in places if place.unit_id}
    return {
        place.unit_id: [unit for unit in place.path.strip("/").split("/") if unit in units]
        for place in places
        if place.unit_id
    }


def place_labels(places: Iterable[Place]) -> dict[str, str]:
    """Where somebody belongs, from the top down, by the id of unit or organisation."""
    units = {place.unit_id: place.unit for place in places if place.unit_id}
    ways = {
        unit: " › ".join(units[each] for each in way) for unit, way in place_ways(places).items()
    }
    return {place.organisation_id: place.organisation for place in places} | ways


def _choices(
    places: Iterable[Place],
    titles: dict[str, tuple[str, str]],
    labels: dict[str, str],
    kind: Kind,
) -> dict[str, list[tuple[str, str]]]:
    """Options of the form's lists as (value, text), each headed by "all"."""
    return {
        **unit_choices(places, labels),
        "tracks": [("", _("All tracks")), *track_names(request_language()).items()],
        "courses": [
            ("", _("All courses") if kind == "course" else _("All programmes")),
            *((course_id, title) for course_id, (_track, title) in titles.items()),
        ],
    }


def unit_choices(
    places: Iterable[Place], labels: Mapping[str, str]
) -> dict[str, list[tuple[str, str]]]:
    """The lists of organisations, where there are several, and of their units."""
    organisations = {place.organisation_id: place.organisation for place in places}
    several = len(organisations) > 1
    units = sorted(
        (
            f"{place.organisation}: {labels[place.unit_id]}" if several else labels[place.unit_id],
            place.unit_id,
        )
        for place in places
        if place.unit_id
    )
    return {
        "organisations": [("", _("All organisations")), *organisations.items()] if several else [],
        "units": [("", _("All units")), *((unit_id, text) for text, unit_id in units)],
    }


def card_page(viewer: Viewer, person_id: str, zone: ZoneInfo) -> dict[str, Any] | None:
    """What hr/person.html shows of completions, or None where the viewer may see none of that
    person. Programmes stand apart: their hours are those of their courses."""
    card = queries.person_card(viewer, person_id, zone)
    programmes = queries.person_card(viewer, person_id, zone, "programme")
    found = card or programmes
    if found is None:
        return None
    completed = card.completed if card else []
    return {
        "card": found,
        "rows": _card_rows(completed, zone),
        "hours": sum(row.hours for row in completed if row.revoked_at is None),
        "programmes": _card_rows(programmes.completed if programmes else [], zone),
    }


def _card_rows(completed: Sequence[CardRow], zone: ZoneInfo) -> list[dict[str, Any]]:
    found = editions(row.edition_id for row in completed if row.edition_id)
    calls, newest = last_calls({row.course_id for row in completed}), set[str]()
    rows = []
    for row in completed:
        course = found[row.edition_id].course if row.edition_id else _in_service(row.course_id)
        call = None if row.course_id in newest else calls.get(row.course_id)
        newest.add(row.course_id)
        now = _stands(row, course, call, zone)
        rows.append(
            {
                "id": row.completion_id,
                "title": _title(course, request_language()) if course else row.course_id,
                "completed_at": row.completed_at,
                "hours": row.hours,
                "certificate_id": row.certificate_id,
                "organisation_id": row.organisation_id,
                "revoked": row.revoked_at is not None,
                "noted_by": row.noted_by,
                "state": now.state if now else None,
                "because": because(now.because) if now else "",
            }
        )
    return rows


def _in_service(course_id: str) -> Course | None:
    found = offering(course_id)
    return found.edition.course if found else None


def _stands(
    row: CardRow, course: Course | None, call: Call | None, zone: ZoneInfo
) -> Period | None:
    """What a completion says today; None of a course that is not here any more. `call` is the one
    of its course, where it may ask for more than this completion."""
    if course is None:
        return None
    periods = course_timeline(
        course,
        zone.key,
        (row.enrolment_id or row.completion_id, row.enrolled_at or row.completed_at),
        (row.completion_id, row.completed_at),
        call=call if call and call.concerns(row.completed_at) else None,
        revoked=row.revoked_at,
    )
    today = clock.utcnow().astimezone(zone).date()
    # A corrected day may lie before the one on which the course was begun.
    return standing(periods, max(today, periods[0].valid_from))


def _decimal() -> dict[str, str]:
    """A Swedish spreadsheet reads 1.5 as the first of May: its readers get a comma."""
    return {"decimal": "comma"} if request_language() == "sv" else {}
