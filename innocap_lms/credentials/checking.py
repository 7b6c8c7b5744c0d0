"""The verdict on a credential that somebody hands in: by our own keys, trusted ones, given ones."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from innocap_lms import clock
from innocap_lms.config import Settings
from innocap_lms.credentials import checkpoints, issuers, outside, queries, record
from innocap_lms.vc.data_integrity import SUITE
from innocap_lms.vc.jose import opened
from innocap_lms.vc.keys import keys_in_text
from innocap_lms.vc.shape import listed, types_of
from innocap_lms.vc.status import LIST
from innocap_lms.vc.verifying import Keys, Verdict, claimed, verdict_on

# What this site signs and enters in no register; everything else that its keys sign stands in it.
UNREGISTERED = {"VerifiableCredential", record.TYPE, checkpoints.TYPE, LIST}
GENUINE = ("valid", "expired", "not_yet_valid")


@dataclass(frozen=True)
class Checked:
    """A verdict, and who vouches that the key is the issuer's: `own`, `trusted`, `given`,
    `fetched` from a host that the operator allows, or "".

    A did:key proves itself: then its words are unaltered, and nobody vouches for who wrote them.
    """

    verdict: Verdict
    by: str
    number: str = ""  # in the register of this site


def checked(data: bytes, given: str, settings: Settings) -> Checked:
    """Check a credential. `given` is a DID document or a key, as text, or "".

    Raises KeyFormatError where `given` is neither.
    """
    handed = keys_in_text(given) if given.strip() else {}
    now = clock.utcnow()
    issuer, methods = claimed(data)
    by, keys = _vouching(issuer, methods, handed, settings)
    if by == "own":
        return _as_kept(verdict_on(data, now, keys))
    found = verdict_on(data, now, keys, lambda address: outside.fetched(address, settings))
    if handed and not by and found.proofs:
        found = replace(found, standing="unknown_key", details=(f"{issuer} is not who was given",))
    if found.valid and not by:
        found = replace(found, standing="unvouched")
    return Checked(found, by)


def _as_kept(found: Verdict) -> Checked:
    """What the register says of a certificate of this site, beyond what it says itself.

    A key can be stolen, and what a thief signs with it proves itself as well as what we signed: so
    only what stands in the register as it was handed in is said to be issued here.
    """
    credential = found.credential or {}
    types = types_of(credential)
    if found.standing not in GENUINE or (len(types) > 1 and types <= UNREGISTERED):
        return Checked(found, "own")
    number = str(credential.get("id", "")).rpartition("/")[2]
    kept = queries.certificate(number)
    if kept is None or not _is_as_signed(credential, number):
        why = f"the register has no certificate {number} in these words"
        return Checked(replace(found, standing="unregistered", details=(why,)), "own")
    standing = kept.standing(clock.utcnow())
    if standing in ("revoked", "superseded"):
        found = replace(found, standing=standing)
    return Checked(replace(found, status_checked=True), "own", number)


def _is_as_signed(credential: Mapping[str, Any], number: str) -> bool:
    """Whether a credential, which is proved, is the one of that number, in one of its forms."""
    forms = queries.signed_forms(number)
    if forms is None:
        return False
    proofs = [one for one in listed(credential.get("proof")) if isinstance(one, Mapping)]
    values = [one.get("proofValue") for one in proofs if one.get("cryptosuite") == SUITE]
    ours: str = json.loads(forms.credential)["proof"]["proofValue"]
    return ours in values or credential == opened(forms.token)[1]


def _vouching(
    issuer: str, methods: Iterable[str], handed: Keys, settings: Settings
) -> tuple[str, Keys]:
    """Who vouches for an issuer, and its keys. Nobody else speaks for this site, or for an issuer
    that the operator trusts."""
    bare = issuer.startswith("did:key:")  # one key, which cannot be another
    for by, keys in (
        ("own", issuers.own_keys(settings)),
        ("own", issuers.own_under_another_address(issuer, methods)),
        ("trusted", outside.trusted_keys(settings)),
        ("given", handed),
        ("fetched", {} if handed else outside.keys_of(issuer, settings)),
    ):
        if issuer in keys:
            return by, {issuer: keys[issuer]}
        if "*" in keys and not bare:
            return by, {"*": keys["*"]}
    return "", {}
