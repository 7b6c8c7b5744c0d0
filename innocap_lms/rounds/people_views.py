"""HR and managers over HTTP: their own people in a round, whom to ask, of whom to require it."""

from datetime import date
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from innocap_lms.extensions import let_reads_go, writing
from innocap_lms.people.identity import InvalidInputError
from innocap_lms.people.policy import allow, require_viewer
from innocap_lms.requirements.days import today
from innocap_lms.rounds import pages, queries, reaching, rights, services
from innocap_lms.rounds.enrolments import Asking, Hand, lock
from innocap_lms.rounds.queries import RoundView
from innocap_lms.rounds.states import REQUIRED, By, Ground

views = Blueprint("rounds_people", __name__, template_folder="templates")

LONGEST_NAME = 100
HR = ("hr", "admin")


@views.route("/rounds/<round_id>/people", methods=["GET", "POST"])
@allow("hr", "manager", "admin")
def people(round_id: str) -> ResponseReturnValue:
    """The viewer's own people in a round; a POST asks more of them, or requires it of them."""
    found = _found(round_id)
    if request.method != "POST":
        return _page(found, {})
    chosen = request.form.getlist("people")[: reaching.AT_A_TIME]
    asking, errors = _asking()
    if not chosen:
        errors["people"] = _("Choose somebody.")
    if errors:
        return _page(found, errors), 422
    viewer = require_viewer()
    by: By = "manager" if asking.ground == "manager" else "hr"
    asks = rights.acting_as(viewer, *(("manager",) if by == "manager" else HR))
    reached = reaching.to_ask(asks, round_id, chosen)
    if reached.keys() != set(chosen):
        abort(404)
    let_reads_go()
    try:
        with writing():
            services.check_asking(lock(round_id), asking)
            refused = [
                (name, why)
                for place, name in reached.values()
                if (why := services.ask(round_id, place, asking, Hand(viewer.id, by)))
            ]
            done = len(reached) - len(refused)
    except InvalidInputError as error:
        return _page(found, error.errors), 422
    _say(done, refused, asking)
    return redirect(url_for(".people", round_id=round_id), 303)


@views.post("/rounds/<round_id>/people/<enrolment_id>/release")
@allow("hr", "manager", "admin")
def release(round_id: str, enrolment_id: str) -> ResponseReturnValue:
    """End somebody's place: HR of any state, a manager takes back what a manager asked."""
    _found(round_id)
    viewer = require_viewer()
    as_hr = reaching.reached_one(rights.acting_as(viewer, *HR), round_id, enrolment_id)
    found = as_hr or reaching.reached_one(viewer, round_id, enrolment_id)
    if found is None or (as_hr is None and not _asked_by_manager(found)):
        abort(404)
    let_reads_go()
    with writing():
        services.release(enrolment_id, Hand(viewer.id, "hr" if as_hr else "manager"))
    flash(_("Ended. The person is told by mail."), "success")
    return redirect(url_for(".people", round_id=round_id), 303)


def _asked_by_manager(found: reaching.Followed) -> bool:
    return found.state == "invited" and found.ground == "manager"


def _asking() -> tuple[Asking, dict[str, str]]:
    """How the form asks, and what is wrong with that."""
    errors: dict[str, str] = {}
    wanted = request.form.get("ground")
    ground = next((each for each, _label in _grounds() if each == wanted), None)
    if ground is None:
        errors["ground"] = _("Choose one of these.")
    text = request.form.get("answer_by", "").strip()[:100]
    answer_by = None
    try:
        answer_by = date.fromisoformat(text) if text else None
    except ValueError:
        words = _("%(text)s is not a date: write it as 2026-11-23.", text=text)
        errors["answer_by"] = words
    return Asking(ground or "manager", answer_by, request.form.get("provision", "")), errors


def _grounds() -> list[tuple[Ground, str]]:
    """The ways in which this viewer may ask: a manager asks, HR may require."""
    viewer = require_viewer()
    asks, both = _("Ask: they answer themselves"), viewer.has("manager") and viewer.has(*HR)
    found: list[tuple[Ground, str]] = []
    if viewer.has(*HR):
        found += [
            ("hr", asks),
            ("employer", _("Require it as the employer: they are enrolled now")),
            ("law", _("Require it since a law does: they are enrolled now")),
        ]
    if viewer.has("manager"):
        found.append(
            ("manager", _("Ask as their manager: they answer themselves") if both else asks)
        )
    return found


def _say(done: int, refused: list[tuple[str, str]], asking: Asking) -> None:
    if done and asking.ground in REQUIRED:
        flash(ngettext("One person is enrolled.", "%(num)s people are enrolled.", done), "success")
    elif done:
        flash(ngettext("One person is asked.", "%(num)s people are asked.", done), "success")
    for name, why in refused:
        shown = name or _("Protected identity")
        flash(_("Not done: %(name)s %(why)s.", name=shown, why=why), "warning")


def _found(round_id: str) -> RoundView:
    found = queries.find(require_viewer(), round_id)
    if found is None:
        abort(404)
    return found


def _page(found: RoundView, errors: dict[str, Any]) -> str:
    viewer = require_viewer()
    name = request.args.get("name", "").strip()[:LONGEST_NAME]
    may_ask = found.is_open(today())
    candidates = reaching.candidates(viewer, found.id, name) if may_ask else []
    return render_template(
        "rounds/people.html",
        **pages.people_page(found),
        followed=reaching.followed(viewer, found.id),
        candidates=candidates,
        candidate_options=[(each.person_id, _shown(each)) for each in candidates],
        most=reaching.AT_A_TIME,
        name=name,
        may_ask=may_ask,
        is_hr=viewer.has(*HR),
        grounds=_grounds(),
        errors=errors,
        typed=request.form,
        chosen=request.form.getlist("people"),
    )


def _shown(one: reaching.Candidate) -> str:
    name = one.name or _("Protected identity")
    return f"{name}, {one.unit}" if one.unit else name
