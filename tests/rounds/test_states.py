"""Which state may follow which, and what the days alone decide."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from innocap_lms.rounds.states import (
    AGAIN,
    DECIDED,
    HAD_SEAT,
    SEATED,
    STATES,
    by_now,
    judged_anew,
    may_follow,
)

FIRST, LAST = date(2027, 3, 10), date(2027, 3, 31)
around = st.integers(-5, 30).map(lambda days: FIRST + timedelta(days=days))


def test_nobody_begins_but_invited_or_enrolled() -> None:
    assert [state for state in STATES if may_follow(None, state)] == ["invited", "enrolled"]


def test_what_was_completed_or_failed_changes_by_a_correction_alone() -> None:
    for state in DECIDED:
        assert not any(may_follow(state, after) for after in ("invited", "enrolled", *AGAIN))
        for today in (LAST, LAST + timedelta(days=1)):
            assert by_now(state, True, state == "failed", FIRST, LAST, today) == state


@given(st.sampled_from(STATES), st.booleans(), around)
def test_a_correction_decides_anew_what_was_decided(state, completed, today) -> None:  # type: ignore[no-untyped-def]
    after = judged_anew(state, completed, LAST, today)
    assert after == state or may_follow(state, after)
    if state in HAD_SEAT:
        assert (after == "completed") == completed
    else:
        assert after == state
    assert after in (state, "completed") or today <= LAST or after == "failed"


def test_who_left_may_come_again() -> None:
    assert all(may_follow(state, "enrolled") for state in AGAIN)


@given(st.sampled_from(STATES), st.booleans(), st.booleans(), around)
def test_the_days_lead_only_where_a_state_may_go(state, begun, completed, today) -> None:  # type: ignore[no-untyped-def]
    after = by_now(state, begun, completed, FIRST, LAST, today)
    assert after == state or may_follow(state, after)
    assert after not in SEATED or today <= LAST, "a seat in a round that is over"


def test_a_round_that_is_over_is_completed_failed_or_was_never_begun() -> None:
    after = LAST + timedelta(days=1)
    assert by_now("enrolled", True, True, FIRST, LAST, after) == "completed"
    assert by_now("in_progress", False, False, FIRST, LAST, after) == "failed"
    assert by_now("enrolled", False, False, FIRST, LAST, after) == "expired"


def test_who_begins_the_course_before_the_first_day_is_enrolled_until_it() -> None:
    before = FIRST - timedelta(days=1)
    assert by_now("enrolled", True, False, FIRST, LAST, before) == "enrolled"
    assert by_now("enrolled", True, False, FIRST, LAST, FIRST) == "in_progress"
