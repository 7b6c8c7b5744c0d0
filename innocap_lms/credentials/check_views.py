"""Checking a credential that somebody hands in, of this site or another: with its words shown."""

from datetime import datetime
from http import HTTPStatus

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import to_user_timezone

from innocap_lms.credentials import checking, limits, pages
from innocap_lms.credentials.checking import Checked
from innocap_lms.people.language import speak_abroad
from innocap_lms.people.policy import for_programs_too
from innocap_lms.people.programs import wants_json
from innocap_lms.vc.keys import KeyFormatError
from innocap_lms.vc.saying import issuer_of, said_by
from innocap_lms.vc.shape import moment

views = Blueprint("credential_checks", __name__)
views.before_request(speak_abroad)
views.after_request(pages.keep_out_of_indexes)


@views.post("/verify")
@for_programs_too
def check() -> ResponseReturnValue:
    """A credential as a file or as text, with the key of its issuer where that is not known: from
    our form, or from a program that wants JSON."""
    limits.count(request.remote_addr or "")
    data, given = _handed_in()
    if not data.strip():
        return _again({"credential": _("Choose a file or paste a credential.")})
    try:
        found = checking.checked(data, given, pages.settings())
    except KeyFormatError:
        return _again({"issuer": _("That is neither a DID document nor a public key.")})
    if wants_json():
        return _machine_form(found)
    said = said_by(found.verdict.credential) if found.verdict.credential else {}
    return render_template(
        "credentials/verdict.html",
        verdict=found.verdict,
        by=found.by,
        said=said,
        days={name: _moment(said.get(name, "")) for name in ("from", "until")},
        issuer=issuer_of(found.verdict),
        number=found.number,
        shown=pages.is_shown(found.number),
    )


def _moment(text: str) -> datetime | None:
    """The moment, if it has a day here: 9999-12-31 in UTC, as some write for "no end", has none."""
    try:
        found = moment(text)
        to_user_timezone(found)
    except (ValueError, OverflowError):
        return None
    return found


def _handed_in() -> tuple[bytes, str]:
    file, key = request.files.get("file"), request.files.get("key")
    data = file.read() if file and file.filename else request.form.get("credential", "").encode()
    given = request.form.get("issuer", "")
    if key and key.filename:
        given = key.read().decode("utf-8", "replace")
    return data, given


def _again(errors: dict[str, str]) -> ResponseReturnValue:
    if wants_json():
        return {"errors": errors}, HTTPStatus.UNPROCESSABLE_ENTITY
    page = render_template(
        "credentials/verify_form.html", typed="", errors=errors, handed=request.form
    )
    return page, HTTPStatus.UNPROCESSABLE_ENTITY


def _machine_form(found: Checked) -> ResponseReturnValue:
    verdict = found.verdict
    return {
        "status": verdict.standing,
        "valid": verdict.valid,
        "details": list(verdict.details),
        "proofs": list(verdict.proofs),
        "status_checked": verdict.status_checked,
        "embedded": verdict.embedded,
        "issuer": issuer_of(verdict),
        "issuer_known_by": found.by or None,
    }
