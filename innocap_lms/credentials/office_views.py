"""What the issuer's office does with a certificate, other than its officers' own: issue it anew,
corrected, or revoke it."""

from http import HTTPStatus

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from innocap_lms.credentials import pages, queries, services, signing
from innocap_lms.credentials.keystore import NoKeyError
from innocap_lms.credentials.queries import CertificateView
from innocap_lms.extensions import writing
from innocap_lms.people.once import hold
from innocap_lms.people.oneself import refused
from innocap_lms.people.policy import allow, require_viewer

views = Blueprint("credential_office", __name__)
views.after_request(pages.keep_out_of_indexes)

MOST_SIGNS = 500


@views.get("/certificates/<certificate_id>/office")
@allow("hr", "admin")
def office(certificate_id: str) -> ResponseReturnValue:
    return _page(_theirs(certificate_id))


@views.post("/certificates/<certificate_id>/correction")
@allow("hr", "admin")
def correct(certificate_id: str) -> ResponseReturnValue:
    found = _theirs(certificate_id)
    if refused(found.person_id):
        return redirect(url_for(".office", certificate_id=found.id))
    reason = request.form.get("reason", "").strip()
    if wrong := _wrong(reason):
        return _page(found, {"reason": wrong}, reason), HTTPStatus.UNPROCESSABLE_ENTITY
    signing.prepare()
    try:
        with writing():
            hold(found.person_id)
            new = services.correct(found.id, reason, require_viewer().id, pages.settings())
    except services.StandingError:
        flash(_("This certificate no longer counts: nothing was changed."), "warn")
        return redirect(url_for(".office", certificate_id=found.id))
    except NoKeyError:
        flash(_("The key to sign with is missing: nothing was changed. Tell the operator."), "warn")
        return redirect(url_for(".office", certificate_id=found.id))
    flash(_("The corrected certificate is issued."), "good")
    return redirect(url_for(".office", certificate_id=new))


@views.post("/certificates/<certificate_id>/revocation")
@allow("hr", "admin")
def revoke(certificate_id: str) -> ResponseReturnValue:
    found = _theirs(certificate_id)
    if refused(found.person_id):
        return redirect(url_for(".office", certificate_id=found.id))
    reason = request.form.get("why", "").strip()
    if wrong := _wrong(reason):
        return _page(found, {"why": wrong}, why=reason), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        with writing():
            hold(found.person_id)
            services.revoke(found.id, reason, require_viewer().id)
    except services.StandingError:
        flash(_("This certificate no longer counts: nothing was changed."), "warn")
    else:
        flash(_("The certificate is revoked."), "good")
    return redirect(url_for(".office", certificate_id=found.id))


def _theirs(certificate_id: str) -> CertificateView:
    """The certificate, where its completion is of the viewer's organisation; else 404."""
    if not queries.may_decide(require_viewer(), certificate_id):
        abort(404)
    return queries.certificate(certificate_id) or abort(404)


def _wrong(reason: str) -> str:
    if not reason:
        return _("Write a reason: it is kept with the certificate.")
    return _("At most 500 characters.") if len(reason) > MOST_SIGNS else ""


def _page(
    found: CertificateView, errors: dict[str, str] | None = None, reason: str = "", why: str = ""
) -> str:
    return render_template(
        "credentials/office.html",
        **pages.context(found),
        own=pages.is_own(found),
        errors=errors or {},
        typed={"reason": reason, "why": why},
    )
