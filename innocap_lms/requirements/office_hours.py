"""When people are written to: on working days where they are, between eight and five."""

from datetime import datetime, time, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

OPENS: Final = time(8)
CLOSES: Final = time(17)
SATURDAY: Final = 5
_LONGEST_BREAK: Final = 30  # days; no country's holidays last so long


def next_open(moment: datetime, zone: ZoneInfo, country: str) -> datetime:
    """The moment itself, if it is in office hours there, else when they next begin.

    `country` is ISO 3166-1 alpha-2; of one whose holidays are not known, weekends alone count.
    """
    there = moment.astimezone(zone)
    for ahead in range(_LONGEST_BREAK):
        day = there.date() + timedelta(days=ahead)
        opens, closes = (datetime.combine(day, hour, zone) for hour in (OPENS, CLOSES))
        if day.weekday() < SATURDAY and day not in _holidays(country, day.year) and there < closes:
            return max(there, opens).astimezone(moment.tzinfo)
    raise RuntimeError(f"no working day in {country} for {_LONGEST_BREAK} days from {moment}")


@lru_cache(maxsize=50)
def _holidays(country: str, year: int) -> frozenset[object]:
    import holidays  # 4 MB that few processes need

    try:
        return frozenset(holidays.country_holidays(country, years=year))
    except NotImplementedError:
        return frozenset()
