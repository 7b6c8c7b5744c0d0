"""A certificate as a tagged PDF, by typst. The same certificate gives the same bytes.

It declares PDF/UA-1 and PDF/A-3a; no validator has run over it yet.
"""

import io
import logging
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import segno
from babel.dates import format_date
from babel.numbers import format_decimal
from flask_babel import force_locale, ngettext
from flask_babel import gettext as _

from innocap_lms.credentials.designs import kept_look, kept_track_name, look
from innocap_lms.credentials.queries import CertificateView
from innocap_lms.people.language import locale_of
from innocap_lms.plugin_host.contract import CertificateDesign, Track
from innocap_lms.typesetting.typst import FALLBACKS, STANDARDS, drawable, typeset

log = logging.getLogger(__name__)

TEMPLATE = Path(__file__).parent / "templates" / "credentials" / "certificate.typ"
FINGERPRINT_SIGNS = 16
NOT_DRAWN = (  # no words
    *("language", "pinned_language", "logo_language", "role_language"),
    *("fonts", "url", "qr", "hue", "line", "logo", "date"),
)


def certificate_pdf(
    certificate: CertificateView,
    track: Track | None,
    url: str,
    timezone: str,
    credential: str,
    designs: Sequence[CertificateDesign] = (),
    language: str = "",
) -> bytes:
    """The page as a PDF, in which `credential` lies as a file: the same certificate as it was
    signed."""
    content = page(certificate, track, url, timezone, designs, language)
    try:
        return render(content, credential, certificate.issued_at)
    except RuntimeError:
        if not content["logo"]:
            raise
        log.exception("the logo of a certificate design cannot be drawn")
        return render(content | {"logo": ""}, credential, certificate.issued_at)


def page(
    certificate: CertificateView,
    track: Track | None,
    url: str,
    timezone: str,
    designs: Sequence[CertificateDesign] = (),
    language: str = "",
) -> dict[str, Any]:
    """What the template needs for the certificate as it was designed when it was issued; `track`
    and `designs` are those of today, for one that does not say. `url` is where anybody verifies it.

    The page speaks `language`, by default the certificate's own. What the certificate pins of its
    course stays in the words that were signed, and is marked as of their language.
    """
    language = language or certificate.language
    today = look(track, certificate.track, certificate.issuer_name, designs, certificate.language)
    shown = kept_look(certificate.details.get("look", {}), designs, today)
    with force_locale(language):
        content = _content(certificate, track, url, ZoneInfo(timezone), language) | asdict(shown)
    return {name: each if name in NOT_DRAWN else _drawable(each) for name, each in content.items()}


def render(content: Mapping[str, Any], credential: str, issued_at: datetime) -> bytes:
    """Set a page of `content`, which is data to the template and never code."""
    return typeset(
        TEMPLATE,
        {"certificate": content, "credential": credential},
        format="pdf",
        pdf_standards=STANDARDS,
        timestamp=int(issued_at.timestamp()),
    )


def _drawable(value: Any) -> Any:
    """Texts, and lists of them, with nothing in them that the fonts do not draw."""
    if isinstance(value, str):
        return drawable(value)
    return [_drawable(each) for each in value]


def _content(
    certificate: CertificateView, track: Track | None, url: str, zone: ZoneInfo, language: str
) -> dict[str, Any]:
    details = certificate.details
    issued = certificate.issued_at.astimezone(zone)
    return {
        "language": language,
        "pinned_language": certificate.language,
        "document_title": _(
            "Certificate: %(title)s, %(name)s",
            title=certificate.title,
            name=certificate.holder_name,
        ),
        "date": [issued.year, issued.month, issued.day],
        "kind": _("Certificate"),
        "track": kept_track_name(certificate, track, language),
        "holder": certificate.holder_name,
        "has_completed": _("has completed the programme")
        if certificate.is_programme
        else _("has completed the course"),
        "title": certificate.title,
        "summary": details["summary"],
        "outcomes_heading": _("What the programme teaches")
        if certificate.is_programme
        else _("What the course teaches"),
        "outcomes": details["outcomes"],
        "facts": _facts(certificate, zone, language),
        "because": details["because"],
        "issuer": certificate.issuer_name,
        "fonts": FALLBACKS,
        "attached": _("This certificate as a signed credential (Open Badges 3.0)"),
        "verify": _("Anyone can verify this certificate here:"),
        "url": url,
        "qr": qr_svg(url),
        "qr_alt": _("QR code that leads to %(url)s", url=url),
        "proof": _(
            "Certificate %(id)s. Edition %(number)s, fingerprint %(fingerprint)s.",
            id=certificate.id,
            number=certificate.edition_number,
            fingerprint=certificate.fingerprint[:FINGERPRINT_SIGNS],
        ),
    }


def _facts(certificate: CertificateView, zone: ZoneInfo, language: str) -> list[tuple[str, str]]:
    """The few facts that stand in large type, as (label, value)."""
    hours = certificate.details["hours"]
    facts = [
        (_("Completed"), _day(certificate.completed_at, zone, language)),
        (_("Workload"), _spelled(hours, language)),
    ]
    if certificate.valid_until:
        facts.append((_("Valid until"), _day(certificate.valid_until, zone, language)))
    return facts


def _spelled(hours: float, language: str) -> str:
    count = format_decimal(hours, locale=language)
    return ngettext("%(hours)s hour", "%(hours)s hours", 1 if hours == 1 else 2, hours=count)


def _day(moment: datetime, zone: ZoneInfo, language: str) -> str:
    return str(format_date(moment.astimezone(zone).date(), "long", locale=locale_of(language)))


def qr_svg(url: str) -> str:
    """A QR code for `url`, black on white with its quiet zone."""
    out = io.BytesIO()
    segno.make_qr(url, error="m").save(out, kind="svg", xmldecl=False, border=2, light="white")
    return out.getvalue().decode()
