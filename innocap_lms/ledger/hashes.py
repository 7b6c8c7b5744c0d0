"""What is hashed of an event: its content with a salt, and its place in the chain."""

import hashlib
import json
from typing import Any

from sqlalchemy import Row

GENESIS = "0" * 64  # what the chain begins with


def content_hash(
    salt: str, person_id: str | None, actor_id: str | None, content: dict[str, Any]
) -> str:
    """SHA-256 in hex of what an event says, which its salt keeps from being guessed."""
    text = json.dumps(
        [salt, person_id, actor_id, content],
        sort_keys=True,
        ensure_ascii=False,
        separators=(",", ":"),
    )
    return hashlib.sha256(text.encode()).hexdigest()


def chain_hash(previous: str, sequence: int, event: Row[Any]) -> str:
    """SHA-256 in hex of an event at its place, and with it of all before it."""
    text = json.dumps(
        [
            previous,
            sequence,
            event.id,
            event.kind,
            event.happened_at.isoformat(),
            event.recorded_at.isoformat(),
            event.organisation_id,
            event.content_hash,
        ],
        separators=(",", ":"),
    )
    return hashlib.sha256(text.encode()).hexdigest()
