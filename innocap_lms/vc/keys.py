"""Ed25519 keys as they are written down: Multikey, did:key, DID documents, JWK.

Sources: Controlled Identifiers 1.0, sections 2.2.2 and 2.4; The did:key Method, section 3.1;
RFC 8037, section 2.
"""

import base64
from collections.abc import Mapping
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from innocap_lms.vc.bounds import UnboundedError, read_json

ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
PUBLIC, SECRET = b"\xed\x01", b"\x80\x26"  # multicodec: ed25519-pub, ed25519-priv
MOST_SIGNS = 200  # of a multibase text that can be a key or a signature
RAW = (serialization.Encoding.Raw, serialization.PublicFormat.Raw)


class KeyFormatError(ValueError):
    """No Ed25519 key in a form that is read here."""


def multibase(data: bytes) -> str:
    """Bytes as base58btc, with the `z` that says so."""
    number, signs = int.from_bytes(data), ""
    while number:
        number, digit = divmod(number, 58)
        signs = ALPHABET[digit] + signs
    return "z" + "1" * (len(data) - len(data.lstrip(b"\0"))) + signs


def from_multibase(text: str) -> bytes:
    """The bytes of a base58btc text. Raises KeyFormatError."""
    digits = text[1:]
    if not text.startswith("z") or len(text) > MOST_SIGNS or set(digits) - set(ALPHABET):
        raise KeyFormatError("not in base58btc")
    number = 0
    for sign in digits:
        number = number * 58 + ALPHABET.index(sign)
    leading = len(digits) - len(digits.lstrip("1"))
    return bytes(leading) + number.to_bytes((number.bit_length() + 7) // 8)


def public_text(key: Ed25519PublicKey) -> str:
    """The public key as a Multikey: z6Mk and 44 signs."""
    return multibase(PUBLIC + key.public_bytes(*RAW))


def secret_text(key: Ed25519PrivateKey) -> str:
    """The secret key as a Multikey: z3u2 and 44 signs."""
    return multibase(SECRET + key.private_bytes_raw())


def read_public(text: str) -> Ed25519PublicKey:
    """The key that a Multikey writes down. Raises KeyFormatError."""
    return Ed25519PublicKey.from_public_bytes(_after(PUBLIC, text))


def read_secret(text: str) -> Ed25519PrivateKey:
    """The key that a secret Multikey writes down. Raises KeyFormatError."""
    return Ed25519PrivateKey.from_private_bytes(_after(SECRET, text))


def _after(codec: bytes, text: str) -> bytes:
    data = from_multibase(text)
    if len(data) != 34 or not data.startswith(codec):
        raise KeyFormatError("no Ed25519 key")
    return data[2:]


def signed_by(key: Ed25519PublicKey, signature: bytes, data: bytes) -> bool:
    """Whether the signature is that key's, over that data."""
    try:
        key.verify(signature, data)
    except InvalidSignature:
        return False
    return True


def did_key(public: str) -> str:
    """The DID that is a public key itself."""
    return f"did:key:{public}"


def method_of_did_key(did: str) -> str:
    """The address of the one key of a did:key."""
    return f"{did}#{did.removeprefix('did:key:')}"


def did_document(did: str, publics: Mapping[str, str]) -> dict[str, Any]:
    """The document of a DID, with its keys {fragment: public Multikey} for making assertions."""
    methods = {f"{did}#{fragment}": public for fragment, public in publics.items()}
    return {
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
        "id": did,
        "verificationMethod": [
            {
                "id": address,
                "type": "Multikey",
                "controller": did,
                "publicKeyMultibase": public,
            }
            for address, public in methods.items()
        ],
        "assertionMethod": list(methods),
    }


def did_web_address(did: str) -> str:
    """Where the document of a did:web lies. Source: did:web Method, section 3.2.

    Raises KeyFormatError.
    """
    from urllib.parse import unquote

    method, _sep, rest = did.partition("did:web:")
    parts = [unquote(part) for part in rest.split(":")]
    if method or not rest or not all(parts) or any("/" in part or ".." in part for part in parts):
        raise KeyFormatError(f"no did:web: {did}")
    path = "/".join(parts[1:]) or ".well-known"
    return f"https://{parts[0]}/{path}/did.json"


def keys_in(document: Any) -> dict[str, dict[str, Ed25519PublicKey]]:
    """Keys for making assertions, as {controller: {address: key}}, out of what people hand over.

    That is a DID document or several in a list, a single verification method, a JWK or a set of
    them, a public Multikey or a did:key as text. A bare key speaks for the did:key it is, and for
    "*": whoever the credential says issued it, since whoever hands it over trusts it.

    Raises KeyFormatError.
    """
    if isinstance(document, list):
        found: dict[str, dict[str, Ed25519PublicKey]] = {}
        for one in document:
            for speaker, keys in keys_in(one).items():
                found.setdefault(speaker, {}).update(keys)
        return found
    if isinstance(document, str):
        return _written(document.strip())
    if not isinstance(document, Mapping):
        raise KeyFormatError("neither a DID document nor a key")
    if "keys" in document and isinstance(document["keys"], list):
        return keys_in(document["keys"])
    if "kty" in document:
        return _bare(_of_jwk(document), str(document.get("kid", "")))
    if "publicKeyMultibase" in document or "publicKeyJwk" in document:
        return {str(document.get("controller", "*")): _methods([document])}
    controller = document.get("id")
    if not isinstance(controller, str):
        raise KeyFormatError("neither a DID document nor a key")
    return {controller: _of_document(document)}


def keys_in_text(text: str) -> dict[str, dict[str, Ed25519PublicKey]]:
    """The same out of a text that somebody wrote or pasted, which may be JSON. Raises
    KeyFormatError."""
    text = text.strip()
    if text.startswith(("z", "did:key:")):
        return _written(text)
    try:
        return keys_in(read_json(text.encode()))
    except UnboundedError as error:
        raise KeyFormatError(str(error)) from None


def _written(text: str) -> dict[str, dict[str, Ed25519PublicKey]]:
    did, _sep, _fragment = text.partition("#")
    if not did.startswith("did:key:"):
        return _bare(read_public(text), "")
    return {did: {method_of_did_key(did): read_public(did.removeprefix("did:key:"))}}


def _bare(key: Ed25519PublicKey, kid: str) -> dict[str, dict[str, Ed25519PublicKey]]:
    did = did_key(public_text(key))
    address = method_of_did_key(did)
    return {did: {address: key}, "*": {kid or address: key}}


def _of_document(document: Mapping[str, Any]) -> dict[str, Ed25519PublicKey]:
    listed = document.get("verificationMethod", [])
    allowed = document.get("assertionMethod", [])
    if not isinstance(listed, list) or not isinstance(allowed, list):
        raise KeyFormatError("its keys are no list")
    inside = [one for one in allowed if isinstance(one, Mapping)]
    names = {one for one in allowed if isinstance(one, str)}
    methods = [one for one in listed if isinstance(one, Mapping)]
    named = [one for one in methods if isinstance(one.get("id"), str) and one["id"] in names]
    return _methods([*named, *inside])


def _methods(methods: list[Mapping[str, Any]]) -> dict[str, Ed25519PublicKey]:
    """The keys that are Ed25519; keys of other kinds are for others."""
    found = {}
    for method in methods:
        try:
            if "publicKeyMultibase" in method:
                key = read_public(str(method["publicKeyMultibase"]))
            else:
                key = _of_jwk(method["publicKeyJwk"])
        except (KeyFormatError, KeyError):
            continue
        found[str(method.get("id", ""))] = key
    return found


def _of_jwk(jwk: Any) -> Ed25519PublicKey:
    if not isinstance(jwk, Mapping) or (jwk.get("kty"), jwk.get("crv")) != ("OKP", "Ed25519"):
        raise KeyFormatError("a JWK of another kind than Ed25519")
    try:
        data = base64.urlsafe_b64decode(str(jwk.get("x", "")) + "==")
        return Ed25519PublicKey.from_public_bytes(data)
    except ValueError:
        raise KeyFormatError("a JWK without a whole key") from None
