"""Verdicts and the table of the benchmarks."""

from pathlib import Path

import pytest

from benchmarks.bars import MEASURES, Figure, table, write_into
from benchmarks.load import percentile


def test_a_share_of_the_floor_is_better_when_higher():
    assert [MEASURES["lesson"].verdict(share) for share in (0.5, 0.25, 0.249)] == [
        "aim",
        "bar",
        "missed",
    ]


def test_everything_else_is_better_when_lower():
    assert [MEASURES["cold"].verdict(seconds) for seconds in (0.8, 1.2, 1.21)] == [
        "aim",
        "bar",
        "missed",
    ]


def test_no_aim_asks_for_less_than_its_bar():
    for measure in MEASURES.values():
        assert measure.verdict(measure.aim) == "aim"
        assert measure.verdict(measure.bar) != "missed"


def test_the_table_shows_bar_aim_figure_and_verdict():
    rows = table([Figure("lesson", 0.4231, "1.42 ms CPU"), Figure("hr_csv_10000", 911.2)])
    assert "| 0.25 | 0.50 | 0.42 of the floor (1.42 ms CPU) | bar |" in rows
    assert "| 900 | 600 | 911 ms | missed |" in rows


def test_the_page_keeps_what_stands_around_the_table(tmp_path: Path):
    page = tmp_path / "benchmarks.md"
    page.write_text("Before\n<!-- figures -->\nold\n<!-- end of figures -->\nAfter\n")
    write_into(page, "new")
    assert page.read_text() == "Before\n<!-- figures -->\nnew\n<!-- end of figures -->\nAfter\n"


def test_a_page_without_markers_is_left_alone(tmp_path: Path):
    page = tmp_path / "benchmarks.md"
    page.write_text("Before")
    with pytest.raises(ValueError, match=r"benchmarks\.md lacks"):
        write_into(page, "new")
    assert page.read_text() == "Before"


@pytest.mark.parametrize(("share", "value"), [(0.5, 50), (0.99, 99), (1.0, 100)])
def test_a_percentile_is_a_value_that_was_measured(share: float, value: int):
    assert percentile(range(1, 101), share) == value


def test_the_percentile_of_one_value_is_that_value():
    assert percentile([7.0], 0.99) == 7.0


def test_there_is_no_percentile_of_nothing():
    with pytest.raises(ValueError, match="no values"):
        percentile([], 0.99)
