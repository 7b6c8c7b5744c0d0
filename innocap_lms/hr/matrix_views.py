"""The matrix of people and requirements over HTTP, and why each cell is what it is."""

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue

from innocap_lms.hr import standings
from innocap_lms.hr.lens import look
from innocap_lms.hr.matrix_pages import matrix_page, why_page
from innocap_lms.hr.zone import site_zone
from innocap_lms.people.policy import allow, require_viewer

views = Blueprint("hr_matrix", __name__, template_folder="templates")


@views.get("/hr/matrix")
@allow("hr", "manager", "admin")
def matrix() -> ResponseReturnValue:
    looked = look(request.args, site_zone())
    context = matrix_page(
        require_viewer(),
        looked,
        after=request.args.get("after", ""),
        before=request.args.get("before", ""),
    )
    page = render_template(
        "hr/matrix.html", **context, errors=dict(looked.problems), typed=request.args
    )
    return (page, 400) if looked.problems else page


@views.get("/hr/matrix/<person_id>/<requirement_id>")
@allow("hr", "manager", "admin")
def why(person_id: str, requirement_id: str) -> ResponseReturnValue:
    viewer = require_viewer()
    required = next(
        (each for each in standings.requirements(viewer) if each.id == requirement_id), None
    )
    if required is None:
        abort(404)
    context = why_page(viewer, person_id, required, look(request.args, site_zone()), site_zone())
    if context is None:
        abort(404)
    return render_template("hr/why.html", **context)
