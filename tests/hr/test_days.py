"""The day of a moment, by looking it up."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from innocap_lms.hr.days import day_in

ZONES = ["Europe/Stockholm", "Europe/Dublin", "Asia/Kathmandu", "America/Toronto", "UTC"]


@given(st.sampled_from(ZONES), st.integers(0, 40 * 365 * 24 * 60))
def test_it_is_the_day_that_conversion_gives(name: str, minutes: int) -> None:
    moment, zone = datetime(2000, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes), ZoneInfo(name)
    expected = moment.astimezone(zone).date().isoformat()
    assert day_in(zone)(moment.strftime("%Y-%m-%d %H:%M:%S")) == expected


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2026-03-29 00:00:00", "2026-03-29"),
        ("2026-03-29 22:59:59", "2026-03-29"),
        ("2026-03-29 23:00:00", "2026-03-30"),
    ],
)
def test_a_day_of_23_hours_turns_twice_within_a_day_of_utc(moment: str, day: str) -> None:
    assert day_in(ZoneInfo("Europe/Dublin"))(moment) == day
