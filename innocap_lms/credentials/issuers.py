"""Who signs: the site's DID, the keys of its organisations, and turning to a new key."""

import ipaddress
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask import current_app
from sqlalchemy import func, select, update

from innocap_lms import clock
from innocap_lms.config import Settings
from innocap_lms.credentials.keystore import KeyStore, NoKeyError
from innocap_lms.credentials.models import THE_SITE, Certificate, IssuerKey
from innocap_lms.extensions import db, upsert
from innocap_lms.ledger.services import record
from innocap_lms.people.models import Organisation
from innocap_lms.vc.keys import did_document, did_key, method_of_did_key, read_public
from innocap_lms.vc.verifying import Keys


class UnknownIssuerError(LookupError):
    """No organisation of this site; the message names it."""


@dataclass(frozen=True)
class Signer:
    """What a credential is signed with: the issuer's DID, and the address of the key."""

    did: str
    method: str
    key: Ed25519PrivateKey


def web_did(settings: Settings) -> str:
    """The did:web of the site's public address, or "" where that is not one of the open web.

    Source: did:web Method, section 3.1.
    """
    parts = urlsplit(settings.public_url)
    host = parts.hostname or ""
    if parts.scheme != "https" or "." not in host or _is_number(host):
        return ""
    port = f":{parts.port}" if parts.port and parts.port != 443 else ""
    return did_of_host(host + port)


def did_of_host(host: str) -> str:
    """The did:web of a host, with its port where it is not the usual one."""
    return f"did:web:{quote(host, safe='.-')}"


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def signer_of(issuer: str, settings: Settings) -> Signer:
    """Who signs for an issuer, with a new key where it has none. In a write transaction.

    Raises NoKeyError.
    """
    public = active_key(issuer)
    did = web_did(settings) or did_key(public)
    return Signer(did, _method(did, public), _store().signing_key(public))


def active_key(issuer: str) -> str:
    """The public key that signs for an issuer, a new one where it has none. In a write transaction,
    if it has none. Raises NoKeyError."""
    return _active(issuer) or _begin(issuer, _store().new_key(issuer))


def signer_as(did: str, issuer: str) -> Signer:
    """Who signs for an issuer under a DID that it had: of another public address, or of a key, also
    a retired one. Raises NoKeyError."""
    public = did.removeprefix("did:key:") if did.startswith("did:key:") else active_key(issuer)
    return Signer(did, _method(did, public), _store().signing_key(public))


def rotate(issuer: str) -> str:
    """Retire an issuer's key and begin a new one; returns its public half. What the old one signed
    stays proved by it. In a write transaction. Raises UnknownIssuerError, and NoKeyError, also
    where the store has none but the old one."""
    if issuer != THE_SITE and db.session.get(Organisation, issuer) is None:
        raise UnknownIssuerError(f"there is no organisation {issuer}")
    new, old = _store().new_key(issuer), _active(issuer)
    if new == old:
        raise NoKeyError(f"the key store has no other key of {issuer or 'the site'} than {old}")
    db.session.execute(
        update(IssuerKey)
        .where(IssuerKey.issuer == issuer, IssuerKey.retired_at.is_(None))
        .values(retired_at=clock.utcnow())
    )
    return _begin(issuer, new)


def _begin(issuer: str, public: str) -> str:
    """Enter a key as the one that signs; returns the one that does, should another have come."""
    now = clock.utcnow()
    made = db.session.execute(
        upsert(IssuerKey)
        .values(public=public, issuer=issuer, created_at=now, retired_at=None)
        .on_conflict_do_nothing()
        .returning(IssuerKey.public)
    ).first()
    if made is None:
        return _active(issuer) or public
    record(
        "issuer_key.begun",
        person_id=None,
        actor_id=None,
        organisation_id=issuer or None,
        happened_at=now,
        content={"key": public},
    )
    return public


def _active(issuer: str) -> str | None:
    return db.session.scalar(
        select(IssuerKey.public).where(IssuerKey.issuer == issuer, IssuerKey.retired_at.is_(None))
    )


def _method(did: str, public: str) -> str:
    return method_of_did_key(did) if did.startswith("did:key:") else f"{did}#{public}"


def publics() -> list[str]:
    """Every public key that ever signed here, the oldest first."""
    keys = select(IssuerKey.public).order_by(IssuerKey.created_at, IssuerKey.public)
    return list(db.session.scalars(keys))


def documents(settings: Settings) -> list[dict[str, Any]]:
    """The DID documents of this site: one of its did:web, or one for each key without it; then one
    for each did:web that it had under another public address."""
    did, keys = web_did(settings), publics()
    named = {public: public for public in keys}
    today = [did_document(did, named)] if did else []
    bare = [] if did else [did_document(did_key(one), {one: one}) for one in keys]
    return today + bare + [did_document(one, named) for one in _former_dids() if one != did]


def _former_dids() -> list[str]:
    """The did:web that certificates name, also today's: those of one status list name one."""
    first = (
        select(Certificate.status_list, func.min(Certificate.status_index).label("place"))
        .where(Certificate.status_list.is_not(None))
        .group_by(Certificate.status_list)
        .subquery()
    )
    kept = db.session.scalars(
        select(Certificate.credential).join(
            first,
            (first.c.status_list == Certificate.status_list)
            & (first.c.place == Certificate.status_index),
        )
    )
    dids = {str(json.loads(one)["issuer"]["id"]) for one in kept if one}
    return sorted(did for did in dids if did.startswith("did:web:"))


def own_under_another_address(issuer: str, methods: Iterable[str]) -> Keys:
    """The keys of this site that a credential of a did:web names: it had another public address
    when that was signed. Whoever has no key of ours cannot sign with one."""
    if not issuer.startswith("did:web:"):
        return {}
    own, named = publics(), {}
    for method in methods:
        did, _sep, fragment = method.partition("#")
        if did == issuer and fragment in own:
            named[method] = read_public(fragment)
    return {issuer: named} if named else {}


def own_keys(settings: Settings) -> Keys:
    """The keys of this site, as verdicts want them."""
    found = {did_key(one): {method_of_did_key(did_key(one)): read_public(one)} for one in publics()}
    did = web_did(settings)
    return {**found, did: {f"{did}#{one}": read_public(one) for one in publics()}} if did else found


def _store() -> KeyStore:
    store: KeyStore = current_app.extensions["innocap_key_store"]
    return store
