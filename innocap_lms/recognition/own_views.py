"""What whoever is signed in learnt elsewhere: sent in by them, and noted about them."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from innocap_lms.extensions import let_reads_go, writing
from innocap_lms.people.identity import InvalidInputError
from innocap_lms.people.language import request_language
from innocap_lms.people.policy import current_viewer, require_viewer, signed_in
from innocap_lms.recognition import evidence, external, queries
from innocap_lms.recognition.evidence_files import LONGEST_FORM, read_upload, sent_file
from innocap_lms.recognition.external import Told
from innocap_lms.recognition.intakes import NotNowError
from innocap_lms.recognition.lists import OF_ROWS
from innocap_lms.recognition.models import ExternalTraining
from innocap_lms.requirements.days import today
from innocap_lms.requirements.services import EARLIEST
from innocap_lms.spreadsheets import cells
from innocap_lms.spreadsheets.cells import CellError

views = Blueprint("own_record", __name__, template_folder="templates")


@views.url_value_preprocessor
def room_for_files(endpoint: str | None, _values: object) -> None:
    """Evidence may be larger than a form; not for strangers."""
    if endpoint == "own_record.send" and request.method == "POST" and current_viewer():
        request.max_content_length = LONGEST_FORM


@views.get("/me/training")
@signed_in
def training() -> ResponseReturnValue:
    """Training sent in, completions and credits that HR has noted, and what became of all."""
    return _page({})


@views.post("/me/training")
@signed_in
def send() -> ResponseReturnValue:
    """Send training from elsewhere in, with evidence."""
    viewer, errors = require_viewer(), dict[str, str]()
    told, upload = _told(errors), read_upload(errors)
    if told is None or errors:
        return _page(errors), 422
    let_reads_go()
    stored = evidence.keep(upload.content) if upload else None
    try:
        with writing():
            external.send(viewer, told, stored, upload)
    except InvalidInputError as error:
        if stored:
            evidence.forget(stored)
        return _page(error.errors), 422
    flash(_("Sent in. The answer will stand here."), "good")
    return redirect(url_for(".training"))


@views.post("/me/training/<training_id>/withdrawal")
@signed_in
def withdraw(training_id: str) -> ResponseReturnValue:
    """Take back what has not been answered."""
    viewer = require_viewer()
    _own(training_id)
    let_reads_go()
    try:
        with writing():
            stored = external.withdraw(viewer, training_id)
    except NotNowError:
        flash(_("It has been answered meanwhile: nothing was changed."), "warn")
    else:
        if stored:
            evidence.forget(stored)
        flash(_("Taken back."), "good")
    return redirect(url_for(".training"))


@views.get("/me/training/<training_id>/file")
@signed_in
def file(training_id: str) -> ResponseReturnValue:
    """One's own evidence."""
    return sent_file(_own(training_id))


def _own(training_id: str) -> ExternalTraining:
    own = external.own(require_viewer().id)
    return next((each for each in own if each.id == training_id), None) or abort(404)


def _told(errors: dict[str, str]) -> Told | None:
    form = request.form
    day, hours = None, None
    try:
        day = cells.day(form.get("day", "").strip())
        if not EARLIEST <= day <= today():
            errors["day"] = str(OF_ROWS["future" if day > today() else "too_early"])
    except CellError as error:
        errors["day"] = str(OF_ROWS[error.code])
    try:
        hours = float(cells.hours(form["hours"].strip())) if form.get("hours", "").strip() else None
    except CellError as error:
        errors["hours"] = str(OF_ROWS[error.code])
    return Told(form.get("title", ""), form.get("provider", ""), day, hours) if day else None


def _page(errors: dict[str, str]) -> str:
    viewer, language = require_viewer(), request_language()
    found = [each for each in queries.entries(viewer.id) if each.noted or each.changes]
    home = viewer.home()
    return render_template(
        "recognition/training.html",
        entries=[(queries.title_of(each, language), each) for each in found],
        sent=external.own(viewer.id),
        can_send=home is not None and home.organisation_id is not None,
        titles=queries.requirement_titles(language),
        errors=errors,
        typed=request.form,
    )
