"""How long a completion counts: whole months, on the organisation's calendar."""

import calendar
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from innocap_lms.content.model import Validity


def last_valid_day(day: date, months: int) -> date:
    """The last day that counts: the same number `months` later, or that month's last day.

    Source: Regulation (EEC, Euratom) No 1182/71, article 3(2)(c).
    """
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def renewal_opens(day: date, validity: Validity) -> date:
    """The first day on which what was completed on `day` can be renewed."""
    end = last_valid_day(day, validity.months) + timedelta(days=1)
    return max(day, end - timedelta(days=validity.renewal_opens_days))


def end_of_validity(completed_at: datetime, months: int, zone: ZoneInfo) -> datetime:
    """The last second, in UTC, of the last valid day in `zone`."""
    day = last_valid_day(completed_at.astimezone(zone).date(), months) + timedelta(days=1)
    return datetime.combine(day, time.min, zone).astimezone(UTC) - timedelta(seconds=1)
