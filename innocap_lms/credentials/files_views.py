"""A certificate as files: PDF, credential, token, badges."""

import json

from flask import Blueprint, Response, abort, request
from flask.typing import ResponseReturnValue
from werkzeug.utils import secure_filename

from innocap_lms.credentials import pages, pdf, pictures, queries, signing
from innocap_lms.credentials.keystore import NoKeyError
from innocap_lms.credentials.queries import CertificateView, SignedForms
from innocap_lms.extensions import writing
from innocap_lms.people.language import ABROAD, speak_abroad
from innocap_lms.people.policy import public
from innocap_lms.plugin_host.current import plugins

views = Blueprint("credential_files", __name__)
views.before_request(speak_abroad)
views.after_request(pages.keep_out_of_indexes)

JSON = "application/json"


@views.get("/certificates/<certificate_id>.pdf")
@public
def certificate_pdf(certificate_id: str) -> ResponseReturnValue:
    found = pages.shown(certificate_id)
    # It bears the holder's name, which who is not named shares with nobody.
    if found is None or (found.not_named and not pages.is_own(found)):
        return pages.unknown()
    language = request.args.get("language", found.language)
    if language not in {found.language, *ABROAD}:
        abort(404)
    settings = pages.settings()
    forms = _signed(found)
    content = pdf.certificate_pdf(
        found,
        pages.track(found.track),
        pages.verify_url(found.id),
        settings.timezone,
        forms.credential,
        plugins().designs,
        language,
    )
    return _file(found, content, "application/pdf", "pdf", inline=True)


@views.get("/certificates/<certificate_id>.json")
@public
def certificate_json(certificate_id: str) -> ResponseReturnValue:
    found, forms = _open(certificate_id)
    return _file(found, forms.credential.encode(), JSON, "json", inline=True)


@views.get("/certificates/<certificate_id>.jwt")
@public
def certificate_token(certificate_id: str) -> ResponseReturnValue:
    found, forms = _open(certificate_id)
    return _file(found, forms.token.encode(), "application/vc+jwt", "jwt")


@views.get("/certificates/<certificate_id>.svg")
@public
def badge_svg(certificate_id: str) -> ResponseReturnValue:
    found, forms = _open(certificate_id)
    content = pictures.svg(found, pages.track(found.track), forms.credential)
    return _file(found, content.encode(), "image/svg+xml", "svg")


@views.get("/certificates/<certificate_id>.png")
@public
def badge_png(certificate_id: str) -> ResponseReturnValue:
    found, forms = _open(certificate_id)
    content = pictures.png(found, pages.track(found.track), forms.credential)
    return _file(found, content, "image/png", "png")


def _open(certificate_id: str) -> tuple[CertificateView, SignedForms]:
    """A certificate and its signed forms, for whoever is asking; else 404.

    A form that was signed with the name of somebody who is not named now is for them alone.
    """
    found = pages.shown(certificate_id) or abort(404)
    forms = _signed(found)
    if found.not_named and not pages.is_own(found) and _tells_name(forms):
        abort(404)
    return found, forms


def _tells_name(forms: SignedForms) -> bool:
    subject = json.loads(forms.credential)["credentialSubject"]
    return not all(holder["hashed"] for holder in subject["identifier"])


def _signed(found: CertificateView) -> SignedForms:
    """The certificate as it was signed, or signed here and now where it is older than that."""
    forms = queries.signed_forms(found.id)
    if forms is None:
        signing.prepare()
        try:
            with writing():
                signing.sign_what_is_unsigned(found.id, pages.settings())
        except NoKeyError:
            pages.without_key()
        forms = queries.signed_forms(found.id)
    return forms or abort(404)


def _file(
    found: CertificateView, content: bytes, kind: str, ending: str, *, inline: bool = False
) -> Response:
    name = secure_filename(f"{found.course_id}-{found.id[:6]}.{ending}")
    how = "inline" if inline else "attachment"
    return Response(
        content,
        mimetype=kind,
        headers={"Content-Disposition": f'{how}; filename="{name}"'},
    )
