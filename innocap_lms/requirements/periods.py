"""The terms of standings: what is required, what happened, and the periods that follow."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Literal

State = Literal[
    "valid",
    "credited",
    "exempt",
    "not_due",
    "due_soon",
    "in_progress",
    "renewal_open",
    "overdue",
    "expired",
    "paused",
]
Group = Literal["in_order", "to_do", "late", "paused"]
EventKind = Literal["enrolled", "completed", "credited", "exempt", "paused", "revoked", "corrected"]

GROUPS: Mapping[State, Group] = {
    "valid": "in_order",
    "credited": "in_order",
    "exempt": "in_order",
    "not_due": "to_do",
    "due_soon": "to_do",
    "in_progress": "to_do",
    "renewal_open": "to_do",
    "overdue": "late",
    "expired": "late",
    "paused": "paused",
}


@dataclass(frozen=True)
class Requirement:
    """That a person is to know a course, from the day `since`, in the days of `timezone`.

    `due` is the last day in time, or None; `validity_months` None means for good.
    """

    course_id: str
    since: date
    timezone: str
    due: date | None = None
    soon_days: int = 30
    validity_months: int | None = None
    renewal_opens_days: int = 0
    renewal_called: date | None = None  # on which those who had it were asked to take it again
    renewal_taken_back: date | None = None  # from which on they are asked no longer


@dataclass(frozen=True)
class Event:
    """Something that happened. Its own id breaks ties within a moment.

    `until` is the last day of an exemption or a pause, None where it has no end. `target` is the
    id of the event that a revocation ends from its day on, or that a correction moves to the
    moment `instead`.
    `validity_months` is how long a completion or credit counts by itself, None for good; the
    stricter of that and the requirement's rules. A pause is over after `until`, or when revoked.
    """

    id: str
    kind: EventKind
    at: datetime
    until: date | None = None
    target: str | None = None
    instead: datetime | None = None
    validity_months: int | None = None


@dataclass(frozen=True)
class Reason:
    """Why, as data: a stable code, the days it speaks of, the events it rests on."""

    code: str
    days: Mapping[str, date] = field(default_factory=dict)
    events: tuple[str, ...] = ()


@dataclass(frozen=True)
class Period:
    """A standing from one day up to, not including, another; None is for ever."""

    state: State
    valid_from: date
    valid_until: date | None
    because: tuple[Reason, ...]

    @property
    def group(self) -> Group:
        return GROUPS[self.state]

    @property
    def deadline(self) -> date | None:
        """The last day in time, of what was earned, or of an exemption or pause; None without."""
        said = {reason.code: reason.days for reason in self.because}
        days = [said[code].get(day) for code, day in _DEADLINES if code in said]
        return days[0] if days else None


_DEADLINES = (  # by reason, the one that decides first
    ("extended", "day"),
    ("paused", "last"),
    ("exempt", "until"),
    ("completed", "last"),
    ("credited", "last"),
    ("due", "day"),
)


def plus(day: date, days: int) -> date:
    """So many days later, or before; the end of the calendar where it has no such day."""
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return date.max if days > 0 else date.min
