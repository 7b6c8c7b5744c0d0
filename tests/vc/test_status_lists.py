"""Status lists of others: which of them end a credential, and which do not answer."""

from typing import Any

import pytest

from innocap_lms.vc.canonical import BASE
from innocap_lms.vc.status import encoded_list
from innocap_lms.vc.verifying import verdict_on
from tests.vc.made import (
    DID,
    KEY,
    LIST,
    NOW,
    OTHER,
    as_json,
    badge,
    entry,
    signed,
)


def a_list(index: int, **changed: Any) -> dict[str, Any]:
    return {
        "@context": [BASE],
        "id": LIST,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": DID,
        "validFrom": "2026-11-27T00:00:00Z",
        "validUntil": "2026-11-28T00:00:00Z",
        "credentialSubject": {
            "id": f"{LIST}#list",
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
            "encodedList": encoded_list([index]),
        },
        **changed,
    }


def with_list(status_list: dict[str, Any] | None, key: Any = KEY) -> tuple[str, bool | None]:
    proved = as_json(signed(badge(credentialStatus=entry(7))))
    data = None if status_list is None else as_json(signed(status_list, key))
    found = verdict_on(proved, NOW, lists=lambda address: data if address == LIST else None)
    return found.standing, found.status_checked


def test_a_status_list_says_whether_it_was_revoked() -> None:
    assert with_list(a_list(8)) == ("valid", True)
    assert with_list(a_list(7))[0] == "revoked"
    assert with_list(None) == ("valid", False)


def for_(purpose: str, number: int, index: int = 7) -> dict[str, Any]:
    """Where a bit lies for a purpose, in the list of that number."""
    place = f"https://kommun.example/credentials/status/{number}"
    return {
        **entry(index),
        "id": f"{place}#{index}",
        "statusListCredential": place,
        "statusPurpose": purpose,
    }


def set_for(purpose: str, number: int, index: int) -> tuple[str, bytes]:
    place = f"https://kommun.example/credentials/status/{number}"
    subject = {
        "id": f"{place}#list",
        "type": "BitstringStatusList",
        "statusPurpose": purpose,
        "encodedList": encoded_list([index]),
    }
    # In a list, as some write what there is one of.
    return place, as_json(signed(a_list(index, id=place, credentialSubject=[subject])))


@pytest.mark.parametrize(
    ("entries", "standing", "checked"),
    [
        ([for_("suspension", 2)], "suspended", None),
        ([for_("revocation", 1, 8), for_("suspension", 2)], "suspended", None),
        ([for_("revocation", 1, 8), for_("revocation", 3)], "revoked", None),
        ([for_("revocation", 9), for_("suspension", 2)], "suspended", None),
        ([{**for_("revocation", 3), "statusPurpose": "suspension"}, for_("revocation", 3)],
         "revoked", None),
        ([{"type": "SomethingElse"}, for_("revocation", 3)], "revoked", None),
        ([for_("revocation", 1, 8), for_("suspension", 2, 8)], "valid", True),
        ([for_("revocation", 1, 8), for_("suspension", 9)], "valid", False),
        ([for_("revocation", 1, 8), {"type": "SomethingElse"}], "valid", False),
        ([for_("message", 9)], "valid", None),
        ([for_("revocation", 1, 8)] * 5, "status_unknown", None),
        ([{**for_("revocation", 1, 8), "statusSize": 2}], "status_unknown", None),
    ],
)  # fmt: skip
def test_whatever_of_its_lists_ends_it_decides(
    entries: list[Any], standing: str, checked: bool | None
) -> None:
    lists = dict(
        [set_for("revocation", 1, 7), set_for("suspension", 2, 7), set_for("revocation", 3, 7)]
    )
    words = [*badge()["@context"], {"SomethingElse": "https://x.example/SomethingElse"}]
    proved = as_json(signed(badge(**{"@context": words}, credentialStatus=entries)))
    found = verdict_on(proved, NOW, lists=lists.get)
    assert (found.standing, found.status_checked) == (standing, checked)


@pytest.mark.parametrize(
    "changed",
    [
        {"validUntil": "2026-11-27T01:00:00Z"},
        {"id": "https://kommun.example/credentials/status/2"},
        {"issuer": "did:web:other.example"},
        {"type": ["VerifiableCredential"]},
        {"credentialSubject": {"id": f"{LIST}#list", "type": "BitstringStatusList"}},
        {
            "credentialSubject": {
                "id": f"{LIST}#list",
                "type": "BitstringStatusList",
                "statusPurpose": "revocation",
                "encodedList": "uH4sIAAAAAAAAA",
            }
        },
    ],
)
def test_a_status_list_that_does_not_answer_leaves_no_valid_verdict(changed: Any) -> None:
    assert with_list(a_list(8, **changed))[0] == "status_unknown"


def test_a_status_list_of_another_hand_answers_nothing() -> None:
    assert with_list(a_list(8), OTHER)[0] == "status_unknown"
