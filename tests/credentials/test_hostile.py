"""Whatever is handed in at /verify gets a verdict, on the page and as JSON, and never a fault."""

import base64
import json
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.vc.made import METHOD, badge, signed, token

PROOF = signed(badge())["proof"]


def with_header(**parts: Any) -> str:
    header = json.dumps({"alg": "EdDSA", "typ": "vc+jwt", "kid": METHOD, **parts}).encode()
    _head, body, mark = token(badge()).decode().split(".")
    return f"{base64.urlsafe_b64encode(header).decode().rstrip('=')}.{body}.{mark}"


def named(name: str) -> dict[str, Any]:
    document = badge()
    document["credentialSubject"]["identifier"][0]["identityHash"] = name
    return {**document, "proof": PROOF}


HANDED_IN = {
    "a type that is no text": (json.dumps(badge(type=["VerifiableCredential", {}])), "malformed"),
    "a type in a list": (json.dumps(badge(type=["VerifiableCredential", ["a"]])), "malformed"),
    "half a letter": (json.dumps(named("x\ud800")), "unreadable"),
    "half a letter as a name": (json.dumps({**badge(), "\udfff": 1}), "unreadable"),
    "a header that holds a number": (with_header(crit=5), "altered"),
    "a header that holds a list": (with_header(alg=[]), "altered"),
    "a header that holds nothing": (with_header(alg=None), "altered"),
    "very many in a row": (
        json.dumps(
            badge(
                **{
                    "@context": [
                        *badge()["@context"],
                        {"e": {"@id": "https://x.example/e", "@container": "@list"}},
                    ]
                },
                evidence=[{"type": ["Evidence"], "e": ["x"] * 1_900}],
                proof=PROOF,
            )
        ),
        "malformed",
    ),
}


@pytest.mark.parametrize("what", HANDED_IN)
def test_it_gets_a_verdict(client: FlaskClient, what: str) -> None:
    text, standing = HANDED_IN[what]
    form = {"credential": text}
    assert client.post("/verify", data=form).status_code == 200
    answer = client.post("/verify", data=form, headers={"Accept": "application/json"})
    assert answer.json["status"] == standing


@pytest.mark.parametrize(
    ("name", "moment"),
    [("validUntil", "9999-12-31T23:59:59Z"), ("validFrom", "0001-01-01T00:00:00+14:00")],
)
def test_a_day_outside_the_calendar_is_shown_as_it_is_written(
    client: FlaskClient, name: str, moment: str
) -> None:
    page = client.post("/verify", data={"credential": json.dumps(signed(badge(**{name: moment})))})
    assert page.status_code == 200
    assert moment in page.text


@pytest.mark.parametrize(
    "key",
    [
        {
            "id": "did:web:x.example",
            "verificationMethod": [{"id": [], "publicKeyMultibase": "z6"}],
            "assertionMethod": ["a"],
        },
        {"keys": [{"kty": "OKP", "crv": "Ed25519", "x": 5}]},
    ],
)
def test_a_key_document_of_the_wrong_shape_is_said_to_be_none(
    client: FlaskClient, key: dict[str, Any]
) -> None:
    form = {"credential": json.dumps(badge(issuer="did:web:x.example")), "issuer": json.dumps(key)}
    assert client.post("/verify", data=form).status_code in (200, 422)


def test_brackets_within_a_text_are_no_levels(client: FlaskClient) -> None:
    document = badge(description="[" * 45 + '\\"' + "{" * 45)
    answer = client.post(
        "/verify",
        data={"credential": json.dumps(signed(document))},
        headers={"Accept": "application/json"},
    )
    assert answer.json["proofs"] == ["eddsa-rdfc-2022"]
    deep = '{"name":"' + "]" * 5_000 + '","a":' + "[" * 4_000 + "]" * 4_000 + "}"
    answer = client.post(
        "/verify", data={"credential": deep}, headers={"Accept": "application/json"}
    )
    assert (answer.json["status"], answer.json["details"]) == (
        "unreadable",
        ["more than 40 levels deep"],
    )
