"""Signed checkpoints of the ledger: where its chain stood on a day, for outsiders to keep.

Whoever can write to the database could compute a whole new chain. Not one that passes through a
checkpoint that somebody else has kept.
"""

import json
from collections.abc import Mapping
from typing import Any

from flask import current_app
from sqlalchemy import select

from innocap_lms import clock
from innocap_lms.config import Settings
from innocap_lms.credentials.badge import iso
from innocap_lms.credentials.models import THE_SITE, LedgerCheckpoint
from innocap_lms.credentials.signing import prepare, sign_document, site_address
from innocap_lms.extensions import db, insert_once, writing
from innocap_lms.ledger.verification import NOTHING, head
from innocap_lms.vc.canonical import BASE

TYPE = "LedgerCheckpoint"
TERMS = {
    TYPE: "https://w3id.org/security#Checkpoint",
    "ledgerHead": "https://w3id.org/security#digestValue",
}


def checkpoint(settings: Settings) -> dict[str, Any]:
    """The ledger as it is now, as a signed checkpoint. In a write transaction.

    Raises NoKeyError.
    """
    now = clock.utcnow()
    document = {
        "@context": [BASE, TERMS],
        "type": ["VerifiableCredential", TYPE],
        "validFrom": iso(now),
        "credentialSubject": {"id": f"{site_address(settings)}/ledger", "ledgerHead": head()},
    }
    return sign_document(document, THE_SITE, settings)


def note_daily() -> None:
    """The job of each day: keep a checkpoint, one for each day in UTC, once there is a ledger."""
    if head() == NOTHING:
        return
    settings: Settings = current_app.extensions["innocap_settings"]
    prepare()
    with writing():
        day = f"{clock.utcnow():%Y-%m-%d}"
        if db.session.get(LedgerCheckpoint, day) is None:
            document = json.dumps(checkpoint(settings), indent=1)
            insert_once(LedgerCheckpoint, ("day",), day=day, document=document)


def latest() -> str | None:
    """The newest checkpoint, as JSON; None before the first."""
    newest = select(LedgerCheckpoint.document).order_by(LedgerCheckpoint.day.desc()).limit(1)
    return db.session.scalar(newest)


def head_in(document: Mapping[str, Any]) -> str:
    """The head that a checkpoint holds, "" where it is none; its proof is another question."""
    subject = document.get("credentialSubject")
    return str(subject.get("ledgerHead", "")) if isinstance(subject, Mapping) else ""
