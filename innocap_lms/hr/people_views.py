"""Lists of the people somebody follows up, over HTTP: the team, and the register of coaches."""

from collections.abc import Iterator

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from innocap_lms.extensions import writing
from innocap_lms.hr import roster
from innocap_lms.hr.downloads import XLSX, download
from innocap_lms.hr.progress import followed
from innocap_lms.hr.register_pages import (
    register_cells,
    register_header,
    register_lines,
    register_page,
)
from innocap_lms.hr.roster import COLUMNS, RosterFilters, RosterPerson, read_roster_filters
from innocap_lms.hr.services import note_export
from innocap_lms.hr.spreadsheet import MOST_ROWS, workbook_later
from innocap_lms.hr.team import TEAM_COLUMNS, team_page
from innocap_lms.people.policy import allow, require_viewer
from innocap_lms.people.viewer import Viewer
from innocap_lms.requirements.days import site_zone, today

REGISTER = "register"

views = Blueprint("hr_people", __name__, template_folder="templates")


@views.get("/hr/team")
@allow("hr", "manager", "admin")
def team() -> ResponseReturnValue:
    context = team_page(
        require_viewer(),
        read_roster_filters(request.args, TEAM_COLUMNS),
        today(),
        site_zone(),
        after=request.args.get("after", ""),
        before=request.args.get("before", ""),
    )
    return render_template("hr/team.html", **context)


@views.get("/hr/reports/register")
@allow("hr", "manager", "admin")
def register() -> ResponseReturnValue:
    context = register_page(
        require_viewer(),
        read_roster_filters(request.args, COLUMNS),
        site_zone(),
        after=request.args.get("after", ""),
        before=request.args.get("before", ""),
    )
    return render_template("hr/register.html", **context)


@views.get("/hr/reports/register.csv")
@allow("hr", "manager", "admin")
def register_csv() -> ResponseReturnValue:
    viewer, filters = require_viewer(), read_roster_filters(request.args, COLUMNS)
    people = _everybody(viewer, filters, roster.count(viewer, filters, site_zone()))
    lines = register_lines(people, viewer, site_zone())
    return download(lines, "text/csv", f"{REGISTER}-{today().isoformat()}.csv")


@views.get("/hr/reports/register.xlsx")
@allow("hr", "manager", "admin")
def register_xlsx() -> ResponseReturnValue:
    """More than a sheet holds is refused, and CSV offered."""
    viewer, filters = require_viewer(), read_roster_filters(request.args, COLUMNS)
    number = roster.count(viewer, filters, site_zone())
    if number > MOST_ROWS:
        return redirect(url_for(".register", **filters.address()))
    cells = register_cells(_everybody(viewer, filters, number), viewer, site_zone())
    file = workbook_later(_("Register"), register_header(), cells, pinned=1)
    return download(file, XLSX, f"{REGISTER}-{today().isoformat()}.xlsx")


def _everybody(viewer: Viewer, filters: RosterFilters, number: int) -> Iterator[RosterPerson]:
    """The people of the register, once it is noted who takes it along."""
    with writing():
        note_export(viewer, REGISTER, filters.address(), number)
    people = roster.everybody(viewer, filters, site_zone())
    return followed(people, viewer, request.args.get("export", ""), number)
