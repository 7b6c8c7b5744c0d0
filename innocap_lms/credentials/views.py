"""Certificates over HTTP: for their holder, and for whoever was given the random id."""

from http import HTTPStatus
from typing import Any

from flask import Blueprint, abort, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.utils import secure_filename
from werkzeug.wrappers import Response

from innocap_lms import clock
from innocap_lms.config import Settings
from innocap_lms.credentials import pdf, queries, services
from innocap_lms.credentials.queries import CertificateView
from innocap_lms.extensions import writing
from innocap_lms.people.language import request_language
from innocap_lms.people.policy import current_viewer, public, require_viewer, signed_in
from innocap_lms.plugin_host.contract import Track
from innocap_lms.plugin_host.current import plugins

views = Blueprint("credentials", __name__, template_folder="templates")


@views.after_request
def keep_out_of_indexes(response: Response) -> Response:
    """These pages name people: no cache keeps them and no search engine lists them."""
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers.add("Vary", "Accept")
    return response


@views.get("/certificates/of/<completion_id>")
@signed_in
def of_completion(completion_id: str) -> ResponseReturnValue:
    """The certificate for a completion; issued here and now where the job has not come to it."""
    found = queries.certificate_for(require_viewer().id, completion_id)
    if found is None:
        abort(404)
    if not found:
        settings = _settings()
        with writing():
            found = services.issue_certificate(
                completion_id, issuer=settings.site_name, timezone=settings.timezone
            )
    return redirect(url_for(".certificate", certificate_id=found))


@views.get("/certificates/<certificate_id>")
@public
def certificate(certificate_id: str) -> ResponseReturnValue:
    found = queries.certificate(certificate_id)
    viewer = current_viewer()
    if found is None or viewer is None or viewer.id != found.person_id:
        return _public_face(found)
    return render_template("credentials/certificate.html", **_context(found))


@views.get("/certificates/<certificate_id>.pdf")
@public
def certificate_pdf(certificate_id: str) -> ResponseReturnValue:
    found = queries.certificate(certificate_id)
    viewer = current_viewer()
    # It bears the holder's name, which a protected identity shares with nobody.
    if found is None or (found.protected and (viewer is None or viewer.id != found.person_id)):
        return _unknown()
    content = pdf.certificate_pdf(
        found, _track(found.track), _verify_url(found.id), _settings().timezone
    )
    name = secure_filename(f"{found.course_id}-{found.id[:6]}.pdf")
    return Response(
        content,
        mimetype="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{name}"'},
    )


@views.get("/certificates/<certificate_id>.json")
@public
def certificate_json(certificate_id: str) -> ResponseReturnValue:
    return _machine_form(queries.certificate(certificate_id))


@views.get("/verify")
@public
def verify_form() -> ResponseReturnValue:
    typed = queries.tidy_id(request.args.get("id", ""))
    if typed:
        return redirect(url_for(".verify", certificate_id=typed))
    return render_template("credentials/verify_form.html", typed="")


@views.get("/verify/<certificate_id>")
@public
def verify(certificate_id: str) -> ResponseReturnValue:
    tidy = queries.tidy_id(certificate_id)
    if tidy and tidy != certificate_id:
        return redirect(url_for(".verify", certificate_id=tidy))
    found = queries.certificate(tidy)
    wanted = request.accept_mimetypes.best_match(["text/html", "application/json"])
    return _machine_form(found) if wanted == "application/json" else _public_face(found)


def _public_face(found: CertificateView | None) -> ResponseReturnValue:
    """What anyone with the id may see, and search engines may not list."""
    if found is None:
        return _unknown()
    return render_template("credentials/verify.html", **_context(found))


def _unknown() -> ResponseReturnValue:
    """One answer for every id that is not a certificate's: trying finds nothing."""
    page = render_template("credentials/verify_form.html", typed="", unknown=True)
    return page, HTTPStatus.NOT_FOUND


def _machine_form(found: CertificateView | None) -> ResponseReturnValue:
    """Dates in ISO 8601. `holder` is null for a protected identity."""
    if found is None:
        return {"status": "unknown"}, HTTPStatus.NOT_FOUND
    return {
        "id": found.id,
        "status": found.standing(clock.utcnow()),
        "holder": None if found.protected else found.holder_name,
        "issuer": found.issuer_name,
        "course": found.course_id,
        "track": found.track,
        "edition": found.edition_number,
        "fingerprint": found.fingerprint,
        "language": found.language,
        "title": found.title,
        "outcomes": found.details["outcomes"],
        "hours": found.details["hours"],
        "completed_at": found.completed_at.isoformat(),
        "issued_at": found.issued_at.isoformat(),
        "valid_until": found.valid_until.isoformat() if found.valid_until else None,
        "verify": _verify_url(found.id),
    }


def _context(found: CertificateView) -> dict[str, Any]:
    track = _track(found.track)
    return {
        "certificate": found,
        "standing": found.standing(clock.utcnow()),
        "track_name": pdf.track_name(track, found.track, request_language()),
        "line": track.line if track else pdf.PLAIN_LINE,
        "verify_url": _verify_url(found.id),
    }


def _track(slug: str) -> Track | None:
    return plugins().tracks.get(slug)


def _verify_url(certificate_id: str) -> str:
    """The address printed on the certificate: the site's public one, whatever host was asked."""
    return f"{_settings().public_url.rstrip('/')}/verify/{certificate_id}"


def _settings() -> Settings:
    settings: Settings = current_app.extensions["innocap_settings"]
    return settings
