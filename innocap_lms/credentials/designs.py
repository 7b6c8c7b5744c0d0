"""How a certificate looks: its track's colour and line, and what a plugin designs beyond that."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from innocap_lms.credentials.queries import CertificateView
from innocap_lms.plugin_host.contract import CertificateDesign, Track
from innocap_lms.plugin_host.words import Words

PLAIN_HUE = "#0B5F66"  # the site's own, where a track's plugin is gone
PLAIN_LINE = ((0.0, 50.0), (100.0, 50.0))


@dataclass(frozen=True)
class Look:
    """What a template needs. `logo` is an SVG, "" where there is none. The languages are those
    of the logo's words and of the role; "" is the certificate's own."""

    hue: str
    line: tuple[tuple[float, float], ...]
    logo: str = ""
    logo_words: str = ""
    signatory: str = ""
    signatory_role: str = ""
    logo_language: str = ""
    role_language: str = ""


def look(
    track: Track | None,
    slug: str,
    issuer: str,
    designs: Sequence[CertificateDesign],
    language: str,
    name: str = "",
) -> Look:
    """The look of a certificate of that track by that issuer, in words of that language; `name` is
    that of the design which a programme asks for."""
    hue, line = (track.hue_light, track.line) if track else (PLAIN_HUE, PLAIN_LINE)
    fitting = [
        (
            bool(design.name) * 4 + bool(design.organisation) * 2 + bool(design.track),
            -number,
            design,
        )
        for number, design in enumerate(designs)
        if design.organisation in ("", issuer)
        and design.track in ("", slug)
        and design.name in ("", name)
    ]
    if not fitting:
        return Look(hue, line)
    design = max(fitting, key=lambda each: each[:2])[2]
    logo_words, logo_language = _in(design.logo_words, language)
    role, role_language = _in(design.signatory_roles, language)
    return Look(
        design.hue or hue,
        line,
        _drawing(design),
        logo_words,
        design.signatory,
        role,
        logo_language,
        role_language,
    )


def track_name(track: Track | None, slug: str, language: str) -> tuple[str, str]:
    """The track's name in the nearest language, and which that is; its slug once its plugin is
    gone."""
    return _in(track.names, language) if track else (slug, language)


def kept_track_name(
    certificate: CertificateView, track: Track | None, language: str
) -> tuple[str, str]:
    """What a certificate calls its track, and in which language: as the track was called when it
    was issued, or, where it is read in another language, as it is called there today."""
    own, details = certificate.language, certificate.details
    if language != own and track is not None and language in track.names:
        return track.names[language], language
    if "track_name" in details:
        return str(details["track_name"]), str(details.get("track_language", own))
    return track_name(track, certificate.track, own)


def to_pin(shown: Look) -> dict[str, Any]:
    """A look as a certificate keeps it: who signs it, and of the logo only its digest, since a
    drawing of 100 kB in each certificate would be read with every list of them."""
    return asdict(shown) | {"logo": _digest(shown.logo)}


def kept_look(kept: Mapping[str, Any], designs: Sequence[CertificateDesign], today: Look) -> Look:
    """The look that a certificate keeps, whatever plugins design now. Its logo is drawn while a
    plugin still has that very one; another in its place was never on it."""
    if not kept:  # issued before looks were kept
        return today
    drawings = (_drawing(design) for design in designs)
    logo = next((one for one in drawings if one and _digest(one) == kept["logo"]), "")
    return replace(Look(**kept), logo=logo)


def _digest(logo: str) -> str:
    return hashlib.sha256(logo.encode()).hexdigest() if logo else ""


def _drawing(design: CertificateDesign) -> str:
    try:
        return design.logo.read_text(encoding="utf-8") if design.logo else ""
    except (OSError, ValueError):
        return ""  # it was there at start: a certificate without it is better than none


def _in(words: Words, language: str) -> tuple[str, str]:
    """Words in the nearest language, and which that is."""
    spoken = next((one for one in (language, "en", *words) if one in words), language)
    return words.get(spoken, ""), spoken
