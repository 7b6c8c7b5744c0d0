"""What becomes of a certificate: corrected, revoked, renewed, withdrawn; and who may do it."""

import json
import unicodedata
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update

from innocap_lms import clock
from innocap_lms.credentials import issuers, limits
from innocap_lms.credentials.models import Certificate
from innocap_lms.extensions import db, writing
from innocap_lms.learning.models import Completion
from innocap_lms.ledger.models import LedgerContent, LedgerEvent
from innocap_lms.people.models import Person
from innocap_lms.vc.verifying import verdict_on
from tests.conftest import House

BrowserOf = Callable[[str], FlaskClient]
NOW = datetime(2028, 9, 1, tzinfo=UTC)


@pytest.fixture
def number(house: House, issued: Callable[..., str]) -> str:
    return issued(house.coach)


def status(client: FlaskClient, number: str) -> str:
    answer = client.get(f"/verify/{number}", headers={"Accept": "application/json"})
    return str(answer.json["status"])


def rename(app: Flask, house: House) -> None:
    with app.app_context(), writing():
        db.session.execute(update(Person).where(Person.id == house.coach).values(name="Ny Namn"))


def test_a_correction_takes_the_place_of_the_old_one_which_stays(
    app: Flask, client: FlaskClient, house: House, number: str, browser_of: BrowserOf
) -> None:
    rename(app, house)
    before = client.get(f"/certificates/{number}.json").data
    hr = browser_of(house.hr)
    answer = hr.post(f"/certificates/{number}/correction", data={"reason": "new name"})
    new = answer.headers["Location"].split("/")[2]
    assert new != number
    assert (status(client, number), status(client, new)) == ("superseded", "valid")
    assert browser_of(house.coach).get(f"/certificates/{number}.json").data == before
    assert f"/verify/{new}" in client.get(f"/verify/{number}").text
    assert "Ny Namn" in client.get(f"/verify/{new}").text
    with app.app_context():
        shown = db.session.scalar(select(Completion.certificate_id))
        assert shown == new, "lists lead to the one that counts"
        event = db.session.execute(
            select(LedgerContent.actor_id, LedgerContent.content)
            .join(LedgerEvent, LedgerEvent.id == LedgerContent.event_id)
            .where(LedgerEvent.kind == "certificate.corrected")
        ).one()
    assert event.actor_id == house.hr
    assert (event.content["supersedes"], event.content["reason"]) == (number, "new name")


def test_the_name_before_a_correction_is_told_to_nobody_else(
    app: Flask, client: FlaskClient, house: House, number: str, browser_of: BrowserOf
) -> None:
    rename(app, house)
    assert "Coach" in client.get(f"/verify/{number}").text
    browser_of(house.hr).post(f"/certificates/{number}/correction", data={"reason": "new name"})
    assert "Coach" not in client.get(f"/verify/{number}").text
    found = client.get(f"/verify/{number}", headers={"Accept": "application/json"}).json
    assert (found["status"], found["holder"]) == ("superseded", None)
    for ending in ("json", "jwt", "pdf", "png", "svg"):
        assert client.get(f"/certificates/{number}.{ending}").status_code == 404, ending
    mine = browser_of(house.coach)
    assert mine.get(f"/certificates/{number}.pdf").status_code == 200


def test_what_was_corrected_once_is_not_corrected_again(
    app: Flask, house: House, number: str, browser_of: BrowserOf
) -> None:
    hr = browser_of(house.hr)
    for _ in range(2):
        hr.post(f"/certificates/{number}/correction", data={"reason": "new name"})
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Certificate)) == 2


def test_a_revocation_is_seen_by_whoever_checks_and_cannot_be_undone(
    client: FlaskClient, house: House, number: str, browser_of: BrowserOf
) -> None:
    hr = browser_of(house.hr)
    form = {"why": "Issued to the wrong person"}
    assert hr.post(f"/certificates/{number}/revocation", data=form).status_code == 302
    assert status(client, number) == "revoked"
    page = client.get(f"/verify/{number}").text
    assert "revoked" in page
    assert "wrong person" not in page, "the reason is for the office"
    assert "wrong person" in hr.get(f"/certificates/{number}/office").text
    hr.post(f"/certificates/{number}/correction", data={"reason": "better"})
    assert status(client, number) == "revoked"


def test_the_status_list_has_the_bits_of_what_no_longer_counts(
    client: FlaskClient, house: House, number: str, browser_of: BrowserOf
) -> None:
    proved = client.get(f"/certificates/{number}.json").data
    form = {"credential": proved.decode()}
    as_json = {"Accept": "application/json"}
    first = client.post("/verify", data=form, headers=as_json).json
    assert (first["status"], first["status_checked"], first["details"]) == ("valid", True, [])
    browser_of(house.hr).post(f"/certificates/{number}/revocation", data={"why": "wrong"})
    found = client.post("/verify", data=form, headers=as_json).json
    assert (found["status"], found["issuer_known_by"]) == ("revoked", "own")


@pytest.mark.parametrize("who", ["coach", "colleague", "manager", "trainer", "stranger_hr"])
def test_nobody_else_corrects_or_revokes(
    client: FlaskClient, house: House, number: str, browser_of: BrowserOf, who: str
) -> None:
    other = browser_of(getattr(house, who))
    assert other.get(f"/certificates/{number}/office").status_code == 404
    for what, field in (("correction", "reason"), ("revocation", "why")):
        answer = other.post(f"/certificates/{number}/{what}", data={field: "mine"})
        assert answer.status_code == 404
    assert status(client, number) == "valid"


@pytest.mark.parametrize("who", ["hr", "admin"])
def test_nobody_corrects_or_revokes_their_own(
    client: FlaskClient,
    house: House,
    issued: Callable[..., str],
    browser_of: BrowserOf,
    who: str,
) -> None:
    own = issued(getattr(house, who))
    browser, other = browser_of(getattr(house, who)), browser_of(house.hr)
    page = browser.get(f"/certificates/{own}/office").text
    assert "It is about yourself" in page
    assert f"/certificates/{own}/correction" not in page
    for what, field in (("correction", "reason"), ("revocation", "why")):
        answer = browser.post(
            f"/certificates/{own}/{what}", data={field: "mine"}, follow_redirects=True
        )
        assert "Ask another HR officer" in answer.text
        assert status(client, own) == "valid"
    if who == "admin":
        other.post(f"/certificates/{own}/revocation", data={"why": "by another"})
        assert status(client, own) == "revoked"


@pytest.mark.parametrize("reason", ["", "   ", "x" * 501])
def test_a_decision_has_a_reason(
    client: FlaskClient, house: House, number: str, browser_of: BrowserOf, reason: str
) -> None:
    hr = browser_of(house.hr)
    for what, field in (("correction", "reason"), ("revocation", "why")):
        answer = hr.post(f"/certificates/{number}/{what}", data={field: reason})
        assert answer.status_code == 422
    assert status(client, number) == "valid"


def test_what_its_holder_withdraws_nobody_else_finds(
    client: FlaskClient, house: House, number: str, browser_of: BrowserOf
) -> None:
    coach = browser_of(house.coach)
    addresses = [
        f"/certificates/{number}{end}" for end in ("", ".json", ".pdf", ".jwt", ".png", ".svg")
    ]
    addresses.append(f"/verify/{number}")
    assert {client.get(address).status_code for address in addresses} == {200}
    coach.post(f"/certificates/{number}/sharing", data={"how": "withdrawn"})
    assert {client.get(address).status_code for address in addresses} == {404}
    assert browser_of(house.hr).get(f"/verify/{number}").status_code == 404
    assert coach.get(f"/certificates/{number}").status_code == 200
    coach.post(f"/certificates/{number}/sharing", data={"how": "named"})
    assert {client.get(address).status_code for address in addresses} == {200}


def test_only_the_holder_withdraws(
    client: FlaskClient, house: House, number: str, browser_of: BrowserOf
) -> None:
    for who in (house.colleague, house.hr, house.admin):
        answer = browser_of(who).post(f"/certificates/{number}/sharing", data={"how": "withdrawn"})
        assert answer.status_code == 404
    assert status(client, number) == "valid"


def test_all_of_ones_own_stand_in_one_place_and_of_nobody_else(
    house: House, number: str, browser_of: BrowserOf
) -> None:
    assert number in browser_of(house.coach).get("/certificates").text
    assert number not in browser_of(house.colleague).get("/certificates").text


def compared(client: FlaskClient, number: str, name: str) -> str:
    return client.post(f"/verify/{number}", data={"name": name}).text


def test_a_protected_name_is_not_told_but_can_be_compared(
    app: Flask, client: FlaskClient, house: House, issued: Callable[..., str]
) -> None:
    with app.app_context(), writing():
        db.session.execute(update(Person).where(Person.id == house.coach).values(protected=True))
    number = issued(house.coach)
    proved = client.get(f"/certificates/{number}.json")
    assert b"Coach" not in proved.data
    holder = json.loads(proved.data)["credentialSubject"]["identifier"][0]
    assert holder["hashed"] is True
    assert "Coach" not in client.get(f"/verify/{number}").text
    assert "Coach" not in compared(client, number, "Somebody Else")
    assert "That is not the holder" in compared(client, number, "Koach")
    for written in ("Coach", "coach", "COACH", " Coach "):
        assert "That is the holder" in compared(client, number, written), written
    assert client.get(f"/certificates/{number}.pdf").status_code == 404


def test_a_name_is_the_same_however_its_letters_are_composed(
    app: Flask, client: FlaskClient, house: House, number: str
) -> None:
    with app.app_context(), writing():
        db.session.execute(update(Certificate).values(holder_name="Åsa Öberg", unnamed=True))
    for written in ("Åsa Öberg", unicodedata.normalize("NFD", "Åsa Öberg"), "åsa  ÖBERG"):
        assert "That is the holder" in compared(client, number, written), written
    assert "That is not the holder" in compared(client, number, "Asa Oberg")


def test_a_name_that_is_compared_stands_in_no_address_and_names_are_not_tried_by_the_hundred(
    app: Flask,
    client: FlaskClient,
    number: str,
    clock_at: Callable[[datetime], AbstractContextManager[None]],
) -> None:
    with app.app_context(), writing():
        db.session.execute(update(Certificate).values(unnamed=True))
    assert "That is" not in client.get(f"/verify/{number}?name=Coach").text
    with clock_at(clock.utcnow()):
        pages = [compared(client, number, f"Name {one}") for one in range(limits.MOST_IN_WINDOW)]
        assert all("That is not the holder" in page for page in pages)
        answer = client.post(f"/verify/{number}", data={"name": "Coach"})
    assert answer.status_code == 429
    assert "That is" not in answer.text


def test_who_chooses_so_is_not_named(
    client: FlaskClient, house: House, number: str, browser_of: BrowserOf
) -> None:
    coach = browser_of(house.coach)
    assert "Coach" in client.get(f"/verify/{number}").text
    coach.post(f"/certificates/{number}/sharing", data={"how": "unnamed"})
    assert "Coach" not in client.get(f"/verify/{number}").text
    for ending in (".json", ".jwt", ".pdf", ".png"):
        assert client.get(f"/certificates/{number}{ending}").status_code == 404, ending
        assert coach.get(f"/certificates/{number}{ending}").status_code == 200, ending


@pytest.mark.parametrize("how", ["unnamed", "withdrawn"])
def test_a_correction_is_shown_as_its_holder_showed_the_old_one(
    app: Flask, client: FlaskClient, house: House, number: str, browser_of: BrowserOf, how: str
) -> None:
    browser_of(house.coach).post(f"/certificates/{number}/sharing", data={"how": how})
    rename(app, house)
    hr = browser_of(house.hr)
    answer = hr.post(f"/certificates/{number}/correction", data={"reason": "new name"})
    new = answer.headers["Location"].split("/")[2]
    assert "Ny Namn" not in client.get(f"/verify/{new}").text
    assert b"Ny Namn" not in client.get(f"/certificates/{new}.json").data
    assert client.get(f"/verify/{new}").status_code == (404 if how == "withdrawn" else 200)


def test_a_superseded_one_that_is_handed_in_is_said_to_be_so(
    client: FlaskClient, house: House, number: str, browser_of: BrowserOf
) -> None:
    proved = client.get(f"/certificates/{number}.json").data.decode()
    browser_of(house.hr).post(f"/certificates/{number}/correction", data={"reason": "name"})
    asked = client.post(
        "/verify", data={"credential": proved}, headers={"Accept": "application/json"}
    )
    assert (asked.json["status"], asked.json["valid"]) == ("superseded", False)


def test_the_status_list_of_a_corrected_one_tells_outsiders_too(
    client: FlaskClient, house: House, number: str, browser_of: BrowserOf
) -> None:
    proved = client.get(f"/certificates/{number}.json").data
    address = json.loads(proved)["credentialStatus"]["statusListCredential"]

    def outside() -> str:
        data = client.get(address.removeprefix("http://127.0.0.1:8000")).data
        return verdict_on(proved, clock.utcnow(), lists=lambda _address: data).standing

    assert outside() == "valid"
    browser_of(house.hr).post(f"/certificates/{number}/correction", data={"reason": "name"})
    assert outside() == "revoked"


def test_after_a_new_key_an_old_certificate_still_has_its_status(
    app: Flask, client: FlaskClient, house: House, number: str
) -> None:
    """Without a public address each key is an issuer of its own, and so are its lists."""
    proved = client.get(f"/certificates/{number}.json").data
    with app.app_context(), writing():
        issuers.rotate(house.north)
    address = json.loads(proved)["credentialStatus"]["statusListCredential"]
    data = client.get(address.removeprefix("http://127.0.0.1:8000")).data
    found = verdict_on(proved, clock.utcnow(), lists=lambda _address: data)
    assert (found.standing, found.status_checked) == ("valid", True)
