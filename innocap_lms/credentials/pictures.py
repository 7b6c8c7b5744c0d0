"""Badges: a square picture of the course, by typst, that carries its credential."""

from pathlib import Path

from flask_babel import force_locale
from flask_babel import gettext as _

from innocap_lms.credentials.designs import PLAIN_HUE, PLAIN_LINE
from innocap_lms.credentials.queries import CertificateView
from innocap_lms.plugin_host.contract import Track
from innocap_lms.typesetting import typst
from innocap_lms.vc.baked import png_with, svg_with

TEMPLATE = Path(__file__).parent / "templates" / "credentials" / "badge.typ"
PIXELS_PER_INCH = 170  # 602 pixels on a side


def png(certificate: CertificateView, track: Track | None, credential: str) -> bytes:
    """The badge as a PNG with its credential inside."""
    picture = typst.typeset(
        TEMPLATE, {"badge": _content(certificate, track)}, format="png", ppi=PIXELS_PER_INCH
    )
    return png_with(picture, credential)


def svg(certificate: CertificateView, track: Track | None, credential: str) -> str:
    """The badge as an SVG with its credential inside."""
    picture = typst.typeset(TEMPLATE, {"badge": _content(certificate, track)}, format="svg")
    return svg_with(picture.decode(), credential)


def _content(certificate: CertificateView, track: Track | None) -> dict[str, object]:
    with force_locale(certificate.language):
        kind = _("Certificate")
    return {
        "language": certificate.language,
        "hue": track.hue_light if track else PLAIN_HUE,
        "line": track.line if track else PLAIN_LINE,
        "kind": kind,
        "title": typst.drawable(certificate.title),
        "issuer": typst.drawable(certificate.issuer_name),
        "fonts": typst.FALLBACKS,
    }
