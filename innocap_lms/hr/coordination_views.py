"""The programme coordinator's figures over HTTP: a page, and a file of the last year."""

from collections.abc import Iterator
from datetime import date

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import format_date, get_locale
from flask_babel import gettext as _

from innocap_lms.extensions import writing
from innocap_lms.hr.coordination import ALL, OTHER, SITE, STATUSES, Figures, Where, figures, months
from innocap_lms.hr.downloads import download
from innocap_lms.hr.export import BOM, cell
from innocap_lms.hr.pages import track_names
from innocap_lms.hr.services import note_export
from innocap_lms.people.language import request_language
from innocap_lms.people.policy import allow, require_viewer
from innocap_lms.requirements.days import site_zone, today

views = Blueprint("coordination", __name__, template_folder="templates")

YEAR = 12  # months in the file
LEFT_OUT = ".."  # the sign of official statistics for a number that is not given


@views.get("/coordination")
@allow("coordinator", "admin")
def overview() -> ResponseReturnValue:
    """`?month=2026-10` chooses a month that is over; the newest without it."""
    known = months(today())
    month = _chosen(known)
    shown = month or known[0]
    page = render_template(
        "hr/coordination.html",
        month=shown,
        known=[(_written(each), format_date(each, "LLLL yyyy")) for each in known],
        chosen=_written(shown),
        errors={} if month else {"month": _("Choose one of the months in the list.")},
        parts=[(status, figures(status, shown, site_zone())) for status in STATUSES],
        tracks=_names_of_tracks(),
        countries=_countries(),
        SITE=SITE,
        ALL=ALL,
    )
    return (page, 200) if month else (page, 400)


@views.get("/coordination.csv")
@allow("coordinator", "admin")
def overview_csv() -> ResponseReturnValue:
    """The twelve months up to the one that is asked for."""
    known = months(today())
    month = _chosen(known)
    if month is None:
        return _("Choose one of the months in the list."), 400
    start = known.index(month)
    wanted = known[start : start + YEAR]
    with writing():
        note_export(require_viewer(), "coordination", {"month": _written(month)}, len(wanted))
    return download(_lines(wanted), "text/csv", f"coordination-{_written(month)}.csv")


def _chosen(known: list[date]) -> date | None:
    """The month of the address; None where it is none that can be looked at."""
    wanted = request.args.get("month", "")
    if not wanted:
        return known[0]
    return next((each for each in known if _written(each) == wanted), None)


def _written(month: date) -> str:
    return f"{month:%Y-%m}"


def _names_of_tracks() -> dict[str, str]:
    return {**track_names(request_language()), OTHER: _("Other"), ALL: _("All tracks")}


def _countries() -> dict[str, str]:
    locale = get_locale()
    return dict(locale.territories) if locale else {}


def _lines(wanted: list[date]) -> Iterator[bytes]:
    """One line for each month, standing, place and track; totals have an empty organisation, track
    or country."""
    header = [
        _("Month"),
        _("Standing"),
        _("Country"),
        _("Organisation"),
        _("Track"),
        _("Persons"),
        _("Participations"),
    ]
    words = {"completed": _("Completed"), "in_progress": _("In progress"), "late": _("Late")}
    yield (BOM + ";".join(map(cell, header)) + "\r\n").encode()
    tracks, zone = {**_names_of_tracks(), ALL: ""}, site_zone()
    for month in wanted:
        for status in STATUSES:
            found = figures(status, month, zone)
            begun = f"{_written(month)};{cell(words[status])}"
            for where in found.places:
                for track in (*found.tracks, ALL):
                    yield _line(begun, found, where, track, tracks).encode()


def _line(begun: str, found: Figures, where: Where, track: str, tracks: dict[str, str]) -> str:
    country, organisation = where
    named = cell(found.names.get(organisation, ""))
    count = found.cells[where, track]
    numbers = f"{LEFT_OUT};{LEFT_OUT}" if count is None else ";".join(map(str, count))
    return f"{begun};{country};{named};{cell(tracks.get(track, track))};{numbers}\r\n"
