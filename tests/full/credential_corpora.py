"""The part of `make corpora` for credentials: published files get the verdict their makers expect.

Files whose names end in -ok and -fail are inputs of the test suite of the W3C data model: its
issuer puts in what they leave open, an issuer's address and dates, and so does this. A folder
eddsa-rdfc-2022 holds the published vectors of that suite beside ../keyPair.json. Of Open Badges,
names with -err- are wrong, and the key of a proof stands at the end of its address.
"""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from innocap_lms.vc import data_integrity
from innocap_lms.vc.canonical import canonical
from innocap_lms.vc.keys import KeyFormatError, keys_in, read_public, read_secret
from innocap_lms.vc.shape import address_of, flaws_of, listed
from innocap_lms.vc.verifying import Keys, verdict_on

ISSUER = "did:example:issuer"
DATES = {"PAST DATE": "2020-01-01T00:00:00Z", "FUTURE DATE": "2090-01-01T00:00:00Z"}


def check(files: list[Path], counts: Counter[str]) -> Iterator[str]:
    """Check what is known among the files, counting it; yields what is not as expected."""
    for file in files:
        if file.stem.endswith(("-ok", "-fail")):
            counts["credential shapes"] += 1
            yield from _shape(file)
        elif file.name == "signedDataInt.json":
            counts["credential vectors"] += 1
            yield from _vector(file)
        elif "ob30" in file.parent.name and file.suffix in (".json", ".png"):
            counts["badges"] += 1
            yield from _badge(file)


def _shape(file: Path) -> Iterator[str]:
    document = json.loads(file.read_text(encoding="utf-8"))
    flaws = flaws_of(_as_issued(document) if "Presentation" not in str(document) else document)
    if bool(flaws) is file.stem.endswith("-ok"):
        yield f"{file}: {flaws or 'no flaw found'}"


def _as_issued(document: dict[str, Any]) -> dict[str, Any]:
    issuer = document.get("issuer", ISSUER)
    if isinstance(issuer, dict):
        issuer = {"id": ISSUER, **issuer}
    dates = {
        name: DATES.get(document[name], document[name])
        for name in ("validFrom", "validUntil")
        if name in document
    }
    return {**document, "issuer": issuer, **dates}


def _vector(file: Path) -> Iterator[str]:
    signed = json.loads(file.read_text(encoding="utf-8"))
    pair = json.loads((file.parent.parent / "keyPair.json").read_text(encoding="utf-8"))
    bare = {name: part for name, part in signed.items() if name != "proof"}
    proof = signed["proof"]
    quads = (file.parent / "canonDocDataInt.txt").read_text(encoding="utf-8")
    if canonical(bare).decode() != quads:
        yield f"{file}: another canonical form"
    key = read_public(pair["publicKeyMultibase"])
    if not data_integrity.proves(bare, proof, key, canonical(bare)):
        yield f"{file}: the published proof does not hold"
    ours = data_integrity.signed(
        bare,
        read_secret(pair["privateKeyMultibase"]),
        proof["verificationMethod"],
        datetime.fromisoformat(proof["created"]),
    )
    if ours["proof"]["proofValue"] != proof["proofValue"]:
        yield f"{file}: another signature than the published one"
    keys = {bare["issuer"]: {proof["verificationMethod"]: read_public(pair["publicKeyMultibase"])}}
    if not verdict_on(json.dumps(signed).encode(), datetime.now(UTC), keys).valid:
        yield f"{file}: no valid verdict"


def _badge(file: Path) -> Iterator[str]:
    data = file.read_bytes()
    first = verdict_on(data, datetime.now(UTC))
    found = verdict_on(data, datetime.now(UTC), _keys_named_by(first.credential or {}))
    # These are wrong in shape, without a proof, or by keys of nobody.
    wrong = "-err-" in file.stem or "noproof" in file.stem
    if wrong and found.valid:
        yield f"{file}: a valid verdict"
    if not wrong and found.standing in ("unreadable", "malformed"):
        yield f"{file}: {found.standing} {found.details}"
    if file.stem.startswith("simple") and not wrong and file.suffix == ".json" and not found.valid:
        yield f"{file}: {found.standing} {found.details}"


def _keys_named_by(credential: Any) -> Keys:
    """The keys at the ends of the addresses of the proofs, for the issuer of the credential."""
    keys = {}
    for proof in listed(credential.get("proof")):
        method = str(proof.get("verificationMethod"))
        try:
            keys.update({method: keys_in(method.rpartition("#")[2])["*"]})
        except (KeyFormatError, KeyError):
            continue
    issuer = str(address_of(credential.get("issuer")))
    return {
        issuer: {
            method: next(iter(own.values()))
            for method, own in keys.items()
            if method.partition("#")[0] == issuer
        }
    }
