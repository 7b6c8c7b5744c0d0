"""Two people at one text: nothing of either is lost, and what cannot be both is refused."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from innocap_lms.authoring.merging import ConflictError, merge

BASE = "one\ntwo\nthree\nfour\nfive\n"
TEXTS = st.lists(st.sampled_from(["a\n", "b\n", "c\n", "d\r\n", "\n"]), max_size=8).map("".join)


def test_changes_in_other_places_are_both_taken() -> None:
    mine, theirs = BASE.replace("one", "ONE"), BASE.replace("five", "FIVE\nsix")
    assert merge(BASE, mine, theirs) == "ONE\ntwo\nthree\nfour\nFIVE\nsix\n"


def test_the_same_change_is_taken_once() -> None:
    both = BASE.replace("three", "3")
    assert merge(BASE, both, both.replace("one\n", "")) == both.replace("one\n", "")


@pytest.mark.parametrize(
    ("mine", "theirs", "line"),
    [
        (BASE.replace("three", "3"), BASE.replace("three", "III"), 3),
        (BASE.replace("three\n", ""), BASE.replace("three", "III"), 3),
        (BASE + "six\n", BASE + "SIX\n", 6),
        (BASE.replace("two", "2"), BASE.replace("three", "3"), 2),
    ],
)
def test_the_same_place_is_a_conflict_that_names_its_line(
    mine: str, theirs: str, line: int
) -> None:
    with pytest.raises(ConflictError, match=f"line {line}"):
        merge(BASE, mine, theirs)


def test_long_texts_of_equal_lines_are_merged_at_once() -> None:
    base = "\n" * 20_000
    began = time.process_time()
    assert merge(base, "a\n" + base, base + "b\n") == "a\n" + base + "b\n"
    with pytest.raises(ConflictError):
        merge(base, ("a\n" * 3 + "\n") * 5000, ("b\n" * 3 + "\n") * 5000)
    assert time.process_time() - began < 5


@given(TEXTS, TEXTS)
def test_whoever_changes_alone_gets_the_own_text(base: str, text: str) -> None:
    assert merge(base, text, base) == merge(base, base, text) == merge(base, text, text) == text


@given(TEXTS, TEXTS, TEXTS)
def test_it_does_not_matter_who_comes_first_and_every_new_line_is_somebodys(
    base: str, one: str, other: str
) -> None:
    try:
        found = merge(base, one, other)
    except ConflictError:
        with pytest.raises(ConflictError):
            merge(base, other, one)
        return
    assert merge(base, other, one) == found
    assert set(found.splitlines(keepends=True)) <= set(
        (one + other).splitlines(keepends=True)
    ) | set(base.splitlines(keepends=True))
