"""The one clock: UTC, the server's. `at` sets it for a while, to tell of a past."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

_set: ContextVar[datetime | None] = ContextVar("clock", default=None)


def utcnow() -> datetime:
    """Now, as an aware datetime in UTC."""
    return _set.get() or datetime.now(UTC)


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Within it, and in this thread alone, it is `moment`. Raises ValueError without a zone."""
    if moment.tzinfo is None:
        raise ValueError("a moment without a zone is not a moment")
    token = _set.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _set.reset(token)
