"""Saved views over HTTP: kept from a page, opened by a link, changed, shared, mailed, forgotten."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from innocap_lms.extensions import let_reads_go, writing
from innocap_lms.hr import queries, saved_views
from innocap_lms.hr.named import are_theirs
from innocap_lms.hr.reach import decides_in
from innocap_lms.hr.saved_views import View, Wanted
from innocap_lms.people.identity import InvalidInputError
from innocap_lms.people.policy import allow, require_viewer

views = Blueprint("hr_views", __name__, template_folder="templates")


@views.route("/hr/views/new", methods=["GET", "POST"])
@allow("hr", "manager", "admin")
def new() -> ResponseReturnValue:
    """`?page=matrix&query=state%3Dlate` names what is to be kept."""
    page, viewer = request.args.get("page", ""), require_viewer()
    query = saved_views.read_query(request.args.get("query", ""))
    if not saved_views.is_page(page) or not are_theirs(viewer, query):
        abort(404)
    if request.method == "GET":
        return _form(Wanted("", "", ""), {})
    wanted = _wanted()
    let_reads_go()
    try:
        with writing():
            saved_views.save(viewer, page, query, wanted)
    except InvalidInputError as error:
        return _form(wanted, error.errors), 422
    flash(_("The view is saved."), "success")
    return redirect(url_for("hr_reports.overview"))


@views.get("/hr/views/<view_id>")
@allow("hr", "manager", "admin")
def opened(view_id: str) -> ResponseReturnValue:
    return redirect(_found(view_id).address())


@views.route("/hr/views/<view_id>/change", methods=["GET", "POST"])
@allow("hr", "manager", "admin")
def change(view_id: str) -> ResponseReturnValue:
    view = _found(view_id)
    if not view.is_own:
        abort(404)
    if request.method == "GET":
        return _form(Wanted(view.name, view.organisation_id or "", view.every), {}, view)
    wanted, viewer = _wanted(), require_viewer()
    let_reads_go()
    try:
        with writing():
            saved_views.change(viewer, view_id, wanted)
    except InvalidInputError as error:
        return _form(wanted, error.errors, view), 422
    except LookupError:
        abort(404)
    flash(_("The view is saved."), "success")
    return redirect(url_for("hr_reports.overview"))


@views.post("/hr/views/<view_id>/forget")
@allow("hr", "manager", "admin")
def forget(view_id: str) -> ResponseReturnValue:
    view = _found(view_id)
    let_reads_go()
    with writing():
        saved_views.forget(view)
    flash(_("The view “%(name)s” is gone.", name=view.name), "success")
    return redirect(url_for("hr_reports.overview"))


def _found(view_id: str) -> View:
    """A view that is the viewer's own, or shared with them; else 404."""
    return saved_views.view_of(require_viewer(), view_id) or abort(404)


def _wanted() -> Wanted:
    form = request.form
    return Wanted(form.get("name", "").strip(), form.get("organisation", ""), form.get("every", ""))


def _form(wanted: Wanted, errors: dict[str, str], view: View | None = None) -> str:
    viewer = require_viewer()
    organisations = {
        place.organisation_id: place.organisation
        for place in queries.places(viewer)
        if decides_in(viewer, place.organisation_id)
    }
    often = [("", _("Never")), ("weekly", _("Each week")), ("monthly", _("Each month"))]
    return render_template(
        "hr/view.html",
        view=view,
        typed=wanted,
        errors=errors,
        organisations=[("", _("Nobody"))]
        + [(key, _("HR of %(name)s", name=name)) for key, name in organisations.items()],
        often=often,
    )
