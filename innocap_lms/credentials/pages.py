"""What the pages of certificates share: whom one is shown to, and the words around it."""

import logging
from http import HTTPStatus
from typing import Any, NoReturn

from flask import abort, current_app, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from innocap_lms import clock
from innocap_lms.catalogue.queries import offering
from innocap_lms.config import Settings
from innocap_lms.credentials import limits, queries, signing
from innocap_lms.credentials.designs import PLAIN_LINE, kept_track_name
from innocap_lms.credentials.queries import CertificateView
from innocap_lms.people.language import request_language
from innocap_lms.people.policy import current_viewer
from innocap_lms.plugin_host.contract import Track
from innocap_lms.plugin_host.current import plugins

log = logging.getLogger(__name__)


def keep_out_of_indexes(response: Response) -> Response:
    """These pages name people: no cache keeps them and no search engine lists them."""
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers.add("Vary", "Accept")
    return response


def shown(certificate_id: str) -> CertificateView | None:
    """The certificate, to whoever holds its id: until its holder withdraws it, then to them.

    Raises TooManyRequests for somebody who asks again and again for what is not there.
    """
    found = queries.certificate(certificate_id)
    if found is not None and (is_own(found) or not found.withdrawn):
        return found
    limits.count(request.remote_addr or "", "miss", limits.MOST_MISSES)
    return None


def is_shown(certificate_id: str | None) -> bool:
    """Whether there is a certificate of that id which its holder shows to others."""
    found = queries.certificate(certificate_id) if certificate_id else None
    return found is not None and not found.withdrawn


def is_own(found: CertificateView) -> bool:
    """Whether its holder is asking."""
    viewer = current_viewer()
    return viewer is not None and viewer.id == found.person_id


def unknown() -> ResponseReturnValue:
    """One answer for every id that is not a certificate's, or not shown: trying finds nothing."""
    page = render_template(
        "credentials/verify_form.html", typed="", unknown=True, errors={}, handed={}
    )
    return page, HTTPStatus.NOT_FOUND


def without_key() -> NoReturn:
    """End a request that a key is missing for, which whoever runs the site reads of in the log."""
    log.exception("a key to sign with is missing")
    abort(HTTPStatus.SERVICE_UNAVAILABLE)


def context(found: CertificateView) -> dict[str, Any]:
    """What the templates of a certificate need."""
    its_track = track(found.track)
    name, spoken = kept_track_name(found, its_track, request_language())
    return {
        "certificate": found,
        "standing": found.standing(clock.utcnow()),
        "track": {"name": name, "language": spoken},
        "line": its_track.line if its_track else PLAIN_LINE,
        "verify_url": verify_url(found.id),
        "sharing": "withdrawn" if found.withdrawn else "unnamed" if found.unnamed else "named",
        "in_service": edition_in_service(found),
        "successor": found.superseded_by if is_shown(found.superseded_by) else "",
    }


def edition_in_service(found: CertificateView) -> int | None:
    """The number of the edition in service now; None where what it is for is out of service."""
    now = offering(found.course_id, "programme" if found.is_programme else "course")
    return None if now is None else now.edition.number


def machine_form(found: CertificateView | None) -> ResponseReturnValue:
    """Dates in ISO 8601. `holder` is null where it is not named to others; what a course does not
    have (credit points, a level of qualification) is null too.

    Source of the fields: Council Recommendation 2022/C 243/02, annex I.
    """
    if found is None:
        return {"status": "unknown"}, HTTPStatus.NOT_FOUND
    details, micro = found.details, found.details.get("micro", {})
    successor = found.superseded_by
    return {
        "id": found.id,
        "status": found.standing(clock.utcnow()),
        "holder": None if found.not_named else found.holder_name,
        "issuer": found.issuer_name,
        "country": details.get("country") or None,
        "programme" if found.is_programme else "course": found.course_id,
        "track": found.track,
        "edition": found.edition_number,
        "edition_in_service": edition_in_service(found),
        "fingerprint": found.fingerprint,
        "language": found.language,
        "title": found.title,
        "outcomes": details["outcomes"],
        "hours": details["hours"],
        "alignment": details.get("alignment") or None,
        "ects": None,
        "eqf_level": None,
        "grade": None,
        "prerequisites": None,
        "stackability": None,
        "assessment": micro.get("assessment") or None,
        "participation": micro.get("participation") or None,
        "supervision": micro.get("supervision") or None,
        "quality_assurance": micro.get("qualityAssurance") or None,
        "because": details["because"],
        "completed_at": found.completed_at.isoformat(),
        "issued_at": found.issued_at.isoformat(),
        "valid_until": found.valid_until.isoformat() if found.valid_until else None,
        "superseded_by": verify_url(successor) if successor and is_shown(successor) else None,
        "revoked_at": found.revoked_at.isoformat() if found.revoked_at else None,
        "verify": verify_url(found.id),
    }


def track(slug: str) -> Track | None:
    return plugins().tracks.get(slug)


def verify_url(certificate_id: str) -> str:
    """The address printed on the certificate: the site's public one, whatever host was asked."""
    return signing.verify_address(settings(), certificate_id)


def settings() -> Settings:
    found: Settings = current_app.extensions["innocap_settings"]
    return found
