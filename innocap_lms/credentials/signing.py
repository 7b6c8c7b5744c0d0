"""A certificate signed: as JSON with a proof beside it, and as a token; and signed status lists."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import aliased

from innocap_lms import clock
from innocap_lms.config import Settings
from innocap_lms.credentials.badge import Place, badge, status_list_credential
from innocap_lms.credentials.issuers import Signer, active_key, signer_as, signer_of, web_did
from innocap_lms.credentials.models import Certificate, Revocation
from innocap_lms.extensions import db
from innocap_lms.people.models import Person
from innocap_lms.vc import data_integrity, jose
from innocap_lms.vc.canonical import BASE, canonical
from innocap_lms.vc.keys import did_key
from innocap_lms.vc.status import LEAST_BITS, encoded_list

# Half full, two certificates in a row rarely want the same bit.
MOST_IN_A_LIST = LEAST_BITS // 2
LEEWAY = timedelta(minutes=5)  # the clocks of those who read it may be behind
LIST_HOLDS = timedelta(days=1)  # how long a copy of a status list answers


@dataclass(frozen=True)
class Signed:
    """The same promise in two forms."""

    credential: str
    token: str


def prepare() -> None:
    """Load what signing needs, before a write transaction: it takes longer than to sign."""
    canonical({"@context": BASE})
    jose.prepare()


def place_for(issuer: str, settings: Settings) -> tuple[str, int]:
    """A status list and a free bit in it, chosen at random: its place tells nothing.

    Where each key is a DID of its own, each has lists of its own, and signs them for good. A site
    that gets another public address begins new ones: those before answer under the old.
    """
    name = _open_list(issuer, settings)
    while True:
        index = secrets.randbelow(LEAST_BITS)
        taken = select(Certificate.id).where(
            Certificate.status_list == name, Certificate.status_index == index
        )
        if db.session.scalar(taken) is None:
            return name, index


def _open_list(issuer: str, settings: Settings) -> str:
    """The name of the issuer's last list, or of the next where that one is full, or not today's."""
    did = web_did(settings)
    key = "" if did else active_key(issuer)
    owner, number = key or issuer or "site", 1
    while _as_named(f"{owner}-{number + 1}") is not None:
        number += 1
    name = f"{owner}-{number}"
    begun = _as_named(name)
    today = _AsNamed(issuer, list_address(settings, name), did or did_key(key))
    count = select(func.count()).where(Certificate.status_list == name)
    if begun not in (None, today) or (db.session.scalar(count) or 0) >= MOST_IN_A_LIST:
        return f"{owner}-{number + 1}"
    return name


@dataclass(frozen=True)
class _AsNamed:
    """What the certificates of a status list say of it: where it is read, and whose it is."""

    issuer: str
    address: str
    did: str


def _as_named(name: str) -> _AsNamed | None:
    """A status list as its certificates name it, whatever the address of this site is now; None
    where there is none."""
    row = db.session.execute(
        select(Certificate.issuer, Certificate.credential)
        .where(Certificate.status_list == name)
        .order_by(Certificate.status_index)
        .limit(1)
    ).first()
    if row is None or row.credential is None:
        return None
    said = json.loads(row.credential)
    address = said["credentialStatus"]["statusListCredential"]
    return _AsNamed(row.issuer, str(address), str(said["issuer"]["id"]))


def signed(certificate: Mapping[str, Any], settings: Settings, *, named: bool) -> Signed:
    """Sign a certificate, whose columns are given, by its issuer's key. In a write transaction.

    Raises NoKeyError.
    """
    signer = signer_of(certificate["issuer"], settings)
    document = badge(
        certificate,
        did=signer.did,
        site=site_address(settings),
        place=Place(
            list_address(settings, certificate["status_list"]), certificate["status_index"]
        ),
        salt="" if named else secrets.token_hex(16),
    )
    proved = data_integrity.signed(document, signer.key, signer.method, certificate["issued_at"])
    return Signed(
        json.dumps(proved, ensure_ascii=False, indent=1),
        jose.enveloped(document, signer.key, signer.method),
    )


def sign_what_is_unsigned(certificate_id: str, settings: Settings) -> None:
    """Sign a certificate that was issued before this site signed any. In a write transaction.
    Raises NoKeyError."""
    row = db.session.execute(
        select(Certificate.__table__, Person.protected)
        .join(Person, Person.id == Certificate.person_id)
        .where(Certificate.id == certificate_id, Certificate.credential.is_(None))
    ).first()
    if row is None:
        return
    values = dict(row._mapping)
    named = not (values.pop("protected") or values["unnamed"])
    values["status_list"], values["status_index"] = place_for(values["issuer"], settings)
    both = signed(values, settings, named=named)
    db.session.execute(
        update(Certificate)
        .where(Certificate.id == certificate_id, Certificate.credential.is_(None))
        .values(
            status_list=values["status_list"],
            status_index=values["status_index"],
            credential=both.credential,
            token=both.token,
        )
    )


def status_list(name: str) -> dict[str, Any] | None:
    """The signed status list of that name, as it is now, under the address and the DID that its
    certificates name; None where there is none.

    Set are the bits of what was revoked, and of what a correction has taken the place of. Raises
    NoKeyError.
    """
    named = _as_named(name)
    if named is None:
        return None
    later = aliased(Certificate)
    revoked = db.session.scalars(
        select(Certificate.status_index)
        .outerjoin(Revocation, Revocation.certificate_id == Certificate.id)
        .outerjoin(
            later,
            (later.supersedes == Certificate.id)
            & (later.completion_id == Certificate.completion_id),
        )
        .where(
            Certificate.status_list == name,
            Revocation.certificate_id.is_not(None) | later.id.is_not(None),
        )
    )
    now: datetime = clock.utcnow()
    document = status_list_credential(
        named.address,
        encoded_list(index for index in revoked if index is not None),
        now=now - LEEWAY,
        until=now + LIST_HOLDS,
    )
    return _signed_by(signer_as(named.did, named.issuer), document)


def sign_document(document: Mapping[str, Any], issuer: str, settings: Settings) -> dict[str, Any]:
    """A credential, less its issuer, signed by an issuer's key. An issuer without a key gets one:
    then it has to be in a write transaction. Raises NoKeyError."""
    return _signed_by(signer_of(issuer, settings), document)


def _signed_by(signer: Signer, document: Mapping[str, Any]) -> dict[str, Any]:
    return data_integrity.signed(
        {**document, "issuer": signer.did}, signer.key, signer.method, clock.utcnow()
    )


def site_address(settings: Settings) -> str:
    """The site's public address, without a slash at its end."""
    return settings.public_url.rstrip("/")


def verify_address(settings: Settings, certificate_id: str) -> str:
    """Where anyone can verify a certificate."""
    return f"{site_address(settings)}/verify/{certificate_id}"


def list_address(settings: Settings, name: str) -> str:
    """Where a status list is read."""
    return f"{site_address(settings)}/credentials/status/{name}"
