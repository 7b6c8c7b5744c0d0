"""The verdict on a credential that somebody hands in: by our own keys, trusted ones, given ones."""

import json
from dataclasses import dataclass, replace

from innocap_lms import clock
from innocap_lms.config import Settings
from innocap_lms.credentials import issuers, outside, signing
from innocap_lms.credentials.keystore import NoKeyError
from innocap_lms.vc.bounds import UnboundedError, read_json
from innocap_lms.vc.keys import KeyFormatError, keys_in
from innocap_lms.vc.saying import issuer_of
from innocap_lms.vc.verifying import Keys, Verdict, verdict_on


@dataclass(frozen=True)
class Checked:
    """A verdict, and who vouches that the key is the issuer's: `own`, `trusted`, `given`, or "".

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
    issuer = issuer_of(verdict_on(data, now))
    by, keys = _vouching(issuer, handed, settings)

    def lists(address: str) -> bytes | None:
        return _own_list(address, settings) or outside.fetched(address, settings)

    found = verdict_on(data, now, keys, lists)
    if handed and not by and found.credential is not None:
        found = replace(found, standing="unknown_key", details=(f"{issuer} is not who was given",))
    return Checked(found, by)


def _vouching(issuer: str, handed: Keys, settings: Settings) -> tuple[str, Keys]:
    """Who vouches for an issuer, and its keys. Nobody else speaks for this site, or for an issuer
    that the operator trusts."""
    bare = issuer.startswith("did:key:")  # one key, which cannot be another
    for by, keys in (
        ("own", issuers.own_keys(settings)),
        ("trusted", outside.trusted_keys(settings)),
        ("given", handed),
        ("trusted", {} if handed else outside.keys_of(issuer, settings)),
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


def _own_list(address: str, settings: Settings) -> bytes | None:
    start = signing.list_address(settings, "")
    if not address.startswith(start):
        return None
    try:
        found = signing.status_list(address.removeprefix(start), settings)
    except NoKeyError:
        return None
    return None if found is None else json.dumps(found).encode()
