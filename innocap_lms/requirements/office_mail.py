"""Mail that is asked for ahead of time, for the office hours of whoever reads it, and goes in them.

A mail server may be away, a site may have stood still: what is left over waits for the next
working day.
"""

from typing import Any
from zoneinfo import ZoneInfo

from innocap_lms import clock
from innocap_lms.extensions import writing
from innocap_lms.jobs.outbox import enqueue
from innocap_lms.requirements.days import site_zone
from innocap_lms.requirements.office_hours import next_open


def where(timezone: str | None, country: str) -> dict[str, str]:
    """What a message of the outbox says of the place of its reader."""
    return {"zone": timezone or site_zone().key, "country": country}


def waits(kind: str, payload: dict[str, Any]) -> bool:
    """Whether a message comes out of office hours where its reader is, and was asked for again for
    when they begin: once, and under the same Message-ID. Opens its own transaction.

    The payload of one that was asked for before this version names no place: it goes.
    """
    if "zone" not in payload:
        return False
    now = clock.utcnow()
    at = next_open(now, ZoneInfo(payload["zone"]), payload["country"])
    if at <= now:
        return False
    with writing():
        enqueue(kind, f"office:{payload['message_id']}:{at:%Y-%m-%d}", payload, run_at=at)
    return True
