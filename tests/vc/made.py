"""A credential like ours and the key it is signed with."""

import json
from datetime import UTC, datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from innocap_lms.vc import data_integrity, jose
from innocap_lms.vc.canonical import BASE, OPEN_BADGES
from innocap_lms.vc.keys import did_key, method_of_did_key, public_text

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
OTHER = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
DID = did_key(public_text(KEY.public_key()))
METHOD = method_of_did_key(DID)
WEB = "did:web:kommun.example"
LIST = "https://kommun.example/credentials/status/1"


def badge(**changed: Any) -> dict[str, Any]:
    """A badge without a proof, by the did:key of KEY; `changed` replaces parts."""
    return {
        "@context": [BASE, OPEN_BADGES],
        "id": "https://kommun.example/certificates/1",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": "De första stegen",
        "issuer": {"id": DID, "type": ["Profile"], "name": "Norra kommunen"},
        "validFrom": "2026-11-23T09:30:00Z",
        "validUntil": "2028-11-23T22:59:59Z",
        "credentialSubject": {
            "type": ["AchievementSubject"],
            "identifier": [
                {
                    "type": "IdentityObject",
                    "hashed": False,
                    "identityHash": "Åsa Ögren",
                    "identityType": "name",
                }
            ],
            "achievement": {
                "id": "https://kommun.example/courses/first-steps",
                "type": ["Achievement"],
                "name": "De första stegen",
                "description": "En första kurs.",
                "criteria": {"narrative": "2 lektioner lästa."},
            },
        },
        **changed,
    }


def entry(index: int = 7) -> dict[str, Any]:
    """Where the badge's bit lies."""
    return {
        "id": f"{LIST}#{index}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": str(index),
        "statusListCredential": LIST,
    }


def signed(
    document: dict[str, Any], key: Ed25519PrivateKey = KEY, method: str = METHOD
) -> dict[str, Any]:
    return data_integrity.signed(document, key, method, NOW)


def token(document: dict[str, Any], key: Ed25519PrivateKey = KEY, method: str = METHOD) -> bytes:
    return jose.enveloped(document, key, method).encode()


def as_json(document: object) -> bytes:
    return json.dumps(document, ensure_ascii=False).encode()
