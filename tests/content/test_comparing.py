"""Two texts beside each other: what a trainer sees as changed, new and gone."""

from pathlib import Path

import pytest

from innocap_lms.content.comparing import Row, compare, likeness
from innocap_lms.content.page import nowhere
from innocap_lms.content.rendering import render, render_blocks
from tests.conftest import PLUGINS

ROOT = PLUGINS.parent.parent
REAL_TEXTS = sorted((ROOT / "courses").glob("*/*/0*.sv.md"))

BEFORE = """## Interviews

Ask one question at a time, and wait for the answer.

- Take notes.
- Say thank you.

Bring a colleague.
"""


def rows(before: str, now: str) -> list[Row]:
    return compare(*(render_blocks(text, resolve=nowhere, language="en") for text in (before, now)))


def test_a_text_that_did_not_change_has_no_change_and_every_piece() -> None:
    found = rows(BEFORE, BEFORE)
    assert [row.state for row in found] == ["same"] * 4
    assert all(row.before == row.now for row in found)


def test_a_changed_paragraph_stands_beside_what_it_was_with_the_words_marked() -> None:
    now = BEFORE.replace("one question", "an open question")
    found = next(row for row in rows(BEFORE, now) if row.state != "same")
    assert found.state == "changed"
    assert "Ask <del>one</del> question" in found.before
    assert "Ask <ins>an open</ins> question" in found.now
    assert found.line == 3


def test_what_is_new_and_what_is_gone_stands_alone_in_its_place() -> None:
    now = BEFORE.replace("Bring a colleague.\n", "").replace(
        "## Int", "Why do we ask at all?\n\n## Int"
    )
    assert [(row.state, bool(row.before), bool(row.now)) for row in rows(BEFORE, now)] == [
        ("new", False, True),
        ("same", True, True),
        ("same", True, True),
        ("same", True, True),
        ("gone", True, False),
    ]


def test_marks_stand_around_words_and_never_around_tags() -> None:
    (found,) = rows("Ask *her* now.", "Ask **him** now.")
    assert found.now == "<p>Ask <strong><ins>him</ins></strong> now.</p>\n"


def test_a_text_made_new_is_not_told_as_a_change_of_words() -> None:
    found = rows("Bring a colleague with you.", "Drawings belong in the appendix, always.")
    assert [row.state for row in found] == ["new", "gone"]


def test_likeness_is_a_share_of_the_words() -> None:
    assert likeness("<p>one two three four</p>", "<p>one two three <em>five</em></p>") == 0.75
    assert likeness("", "") == 1


@pytest.mark.parametrize("place", REAL_TEXTS, ids=lambda place: f"{place.parent.name}/{place.name}")
def test_the_pieces_of_a_text_are_the_whole_text(place: Path) -> None:
    text = place.read_text(encoding="utf-8").split("\n---\n", 1)[1]
    whole = render(text, resolve=nowhere, language="sv").html
    pieces = render_blocks(text, resolve=nowhere, language="sv")
    assert "".join(piece.html for piece in pieces) == whole
    assert len(pieces) > 1
