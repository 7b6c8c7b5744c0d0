"""The standing of a person: rules one by one, and what holds for any events in any order."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import get_args
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from innocap_lms.content.validity import end_of_validity, last_valid_day
from innocap_lms.requirements.periods import GROUPS, Event, Requirement, State
from innocap_lms.requirements.timeline import standing, timeline

SINCE = date(2026, 1, 1)
RULE = Requirement(
    "c",
    SINCE,
    "Europe/Stockholm",
    due=date(2026, 6, 30),
    soon_days=30,
    validity_months=12,
    renewal_opens_days=60,
)
OPEN = Requirement("c", SINCE, "Europe/Stockholm")


def at(month: int, day: int, hour: int = 12, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, tzinfo=UTC)


def state(rule: Requirement, events: list[Event], day: date) -> State:
    return standing(timeline(rule, events), day).state


def test_before_anything_happens_the_due_day_decides() -> None:
    states = [(p.state, p.valid_from, p.valid_until) for p in timeline(RULE, [])]
    assert states == [
        ("not_due", SINCE, date(2026, 5, 31)),
        ("due_soon", date(2026, 5, 31), date(2026, 7, 1)),
        ("overdue", date(2026, 7, 1), None),
    ]


def test_who_has_begun_is_in_progress_until_the_due_day_has_passed() -> None:
    events = [Event("e", "enrolled", at(2, 1))]
    assert state(RULE, events, date(2026, 1, 31)) == "not_due"
    assert state(RULE, events, date(2026, 6, 30)) == "in_progress"
    assert state(RULE, events, date(2026, 7, 1)) == "overdue"


def test_a_completion_is_valid_then_open_for_renewal_then_expired() -> None:
    periods = timeline(RULE, [Event("k", "completed", at(3, 15))])
    assert [(p.state, p.valid_from) for p in periods] == [
        ("not_due", SINCE),
        ("valid", date(2026, 3, 15)),
        ("renewal_open", date(2027, 1, 15)),
        ("expired", date(2027, 3, 16)),
    ]


def test_a_new_completion_ends_the_lapse_on_its_own_day() -> None:
    events = [Event("k1", "completed", at(3, 15)), Event("k2", "completed", at(5, 2, year=2027))]
    assert state(RULE, events, date(2027, 5, 1)) == "expired"
    found = standing(timeline(RULE, events), date(2027, 5, 2))
    assert (found.state, found.because[0].events) == ("valid", ("k2",))


def test_without_validity_a_completion_counts_for_good() -> None:
    assert state(OPEN, [Event("k", "completed", at(3, 15))], date(2126, 1, 1)) == "valid"


def test_a_call_to_take_it_again_holds_from_its_day_until_it_is_taken_back() -> None:
    done = [Event("k", "completed", at(3, 15))]
    asked = replace(OPEN, renewal_called=date(2026, 5, 1), renewal_taken_back=date(2026, 5, 9))
    periods = timeline(asked, done)
    assert [(p.state, p.valid_from, p.because[-1].code) for p in periods] == [
        ("not_due", SINCE, "no_due_day"),
        ("valid", date(2026, 3, 15), "completed"),
        ("renewal_open", date(2026, 5, 1), "renewal_called"),
        ("valid", date(2026, 5, 9), "renewal_taken_back"),
    ]
    again = [*done, Event("l", "completed", at(5, 4))]
    assert state(asked, again, date(2026, 5, 4)) == "valid"
    assert standing(timeline(asked, again), date(2026, 6, 1)).because[-1].code == "completed"


def test_prior_learning_is_credited_and_is_not_called_a_completion() -> None:
    assert state(RULE, [Event("k", "credited", at(3, 15))], date(2026, 4, 1)) == "credited"


def test_an_exemption_ends_after_its_last_day() -> None:
    events = [Event("x", "exempt", at(2, 1), until=date(2026, 7, 31))]
    assert state(RULE, events, date(2026, 7, 31)) == "exempt"
    assert state(RULE, events, date(2026, 8, 1)) == "overdue"


def test_a_pause_asks_for_nothing_and_the_due_day_moves_by_its_days() -> None:
    """Sixty-one days were left when it began; sixty-one are left when it is over."""
    events = [Event("p", "paused", at(5, 1)), Event("r", "revoked", at(9, 1), target="p")]
    assert state(RULE, events, date(2026, 7, 15)) == "paused"
    assert state(RULE, events, date(2026, 9, 1)) == "not_due"
    assert state(RULE, events, date(2026, 10, 31)) == "due_soon"
    late = standing(timeline(RULE, events), date(2026, 11, 1))
    assert late.state == "overdue"
    assert [reason.code for reason in late.because] == ["due", "extended"]


def test_each_pause_ends_by_itself() -> None:
    """Leave and a secondment at once: the end of one is not the end of the other."""
    leave, away = Event("p", "paused", at(2, 1)), Event("q", "paused", at(3, 1))
    events = [leave, away, Event("r", "revoked", at(4, 1), target="q")]
    assert state(RULE, events, date(2026, 5, 1)) == "paused"
    early = [Event("p", "paused", at(5, 1)), Event("r", "revoked", at(4, 1), target="p")]
    assert state(RULE, early, date(2026, 5, 10)) == "not_due"


def test_what_lasts_longest_counts() -> None:
    """A credit for good, then a completion that lapses."""
    rule = Requirement("c", SINCE, "Europe/Stockholm", due=date(2026, 6, 30))
    events = [
        Event("k", "credited", at(2, 1)),
        Event("l", "completed", at(3, 1), validity_months=12),
    ]
    assert state(rule, events, date(2028, 1, 1)) == "credited"


def test_the_ends_of_the_calendar_do_no_harm() -> None:
    events = [
        Event("p", "paused", at(2, 1), until=date.max),
        Event("x", "exempt", at(1, 2), until=date.max),
    ]
    far = Requirement("c", date(1, 1, 1), "Europe/Stockholm", due=date.max, validity_months=2400)
    late = [Event("k", "completed", datetime(9999, 6, 1, tzinfo=UTC))]
    assert standing(timeline(far, [*events, *late]), date(2026, 3, 1)).state == "paused"


def test_a_pause_after_the_due_day_moves_nothing() -> None:
    events = [Event("p", "paused", at(8, 1), until=date(2026, 8, 31))]
    assert state(RULE, events, date(2026, 8, 31)) == "paused"
    assert state(RULE, events, date(2026, 9, 1)) == "overdue"


def test_a_pause_in_the_days_of_renewal_gives_those_days_back() -> None:
    events = [
        Event("k", "completed", at(3, 15)),
        Event("p", "paused", at(3, 1, year=2027), until=date(2027, 5, 31)),
    ]
    assert state(RULE, events, date(2027, 2, 28)) == "renewal_open"
    assert state(RULE, events, date(2027, 6, 15)) == "renewal_open"
    assert state(RULE, events, date(2027, 6, 16)) == "expired"


def test_the_stricter_of_the_courses_and_the_requirements_validity_rules() -> None:
    own = [Event("k", "completed", at(3, 15), validity_months=6)]
    assert state(RULE, own, date(2026, 9, 16)) == "expired"
    longer = [Event("k", "completed", at(3, 15), validity_months=36)]
    assert state(RULE, longer, date(2027, 3, 16)) == "expired"
    assert state(OPEN, longer, date(2029, 3, 16)) == "expired"


def test_a_revoked_completion_counts_up_to_its_revocation_and_says_so() -> None:
    events = [Event("k", "completed", at(3, 15)), Event("v", "revoked", at(4, 1), target="k")]
    assert state(RULE, events, date(2026, 3, 31)) == "valid"
    after = standing(timeline(RULE, events), date(2026, 4, 1))
    assert after.state == "not_due"
    assert [reason.code for reason in after.because] == ["revoked", "due"]


def test_a_correction_says_what_was_true_all_along() -> None:
    events = [
        Event("k", "completed", at(3, 15)),
        Event("c", "corrected", at(8, 1), target="k", instead=at(2, 10)),
    ]
    assert state(RULE, events, date(2026, 2, 10)) == "valid"


def test_the_last_correction_of_an_event_wins() -> None:
    events = [
        Event("k", "completed", at(3, 15)),
        Event("c1", "corrected", at(8, 1), target="k", instead=at(2, 10)),
        Event("c2", "corrected", at(8, 2), target="k", instead=at(4, 10)),
    ]
    assert state(RULE, events, date(2026, 3, 20)) == "not_due"


def test_days_are_the_organisations_own() -> None:
    late_evening = [Event("k", "completed", at(6, 30, 22))]  # 00:30 on 1 July in Stockholm
    assert state(RULE, late_evening, date(2026, 6, 30)) == "due_soon"
    dublin = Requirement("c", SINCE, "Atlantic/Reykjavik", due=date(2026, 6, 30))
    assert state(dublin, late_evening, date(2026, 6, 30)) == "valid"


@pytest.mark.parametrize(
    ("day", "months", "last"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2027, 1, 31), 13, date(2028, 2, 29)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2026, 3, 15), 24, date(2028, 3, 15)),
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
        (date(2026, 11, 30), 1, date(2026, 12, 30)),
    ],
)
def test_months_end_on_the_same_number_or_the_months_last_day(
    day: date, months: int, last: date
) -> None:
    assert last_valid_day(day, months) == last


def test_validity_ends_with_the_day_where_the_organisation_is() -> None:
    end = end_of_validity(at(3, 31, 23), 6, ZoneInfo("Europe/Stockholm"))  # 1 April there
    assert end == datetime(2026, 10, 1, 21, 59, 59, tzinfo=UTC)


def test_nothing_is_said_of_days_before_the_requirement() -> None:
    with pytest.raises(LookupError, match="2025-12-31"):
        standing(timeline(RULE, []), date(2025, 12, 31))


def test_every_state_stands_in_one_of_four_groups() -> None:
    assert set(GROUPS) == set(get_args(State))
    assert set(GROUPS.values()) == {"in_order", "to_do", "late", "paused"}
    assert timeline(RULE, [])[-1].group == "late"


days = st.dates(SINCE - timedelta(days=400), SINCE + timedelta(days=1500))
moments = st.integers(0, 5 * 365 * 24).map(
    lambda hours: datetime(2025, 1, 1, tzinfo=UTC) + timedelta(hours=hours)
)


@st.composite
def histories(draw: st.DrawFn) -> list[Event]:
    events: list[Event] = []
    for number in range(draw(st.integers(0, 8))):
        kind = draw(
            st.sampled_from(
                [
                    "enrolled",
                    "completed",
                    "credited",
                    "exempt",
                    "paused",
                    "revoked",
                    "corrected",
                ]
            )
        )
        target = draw(st.sampled_from([event.id for event in events] or [None]))
        events.append(
            Event(
                f"e{number}",
                kind,
                draw(moments),
                until=draw(st.none() | days) if kind in ("exempt", "paused") else None,
                validity_months=draw(st.none() | st.integers(1, 30)),
                target=target if kind in ("revoked", "corrected") else None,
                instead=draw(moments) if kind == "corrected" else None,
            )
        )
    return events


rules = st.builds(
    Requirement,
    course_id=st.just("c"),
    since=days,
    timezone=st.sampled_from(["Europe/Stockholm", "America/Toronto", "Asia/Kathmandu"]),
    due=st.none() | days,
    soon_days=st.integers(0, 90),
    validity_months=st.none() | st.integers(1, 60),
    renewal_opens_days=st.integers(0, 400),
    renewal_called=st.none() | days,
    renewal_taken_back=st.none() | days,
)


@given(rules, histories())
def test_periods_touch_each_other_from_the_first_day_for_ever(
    rule: Requirement, events: list[Event]
) -> None:
    periods = timeline(rule, events)
    assert periods[0].valid_from == rule.since
    assert periods[-1].valid_until is None
    for before, after in pairwise(periods):
        assert before.valid_from < after.valid_from == before.valid_until
        assert (before.state, before.because) != (after.state, after.because)


@given(rules, histories(), st.randoms())
def test_the_order_in_which_events_are_told_means_nothing(
    rule: Requirement, events: list[Event], random: object
) -> None:
    told = list(events)
    random.shuffle(told)  # type: ignore[attr-defined]
    assert timeline(rule, told + events[:1]) == timeline(rule, events)


@given(rules, histories(), histories())
def test_a_later_event_changes_nothing_before_its_own_day(
    rule: Requirement, events: list[Event], more: list[Event]
) -> None:
    last = max((e.instead or e.at for e in events), default=datetime(2025, 1, 1, tzinfo=UTC))
    last = max([last, *(event.at for event in events)])
    later = next((e for e in more if e.kind != "corrected" and e.at > last), None)
    if later is None:
        return
    target = events[0].id if events and later.kind == "revoked" else None
    new = Event("new", later.kind, later.at, later.until, target)
    before, after = timeline(rule, events), timeline(rule, [*events, new])
    day = new.at.date() - timedelta(days=1)
    wholly = [p for p in before if p.valid_until is not None and p.valid_until <= day]
    assert after[: len(wholly)] == wholly


@given(rules, histories(), days)
def test_every_standing_gives_its_reason_by_events_that_happened(
    rule: Requirement, events: list[Event], day: date
) -> None:
    found = standing(timeline(rule, events), max(day, rule.since))
    assert found.because
    ids = {event.id for event in events}
    assert all(ids.issuperset(reason.events) for reason in found.because)
