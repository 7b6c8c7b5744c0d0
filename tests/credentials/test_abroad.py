"""In a language of elsewhere: the page that checks a certificate, and the PDF that is handed over.

Finnish is no language of the whole site, so nothing may be missing where it is spoken.
"""

import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from gettext import NullTranslations
from typing import Any

import pikepdf
import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_babel import get_translations
from sqlalchemy import select

from innocap_lms.credentials.designs import kept_track_name
from innocap_lms.credentials.pdf import certificate_pdf
from innocap_lms.credentials.queries import certificate
from innocap_lms.extensions import db
from innocap_lms.people.models import Person
from tests.conftest import House
from tests.credentials.test_pages import protect
from tests.credentials.test_pdf import SIGNED, TRACK, URL, structure, texts

Issued = Callable[..., str]
BrowserOf = Callable[[str], FlaskClient]
FINN = {"Accept-Language": "fi-FI,fi;q=0.9,en;q=0.5"}


class Complaining(NullTranslations):
    """What is asked where a catalogue has no answer."""

    def gettext(self, message: str) -> str:
        raise LookupError(f"not in Finnish: {message!r}")

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        raise LookupError(f"not in Finnish: {msgid1!r} of {msgid2!r}, {n}")


@pytest.fixture
def nothing_missing(app: Flask) -> Iterator[None]:
    """A text that Finnish lacks is an error, and not said in English."""
    with app.test_request_context("/verify", headers=FINN):
        app.preprocess_request()
        finnish = get_translations()
    kept, finnish._fallback = finnish._fallback, Complaining()
    yield
    finnish._fallback = kept


@pytest.mark.usefixtures("nothing_missing")
def test_whoever_checks_a_certificate_can_do_so_in_finnish(
    app: Flask, client: FlaskClient, house: House, issued: Issued
) -> None:
    number = issued(house.coach)
    page = client.get(f"/verify/{number}", headers=FINN).text
    assert '<html lang="fi"' in page
    assert "North todistaa, että Coach on suorittanut kurssin." in page
    assert "Todistus on aito ja voimassa." in page
    assert '<h1 lang="sv">De första stegen' in page, "its own words stay as they were signed"
    assert "Tarkista todistuksen aitous" in client.get("/verify", headers=FINN).text
    missing = client.get(f"/verify/{'7' * 26}", headers=FINN)
    assert "Täällä ei ole todistusta" in missing.text
    credential = client.get(f"/certificates/{number}.json").text
    checked = client.post("/verify", data={"credential": credential}, headers=FINN).text
    assert "Todistus on myönnetty tällä sivustolla." in checked
    refused = client.post("/verify", data={"credential": " "}, headers=FINN).text
    assert "Valitse tiedosto" in refused
    protect(app, house.coach)
    compared = client.post(f"/verify/{number}", data={"name": "Coach"}, headers=FINN).text
    assert "Se on haltijan nimi." in compared


@pytest.mark.usefixtures("nothing_missing")
def test_its_holder_reads_their_certificates_in_finnish_and_keeps_their_language_elsewhere(
    app: Flask, house: House, issued: Issued, browser_of: BrowserOf
) -> None:
    number, coach = issued(house.coach), browser_of(house.coach)
    with app.app_context():
        before = db.session.scalar(select(Person.language).where(Person.id == house.coach))
    coach.get("/language/fi")
    assert "Omat todistukset" in coach.get("/certificates").text
    page = coach.get(f"/certificates/{number}").text
    assert "Lataa PDF" in page
    assert f"/certificates/{number}.pdf?language=fi" in page
    answer = coach.post(
        f"/certificates/{number}/sharing", data={"how": "unnamed"}, follow_redirects=True
    )
    assert "näkee todistuksen ilman nimeäsi" in answer.text
    with app.app_context():
        assert before == db.session.scalar(select(Person.language).where(Person.id == house.coach))
    coach.get("/language/en")
    assert "My certificates" in coach.get("/certificates").text


def test_words_that_are_not_in_the_language_of_the_page_say_which_they_are_in(
    client: FlaskClient, house: House, issued: Issued, browser_of: BrowserOf
) -> None:
    number, coach = issued(house.coach), browser_of(house.coach)
    page = client.get(f"/verify/{number}", headers=FINN).text
    assert '<td lang="sv">Norra spåret</td>' in page, "the track has no Finnish name"
    credential = client.get(f"/certificates/{number}.json").text
    checked = client.post("/verify", data={"credential": credential}, headers=FINN).text
    assert '<bdi lang="sv">De första stegen</bdi>' in checked
    coach.get("/language/fi")
    assert '<td lang="sv">Norra spåret</td>' in coach.get(f"/certificates/{number}").text
    coach.get("/language/en")
    assert '<h3 lang="sv">De första stegen</h3>' in coach.get("/me").text
    swedish = client.get(f"/verify/{number}", headers={"Accept-Language": "sv"}).text
    assert "<td>Norra spåret</td>" in swedish


def test_a_track_that_had_no_name_in_the_certificates_language_is_in_the_one_it_has(
    in_app: Flask, house: House, issued: Issued
) -> None:
    found = certificate(issued(house.coach))
    assert found is not None
    unnamed = replace(found, details=without(found.details, "track_name", "track_language"))
    english = replace(found, details={**unnamed.details, "track_name": "X", "track_language": "en"})
    assert kept_track_name(unnamed, TRACK, "fi") == ("A track", "en")
    assert kept_track_name(english, TRACK, "sv") == ("X", "en")
    assert kept_track_name(unnamed, None, "fi") == (found.track, "sv")


def without(details: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: each for name, each in details.items() if name not in names}


def test_the_rest_of_the_site_is_not_offered_in_a_language_it_has_half(
    client: FlaskClient, house: House, browser_of: BrowserOf
) -> None:
    client.get("/language/fi")
    assert '<html lang="en"' in client.get("/").text
    assert "Suomi" not in client.get("/").text
    assert "Suomi" in client.get("/verify").text
    coach = browser_of(house.coach)
    coach.get("/language/fi")
    assert '<html lang="en"' in coach.get("/me").text


def pdf_of(browser: FlaskClient, address: str) -> pikepdf.Pdf:
    answer = browser.get(address)
    assert answer.status_code == 200, address
    return pikepdf.open(io.BytesIO(answer.data))


@pytest.mark.usefixtures("nothing_missing")
def test_its_pdf_speaks_the_language_it_is_asked_in(
    client: FlaskClient, house: House, issued: Issued
) -> None:
    pdf = pdf_of(client, f"/certificates/{issued(house.coach)}.pdf?language=fi")
    assert str(pdf.Root.Lang) == "fi"
    assert str(pdf.docinfo.Title) == "Todistus: De första stegen, Coach"
    words = texts(pdf)
    for expected in (
        "Todistus · Norra spåret",
        "on suorittanut kurssin",
        "Kurssin oppimistavoitteet",
        "23. marraskuuta 2026",
        "Viimeinen voimassaolopäivä",
        "De första stegen",
        "Kraven är uppfyllda",
    ):
        assert expected in words
    parts = {str(one.Lang) for one in structure(pdf.Root.StructTreeRoot) if "/Lang" in one}
    assert "sv" in parts, "its own words are marked as Swedish"


def test_a_track_that_has_a_name_there_is_called_by_it(
    in_app: Flask, house: House, issued: Issued
) -> None:
    found = certificate(issued(house.coach))
    assert found is not None
    track = replace(TRACK, names={"en": "A track", "fi": "Pohjoinen polku"})
    pdf = certificate_pdf(found, track, URL, "Europe/Helsinki", SIGNED, language="fi")
    assert "Todistus · Pohjoinen polku" in texts(pikepdf.open(io.BytesIO(pdf)))


def test_a_pdf_in_no_language_of_ours_is_not_there(
    client: FlaskClient, house: House, issued: Issued
) -> None:
    number = issued(house.coach)
    for language in ("xx", "fi_FI", "../en", ""):
        asked = {"language": language}
        assert client.get(f"/certificates/{number}.pdf", query_string=asked).status_code == 404


def test_a_name_that_is_not_shown_is_shown_in_no_language(
    app: Flask, client: FlaskClient, house: House, issued: Issued
) -> None:
    number = issued(house.coach)
    protect(app, house.coach)
    assert client.get(f"/certificates/{number}.pdf?language=fi").status_code == 404
