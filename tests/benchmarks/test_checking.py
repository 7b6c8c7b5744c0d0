"""The lessons that the checker is timed with are as many and as long as they are said to be."""

from pathlib import Path

import pytest

from benchmarks import checking
from benchmarks.bars import MEASURES


def test_the_lessons_are_as_long_as_they_are_said_to_be_and_hold_no_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(checking, "COURSES", 1)
    figures = checking.measure(tmp_path, lambda _line: None)
    assert [figure.key for figure in figures] == ["check_cold", "check_same"]
    assert all(figure.key in MEASURES and figure.value > 0 for figure in figures)
    lessons = list((tmp_path / "courses").rglob("*-lesson-*.en.md"))
    words = [len(file.read_text(encoding="utf-8").split()) for file in lessons]
    assert len(lessons) == checking.EACH
    assert min(words) >= 900
    assert max(words) <= 1000
