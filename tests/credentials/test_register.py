"""What is signed with a key of this site counts as issued here only where the register has it."""

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask.testing import FlaskClient

from innocap_lms.config import Settings
from innocap_lms.credentials.keystore import FOLDER
from innocap_lms.vc import data_integrity, jose
from innocap_lms.vc.keys import did_key, method_of_did_key, public_text, read_secret
from tests.conftest import House
from tests.vc.made import NOW, badge


def verdict(client: FlaskClient, credential: object) -> tuple[str, bool]:
    text = credential if isinstance(credential, str) else json.dumps(credential)
    asked = client.post(
        "/verify", data={"credential": text}, headers={"Accept": "application/json"}
    )
    return asked.json["status"], asked.json["valid"]


@pytest.fixture
def number(house: House, issued: Callable[..., str]) -> str:
    return issued(house.coach)


@pytest.fixture
def stolen(number: str, settings: Settings) -> Ed25519PrivateKey:
    """The key that this site signs with, in the hands of somebody else."""
    (file,) = (settings.data_dir / FOLDER).iterdir()
    return read_secret(file.read_text().strip())


def forged(key: Ed25519PrivateKey, **changed: Any) -> dict[str, Any]:
    """A badge in the name of this site, of which this site knows nothing."""
    did = did_key(public_text(key.public_key()))
    document = badge(**{"issuer": {"id": did, "type": ["Profile"], "name": "North"}, **changed})
    return data_integrity.signed(document, key, method_of_did_key(did), NOW)


def test_what_was_issued_here_is_valid_as_json_and_as_a_token(
    client: FlaskClient, number: str
) -> None:
    for ending in ("json", "jwt"):
        text = client.get(f"/certificates/{number}.{ending}").text
        assert verdict(client, text) == ("valid", True), ending


def test_a_stolen_key_makes_no_certificates(
    client: FlaskClient, number: str, stolen: Ed25519PrivateKey
) -> None:
    taken = f"http://127.0.0.1:8000/certificates/{number}"
    for changed in (
        {},
        {"id": taken},
        {"validUntil": "2020-01-01T00:00:00Z", "validFrom": "2019-01-01T00:00:00Z"},
        {"validFrom": "2090-01-01T00:00:00Z", "validUntil": "2091-01-01T00:00:00Z"},
        {"type": ["VerifiableCredential"], "credentialSubject": {"id": "did:example:1"}},
        {"type": ["VerifiableCredential", "OpenBadgeCredential", "BitstringStatusListCredential"]},
    ):
        assert verdict(client, forged(stolen, **changed)) == ("unregistered", False), changed
    did = did_key(public_text(stolen.public_key()))
    own = badge(id=taken, issuer={"id": did, "type": ["Profile"], "name": "North"})
    token = jose.enveloped(own, stolen, method_of_did_key(did))
    assert verdict(client, token) == ("unregistered", False)
    page = client.post("/verify", data={"credential": json.dumps(forged(stolen))}).text
    assert "Not in the register" in page
    assert "This site issued it." not in page


def test_the_proof_of_another_beside_a_forged_one_does_not_make_it_ours(
    client: FlaskClient, number: str, stolen: Ed25519PrivateKey
) -> None:
    genuine = client.get(f"/certificates/{number}.json").json
    false = forged(stolen, id=genuine["id"])
    ours = {**genuine["proof"], "cryptosuite": "one-that-nobody-knows"}
    assert verdict(client, {**false, "proof": [false["proof"], ours]})[0] == "unregistered"


def test_a_revoked_one_is_revoked_however_its_number_is_written(
    client: FlaskClient, house: House, number: str, browser_of: Callable[[str], FlaskClient]
) -> None:
    document = copy.deepcopy(client.get(f"/certificates/{number}.json").json)
    form = {"why": "Issued to the wrong person"}
    browser_of(house.hr).post(f"/certificates/{number}/revocation", data=form)
    assert verdict(client, document) == ("revoked", False)
    document["@context"].append({"k": document["id"].removesuffix(number)})
    document["id"] = f"k:{number}"
    assert verdict(client, document) == ("malformed", False)
    page = client.post("/verify", data={"credential": json.dumps(document)}).text
    assert "This site issued it." not in page


def test_a_learning_record_stands_in_no_register(
    client: FlaskClient, house: House, number: str, browser_of: Callable[[str], FlaskClient]
) -> None:
    record = browser_of(house.coach).post("/certificates/record").text
    assert verdict(client, record) == ("valid", True)
