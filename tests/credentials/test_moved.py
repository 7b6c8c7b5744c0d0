"""A site that gets another public address: what it issued before keeps its status and its proof."""

import json
from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from innocap_lms import clock
from innocap_lms.config import Settings
from innocap_lms.credentials.services import issue_certificate, revoke
from innocap_lms.extensions import writing
from innocap_lms.vc.keys import keys_in
from innocap_lms.vc.verifying import Verdict, verdict_on
from tests.conftest import House

MakeApp = Callable[..., Flask]
OLD, NEW = "https://old.example", "https://new.example"
LISTS = "/credentials/status/"


def at(make_app: MakeApp, settings: Settings, address: str) -> Flask:
    return make_app(using=replace(settings, public_url=address))


def issued_by(app: Flask, completion: str) -> str:
    with app.app_context(), writing():
        return issue_certificate(completion, app.extensions["innocap_settings"])


@pytest.fixture
def number(
    make_app: MakeApp, settings: Settings, complete: Callable[..., str], house: House
) -> str:
    """A certificate from when the site had its old address."""
    return issued_by(at(make_app, settings, OLD), complete(house.coach))


@pytest.fixture
def moved(make_app: MakeApp, settings: Settings, number: str) -> Flask:
    """The site under its new address."""
    return at(make_app, settings, NEW)


def of_an_outsider(client: FlaskClient, number: str) -> Verdict:
    """The verdict of somebody who asks the addresses that the certificate names: they lead here."""
    proved = client.get(f"/certificates/{number}.json").data
    did: str = json.loads(proved)["issuer"]["id"]
    host = did.removeprefix("did:web:")
    keys = keys_in(client.get("/.well-known/did.json", base_url=f"https://{host}").json)

    def asked(address: str) -> bytes:
        assert address.startswith(f"https://{host}{LISTS}")
        return client.get(address.removeprefix(f"https://{host}")).data

    return verdict_on(proved, clock.utcnow(), keys, asked)


def test_an_outsider_still_learns_whether_it_counts(
    moved: Flask, house: House, number: str
) -> None:
    client = moved.test_client()
    found = of_an_outsider(client, number)
    assert (found.standing, found.status_checked, found.details) == ("valid", True, ())
    with moved.app_context(), writing():
        revoke(number, "Issued to the wrong person", house.hr)
    assert of_an_outsider(client, number).standing == "revoked"


def test_what_is_issued_after_the_move_names_the_new_address(
    moved: Flask, number: str, complete: Callable[..., str], house: House
) -> None:
    new = issued_by(moved, complete(house.colleague))
    client = moved.test_client()
    credential = json.loads(client.get(f"/certificates/{new}.json").data)
    assert credential["credentialStatus"]["statusListCredential"].startswith(NEW + LISTS)
    for one in (new, number):
        found = of_an_outsider(client, one)
        assert (found.standing, found.status_checked) == ("valid", True)
    third = issued_by(moved, complete(house.other_coach))
    last = json.loads(client.get(f"/certificates/{third}.json").data)
    lists = [one["credentialStatus"]["statusListCredential"] for one in (credential, last)]
    assert lists[0] == lists[1], "one list for many"


def test_each_did_that_it_had_has_its_document_and_no_other(moved: Flask, number: str) -> None:
    client = moved.test_client()
    address = "/.well-known/did.json"

    def named(query: str = "", host: str = NEW) -> str:
        return str(client.get(address + query, base_url=host).json["id"])

    assert named() == "did:web:new.example"
    assert named(host="https://balancer.internal") == "did:web:new.example"
    assert named(host=OLD) == "did:web:old.example"
    assert named("?did=did:web:old.example") == "did:web:old.example"
    assert client.get(f"{address}?did=did:web:other.example").status_code == 404


def test_without_a_public_address_old_lists_still_answer(
    app: Flask, client: FlaskClient, number: str
) -> None:
    found = of_an_outsider(client, number)
    assert (found.standing, found.status_checked) == ("valid", True)


def test_the_page_here_knows_it_too(moved: Flask, number: str) -> None:
    client = moved.test_client()
    proved = client.get(f"/certificates/{number}.json").text
    asked = client.post(
        "/verify", data={"credential": proved}, headers={"Accept": "application/json"}
    )
    assert (asked.json["status"], asked.json["issuer_known_by"]) == ("valid", "own")
