"""The verdict on credentials that are whole, altered, out of date, hostile, or no credentials."""

import copy
import re
import socket
import time
from datetime import timedelta
from typing import Any

import pytest

from innocap_lms.vc.baked import png_with, svg_with
from innocap_lms.vc.canonical import BASE
from innocap_lms.vc.keys import did_document, keys_in, public_text
from innocap_lms.vc.verifying import Keys, verdict_on
from tests.vc.made import (
    DID,
    KEY,
    METHOD,
    NOW,
    OTHER,
    WEB,
    as_json,
    badge,
    signed,
    token,
)

PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360"
    "000002000001e221bc330000000049454e44ae426082"
)
SVG = svg_with("<svg xmlns='http://www.w3.org/2000/svg'></svg>", as_json(signed(badge())).decode())
WEB_METHOD = f"{WEB}#1"
WEB_KEYS: Keys = keys_in(did_document(WEB, {"1": public_text(KEY.public_key())}))


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever calls outside fails."""

    def refused(*_args: object, **_named: object) -> None:
        raise AssertionError("a call to the outside while verifying")

    monkeypatch.setattr(socket, "create_connection", refused)
    monkeypatch.setattr(socket.socket, "connect", refused)


def test_a_whole_credential_is_valid_in_each_of_its_forms() -> None:
    proved = as_json(signed(badge()))
    wrapped = b"\r\n ".join(re.findall(rb".{1,76}", token(badge())))
    for form in (
        proved,
        wrapped,
        b"\xef\xbb\xbf\n\n\n\n\n" + token(badge()),
        b"\n\n\n\n\n" + SVG.encode(),
        b"\xef\xbb\xbf" + SVG.encode(),
        png_with(PIXEL, wrapped.decode()),
        b"\xef\xbb\xbf" + proved,
        token(badge()),
        token(badge()) + b"\n",
        png_with(PIXEL, proved.decode()),
        png_with(PIXEL, token(badge()).decode()),
        svg_with(
            "<svg xmlns='http://www.w3.org/2000/svg'/>".replace("/>", "></svg>"), proved.decode()
        ).encode(),
        as_json(
            {
                "@context": [BASE],
                "id": "data:application/vc+jwt," + token(badge()).decode(),
                "type": "EnvelopedVerifiableCredential",
            }
        ),
    ):
        found = verdict_on(form, NOW)
        assert (found.standing, found.details) == ("valid", ())
        assert found.credential is not None
        assert found.credential["name"] == "De första stegen"


def test_a_badge_may_hold_signs_that_xml_does_not_know() -> None:
    text = as_json(signed(badge(description="a\uffffb\ufffe"))).decode()
    found = verdict_on(
        svg_with("<svg xmlns='http://www.w3.org/2000/svg'></svg>", text).encode(), NOW
    )
    assert found.valid, found.details


def altered(path: str, value: Any) -> bytes:
    document = copy.deepcopy(signed(badge()))
    place: Any = document
    *way, last = path.split(".")
    for step in way:
        place = place[int(step)] if step.isdigit() else place[step]
    place[last] = value
    return as_json(document)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("credentialSubject.identifier.0.identityHash", "Someone Else"),
        ("credentialSubject.achievement.name", "A harder course"),
        ("issuer.name", "Another municipality"),
        ("validUntil", "2099-01-01T00:00:00Z"),
        ("proof.created", "2020-01-01T00:00:00Z"),
        ("proof.proofValue", "z" + "1" * 64),
        ("proof.proofValue", 7),
        ("proof.proofValue", "z" + "2" * 10_000),
    ],
)
def test_whatever_is_changed_is_seen(path: str, value: Any) -> None:
    assert verdict_on(altered(path, value), NOW).standing == "altered"


def test_words_that_no_context_explains_are_not_passed_off_as_signed() -> None:
    """They are not part of what is signed: whoever adds one changes what people read."""
    document = signed(badge())
    document["credentialSubject"]["grade"] = "excellent"
    assert verdict_on(as_json(document), NOW).standing != "valid"


def test_a_token_with_another_ending_or_another_key_is_not_genuine() -> None:
    whole = token(badge())
    assert verdict_on(whole[:-4] + b"AAAA", NOW).standing == "altered"
    assert verdict_on(token(badge(), OTHER), NOW).standing == "altered"
    head, body, _mark = whole.split(b".")
    assert verdict_on(head + b"." + body + b".", NOW).standing == "altered"


def test_the_key_of_another_is_not_the_issuers() -> None:
    other = keys_in(public_text(OTHER.public_key()))
    (stranger,) = [name for name in other if name != "*"]
    by_stranger = signed(badge(), OTHER, f"{stranger}#{public_text(OTHER.public_key())}")
    assert verdict_on(as_json(by_stranger), NOW).standing == "unknown_key"
    web = badge(issuer={"id": WEB, "type": ["Profile"], "name": "Norra"})
    proved = as_json(signed(web, KEY, WEB_METHOD))
    assert verdict_on(proved, NOW).standing == "unknown_key"
    assert verdict_on(proved, NOW, WEB_KEYS).valid
    assert verdict_on(proved, NOW, keys_in(public_text(KEY.public_key()))).valid
    assert verdict_on(proved, NOW, {"*": other["*"]}).standing == "altered"
    assert verdict_on(as_json(signed(web, OTHER, WEB_METHOD)), NOW, WEB_KEYS).standing == "altered"
    assert verdict_on(as_json(signed(web, KEY, f"{WEB}#2")), NOW, WEB_KEYS).standing == (
        "unknown_key"
    )


def test_it_counts_from_its_first_second_to_its_last() -> None:
    proved = as_json(signed(badge()))
    for moment, standing in (
        (NOW - timedelta(days=5), "not_yet_valid"),
        (NOW, "valid"),
        (NOW + timedelta(days=800), "expired"),
    ):
        assert verdict_on(proved, moment).standing == standing


HOSTILE = {
    "nothing": b"",
    "words": b"not a credential",
    "a list": b"[]",
    "a number": b"7",
    "broken off": as_json(signed(badge()))[:-20],
    "very deep": b'{"a":' * 5_000 + b"1" + b"}" * 5_000,
    "deep lists": b"[" * 100_000,
    "very large": b'{"a": "' + b"x" * 600_000 + b'"}',
    "very many": as_json({str(number): 1 for number in range(30_000)}),
    "twice the same name": b'{"type": "a", "type": "b"}',
    "not a number": b'{"a": NaN}',
    "no letters": b"\xff\xfe\x00",
    "a token of nothing": b"ey.ey.ey",
    "a token of a list": b"W10.W10.W10",
    "a token without end": b"ey" + b"A" * 400_000,
    "a picture of nothing": PIXEL,
    "half a picture": PIXEL[:40],
    "an svg of nothing": b"<svg xmlns='http://www.w3.org/2000/svg'></svg>",
    "a billion laughs": b'<!DOCTYPE x [<!ENTITY a "aaaa">]><svg>&a;</svg>',
    "a page": b"<html><script>alert(1)</script></html>",
}


@pytest.mark.parametrize("what", HOSTILE)
def test_what_is_no_credential_is_said_to_be_none(what: str) -> None:
    began = time.process_time()
    found = verdict_on(HOSTILE[what], NOW)
    assert found.standing in ("unreadable", "malformed")
    assert found.details
    assert time.process_time() - began < 5


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"@context": [BASE, "https://evil.example/context"]}, "https://evil.example/context"),
        ({"@context": [BASE, {"@import": "https://evil.example/c"}]}, ""),
        ({"@context": BASE[:-1]}, "has to begin with"),
        ({"@context": {"@vocab": "https://x.example/"}}, "@context"),
        ({"type": "VerifiableCredential", "credentialSubject": []}, "credentialSubject"),
        ({"issuer": "kommunen"}, "issuer"),
        ({"validFrom": "yesterday"}, "validFrom"),
        ({"validUntil": "2020-01-01T00:00:00Z"}, "before"),
        ({"credentialStatus": {"id": "x"}}, "credentialStatus"),
        ({"id": ["a", "b"]}, "id"),
    ],
)
def test_what_breaks_the_rules_is_named(changed: Any, said: str) -> None:
    found = verdict_on(as_json({**signed(badge()), **changed}), NOW)
    assert found.standing == "malformed"
    assert said in " ".join(found.details)


def test_a_graph_made_to_take_for_ever_is_refused_at_once() -> None:
    """A dozen nameless parts that each know all the others: their one order takes years."""
    ring = [
        {"related": [{"id": f"_:b{other}"} for other in range(12)], "id": f"_:b{one}"}
        for one in range(12)
    ]
    context = [*badge()["@context"], {"related": "https://x.example/related"}]
    document = badge(**{"@context": context}, evidence=[])
    document["credentialSubject"]["related"] = ring
    began = time.process_time()
    found = verdict_on(as_json({**document, "proof": signed(badge())["proof"]}), NOW)
    assert not found.valid
    assert time.process_time() - began < 5


def test_proofs_of_other_kinds_prove_nothing_here_and_harm_nothing() -> None:
    proved = signed(badge())
    unknown = {"type": "SomeProof", "created": "2026-11-27T00:00:00Z"}
    assert verdict_on(as_json({**proved, "proof": [unknown, proved["proof"]]}), NOW).valid
    assert verdict_on(as_json({**proved, "proof": [unknown]}), NOW).standing == "unproven"
    assert verdict_on(as_json(badge()), NOW).standing == "unproven"
    for_signing_in = {**proved["proof"], "proofPurpose": "authentication"}
    assert verdict_on(as_json({**proved, "proof": for_signing_in}), NOW).standing == "unproven"


def test_a_second_proof_by_another_hand_is_not_covered_by_the_first() -> None:
    proved, other = signed(badge()), signed(badge(), OTHER)
    both = {**proved, "proof": [proved["proof"], other["proof"]]}
    assert verdict_on(as_json(both), NOW).standing == "altered"


def test_keys_are_taken_in_the_ways_that_people_have_them() -> None:
    public = public_text(KEY.public_key())
    proved = as_json(signed(badge()))
    for form in (
        public,
        DID,
        METHOD,
        {"publicKeyMultibase": public},
        {"id": METHOD, "type": "Multikey", "controller": DID, "publicKeyMultibase": public},
        did_document(DID, {public: public}),
        [did_document(DID, {public: public})],
    ):
        assert verdict_on(proved, NOW, keys_in(form)).valid
