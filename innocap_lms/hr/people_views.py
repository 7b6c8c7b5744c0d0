"""Lists of the people somebody follows up, over HTTP: the team, and the register of coaches."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from innocap_lms.extensions import writing
from innocap_lms.hr import roster
from innocap_lms.hr.downloads import download
from innocap_lms.hr.progress import followed
from innocap_lms.hr.register_pages import register_lines, register_page
from innocap_lms.hr.roster import read_roster_filters
from innocap_lms.hr.services import note_export
from innocap_lms.hr.team import team_page
from innocap_lms.people.policy import allow, require_viewer
from innocap_lms.requirements.days import site_zone, today

REGISTER = "register"

views = Blueprint("hr_people", __name__, template_folder="templates")


@views.get("/hr/team")
@allow("hr", "manager", "admin")
def team() -> ResponseReturnValue:
    context = team_page(
        require_viewer(),
        read_roster_filters(request.args),
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
        read_roster_filters(request.args),
        site_zone(),
        after=request.args.get("after", ""),
        before=request.args.get("before", ""),
    )
    return render_template("hr/register.html", **context)


@views.get("/hr/reports/register.csv")
@allow("hr", "manager", "admin")
def register_csv() -> ResponseReturnValue:
    viewer, zone, filters = require_viewer(), site_zone(), read_roster_filters(request.args)
    rows = roster.count(viewer, filters, zone)
    with writing():
        note_export(viewer, REGISTER, filters.address(), rows)
    people = roster.everybody(viewer, filters, zone)
    people = followed(people, viewer, request.args.get("export", ""), rows)
    lines = register_lines(people, viewer, zone)
    return download(lines, "text/csv", f"{REGISTER}-{today().isoformat()}.csv")
