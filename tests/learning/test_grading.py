"""Marking an attempt, with question kinds that work and kinds that fail."""

import math
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from innocap_lms.content.kinds import Mark
from innocap_lms.learning.grading import UNGRADED, grade


class Share:
    """A question kind whose answer is the share it earns."""

    def grade(self, key: Any, answer: Any) -> Mark:
        return Mark(share=float(answer[0]), because="as answered")


class Broken:
    def grade(self, key: Any, answer: Any) -> Mark:
        raise RuntimeError("a faulty plugin")


KINDS: Mapping[str, Any] = {"share": Share(), "broken": Broken()}


def quiz(*questions: tuple[str, float], pass_mark: float = 0.8) -> Any:
    """A quiz of (kind, points), whose questions are named q0, q1, …"""
    found = {
        f"q{number}": SimpleNamespace(kind=kind, points=points)
        for number, (kind, points) in enumerate(questions)
    }
    return SimpleNamespace(question=found.__getitem__, pass_mark=pass_mark, questions=found)


def marked(quiz: Any, *shares: float, asked: list[str] | None = None) -> Any:
    names = asked if asked is not None else list(quiz.questions)
    keys = {name: {"key": None} for name in quiz.questions}
    answers = {name: [str(share)] for name, share in zip(names, shares, strict=False)}
    return grade(quiz, keys, KINDS, names, answers)


def test_points_are_shares_of_what_each_question_is_worth():
    result = marked(quiz(("share", 2), ("share", 1)), 0.5, 1)
    assert (result.points, result.max_points) == (2.0, 3.0)
    assert result.marks == {"q0": (1.0, "as answered"), "q1": (1.0, "as answered")}
    assert result.share == pytest.approx(2 / 3)
    assert result.passed is False


def test_exactly_the_pass_mark_passes_whatever_the_fractions():
    for right in range(1, 11):
        result = marked(quiz(*[("share", 0.1)] * 10, pass_mark=right / 10), *[1] * right, *[0] * 10)
        assert result.passed is True, right


def test_only_what_was_asked_counts():
    result = marked(quiz(("share", 1), ("share", 9)), 1, asked=["q0"])
    assert (result.points, result.max_points, result.passed) == (1.0, 1.0, True)


@pytest.mark.parametrize(("share", "earned"), [(7, 2.0), (-3, 0.0)])
def test_a_kind_can_give_neither_more_than_all_nor_less_than_nothing(share: float, earned: float):
    assert marked(quiz(("share", 2)), share).points == earned


@pytest.mark.parametrize("share", [math.nan, math.inf, -math.inf])
def test_a_mark_that_is_no_number_is_ungraded(share: float):
    result = marked(quiz(("share", 1)), share)
    assert result.marks["q0"] == (None, UNGRADED)
    assert result.passed is None


def test_a_kind_that_raises_leaves_its_question_ungraded_and_the_outcome_open():
    result = marked(quiz(("share", 1), ("broken", 1)), 1, 1)
    assert result.marks["q1"] == (None, UNGRADED)
    assert (result.points, result.passed) == (1.0, None)


def test_a_kind_that_is_gone_is_the_same():
    assert marked(quiz(("of-a-plugin-that-is-gone", 1)), 1).marks["q0"] == (None, UNGRADED)


def test_who_passes_without_the_ungraded_question_passes():
    result = marked(quiz(("share", 9), ("broken", 1)), 1, 1)
    assert result.passed is True


def test_who_cannot_pass_even_with_the_ungraded_question_has_failed():
    result = marked(quiz(("share", 9), ("broken", 1)), 0, 1)
    assert result.passed is False


def test_a_question_without_an_answer_is_marked_by_its_kind():
    asked = quiz(("share", 1), ("share", 1))
    result = grade(asked, {"q0": {"key": 0}, "q1": {"key": 0}}, KINDS, ["q0", "q1"], {"q0": ["1"]})
    assert result.marks["q1"] == (None, UNGRADED), "this kind cannot mark nothing; others can"


def test_a_practice_of_nothing_but_reflections_is_passed_and_parts_nothing_by_zero():
    result = marked(quiz(("share", 0), pass_mark=0.0), 0)
    assert (result.points, result.max_points, result.share, result.passed) == (0, 0, 0, True)


def test_the_best_of_a_courses_languages_counts():
    class Words:
        def grade(self, key: Any, answer: Any) -> Mark:
            return Mark(float(answer[0] == key), "as answered")

    key = {"q0": {"key": "ja", "also": {"en": "yes"}}}
    for word, points in (("ja", 1), ("yes", 1), ("oui", 0)):
        kinds: Any = {"words": Words()}
        result = grade(quiz(("words", 1)), key, kinds, ["q0"], {"q0": [word]})
        assert result.points == points


def test_nothing_asked_is_nothing_passed():
    result = marked(quiz(), asked=[])
    assert (result.points, result.share, result.passed) == (0.0, 0.0, False)


@given(st.lists(st.tuples(st.floats(0, 10), st.floats(-1, 2)), min_size=1, max_size=12))
def test_points_stay_between_nothing_and_all(worth: list[tuple[float, float]]):
    result = marked(quiz(*(("share", points) for points, _share in worth)), *(s for _p, s in worth))
    assert -1e-9 <= result.points <= result.max_points + 1e-9
    assert 0 <= result.share <= 1 + 1e-9


@pytest.mark.parametrize("word", ["dropped", "accepted", "ungraded"])
def test_a_kind_cannot_use_the_words_of_the_sites_own_decisions(word: str):
    class Saying:
        def grade(self, key: Any, answer: Any) -> Mark:
            return Mark(float(answer[0]), word)

    for share, said in ((1, "right"), (0.5, "partly"), (0, "wrong")):
        result = grade(
            quiz(("saying", 2)),
            {"q0": {"key": 0}},
            {"saying": Saying()},
            ["q0"],
            {"q0": [str(share)]},
        )  # type: ignore[dict-item]
        assert result.marks["q0"] == (2 * share, said)
        assert result.max_points == 2, "it counts"
