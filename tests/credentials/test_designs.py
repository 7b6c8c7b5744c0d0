"""What plugins design of a certificate: the nearest design counts, and a broken one breaks none."""

import io
import logging
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest
from flask import Flask
from flask.testing import FlaskClient

from innocap_lms.credentials.designs import PLAIN_HUE, look
from innocap_lms.credentials.pdf import certificate_pdf
from innocap_lms.credentials.queries import CertificateView, certificate
from innocap_lms.plugin_host.contract import CertificateDesign
from tests.conftest import House
from tests.credentials.test_pdf import SIGNED, TRACK, URL, structure, texts

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><circle cx="4" cy="4" r="4"/></svg>'
)


@pytest.fixture
def logo(tmp_path: Path) -> Path:
    file = tmp_path / "logo.svg"
    file.write_text(SVG, encoding="utf-8")
    return file


@pytest.fixture
def swedish(in_app: Flask, house: House, issued: Callable[..., str]) -> CertificateView:
    """A certificate from before certificates kept their design: it has that of today."""
    found = certificate(issued(house.coach))
    assert found is not None
    return replace(found, details={**found.details, "look": {}})


def made(view: CertificateView, *designs: CertificateDesign) -> pikepdf.Pdf:
    content = certificate_pdf(view, TRACK, URL, "Europe/Stockholm", SIGNED, designs)
    return pikepdf.open(io.BytesIO(content))


def test_logo_and_signatory_stand_on_the_page_in_words_too(
    swedish: CertificateView, logo: Path
) -> None:
    design = CertificateDesign(
        logo=logo,
        logo_words={"sv": "Norra kommunens vapen", "en": "Arms"},
        signatory="Åsa Ögren",
        signatory_roles={"sv": "förvaltningschef"},
    )
    pdf = made(swedish, design)
    figures = [str(e.Alt) for e in structure(pdf.Root.StructTreeRoot) if str(e.S) == "/Figure"]
    assert "Norra kommunens vapen" in figures
    assert "Åsa Ögren" in texts(pdf)
    assert "förvaltningschef" in texts(pdf)
    assert len(pdf.pages) == 1


def test_words_of_a_design_that_are_in_another_language_say_in_which(
    swedish: CertificateView, logo: Path
) -> None:
    def languages(words: dict[str, str]) -> set[str]:
        design = CertificateDesign(
            logo=logo, logo_words=words, signatory="Åsa Ögren", signatory_roles=words
        )
        pdf = made(swedish, design)
        parts = structure(pdf.Root.StructTreeRoot)
        return {str(pdf.Root.Lang)} | {str(one.Lang) for one in parts if "/Lang" in one}

    assert languages({"sv": "vapen", "en": "arms"}) == {"sv"}
    assert languages({"en": "arms", "fi": "vaakuna"}) == {"sv", "en"}
    assert languages({"fi": "vaakuna"}) == {"sv", "fi"}


def signed_by(name: str, logo: Path) -> CertificateDesign:
    return CertificateDesign(
        logo=logo,
        logo_words={"sv": "Norra kommunens vapen"},
        signatory=name,
        signatory_roles={"sv": "förvaltningschef"},
        hue="#112233",
    )


def test_who_signed_it_then_signs_it_whoever_is_in_office_now(
    in_app: Flask,
    house: House,
    issued: Callable[..., str],
    logo: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    then = signed_by("Åsa Ögren", logo)
    monkeypatch.setattr(in_app.extensions["innocap_host"], "designs", [then])
    found = certificate(issued(house.coach))
    assert found is not None

    def bytes_with(*designs: CertificateDesign) -> bytes:
        return certificate_pdf(found, TRACK, URL, "Europe/Stockholm", SIGNED, designs)

    other = tmp_path / "other.svg"
    other.write_text(SVG.replace("4", "3"), encoding="utf-8")
    now = replace(signed_by("Bo Ek", other), hue="#998877")
    assert bytes_with(then) == bytes_with(now, then), "the same certificate, the same bytes"
    pdf = pikepdf.open(io.BytesIO(bytes_with(now)))
    assert "Åsa Ögren" in texts(pdf)
    assert "Bo Ek" not in texts(pdf)
    figures = [str(e.Alt) for e in structure(pdf.Root.StructTreeRoot) if str(e.S) == "/Figure"]
    assert "Norra kommunens vapen" not in figures, "no other logo in the place of that one"


def test_the_design_that_says_most_counts() -> None:
    designs = [
        CertificateDesign(hue="#000001"),
        CertificateDesign(track="t", hue="#000002"),
        CertificateDesign(organisation="North", hue="#000003"),
        CertificateDesign(track="t", organisation="North", hue="#000004"),
    ]
    hues = [
        look(TRACK, track, issuer, designs, "en").hue
        for track, issuer in (("x", "South"), ("t", "South"), ("x", "North"), ("t", "North"))
    ]
    assert hues == ["#000001", "#000002", "#000003", "#000004"]
    assert look(TRACK, "t", "South", [], "en").hue == TRACK.hue_light
    assert look(None, "t", "South", [], "en").hue == PLAIN_HUE


def test_a_logo_that_cannot_be_drawn_costs_nobody_a_certificate(
    swedish: CertificateView, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    broken = tmp_path / "broken.svg"
    broken.write_text("<svg this is none", encoding="utf-8")
    with caplog.at_level(logging.ERROR):
        pdf = made(swedish, CertificateDesign(logo=broken, logo_words={"sv": "Trasig"}))
    assert "Coach" in texts(pdf)
    assert "cannot be drawn" in caplog.text
    gone = CertificateDesign(logo=tmp_path / "gone.svg", logo_words={"sv": "Borta"})
    assert "Coach" in texts(made(swedish, gone))


def test_a_design_of_the_service_design_track_ships(
    client: FlaskClient, app: Flask, house: House, swedish: CertificateView
) -> None:
    pdf = made(replace(swedish, track="service-design"), *app.extensions["innocap_host"].designs)
    figures = [str(e.Alt) for e in structure(pdf.Root.StructTreeRoot) if str(e.S) == "/Figure"]
    assert "Fem steg i rad, det sista ifyllt" in figures
