"""Follow-up over HTTP: what HR, a manager or an administrator may see of completions."""

from collections.abc import Iterator
from typing import Any

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _

from innocap_lms import clock
from innocap_lms.config import Settings
from innocap_lms.credentials.bulk import zipped
from innocap_lms.extensions import writing
from innocap_lms.hr import pages, queries
from innocap_lms.hr.card_pages import asked_page
from innocap_lms.hr.dashboard_pages import dashboard_page
from innocap_lms.hr.downloads import XLSX, download
from innocap_lms.hr.export import csv_of, header_of, rows_of
from innocap_lms.hr.filters import Filters, read_filters
from innocap_lms.hr.lens import look
from innocap_lms.hr.progress import followed
from innocap_lms.hr.queries import PersonRow, Totals
from innocap_lms.hr.services import note_export
from innocap_lms.hr.spreadsheet import MOST_ROWS, workbook_later
from innocap_lms.hr.tree import as_on
from innocap_lms.people.language import LANGUAGES, request_language
from innocap_lms.people.policy import allow, require_viewer
from innocap_lms.people.viewer import Viewer
from innocap_lms.plugin_host.current import plugins
from innocap_lms.requirements.days import site_zone
from innocap_lms.rounds.pages import on_card

views = Blueprint("hr", __name__, template_folder="templates")

COMPLETIONS = "completions"
CERTIFICATES = "certificates"


@views.get("/hr")
@allow("hr", "manager", "admin")
def dashboard() -> ResponseReturnValue:
    looked = look(request.args, site_zone())
    context = dashboard_page(require_viewer(), looked, site_zone())
    page = render_template("hr/dashboard.html", **context)
    return (page, 400) if looked.problems else page


@views.get("/hr/reports/completions")
@allow("hr", "manager", "admin")
def completions() -> ResponseReturnValue:
    filters, problems = read_filters(request.args)
    if problems:
        page = _page(Filters(), problems, request.args)
        return page, 400
    return _page(filters, [], filters.address())


def _page(filters: Filters, problems: list[tuple[str, str]], typed: Any) -> str:
    context = pages.list_page(
        require_viewer(),
        filters,
        site_zone(),
        after=request.args.get("after", ""),
        before=request.args.get("before", ""),
    )
    return render_template(
        "hr/completions.html", **context, problems=problems, errors=dict(problems), typed=typed
    )


@views.get("/hr/reports/completions.csv")
@allow("hr", "manager", "admin")
def completions_csv() -> ResponseReturnValue:
    """`?decimal=comma` writes 1,5; `?lang=sv` chooses the language of header and titles."""
    viewer, filters = require_viewer(), _export_filters()
    people = _completed(viewer, filters, queries.totals(viewer, filters, site_zone()))
    wanted = request.args.get("lang", "")
    language = wanted if wanted in LANGUAGES else request_language()
    with force_locale(language):
        lines = csv_of(
            people,
            as_on(queries.places(viewer), filters.last_day),
            pages.courses(language, filters.kind),
            site_zone(),
            decimal_comma=request.args.get("decimal") == "comma",
            kind=filters.kind,
        )
    return download(lines, "text/csv", f"{COMPLETIONS}-{_today()}.csv")


@views.get("/hr/reports/completions.xlsx")
@allow("hr", "manager", "admin")
def completions_xlsx() -> ResponseReturnValue:
    """More than a sheet holds is refused, and CSV offered."""
    viewer, zone, filters = require_viewer(), site_zone(), _export_filters()
    totals = queries.totals(viewer, filters, zone)
    if totals.participations > MOST_ROWS:
        address: dict[str, Any] = {**filters.address()}
        return redirect(url_for(".completions", **address))
    courses = pages.courses(request_language(), filters.kind)
    people = _completed(viewer, filters, totals)
    places = as_on(queries.places(viewer), filters.last_day)
    rows = rows_of(people, places, courses, zone)
    file = workbook_later(_("Completions"), header_of(filters.kind), rows)
    return download(file, XLSX, f"{COMPLETIONS}-{_today()}.xlsx")


def _completed(viewer: Viewer, filters: Filters, totals: Totals) -> Iterator[PersonRow]:
    """Whoever has completed something, once it is noted who takes the list along."""
    with writing():
        note_export(viewer, COMPLETIONS, filters.address(), totals.participations)
    people = queries.all_people(viewer, filters, site_zone())
    return followed(people, viewer, request.args.get("export", ""), totals.persons)


@views.get("/hr/reports/certificates.zip")
@allow("hr", "manager", "admin")
def certificates_zip() -> ResponseReturnValue:
    """The certificates of the list as PDFs, made while they are read."""
    viewer, zone, filters = require_viewer(), site_zone(), _export_filters()
    ids = queries.certificate_ids(viewer, filters, zone)
    with writing():
        note_export(viewer, CERTIFICATES, filters.address(), len(ids))
    settings: Settings = current_app.extensions["innocap_settings"]
    return download(
        zipped(ids, settings, plugins()), "application/zip", f"{CERTIFICATES}-{_today()}.zip"
    )


@views.get("/hr/people/<person_id>")
@allow("hr", "manager", "admin")
def person(person_id: str) -> ResponseReturnValue:
    viewer, zone = require_viewer(), site_zone()
    done = pages.card_page(viewer, person_id, zone)
    asked = asked_page(viewer, person_id, clock.utcnow().astimezone(zone).date())
    if done is None and asked is None:
        abort(404)
    parts = asked["parts"] if asked else []
    return render_template(
        "hr/person.html",
        person_id=person_id,
        name=done["card"].name if done else (asked or {})["name"],
        done=done,
        asked=asked,
        deciding=[part.organisation_id for part in parts if part.decides],
        rounds=on_card(viewer, person_id),
    )


def _export_filters() -> Filters:
    """What a list to take along is narrowed to. Filters that cannot be used end in a 400."""
    filters, problems = read_filters(request.args)
    if problems:
        text = "\n".join(f"{name}: {message}" for name, message in problems)
        abort(Response(text, status=400, mimetype="text/plain"))
    return filters


def _today() -> str:
    return clock.utcnow().astimezone(site_zone()).date().isoformat()
