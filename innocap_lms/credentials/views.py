"""Certificates over HTTP: for their holder, and for whoever was given the random id."""

import json
import logging
from http import HTTPStatus

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from innocap_lms import clock
from innocap_lms.credentials import limits, pages, queries, services, signing
from innocap_lms.credentials.issuers import active_key
from innocap_lms.credentials.keystore import NoKeyError
from innocap_lms.credentials.models import THE_SITE
from innocap_lms.credentials.record import learning_record
from innocap_lms.extensions import writing
from innocap_lms.people.identity import is_same_name
from innocap_lms.people.language import request_language, speak_abroad
from innocap_lms.people.policy import public, require_viewer, signed_in
from innocap_lms.people.programs import wants_json
from innocap_lms.vc.canonical import UnreadableError

log = logging.getLogger(__name__)

views = Blueprint("credentials", __name__, template_folder="templates")
views.before_request(speak_abroad)
views.after_request(pages.keep_out_of_indexes)


@views.get("/certificates")
@signed_in
def own() -> ResponseReturnValue:
    """Everything that the learner has earned, in one place."""
    now = clock.utcnow()
    found = [pages.context(one) for one in queries.certificates_of(require_viewer().id)]
    return render_template("credentials/own.html", certificates=found, now=now)


@views.post("/certificates/record")
@signed_in
def record() -> ResponseReturnValue:
    """The whole learning record of whoever asks, as one signed file."""
    viewer = require_viewer()
    signing.prepare()
    try:
        with writing():
            active_key(THE_SITE)
        # Not while others wait to write: a long record takes its time to sign.
        found = learning_record(viewer.id, viewer.name, request_language(), pages.settings())
    except (NoKeyError, UnreadableError):
        log.exception("a learning record cannot be signed")
        flash(_("Your learning record cannot be made now. Tell whoever runs this site."), "warn")
        return redirect(url_for(".own"))
    return Response(
        json.dumps(found, ensure_ascii=False, indent=1),
        mimetype="application/json",
        headers={"Content-Disposition": 'attachment; filename="learning-record.json"'},
    )


@views.get("/certificates/of/<completion_id>")
@signed_in
def of_completion(completion_id: str) -> ResponseReturnValue:
    """The certificate for a completion; issued here and now where the job has not come to it."""
    found = queries.certificate_for(require_viewer().id, completion_id)
    if found is None:
        abort(404)
    if not found:
        signing.prepare()
        try:
            with writing():
                found = services.issue_certificate(completion_id, pages.settings())
        except NoKeyError:
            flash(_("Your certificate is being made. Look again in a while."), "warn")
            return redirect(url_for("web.home"))
    return redirect(url_for(".certificate", certificate_id=found))


@views.get("/certificates/<certificate_id>")
@public
def certificate(certificate_id: str) -> ResponseReturnValue:
    found = pages.shown(certificate_id)
    if found is None or not pages.is_own(found):
        return _public_face(certificate_id)
    return render_template("credentials/certificate.html", **pages.context(found))


@views.post("/certificates/<certificate_id>/sharing")
@signed_in
def share(certificate_id: str) -> ResponseReturnValue:
    """Show it to whoever has its address, with or without the name, or to its holder alone."""
    found = queries.certificate(certificate_id)
    if found is None or not pages.is_own(found):
        abort(404)
    how = request.form.get("how", "")
    if how not in services.SHARINGS:
        abort(HTTPStatus.UNPROCESSABLE_ENTITY)
    with writing():
        services.share(certificate_id, require_viewer().id, how)
    said = {
        "named": _("Whoever has its address can see the certificate."),
        "unnamed": _("Whoever has its address can see the certificate, without your name."),
        "withdrawn": _("Nobody but you can see the certificate here now."),
    }
    flash(said[how], "good")
    return redirect(url_for(".certificate", certificate_id=certificate_id))


@views.get("/verify")
@public
def verify_form() -> ResponseReturnValue:
    typed = queries.tidy_id(request.args.get("id", ""))
    if typed:
        return redirect(url_for(".verify", certificate_id=typed))
    return render_template("credentials/verify_form.html", typed="", errors={}, handed={})


@views.get("/verify/<certificate_id>")
@public
def verify(certificate_id: str) -> ResponseReturnValue:
    tidy = queries.tidy_id(certificate_id)
    if tidy and tidy != certificate_id:
        return redirect(url_for(".verify", certificate_id=tidy))
    if wants_json():
        return pages.machine_form(pages.shown(tidy))
    return _public_face(tidy)


@views.post("/verify/<certificate_id>")
@public
def compare(certificate_id: str) -> ResponseReturnValue:
    """Whether a name is the holder's, where that is not shown. Sent in a form, so that the name of
    somebody who is protected stands in no log and no history; not by the hundred, to try them."""
    limits.count(request.remote_addr or "", "name")
    return _public_face(queries.tidy_id(certificate_id), request.form.get("name", "").strip())


def _public_face(certificate_id: str, compared: str = "") -> ResponseReturnValue:
    """What anyone with the id may see, and search engines may not list."""
    found = pages.shown(certificate_id)
    if found is None:
        return pages.unknown()
    same = is_same_name(found.holder_name, compared) if compared else None
    return render_template(
        "credentials/verify.html", **pages.context(found), compared=compared, same=same
    )
