"""How a certificate looks: its track's colour and line, and what a plugin designs beyond that."""

from collections.abc import Sequence
from dataclasses import dataclass

from innocap_lms.plugin_host.contract import CertificateDesign, Track, Words

PLAIN_HUE = "#0B5F66"  # the site's own, where a track's plugin is gone
PLAIN_LINE = ((0.0, 50.0), (100.0, 50.0))


@dataclass(frozen=True)
class Look:
    """What a template needs. `logo` is an SVG, "" where there is none."""

    hue: str
    line: tuple[tuple[float, float], ...]
    logo: str = ""
    logo_words: str = ""
    signatory: str = ""
    signatory_role: str = ""


def look(
    track: Track | None,
    slug: str,
    issuer: str,
    designs: Sequence[CertificateDesign],
    language: str,
) -> Look:
    """The look of a certificate of that track by that issuer, in words of that language."""
    hue, line = (track.hue_light, track.line) if track else (PLAIN_HUE, PLAIN_LINE)
    fitting = [
        (bool(design.organisation) * 2 + bool(design.track), -number, design)
        for number, design in enumerate(designs)
        if design.organisation in ("", issuer) and design.track in ("", slug)
    ]
    if not fitting:
        return Look(hue, line)
    design = max(fitting, key=lambda each: each[:2])[2]
    return Look(
        design.hue or hue,
        line,
        _drawing(design),
        _in(design.logo_words, language),
        design.signatory,
        _in(design.signatory_roles, language),
    )


def _drawing(design: CertificateDesign) -> str:
    try:
        return design.logo.read_text(encoding="utf-8") if design.logo else ""
    except (OSError, ValueError):
        return ""  # it was there at start: a certificate without it is better than none


def _in(words: Words, language: str) -> str:
    return words.get(language) or words.get("en") or next(iter(words.values()), "")
