"""A genuine proof under words that were never signed, by the ways JSON-LD has of saying a thing."""

import copy
import hashlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from innocap_lms.vc import data_integrity, jose
from innocap_lms.vc.canonical import BASE, canonical
from innocap_lms.vc.keys import multibase
from innocap_lms.vc.verifying import verdict_on
from tests.vc.made import KEY, METHOD, NOW, as_json, badge, entry, signed

VC = "https://www.w3.org/2018/credentials#"
MOMENT = "http://www.w3.org/2001/XMLSchema#dateTime"
Change = Callable[[dict[str, Any]], None]


def own_context(**terms: Any) -> Change:
    return lambda document: document["@context"].append(terms)


def by_address(name: str) -> Change:
    """Write a part by its address: the graph is the same, and nobody finds it by its name."""

    def change(document: dict[str, Any]) -> None:
        value = document.pop(name)
        if isinstance(value, str):
            value = {"@value": value, "@type": MOMENT}
        document[f"{VC}{name}"] = value

    return change


def renamed(name: str, term: str) -> Change:
    def change(document: dict[str, Any]) -> None:
        document["@context"].append({term: {"@id": f"{VC}{name}", "@type": MOMENT}})
        document[term] = document.pop(name)

    return change


def emptied(document: dict[str, Any]) -> None:
    """The signed name under another word, and a name that means nothing."""
    achievement = document["credentialSubject"]["achievement"]
    achievement["@context"] = {"name": None, "real": "https://schema.org/name"}
    achievement["real"] = achievement["name"]
    achievement["name"] = "Doctor of Medicine"


def relative(document: dict[str, Any]) -> None:
    document["credentialSubject"]["source"] = {"id": "nowhere", "type": ["Profile"], "name": "Me"}


def no_language(document: dict[str, Any]) -> None:
    achievement = document["credentialSubject"]["achievement"]
    lie = {"@value": "Doctor of Medicine", "@language": "not a language"}
    achievement["name"] = [lie, achievement["name"]]


def inside(**parts: Any) -> Change:
    return lambda document: document["credentialSubject"].update(parts)


DISGUISES: dict[str, Change] = {
    "its end under its address": by_address("validUntil"),
    "its status under its address": by_address("credentialStatus"),
    "its end under another name": renamed("validUntil", "until"),
    "a name that means nothing": emptied,
    "a known word redefined": own_context(achievement="https://x.example/achievement"),
    "a vocabulary for all words": own_context(**{"@vocab": "https://x.example/"}),
    "a word that means nothing": own_context(grade=None),
    "a word for a nameless thing": own_context(grade="_:b"),
    "a context within": inside(**{"@context": {"grade": "https://x.example/grade"}}),
    "a graph within": inside(**{"@graph": [{"name": "Doctor"}]}),
    "something included": inside(**{"@included": [{"name": "Doctor"}]}),
    "an index": inside(**{"@index": "Doctor of Medicine"}),
    "an unknown keyword": inside(**{"@foo": "Doctor of Medicine"}),
    "a relative address": relative,
    "a language that is none": no_language,
    "a word nobody explains": inside(grade="excellent"),
}


@pytest.mark.parametrize("how", DISGUISES)
def test_no_disguise_is_valid(how: str) -> None:
    proved = signed(badge(credentialStatus=entry()))
    document = copy.deepcopy(proved)
    DISGUISES[how](document)
    assert verdict_on(as_json(proved), NOW).valid
    for moment in (NOW, NOW + timedelta(days=2000)):
        found = verdict_on(as_json(document), moment)
        assert found.standing in ("malformed", "altered"), how


def test_what_a_context_of_ones_own_may_do_is_to_add_words() -> None:
    document = badge(**{"@context": [*badge()["@context"], {"grade": "https://x.example/grade"}]})
    document["credentialSubject"]["grade"] = "excellent"
    assert verdict_on(as_json(signed(document)), NOW).valid
    assert verdict_on(as_json({**signed(document), "@context": [BASE]}), NOW).standing != "valid"


def test_a_proof_and_a_token_hold_no_longer_than_they_say() -> None:
    late = data_integrity.signed(badge(), KEY, METHOD, NOW)
    late["proof"]["expires"] = "2020-01-01T00:00:00Z"
    assert verdict_on(as_json(late), NOW).standing == "expired"
    bare = badge()
    del bare["validUntil"]
    token = jose.enveloped({**bare, "exp": 1_577_836_800}, KEY, METHOD)
    assert verdict_on(token.encode(), NOW).standing == "expired"


def proved_with(**options: Any) -> dict[str, Any]:
    """A badge whose proof says more of itself than ours do."""
    document = badge()
    proof = {
        "type": "DataIntegrityProof",
        "cryptosuite": data_integrity.SUITE,
        "created": "2026-11-27T12:00:00Z",
        "verificationMethod": METHOD,
        "proofPurpose": "assertionMethod",
        **options,
    }
    written = {"@context": document["@context"], **proof}
    parts = (canonical(written), canonical(document))
    signature = KEY.sign(b"".join(hashlib.sha256(part).digest() for part in parts))
    return {**document, "proof": {**proof, "proofValue": multibase(signature)}}


SECURITY = "https://w3id.org/security#"


def expiry_by_address(proof: dict[str, Any]) -> None:
    end = proof.pop("expires")
    proof[f"{SECURITY}expiration"] = {"@value": end, "@type": MOMENT}


def purpose_by_a_context(proof: dict[str, Any]) -> None:
    proof["@context"] = {
        "type": "@type",
        "DataIntegrityProof": f"{SECURITY}DataIntegrityProof",
        "cryptosuite": {
            "@id": f"{SECURITY}cryptosuite",
            "@type": f"{SECURITY}cryptosuiteString",
        },
        "created": {"@id": "http://purl.org/dc/terms/created", "@type": MOMENT},
        "verificationMethod": {"@id": f"{SECURITY}verificationMethod", "@type": "@id"},
        "proofPurpose": None,
    }
    proof["proofPurpose"] = "assertionMethod"
    proof[f"{SECURITY}proofPurpose"] = {"@id": f"{SECURITY}authenticationMethod"}


@pytest.mark.parametrize(
    ("options", "disguise", "plainly"),
    [
        ({"expires": "2026-11-01T00:00:00Z"}, expiry_by_address, "expired"),
        ({"proofPurpose": "authentication"}, purpose_by_a_context, "unproven"),
    ],
)
def test_a_proof_does_not_hide_until_when_and_what_for_it_is(
    options: dict[str, str], disguise: Change, plainly: str
) -> None:
    document = proved_with(**options)
    assert verdict_on(as_json(document), NOW).standing == plainly
    disguise(document["proof"])
    assert verdict_on(as_json(document), NOW).standing == "malformed"


def test_what_proofs_of_others_say_plainly_is_taken() -> None:
    more = {
        "id": "urn:uuid:6a1676b8-b51f-11ed-937b-d76685a20ff5",
        "domain": ["kommun.example", "region.example"],
        "challenge": "1",
        "expires": "2030-01-01T00:00:00Z",
    }
    found = verdict_on(as_json(proved_with(**more)), NOW)
    assert (found.standing, found.details) == ("valid", ())
    own = {"@context": badge()["@context"]}
    assert verdict_on(as_json(proved_with(**own)), NOW).valid


@pytest.mark.parametrize(
    ("path", "beginning"),
    [
        ("id", "https://kommun.example/certificates/"),
        ("credentialStatus.statusListCredential", "https://kommun.example/credentials/status/"),
        ("credentialSubject.achievement.id", "https://kommun.example/"),
    ],
)
def test_an_address_written_short_is_not_passed_off_as_another(path: str, beginning: str) -> None:
    """The graph stays the same, and whoever looks the address up finds nothing."""
    document = copy.deepcopy(signed(badge(credentialStatus=entry())))
    *way, last = path.split(".")
    place: Any = document
    for step in way:
        place = place[step]
    place[last] = "k:" + place[last].removeprefix(beginning)
    document["@context"].append({"k": beginning})
    assert verdict_on(as_json(document), NOW).standing == "malformed"
