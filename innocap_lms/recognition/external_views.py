"""Training that people sent in, over HTTP: HR of their organisation approves or refuses it."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from innocap_lms.extensions import let_reads_go, writing
from innocap_lms.hr import standings
from innocap_lms.hr.sorting import heads, read_sort
from innocap_lms.people.identity import InvalidInputError
from innocap_lms.people.language import request_language
from innocap_lms.people.policy import allow, require_viewer
from innocap_lms.recognition import external, sent_in
from innocap_lms.recognition.evidence_files import sent_file
from innocap_lms.recognition.intakes import NotNowError
from innocap_lms.recognition.queries import requirement_titles
from innocap_lms.recognition.sent_in import Sent, Which
from innocap_lms.requirements.days import today

views = Blueprint("hr_training", __name__, template_folder="templates")


@views.get("/hr/training")
@allow("hr", "admin")
def overview() -> ResponseReturnValue:
    """What waits for an answer, or what has been answered."""
    viewer, which = require_viewer(), _which()
    # Not `after` and `before`: below /hr these name people, see hr.named.
    after, before = request.args.get("below", ""), request.args.get("above", "")
    if (neighbour := before or after) and not sent_in.is_theirs(viewer, neighbour):
        abort(404)
    asked = read_sort(request.args.get("sort", "").strip(), sent_in.COLUMNS)
    sort = asked or sent_in.USUAL[which]
    page = sent_in.page(viewer, which, sort, after, before)

    def turned(sort: str = asked, **beside: Any) -> str:
        return url_for(".overview", state=which or None, sort=sort or None, **beside)

    return render_template(
        "recognition/sent_in.html",
        rows=page.sent,
        numbers=sent_in.numbers(viewer),
        which=which,
        sort=asked,
        heads=heads(sort, sent_in.COLUMNS, turned),
        next_url=turned(below=page.after) if page.after else "",
        previous_url=turned(above=page.before) if page.before else "",
    )


def _which() -> Which:
    return "answered" if request.args.get("state") == "answered" else ""


@views.get("/hr/training/<training_id>")
@allow("hr", "admin")
def one(training_id: str) -> ResponseReturnValue:
    return _page(_theirs(training_id), {})


@views.post("/hr/training/<training_id>/approval")
@allow("hr", "admin")
def approve(training_id: str) -> ResponseReturnValue:
    """Recognise it, towards the requirements that were chosen."""
    found, viewer = _theirs(training_id), require_viewer()
    known = _requirements(found)
    wanted = [each for each in request.form.getlist("requirement") if each in known]
    reason = request.form.get("reason", "")
    return _answered(
        found, "reason", lambda: external.approve(viewer, found.training, reason, wanted)
    )


@views.post("/hr/training/<training_id>/refusal")
@allow("hr", "admin")
def refuse(training_id: str) -> ResponseReturnValue:
    found, viewer = _theirs(training_id), require_viewer()
    reason = request.form.get("why", "")
    return _answered(found, "why", lambda: external.refuse(viewer, found.training, reason))


@views.get("/hr/training/<training_id>/file")
@allow("hr", "admin")
def file(training_id: str) -> ResponseReturnValue:
    """The evidence, for those who decide."""
    return sent_file(_theirs(training_id).training)


def _answered(found: Sent, field: str, answer: Callable[[], None]) -> ResponseReturnValue:
    """Answer it once. `field` is the name of the form's field for the reason."""
    let_reads_go()
    try:
        with writing():
            answer()
    except InvalidInputError as error:
        return _page(found, {field: " ".join(error.errors.values())}), 422
    except NotNowError:
        flash(_("It has been answered meanwhile: nothing was changed."), "warn")
    else:
        flash(_("Answered. The person sees it on their own page."), "good")
    return redirect(url_for(".overview"))


def _theirs(training_id: str) -> Sent:
    return sent_in.one(require_viewer(), training_id) or abort(404)


def _requirements(found: Sent) -> dict[str, str]:
    """What the organisation requires, by id."""
    titles = requirement_titles(request_language())
    return {
        each.id: titles[each.id]
        for each in standings.requirements(require_viewer(), today())
        if each.organisation_id == found.training.organisation_id
    }


def _page(found: Sent, errors: dict[str, str]) -> str:
    return render_template(
        "recognition/answer.html",
        found=found,
        training=found.training,
        requirements=list(_requirements(found).items()),
        errors=errors,
        typed=request.form,
        chosen=request.form.getlist("requirement"),
    )
