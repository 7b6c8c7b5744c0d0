"""Whatever is done to a credential: it is refused, or tells people what was signed."""

import copy
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from innocap_lms.vc.saying import said_by
from innocap_lms.vc.verifying import verdict_on
from tests.vc.made import NOW, as_json, badge, signed

PROVED = signed(badge())
NAMES = st.sampled_from([
    "id", "type", "name", "@id", "@type", "@value", "@context", "@graph", "@included", "@reverse",
    "@nest", "@index", "@list", "@set", "proof", "issuer", "credentialSubject", "achievement",
    "identifier", "identityHash", "hashed", "learner", "validUntil", "https://schema.org/name",
    "schema:name", "evidence", "endorsement", "credentialStatus", "x",
])  # fmt: skip
VALUES = st.sampled_from([
    "Eva Falsk", "2099-01-01T00:00:00Z", "https://x.example/", "did:key:z6Mk", "", None, True, 0,
    1.5, [], {}, [[]], {"id": "x:y"}, {"@id": "x:y"}, {"type": "X"}, {"@value": "Eva"},
    {"@value": "Eva", "@type": "@json"}, {"@set": ["Eva"]}, {"x": "https://x.example/x"},
    {"name": "https://x.example/n"}, {"@vocab": "https://x/"},
    "https://www.w3.org/ns/credentials/examples/v2",
])  # fmt: skip
Place = tuple[Any, Any]  # an object or a list, and the name or number of a part of it


def places(part: Any) -> Iterator[Place]:
    names = part.items() if isinstance(part, dict) else enumerate(part)
    for name, value in list(names):
        yield part, name
        if isinstance(value, dict | list):
            yield from places(value)


def leave_out(place: Place, _name: str, _value: Any) -> None:
    del place[0][place[1]]


def replace(place: Place, _name: str, value: Any) -> None:
    place[0][place[1]] = value


def put_beside(place: Place, _name: str, value: Any) -> None:
    place[0][place[1]] = [place[0][place[1]], value]


def put_in_a_list(place: Place, _name: str, _value: Any) -> None:
    place[0][place[1]] = [place[0][place[1]]]


def add(place: Place, name: str, value: Any) -> None:
    part = place[0]
    part.update({name: value}) if isinstance(part, dict) else part.append(value)


def rename(place: Place, name: str, _value: Any) -> None:
    if isinstance(place[0], dict):
        place[0][name] = place[0].pop(place[1])


CHANGES = (leave_out, replace, put_beside, put_in_a_list, add, rename)


@settings(max_examples=250)
@given(
    st.lists(st.tuples(st.sampled_from(CHANGES), NAMES, VALUES), min_size=1, max_size=3), st.data()
)
def test_whatever_is_changed_it_is_refused_or_says_the_same(
    changes: list[Any], data: st.DataObject
) -> None:
    document = copy.deepcopy(PROVED)
    for change, name, value in changes:
        place = data.draw(st.sampled_from(list(places(document))) if document else st.none())
        with suppress(KeyError):
            change(place, name, copy.deepcopy(value))
    found = verdict_on(as_json(document), NOW)
    assert not found.valid or said_by(document) == said_by(PROVED)


def test_a_name_that_is_told_is_told_however_its_holder_is_said_not_to_be_hidden() -> None:
    document = copy.deepcopy(PROVED)
    document["credentialSubject"]["identifier"][0]["hashed"] = [False]
    assert verdict_on(as_json(document), NOW).valid
    assert said_by(document)["holder"] == "Åsa Ögren"
