"""Credentials enveloped in a signed token, which wallets import as one line of text.

Source: Securing Verifiable Credentials using JOSE and COSE, section 3.1; Open Badges 3.0,
section 8.2.4.
"""

import base64
import json
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from innocap_lms.vc.bounds import MOST_BYTES, UnboundedError, read_json

ALGORITHM = "EdDSA"
TYPE = "vc+jwt"


@cache
def _registry() -> Any:
    """The algorithms that are taken. joserfc is loaded with the first token: most processes never
    need the 70 ms."""
    from joserfc import jws
    from joserfc.jwa import EdDSAAlgorithm

    class EdDSA(EdDSAAlgorithm):
        # RFC 9864 prefers the name Ed25519, which many wallets do not know yet.
        security_warning = None  # type: ignore[assignment]

    class Ed25519(EdDSA):
        name = "Ed25519"

    class Registry(jws.JWSRegistry):
        max_payload_length = MOST_BYTES

    Registry.algorithms = {one.name: one for one in (EdDSA(), Ed25519())}
    return Registry(algorithms=list(Registry.algorithms), strict_check_header=False)


def prepare() -> None:
    """Load what signing needs."""
    _registry()


def enveloped(credential: Mapping[str, Any], key: Ed25519PrivateKey, method: str) -> str:
    """The credential as a compact token by the key whose public half stands at `method`."""
    from joserfc import jws
    from joserfc.jwk import OKPKey

    header = {"alg": ALGORITHM, "typ": TYPE, "cty": "vc", "kid": method}
    payload = json.dumps({**_claims(credential), **credential}, ensure_ascii=False).encode()
    return jws.serialize_compact(header, payload, OKPKey.import_key(key), registry=_registry())


def _claims(credential: Mapping[str, Any]) -> dict[str, Any]:
    """The registered claims that say what the credential says, for those who read only them."""
    issuer = credential["issuer"]
    moments = {"nbf": credential.get("validFrom"), "exp": credential.get("validUntil")}
    return {
        "iss": issuer["id"] if isinstance(issuer, Mapping) else issuer,
        "jti": credential["id"],
        **{
            name: int(datetime.fromisoformat(moment).timestamp())
            for name, moment in moments.items()
            if moment
        },
    }


def opened(token: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Header and payload of a token, which nobody has vouched for yet. Raises UnboundedError."""
    parts = token.split(".")
    if len(parts) != 3:
        raise UnboundedError("no token of three parts")
    try:
        header, payload = (
            read_json(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))) for part in parts[:2]
        )
    except ValueError as error:
        raise UnboundedError(f"no token: {error}") from None
    if not isinstance(header, dict) or not isinstance(payload, dict):
        raise UnboundedError("no token: it holds no object")
    return header, payload


def holds(token: str, key: Ed25519PublicKey) -> bool:
    """Whether the token is signed by that key, in a way that is taken here."""
    from joserfc import jws
    from joserfc.errors import JoseError
    from joserfc.jwk import OKPKey

    try:
        jws.deserialize_compact(token, OKPKey.import_key(key), registry=_registry())
    except (JoseError, ValueError, TypeError, AttributeError, LookupError):
        return False  # the library takes for granted that a header holds what headers hold
    return True
