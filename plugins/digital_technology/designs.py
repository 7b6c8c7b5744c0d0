"""How the certificate of the track's programme looks: not like that of one of its courses."""

from collections.abc import Sequence
from importlib.resources import files

from innocap_lms.plugin_api import CertificateDesign, hookimpl

DRAWING = files("plugins.digital_technology") / "drawings" / "two-ways.svg"


@hookimpl
def register_certificate_designs() -> Sequence[CertificateDesign]:
    """A common ground and the two subjects that were chosen from it, drawn."""
    return [
        CertificateDesign(
            track="digital-technology",
            name="digital-coach",
            logo=DRAWING,
            logo_words={
                "sv": "Fyra vägar från en gemensam grund, två av dem gångna",
                "en": "Four ways from a common ground, two of them taken",
                "fi": "Neljä tietä yhteisestä perustasta, kaksi niistä kuljettu",
            },
        )
    ]
