"""The matrix of people and requirements over HTTP, and why each cell is what it is."""

from collections.abc import Iterator

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from innocap_lms.extensions import writing
from innocap_lms.hr import queries, standings
from innocap_lms.hr.downloads import XLSX, download
from innocap_lms.hr.lens import Looked, look
from innocap_lms.hr.matrix_export import Folded, everybody, lines_per_person, lines_per_standing
from innocap_lms.hr.matrix_pages import (
    matrix_page,
    order_of,
    shown,
    sorted_by,
    titles_of,
    why_page,
)
from innocap_lms.hr.matrix_xlsx import sheet
from innocap_lms.hr.pages import place_labels
from innocap_lms.hr.progress import followed
from innocap_lms.hr.services import note_export
from innocap_lms.hr.spreadsheet import MOST_ROWS
from innocap_lms.hr.tree import as_on
from innocap_lms.people.language import request_language
from innocap_lms.people.policy import allow, require_viewer
from innocap_lms.people.viewer import Viewer
from innocap_lms.requirements.days import site_zone

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


@views.get("/hr/matrix.csv")
@allow("hr", "manager", "admin")
def matrix_csv() -> ResponseReturnValue:
    """`?form=long` gives one line a person and requirement, else one a person."""
    viewer, looked = require_viewer(), look(request.args, site_zone())
    if looked.problems:
        abort(400)
    is_long = request.args.get("form") == "long"
    required = shown(viewer, looked)
    titles = titles_of(required, request_language())
    units = _units(viewer, looked)
    asked, _late = standings.people_in_order(viewer, looked.lens)
    with writing():
        note_export(viewer, "matrix", looked.address(), asked)
    order = order_of(viewer, looked, sorted_by(required))
    people = _followed(everybody(viewer, looked.lens, in_full=not is_long, order=order), asked)
    lines = (
        lines_per_standing(people, titles, units)
        if is_long
        else lines_per_person(people, required, titles, units)
    )
    return download(lines, "text/csv", f"matrix-{looked.lens.day.isoformat()}.csv")


@views.get("/hr/matrix.xlsx")
@allow("hr", "manager", "admin")
def matrix_xlsx() -> ResponseReturnValue:
    """One row a person. More than a sheet holds is refused, and CSV offered."""
    viewer, looked = require_viewer(), look(request.args, site_zone())
    asked, _late = standings.people_in_order(viewer, looked.lens)
    if looked.problems or asked > MOST_ROWS:
        return redirect(url_for(".matrix", **looked.address()))
    required = shown(viewer, looked)
    with writing():
        note_export(viewer, "matrix", looked.address(), asked)
    order = order_of(viewer, looked, sorted_by(required))
    file = sheet(
        _followed(everybody(viewer, looked.lens, in_full=True, order=order), asked),
        required,
        titles_of(required, request_language()),
        _units(viewer, looked),
    )
    return download(file, XLSX, f"matrix-{looked.lens.day.isoformat()}.xlsx")


def _followed(people: Iterator[Folded], number: int) -> Iterator[Folded]:
    """People, with a note of how many are written where the page of a long file asks for it."""
    return followed(people, require_viewer(), request.args.get("export", ""), number)


def _units(viewer: Viewer, looked: Looked) -> dict[str, str]:
    """What units were called, from the top down, on the day that is looked at."""
    places = queries.places(viewer)
    return place_labels(as_on(places, looked.lens.day, looked.lens.known))


@views.get("/hr/matrix/<person_id>/<requirement_id>")
@allow("hr", "manager", "admin")
def why(person_id: str, requirement_id: str) -> ResponseReturnValue:
    viewer, looked = require_viewer(), look(request.args, site_zone())
    known = standings.requirements(viewer, looked.lens.day)
    required = next((each for each in known if each.id == requirement_id), None)
    if required is None:
        abort(404)
    context = why_page(viewer, person_id, required, looked, site_zone())
    if context is None:
        abort(404)
    return render_template("hr/why.html", **context)
