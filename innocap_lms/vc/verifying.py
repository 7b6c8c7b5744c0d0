"""The verdict on a credential from anybody: read, understood, proved, in force. Asks nobody."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from innocap_lms.vc import data_integrity, jose, status
from innocap_lms.vc.baked import MOST_PICTURE, begun, credential_in
from innocap_lms.vc.bounds import UnboundedError, read_json
from innocap_lms.vc.canonical import UnreadableError, canonical
from innocap_lms.vc.keys import KeyFormatError, method_of_did_key, read_public
from innocap_lms.vc.plainness import disguises_in_proof
from innocap_lms.vc.shape import address_of, flaws_of, listed, moment, types_of

Standing = Literal[
    "valid",
    "unreadable",  # no JSON, no token, no picture with either
    "malformed",  # no credential by the rules, or with terms that nothing here explains
    "unproven",  # nothing in it proves anything, in a way that is known here
    "unknown_key",  # no key of the issuer is known here
    "altered",  # the proof is not by that key over these words
    "not_yet_valid",
    "expired",
    "revoked",
    "suspended",  # for the time being
    "superseded",  # as only its issuer knows, who has issued another in its place
    "status_unknown",  # the status list does not answer
    "unvouched",  # as whoever asks knows, to whom nobody has said whose that key is
    "unregistered",  # as only its issuer knows, whose key it is by, and whose register lacks it
]
Keys = Mapping[str, Mapping[str, Ed25519PublicKey]]  # {issuer: {address of the key: key}}
Lists = Callable[[str], bytes | None]  # a status list by its address, None where it is not at hand
NO_KEYS: Keys = {}
MOST_PROOFS = 4  # each takes some milliseconds; nobody needs more
ENVELOPE = ("data:application/vc+jwt,", "data:application/vc-ld+jwt,")


@dataclass(frozen=True)
class Verdict:
    """What is to be thought of a credential; `details` say why, in technical words.

    `status_checked` is None where it names no status list, False where that was not at hand: if it
    was revoked is then not known. `embedded` says that it lay in a picture or a PDF: what that
    shows around it is nothing that anybody signed."""

    standing: Standing
    details: tuple[str, ...] = ()
    credential: Mapping[str, Any] | None = None
    proofs: tuple[str, ...] = ()
    status_checked: bool | None = None
    embedded: bool = False

    @property
    def valid(self) -> bool:
        return self.standing == "valid"


@dataclass(frozen=True)
class _Read:
    credential: Mapping[str, Any]
    token: str = ""
    header: Mapping[str, Any] | None = None
    embedded: bool = False


class _Refused(Exception):
    """Ends the way to a verdict."""

    def __init__(self, standing: Standing, *details: str) -> None:
        self.standing, self.details = standing, details


def no_lists(_address: str) -> None:
    """No status list is at hand."""


def verdict_on(
    data: bytes, now: datetime, trusted: Keys = NO_KEYS, lists: Lists = no_lists
) -> Verdict:
    """The verdict on a credential: JSON, a token, or a picture that carries either.

    `trusted` are keys of issuers that are known; the key of a did:key needs no knowing.
    """
    try:
        read = _read(data)
    except UnboundedError as error:
        return Verdict("unreadable", (str(error),))
    found = Verdict("valid", credential=read.credential, embedded=read.embedded)
    try:
        _shaped(read.credential)
        found = replace(found, proofs=tuple(_proved(read, trusted, now)))
        _in_force(read.credential, now)
        return replace(found, status_checked=_status(read.credential, now, trusted, lists))
    except _Refused as refused:
        return replace(found, standing=refused.standing, details=refused.details)


def claimed(data: bytes) -> tuple[str, tuple[str, ...]]:
    """Who issued it and the keys it names, by its own words: nothing is checked. ("", ()) where it
    cannot be read."""
    try:
        read = _read(data)
    except UnboundedError:
        return "", ()
    proofs = [one for one in listed(read.credential.get("proof")) if isinstance(one, Mapping)]
    methods = [one.get("verificationMethod") for one in proofs]
    methods += [(read.header or {}).get("kid")]
    issuer = address_of(read.credential.get("issuer"))
    return str(issuer or ""), tuple(one for one in methods if isinstance(one, str))


def _read(data: bytes) -> _Read:
    if len(data) > MOST_PICTURE:
        raise UnboundedError("larger than a credential can be")
    data = begun(data)
    baked = credential_in(data)
    if baked is not None:
        return replace(_credential(begun(baked.encode())), embedded=True)
    return _credential(data)


def _credential(data: bytes) -> _Read:
    """JSON or a token, as what it holds."""
    if data.startswith(b"ey"):
        return _token(data.decode("ascii", "replace"))
    found = read_json(data)
    if isinstance(found, Mapping) and set(found) == {"verifiableCredential"}:
        found = found["verifiableCredential"]  # as some wallets hand it over
    if isinstance(found, list) and len(found) == 1:
        (found,) = found
    if not isinstance(found, Mapping):
        raise UnboundedError("no object")
    address = str(found.get("id", ""))
    for start in ENVELOPE:
        if address.startswith(start):
            return _token(address.removeprefix(start))
    return _Read(found)


def _token(token: str) -> _Read:
    token = "".join(token.split())  # mail programs break long lines
    header, payload = jose.opened(token)
    return _Read(payload, token, header)


def _shaped(credential: Mapping[str, Any]) -> None:
    flaws = [f"{path} {wrong}".strip() for path, wrong in flaws_of(credential)]
    if flaws:
        raise _Refused("malformed", *flaws)
    if "VerifiablePresentation" in types_of(credential):
        raise _Refused("unproven", "a presentation: hand over one credential of it")


def _proved(read: _Read, trusted: Keys, now: datetime) -> Iterator[str]:
    """The names of the proofs that hold. Raises _Refused where one does not, or there is none."""
    issuer = str(address_of(read.credential["issuer"]))
    if read.token:
        header = read.header or {}
        key = _key(issuer, str(header.get("kid", "")), trusted)
        if header.get("typ") not in (None, jose.TYPE, "JWT", "vc+ld+jwt"):
            raise _Refused("unproven", f"a token of type {header.get('typ')}")
        if not jose.holds(read.token, key):
            raise _Refused("altered", "the token's signature does not fit")
        _agree(read.credential, issuer, now)
        yield jose.TYPE
        return
    keys = []
    for proof in _proofs(read.credential):
        _lasts(proof, read.credential, now)
        keys.append((proof, _key(issuer, str(proof.get("verificationMethod")), trusted)))
    bare = data_integrity.unproved(read.credential)
    try:
        form = canonical(bare)
        for proof, key in keys:
            if not data_integrity.proves(bare, proof, key, form):
                raise _Refused("altered", "the proof's signature does not fit")
            yield data_integrity.SUITE
        data_integrity.signs_everything(bare, form)
    except UnreadableError as error:
        raise _Refused("malformed", str(error)) from None


def _proofs(credential: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The proofs of a kind that is known here. Raises _Refused where there is none."""
    proofs = [one for one in listed(credential.get("proof")) if isinstance(one, Mapping)]
    if len(proofs) > MOST_PROOFS:
        raise _Refused("malformed", f"more than {MOST_PROOFS} proofs")
    known = [one for one in proofs if one.get("cryptosuite") == data_integrity.SUITE]
    if not known:
        names = ", ".join(str(one.get("cryptosuite", one.get("type"))) for one in proofs)
        raise _Refused("unproven", f"proofs: {names or 'none'}; known: {data_integrity.SUITE}")
    return known


def _lasts(proof: Mapping[str, Any], credential: Mapping[str, Any], now: datetime) -> None:
    """That a proof is for what credentials are for, and holds still. Raises _Refused."""
    flaws = [f"{path} {wrong}" for path, wrong in disguises_in_proof(proof, credential)]
    if flaws:
        raise _Refused("malformed", *flaws)
    if proof.get("type") != "DataIntegrityProof" or proof.get("proofPurpose") != "assertionMethod":
        raise _Refused("unproven", "the proof is for another purpose")
    if "expires" in proof:
        try:
            over = now > moment(proof["expires"])
        except ValueError:
            raise _Refused("malformed", "the proof's expires is no moment") from None
        if over:
            raise _Refused("expired", f"the proof, until {proof['expires']}")


def _agree(credential: Mapping[str, Any], issuer: str, now: datetime) -> None:
    """A token's registered claims say who and which its credential says, and hold now."""
    said = {"iss": issuer, "jti": credential.get("id")}
    for name, value in said.items():
        if name in credential and credential[name] != value:
            raise _Refused("malformed", f"the claim {name} says something else")
    for name, late in (("nbf", False), ("exp", True)):
        value = credential.get(name)
        if value is None:
            continue
        if not isinstance(value, int | float) or isinstance(value, bool):
            raise _Refused("malformed", f"the claim {name} is no moment")
        if (now.timestamp() > value) if late else (now.timestamp() < value):
            raise _Refused("expired" if late else "not_yet_valid", f"by the claim {name}")


def _key(issuer: str, method: str, trusted: Keys) -> Ed25519PublicKey:
    """The key at `method`, which has to be the issuer's. Raises _Refused."""
    if issuer.startswith("did:key:"):
        if method not in (method_of_did_key(issuer), issuer, ""):
            raise _Refused("unknown_key", f"{method} is not the issuer's")
        try:
            return read_public(issuer.removeprefix("did:key:"))
        except KeyFormatError as error:
            raise _Refused("unknown_key", f"{issuer}: {error}") from None
    own = trusted.get(issuer, {})
    if method in own:
        return own[method]
    if method.startswith("#") and issuer + method in own:
        return own[issuer + method]
    bare = trusted.get("*", {})  # whoever hands over a bare key says that it is the issuer's
    if bare:
        return bare.get(method) or next(iter(bare.values()))
    raise _Refused("unknown_key", f"no key is known here for {method or issuer}")


def _in_force(credential: Mapping[str, Any], now: datetime) -> None:
    if "validFrom" in credential and now < moment(credential["validFrom"]):
        raise _Refused("not_yet_valid", f"from {credential['validFrom']}")
    if "validUntil" in credential and now > moment(credential["validUntil"]):
        raise _Refused("expired", f"until {credential['validUntil']}")


def _status(
    credential: Mapping[str, Any], now: datetime, trusted: Keys, lists: Lists
) -> bool | None:
    """Whether every list was at hand that it names; None where it names none. Raises _Refused: a
    bit that is set decides, whatever another list does not answer."""
    entries, complete = status.entries_of(credential)
    if len(entries) > status.MOST_ENTRIES:
        raise _Refused("status_unknown", f"it names more than {status.MOST_ENTRIES} lists")
    unanswered = None
    for entry in entries:
        try:
            complete &= _is_answered(credential, entry, now, trusted, lists)
        except _Refused as refused:
            if refused.standing != "status_unknown":
                raise
            unanswered = refused
    if unanswered:
        raise unanswered
    return None if complete and not entries else complete


def _is_answered(
    credential: Mapping[str, Any],
    entry: Mapping[str, Any],
    now: datetime,
    trusted: Keys,
    lists: Lists,
) -> bool:
    """Whether a list was at hand, in which the bit is not set. Raises _Refused."""
    data = lists(str(entry.get("statusListCredential")))
    if data is None:
        return False
    found = verdict_on(data, now, trusted)
    if not found.valid or found.credential is None:
        raise _Refused("status_unknown", f"the status list is {found.standing}", *found.details)
    if address_of(found.credential["issuer"]) != address_of(credential["issuer"]):
        raise _Refused("status_unknown", "the status list is another issuer's")
    try:
        ended = status.is_set(entry, found.credential)
    except status.StatusError as error:
        raise _Refused("status_unknown", str(error)) from None
    if ended:
        raise _Refused(status.ENDS[entry["statusPurpose"]], "its bit is set in the status list")
    return True
