"""Correct or withdraw a completion or credit, over HTTP: HR of its organisation, nobody else."""

from collections.abc import Callable
from datetime import date
from http import HTTPStatus

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from innocap_lms.config import Settings
from innocap_lms.credentials import signing
from innocap_lms.credentials.keystore import NoKeyError
from innocap_lms.credentials.queries import certificate_for
from innocap_lms.extensions import let_reads_go, writing
from innocap_lms.hr.oneself import by_another
from innocap_lms.hr.reach import Reach, reach
from innocap_lms.people.identity import InvalidInputError
from innocap_lms.people.language import request_language
from innocap_lms.people.once import hold
from innocap_lms.people.policy import allow, require_viewer
from innocap_lms.recognition import corrections, evidence, queries
from innocap_lms.recognition.corrections import WithdrawnError, has_certificate
from innocap_lms.recognition.evidence_files import sent_file
from innocap_lms.recognition.queries import Entry
from innocap_lms.requirements.days import today
from innocap_lms.requirements.services import About

views = Blueprint("hr_corrections", __name__, template_folder="templates")


@views.get("/hr/people/<person_id>/record")
@allow("hr", "admin")
def record(person_id: str) -> ResponseReturnValue:
    """All completions and credits in the organisations whose HR the viewer is, withdrawn ones
    too."""
    reached = reach(require_viewer(), person_id, today())
    if reached is None or not reached.decided:
        abort(404)
    titles, language = queries.title_of, request_language()
    return render_template(
        "recognition/record.html",
        name=reached.name,
        person_id=person_id,
        entries=[
            (titles(each, language), each)
            for each in queries.entries(person_id)
            if each.organisation_id in reached.decided
        ],
    )


@views.get("/hr/people/<person_id>/completions/<completion_id>")
@allow("hr", "admin")
def entry(person_id: str, completion_id: str) -> ResponseReturnValue:
    reached, found = _theirs(person_id, completion_id)
    return _page(reached, person_id, found, {})


@views.get("/hr/people/<person_id>/completions/<completion_id>/evidence")
@allow("hr", "admin")
def evidence_of(person_id: str, completion_id: str) -> ResponseReturnValue:
    """The file of evidence: HR's alone, since it may name others."""
    _reached, found = _theirs(person_id, completion_id)
    return sent_file(evidence.of_organisation(found.evidence_file, found.organisation_id))


@views.post("/hr/people/<person_id>/completions/<completion_id>/correction")
@allow("hr", "admin")
@by_another
def correct(person_id: str, completion_id: str) -> ResponseReturnValue:
    reached, found = _theirs(person_id, completion_id)
    try:
        day = date.fromisoformat(request.form.get("day", "").strip())
    except ValueError:
        wrong = {"day": _("Write the day as 2026-11-23.")}
        return _page(reached, person_id, found, wrong), HTTPStatus.UNPROCESSABLE_ENTITY

    def change(about: About, now: Entry) -> None:
        corrections.correct_day(about, now, day, request.form.get("reason", ""), _settings())

    return _changed(reached, person_id, found, change, "reason")


@views.post("/hr/people/<person_id>/completions/<completion_id>/withdrawal")
@allow("hr", "admin")
@by_another
def withdraw(person_id: str, completion_id: str) -> ResponseReturnValue:
    reached, found = _theirs(person_id, completion_id)

    def change(about: About, now: Entry) -> None:
        corrections.withdraw(about, now, request.form.get("why", ""), _settings())

    return _changed(reached, person_id, found, change, "why")


def _changed(
    reached: Reach,
    person_id: str,
    found: Entry,
    change: Callable[[About, Entry], None],
    reason: str,
) -> ResponseReturnValue:
    """Change it as it is now, whoever was quicker, and show it as it is then. `reason` is the name
    of the form's field for that."""
    about = About(person_id, found.organisation_id, require_viewer().id)
    let_reads_go()
    signing.prepare()
    try:
        with writing():
            hold(person_id)
            change(about, queries.entry(person_id, found.id) or found)
    except InvalidInputError as error:
        wrong = {
            reason if name == "reason" else "day": words for name, words in error.errors.items()
        }
        return _page(reached, person_id, found, wrong), HTTPStatus.UNPROCESSABLE_ENTITY
    except WithdrawnError:
        flash(_("This counts no longer: nothing was changed."), "warn")
    except NoKeyError:
        flash(_("The key to sign with is missing: nothing was changed. Tell the operator."), "warn")
    else:
        flash(_("Noted. The standings follow within a minute."), "good")
    return redirect(url_for(".entry", person_id=person_id, completion_id=found.id))


def _theirs(person_id: str, completion_id: str) -> tuple[Reach, Entry]:
    """The entry, of a person the viewer decides about in the organisation it belongs to; else
    404."""
    reached = reach(require_viewer(), person_id, today())
    found = queries.entry(person_id, completion_id)
    if reached is None or found is None or found.organisation_id not in reached.decided:
        abort(404)
    return reached, found


def _page(reached: Reach, person_id: str, found: Entry, errors: dict[str, str]) -> str:
    return render_template(
        "recognition/entry.html",
        name=reached.name,
        person_id=person_id,
        entry=found,
        title=queries.title_of(found, request_language()),
        certified=has_certificate(found),
        certificate_id=certificate_for(person_id, found.id),
        errors=errors,
        typed=request.form,
        today=today(),
    )


def _settings() -> Settings:
    settings: Settings = current_app.extensions["innocap_settings"]
    return settings
