"""The days of a place, for many moments at once."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo


@cache
def day_in(zone: ZoneInfo) -> Callable[[str], str]:
    """Turns a moment in UTC, such as 2026-11-23 09:30:00, into the day it is in `zone`.

    Looking it up costs a tenth of converting it, which counts where there are 200,000. What is
    kept is one entry per day of UTC: a place's day turns once in it, or at its very start as well.
    """

    @cache
    def turn_of(utc_day: str) -> tuple[str, str, str]:
        """The moment at which the place's day turns, the day before it and the day after."""
        start = datetime.combine(date.fromisoformat(utc_day), time.min, UTC)
        before = start.astimezone(zone).date()
        after = before + timedelta(days=1)
        turn = datetime.combine(after, time.min, zone).astimezone(UTC)
        return turn.isoformat(" ")[:19], before.isoformat(), after.isoformat()

    def day(moment: str) -> str:
        turn, before, after = turn_of(moment[:10])
        return before if moment < turn else after

    return day
