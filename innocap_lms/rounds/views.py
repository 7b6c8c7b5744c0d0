"""Rounds over HTTP, for whoever takes part: look, enrol, answer, leave, ask for help."""

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from innocap_lms.extensions import let_reads_go, writing
from innocap_lms.people.identity import InvalidInputError
from innocap_lms.people.language import request_language
from innocap_lms.people.policy import require_viewer, signed_in
from innocap_lms.rounds import asking_help, own, pages, queries, services
from innocap_lms.rounds.calendar import calendar_of
from innocap_lms.rounds.queries import RoundView

views = Blueprint("rounds", __name__, template_folder="templates")


@views.get("/rounds")
@signed_in
def overview() -> ResponseReturnValue:
    return render_template("rounds/overview.html", **pages.overview(require_viewer()))


@views.get("/rounds/<round_id>")
@signed_in
def one(round_id: str) -> ResponseReturnValue:
    return _page(_found(round_id), {})


@views.get("/rounds/<round_id>.ics")
@signed_in
def dates(round_id: str) -> ResponseReturnValue:
    """The round's sessions as a file for calendar programs."""
    found = calendar_of(_found(round_id), request_language())
    return Response(
        found,
        mimetype="text/calendar",
        headers={
            "Content-Disposition": "attachment; filename=round.ics",
            "Cache-Control": "private, no-store",
        },
    )


@views.post("/rounds/<round_id>/enrol")
@signed_in
def enrol(round_id: str) -> ResponseReturnValue:
    found, viewer = _found(round_id), require_viewer()
    let_reads_go()
    try:
        with writing():
            seated = services.enrol(round_id, viewer.id)
    except LookupError:
        abort(404)
    except InvalidInputError as error:
        return _page(found, error.errors), 422
    if seated:
        flash(_("You are enrolled."), "success")
    else:
        flash(
            _(
                "No seat is free, so you are on the waiting list. You get a mail as soon as you "
                "have a seat."
            ),
            "warning",
        )
    return _to(round_id)


@views.post("/rounds/<round_id>/withdraw")
@signed_in
def withdraw(round_id: str) -> ResponseReturnValue:
    found, viewer = _found(round_id), require_viewer()
    let_reads_go()
    try:
        with writing():
            services.withdraw(round_id, viewer.id)
    except InvalidInputError as error:
        return _page(found, error.errors), 422
    flash(_("You are not in this round any more. You can change your mind."), "success")
    return _to(round_id)


@views.post("/rounds/<round_id>/help")
@signed_in
def ask_for_help(round_id: str) -> ResponseReturnValue:
    found, viewer = _found(round_id), require_viewer()
    mine, _waiting = own.mine(round_id, viewer.id)
    if mine is None:
        abort(404)
    let_reads_go()
    try:
        with writing():
            asking_help.ask_for_help(mine.enrolment_id, request.form.get("text", ""))
    except InvalidInputError as error:
        return _page(found, error.errors), 422
    flash(_("The leader has been asked. The answer appears here."), "success")
    return _to(round_id)


def _found(round_id: str) -> RoundView:
    found = queries.find(require_viewer(), round_id)
    if found is None:
        abort(404)
    return found


def _to(round_id: str) -> ResponseReturnValue:
    return redirect(url_for(".one", round_id=round_id), 303)


def _page(found: RoundView, errors: dict[str, str]) -> str:
    context = pages.round_page(require_viewer(), found)
    return render_template("rounds/round.html", **context, errors=errors, typed=request.form)
