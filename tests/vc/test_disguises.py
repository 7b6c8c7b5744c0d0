"""A genuine proof under words that were never signed, by the ways JSON-LD has of saying a thing."""

import copy
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from innocap_lms.vc import data_integrity, jose
from innocap_lms.vc.canonical import BASE
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
