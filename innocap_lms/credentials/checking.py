"""The verdict on a credential that somebody hands in: by our own keys, trusted ones, given ones."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from innocap_lms import clock
from innocap_lms.config import Settings
from innocap_lms.credentials import issuers, outside, queries
from innocap_lms.vc.bounds import UnboundedError, read_json
from innocap_lms.vc.keys import KeyFormatError, keys_in
from innocap_lms.vc.verifying import Keys, Verdict, claimed, verdict_on


@dataclass(frozen=True)
class Checked:
    """A verdict, and who vouches that the key is the issuer's: `own`, `trusted`, `given`,
    `fetched` from a host that the operator allows, or "".

    A did:key proves itself, and nobody needs to say whose it is: then nobody vouches.
    """

    verdict: Verdict
    by: str


def checked(data: bytes, given: str, settings: Settings) -> Checked:
    """Check a credential. `given` is a DID document or a key, as text, or "".

    Raises KeyFormatError where `given` is neither.
    """
    handed = given_keys(given) if given.strip() else {}
    now = clock.utcnow()
    issuer, methods = claimed(data)
    by, keys = _vouching(issuer, methods, handed, settings)
    if by == "own":
        return Checked(_as_kept(verdict_on(data, now, keys)), by)
    found = verdict_on(data, now, keys, lambda address: outside.fetched(address, settings))
    if handed and not by and found.credential is not None:
        found = replace(found, standing="unknown_key", details=(f"{issuer} is not who was given",))
    return Checked(found, by)


def _as_kept(found: Verdict) -> Verdict:
    """What the register says of a certificate of this site, beyond what it says itself."""
    number = str((found.credential or {}).get("id", "")).rpartition("/")[2]
    kept = queries.certificate(number) if found.standing in ("valid", "expired") else None
    if kept is None:
        return found
    standing = kept.standing(clock.utcnow())
    if standing in ("revoked", "superseded"):
        return replace(found, standing=standing, status_checked=True)
    return replace(found, status_checked=True)


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


def given_keys(text: str) -> Keys:
    """Keys that somebody wrote or pasted. Raises KeyFormatError."""
    text = text.strip()
    if text.startswith("z"):
        return keys_in(text)
    try:
        return keys_in(read_json(text.encode()))
    except UnboundedError as error:
        raise KeyFormatError(str(error)) from None
