"""Choosing one and choosing all that apply: parsing, grading, order."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from innocap_lms.content.built_in import BUILT_IN_KINDS
from innocap_lms.content.choice import MULTIPLE, SINGLE
from innocap_lms.content.kinds import Mark, OptionBlock, QuestionBlock

OPTIONS = ("a", "b", "c")


def block(ticked: str, classes: frozenset[str] = frozenset()) -> QuestionBlock:
    options = tuple(OptionBlock(i, f"Text {i}", i in ticked, f"About {i}", 3) for i in OPTIONS)
    return QuestionBlock("q", "Q?", "Stem", options, "All", classes, {}, "q.md", 1)


@pytest.mark.parametrize(
    ("ticked", "classes", "kind"),
    [
        ("a", (), SINGLE),
        ("ab", (), MULTIPLE),
        ("a", ("multiple",), MULTIPLE),
        ("", ("fixed",), SINGLE),
    ],
)
def test_the_marks_choose_the_kind(ticked: str, classes: tuple[str, ...], kind: object) -> None:
    claiming = [each for each in BUILT_IN_KINDS if each.claims(block(ticked, frozenset(classes)))]
    assert claiming == [kind]


def test_a_class_of_another_kind_is_left_to_that_kind() -> None:
    assert not any(each.claims(block("a", frozenset({"zebra"}))) for each in BUILT_IN_KINDS)


def test_the_view_holds_no_key_and_no_feedback() -> None:
    parsed = SINGLE.parse(block("b"))
    assert parsed.view == {
        "text": "Q?",
        "stem": "Stem",
        "options": [{"id": i, "text": f"Text {i}"} for i in OPTIONS],
        "multiple": False,
    }
    assert parsed.key == {"correct": ["b"]}
    assert parsed.feedback == {
        "options": {i: f"About {i}" for i in OPTIONS},
        "question": "All",
    }
    assert MULTIPLE.parse(block("ab")).view["multiple"] is True


@pytest.mark.parametrize(
    ("answer", "mark"),
    [
        (["b"], Mark(1.0, "right")),
        (["b", "b"], Mark(1.0, "right")),
        (["a"], Mark(0.0, "wrong")),
        (["a", "b"], Mark(0.0, "wrong")),
        (["zebra"], Mark(0.0, "wrong")),
        ([], Mark(0.0, "unanswered")),
        ([""], Mark(0.0, "unanswered")),
    ],
)
def test_one_answer_is_right_or_wrong(answer: list[str], mark: Mark) -> None:
    assert SINGLE.grade({"correct": ["b"]}, answer) == mark


@pytest.mark.parametrize(
    ("answer", "because"),
    [("ac", "right"), ("ca", "right"), ("a", "wrong"), ("abc", "wrong"), ("", "unanswered")],
)
def test_several_answers_are_all_or_nothing_in_any_order(answer: str, because: str) -> None:
    mark = MULTIPLE.grade({"correct": ["a", "c"]}, list(answer))
    assert mark == Mark(1.0 if because == "right" else 0.0, because)


@given(st.lists(st.text() | st.sampled_from(OPTIONS)))
def test_no_answer_makes_grading_raise(answer: list[str]) -> None:
    assert MULTIPLE.grade({"correct": ["a"]}, answer).share in (0.0, 1.0)


@given(st.lists(st.sampled_from(OPTIONS)), st.randoms())
def test_order_and_repetition_of_answers_do_not_count(
    answer: list[str], chance: random.Random
) -> None:
    shuffled = answer * 2
    chance.shuffle(shuffled)
    key = {"correct": ["a", "b"]}
    assert MULTIPLE.grade(key, answer) == MULTIPLE.grade(key, shuffled)


def test_an_answer_without_a_key_earns_nothing() -> None:
    assert SINGLE.grade({}, ["a"]) == Mark(0.0, "wrong")


def test_the_order_of_an_attempt_holds_every_option_once() -> None:
    view = SINGLE.parse(block("a")).view
    order = SINGLE.order(view, random.Random(4).shuffle)
    assert sorted(order) == ["a", "b", "c"]
    assert SINGLE.order(view, lambda ids: ids.reverse()) == ["c", "b", "a"]


def test_each_kind_names_its_templates() -> None:
    for kind in BUILT_IN_KINDS:
        assert set(kind.templates) == {"ask", "review", "print"}
