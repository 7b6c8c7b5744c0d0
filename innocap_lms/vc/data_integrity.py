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
    proof["proofValue"] = multibase(key.sign(_hashed(document, proof)))
    return {**document, "proof": proof}


def proves(document: Mapping[str, Any], proof: Mapping[str, Any], key: Ed25519PublicKey) -> bool:
    """Whether the proof, one of the suite, is that key's over the document without its proofs.

    Raises canonical.UnreadableError.
    """
    value = proof.get("proofValue")
    try:
        signature = from_multibase(value) if isinstance(value, str) else b""
    except KeyFormatError:
        return False
    bare = {name: part for name, part in document.items() if name != "proof"}
    options = {name: part for name, part in proof.items() if name != "proofValue"}
    return len(signature) == 64 and signed_by(key, signature, _hashed(bare, options))


def signs_everything(document: Mapping[str, Any]) -> None:
    """Raise UnreadableError where a document says something that its canonical form leaves out."""
    bare = {name: part for name, part in document.items() if name != "proof"}
    refuse_what_is_lost(expanded(bare), canonical(bare).decode())


def _hashed(document: Mapping[str, Any], options: Mapping[str, Any]) -> bytes:
    options = {"@context": document.get("@context", []), **options}
    return b"".join(hashlib.sha256(canonical(part)).digest() for part in (options, document))
