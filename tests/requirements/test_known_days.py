"""What was known by the end of a day: settled when the day is over, whatever is sealed later."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime

import pytest

from innocap_lms.extensions import writing
from innocap_lms.ledger.services import record, seal
from innocap_lms.requirements import known_days
from innocap_lms.requirements.history import STILL
from innocap_lms.requirements.known_days import place_on

At = Callable[[datetime], AbstractContextManager[None]]


@pytest.fixture
def happen(clock_at: At) -> Callable[..., None]:
    """Lets something be recorded at moments of May 2027, (day, hour, minute) in UTC, and sealed."""

    def recorded(*moments: tuple[int, int, int]) -> None:
        for day, hour, minute in moments:
            at = datetime(2027, 5, day, hour, minute, tzinfo=UTC)
            with clock_at(at), writing():
                record("looked", person_id=None, actor_id=None, organisation_id=None,
                       happened_at=at, content={})  # fmt: skip
        with writing():
            seal()

    return recorded


def places(*days: int) -> list[int]:
    return [place_on(date(2027, 5, day)) for day in days]


@pytest.mark.usefixtures("in_app")
def test_a_day_ends_where_the_site_is(happen: Callable[..., None]) -> None:
    happen((3, 21, 59), (3, 22, 0), (4, 10, 0))  # in Stockholm the 4th has begun with the second
    found = known_days.known_days(0)
    assert places(2, 3) == [0, 1]
    assert places(4, 5) == [STILL - 1, STILL - 1], "all that is known so far"
    assert [date.fromordinal(found.day(place)).day for place in (1, 2, 3)] == [3, 4, 4]


@pytest.mark.usefixtures("in_app")
def test_days_are_found_however_few_or_many_events_they_have(
    happen: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(known_days, "STRETCH", 2)
    happen(*((3, 8, minute) for minute in range(5)), (7, 8, 0), (8, 8, 0), *[(8, 9, 0)] * 5)
    known_days.known_days(0)
    assert places(3, 4, 6, 7) == [5, 5, 5, 6]


@pytest.mark.usefixtures("in_app")
def test_what_is_sealed_after_midnight_became_known_on_the_new_day(
    happen: Callable[..., None],
) -> None:
    """It was recorded a moment before, by somebody who committed late."""
    happen((3, 8, 0), (4, 0, 1))
    known_days.known_days(0)
    before = places(3)
    happen((3, 21, 59), (5, 8, 0))
    known_days.known_days(2)
    assert places(3) == before
    assert places(4) == [3]
