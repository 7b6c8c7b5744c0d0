"""In which groups somebody has standings: the same as looking at each day."""

from hypothesis import given
from hypothesis import strategies as st

from innocap_lms.requirements.models import GROUP_BITS, STATES
from innocap_lms.requirements.overall import Held, spells
from innocap_lms.requirements.periods import GROUPS

DAYS = st.integers(1, 12)
HELD = st.builds(
    lambda place, state, since, length: Held(place, state, since, since + length),
    st.integers(1, 2), st.sampled_from(sorted(STATES)), DAYS, DAYS,
)  # fmt: skip


@given(st.lists(HELD, max_size=8))
def test_the_groups_of_a_day_are_those_of_the_standings_that_hold_on_it(held: list[Held]) -> None:
    found = spells(held)
    for place in (1, 2):
        for day in range(26):
            bits = {
                GROUP_BITS[GROUPS[STATES[one.state]]]
                for one in held
                if one.place == place and one.since <= day < one.until
            }
            now = [
                one.groups for one in found if one.place == place and one.since <= day < one.until
            ]
            assert now == ([sum(bits)] if bits else [])


@given(st.lists(HELD, max_size=8))
def test_spells_that_touch_differ(held: list[Held]) -> None:
    found = spells(held)
    ends = {(one.place, one.until, one.groups) for one in found}
    assert not [one for one in found if (one.place, one.since, one.groups) in ends]
