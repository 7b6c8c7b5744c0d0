"""Proofs beside the data they sign: DataIntegrityProof with the suite eddsa-rdfc-2022.

Source: Data Integrity EdDSA Cryptosuites 1.0, section 3.2.
"""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from innocap_lms.vc.canonical import canonical, expanded
from innocap_lms.vc.keys import KeyFormatError, from_multibase, multibase, signed_by
from innocap_lms.vc.plainness import refuse_what_is_lost

SUITE = "eddsa-rdfc-2022"


def signed(
    document: Mapping[str, Any], key: Ed25519PrivateKey, method: str, created: datetime
) -> dict[str, Any]:
    """The document with a proof by the key whose public half stands at `method`.

    Raises canonical.UnreadableError.
    """
    proof = {
        "type": "DataIntegrityProof",
        "cryptosuite": SUITE,
        "created": f"{created:%Y-%m-%dT%H:%M:%SZ}",
        "verificationMethod": method,
        "proofPurpose": "assertionMethod",
    }
    proof["proofValue"] = multibase(key.sign(_hashed(document, proof, canonical(document))))
    return {**document, "proof": proof}


def unproved(document: Mapping[str, Any]) -> dict[str, Any]:
    """The document without its proofs: what each of them signs."""
    return {name: part for name, part in document.items() if name != "proof"}


def proves(
    document: Mapping[str, Any], proof: Mapping[str, Any], key: Ed25519PublicKey, form: bytes
) -> bool:
    """Whether the proof, one of the suite, is that key's over an unproved document, whose canonical
    form is given: with several proofs it is made once.

    Raises canonical.UnreadableError.
    """
    value = proof.get("proofValue")
    try:
        signature = from_multibase(value) if isinstance(value, str) else b""
    except KeyFormatError:
        return False
    options = {name: part for name, part in proof.items() if name != "proofValue"}
    return len(signature) == 64 and signed_by(key, signature, _hashed(document, options, form))


def signs_everything(document: Mapping[str, Any], form: bytes) -> None:
    """Raise UnreadableError where an unproved document says something that its canonical form
    leaves out."""
    refuse_what_is_lost(expanded(document), form.decode())


def _hashed(document: Mapping[str, Any], options: Mapping[str, Any], form: bytes) -> bytes:
    options = {"@context": document.get("@context", []), **options}
    return b"".join(hashlib.sha256(part).digest() for part in (canonical(options), form))
