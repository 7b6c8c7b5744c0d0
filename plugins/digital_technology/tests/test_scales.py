"""The scales of charts: round steps, and numbers as each language writes them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.digital_technology.scales import round_step, ticks, written


@given(low=st.floats(-1e6, 1e6), high=st.floats(-1e6, 1e6))
def test_a_scale_holds_nought_and_every_value_in_a_few_round_steps(low: float, high: float) -> None:
    low, high = sorted((round(low, 3), round(high, 3)))
    marks = ticks(low, high)
    assert marks[0] <= min(low, 0) + 1e-6
    assert marks[-1] >= max(high, 0) - 1e-6
    assert 0 in marks
    assert 2 <= len(marks) <= 8


@given(st.floats(1e-3, 1e9))
def test_a_round_step_fills_a_span_at_most_so_often(span: float) -> None:
    step = round_step(span, 4)
    assert step * 4 >= span * 0.999
    assert f"{step:e}"[0] in "125"


@pytest.mark.parametrize(
    ("number", "language", "text"),
    [(0.5, "sv", "0,5"), (-1200, "sv", "−1 200"), (1200, "en", "1 200"), (0.5, "en", "0.5")],
)
def test_numbers_of_a_scale_are_written_as_the_language_does(
    number: float, language: str, text: str
) -> None:
    assert written(number, language).replace("\u00a0", " ") == text
