"""Reads of the ledger: how far it had come by a moment."""

from datetime import datetime

from sqlalchemy import func, select

from innocap_lms.extensions import db
from innocap_lms.ledger.models import LedgerEvent, LedgerSeal


def place_at(moment: datetime) -> int:
    """The place of the last sealed event that had been recorded by a moment; 0 before the first.

    Places follow the time of recording, so looking in the middle again and again finds it, without
    an index of its own over the whole ledger.
    """
    low, high = 0, db.session.scalar(select(func.max(LedgerSeal.sequence))) or 0
    while low < high:
        middle = (low + high + 1) // 2
        recorded = db.session.scalar(
            select(LedgerEvent.recorded_at)
            .join(LedgerSeal, LedgerSeal.event_id == LedgerEvent.id)
            .where(LedgerSeal.sequence == middle)
        )
        if recorded is None or recorded <= moment:
            low = middle
        else:
            high = middle - 1
    return low
