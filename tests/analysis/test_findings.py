"""When a question is named, and that a figure without its interval never is enough."""

from dataclasses import replace
from typing import Any

import pytest

from innocap_lms.analysis.figures import (
    Figures,
    LanguageFigures,
    OptionFigures,
    figures_of,
)
from innocap_lms.analysis.findings import (
    EASY,
    GRAVE,
    HARD,
    IDLE,
    JUDGED_FROM,
    KEY,
    LURE,
    SLOW,
    TO_SHARPEN,
    TRANSLATION,
    WEAK,
    Finding,
    findings_of,
    is_judged,
    usual_seconds,
)
from innocap_lms.analysis.queries import Answers, Group
from innocap_lms.analysis.statistics import Adjusted, Estimate, Moments, correlation, proportion

GOOD = Figures(100, Estimate(0.7, 0.6, 0.8), Estimate(0.4, 0.25, 0.55), Estimate(30, 25, 35))


def rules(figures: Figures, usual: float | None = 30) -> list[int]:
    return [finding.rule for finding in findings_of(figures, usual)]


def share(chosen: int, n: int) -> Estimate:
    found = proportion(chosen, n)
    assert found is not None
    return found


def test_a_good_question_is_left_alone() -> None:
    assert rules(GOOD) == []


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"discrimination": Estimate(-0.3, -0.5, -0.1)}, [KEY]),
        ({"discrimination": Estimate(-0.3, -0.7, 0.2)}, []),
        ({"discrimination": Estimate(0.1, 0.02, 0.18)}, [WEAK]),
        ({"discrimination": Estimate(0.1, -0.1, 0.3)}, []),
        ({"difficulty": Estimate(0.3, 0.21, 0.39)}, [HARD]),
        ({"difficulty": Estimate(0.3, 0.1, 0.6)}, []),
        ({"difficulty": Estimate(0.98, 0.96, 0.99)}, [EASY]),
        ({"difficulty": Estimate(1.0, 0.8, 1.0)}, []),
        ({"seconds": Estimate(120, 90, 150)}, [SLOW]),
        ({"seconds": Estimate(120, 50, 190)}, []),
    ],
)
def test_a_rule_fires_only_where_the_whole_interval_says_so(
    changed: dict[str, Estimate], expected: list[int]
) -> None:
    assert rules(replace(GOOD, **changed)) == expected  # type: ignore[arg-type]


def test_the_gravest_comes_first() -> None:
    several = replace(
        GOOD,
        difficulty=Estimate(0.2, 0.1, 0.3),
        discrimination=Estimate(-0.3, -0.5, -0.1),
        seconds=Estimate(200, 190, 210),
    )
    assert rules(several) == [KEY, HARD, SLOW]


def test_what_is_slow_depends_on_what_the_quiz_usually_takes() -> None:
    slow = replace(GOOD, seconds=Estimate(120, 90, 150))
    assert rules(slow, usual=30) == [SLOW]
    assert rules(slow, usual=50) == []
    assert rules(slow, usual=None) == []
    assert usual_seconds([GOOD, GOOD]) is None
    assert usual_seconds([GOOD, GOOD, slow]) == 30


def test_a_wrong_option_that_the_able_choose_is_named() -> None:
    lure = OptionFigures("b", right=False, share=share(30, 100), discrimination=GOOD.discrimination)
    assert rules(replace(GOOD, options=(lure,))) == [LURE]
    assert rules(replace(GOOD, options=(replace(lure, right=True),))) == []
    unsure = replace(lure, discrimination=Estimate(0.4, -0.1, 0.7))
    assert rules(replace(GOOD, options=(unsure,))) == []


@pytest.mark.parametrize(
    ("chosen", "n", "expected"), [(0, 72, []), (0, 73, [IDLE]), (3, 400, [IDLE]), (20, 400, [])]
)
def test_an_option_is_idle_once_the_answers_are_many(
    chosen: int, n: int, expected: list[int]
) -> None:
    option = OptionFigures("b", right=False, share=share(chosen, n), discrimination=None)
    assert rules(replace(GOOD, options=(option,))) == expected


@pytest.mark.parametrize(("right", "expected"), [(72, []), (73, [EASY])])
def test_seventy_three_right_answers_make_a_question_easy(right: int, expected: list[int]) -> None:
    assert rules(replace(GOOD, difficulty=share(right, right))) == expected


@pytest.mark.parametrize(
    ("changed", "judged"),
    [
        ({}, True),
        ({"count": 43}, False),
        ({"discrimination": None}, False),
        ({"discrimination": None, "difficulty": Estimate(1.0, 0.9, 1.0)}, True),
    ],
)
def test_silence_says_something_once_a_wrong_key_would_be_named(
    changed: dict[str, Any], judged: bool
) -> None:
    assert is_judged(replace(GOOD, count=44)) is True
    assert is_judged(replace(GOOD, **changed)) is judged


@pytest.mark.parametrize(("n", "named"), [(43, False), (JUDGED_FROM, True)])
def test_from_so_many_answers_on_a_connection_of_a_third_below_is_told(n: int, named: bool) -> None:
    found = correlation(Moments(n, 0, 0, n, n, -0.3 * n))
    assert found is not None
    assert (found.high < 0) is named


def test_what_could_be_sharper_is_no_reason_to_look() -> None:
    gravities = {rule: Finding(rule, Estimate(0, 0, 0)).gravity for rule in range(KEY, EASY + 1)}
    assert [rule for rule, gravity in gravities.items() if gravity == GRAVE] == [KEY, LURE]
    assert [rule for rule, gravity in gravities.items() if gravity == TO_SHARPEN] == [
        WEAK,
        IDLE,
        EASY,
    ]


def test_of_an_easy_question_idle_options_are_not_named_as_well() -> None:
    option = OptionFigures("b", right=False, share=share(0, 400), discrimination=None)
    easy = replace(GOOD, difficulty=share(400, 400), options=(option,))
    assert rules(easy) == [EASY]


def spoken(language: str, *harder: float) -> LanguageFigures:
    """A translation that is so much harder; the last number is what the readers' rest explains."""
    *apart, explained = harder
    return LanguageFigures(language, 100, share(50, 100), Adjusted(Estimate(*apart), explained))


LEAD = LanguageFigures("sv", 100, share(80, 100))


@pytest.mark.parametrize(
    ("harder", "expected"),
    [
        ((0.3, 0.11, 0.5, 0.0), [TRANSLATION]),
        ((0.3, 0.1, 0.5, 0.0), []),
        ((0.3, 0.2, 0.4, 0.09), [TRANSLATION]),
        ((0.3, 0.2, 0.4, 0.11), []),
        ((0.3, 0.05, 0.6, -0.2), []),
    ],
)
def test_a_translation_is_named_where_its_readers_alone_cannot_be_the_reason(
    harder: tuple[float, ...], expected: list[int]
) -> None:
    told = replace(GOOD, languages=(LEAD, spoken("en", *harder)))
    assert rules(told) == expected
    assert [finding.language for finding in findings_of(told, None)] == ["en"] * len(expected)


def test_a_translation_that_cannot_be_compared_is_not_named() -> None:
    alone = LanguageFigures("en", 100, share(10, 100))
    assert rules(replace(GOOD, languages=(LEAD, alone))) == []


def test_languages_are_compared_within_a_quiz_and_never_across_two() -> None:
    """English readers had the quiz whose other questions are easy: that makes them no better."""
    swedish = (told(1, 1.0, 40, 0.4), told(1, 0.0, 40, 0.3), told(2, 1.0, 3, 0.9))
    english = (told(2, 1.0, 40, 0.9), told(2, 0.0, 40, 0.8), told(1, 1.0, 3, 0.4))
    figures = figures_of({"sv": Answers(swedish[:2]), "en": Answers(english[:2])}, [], [])
    assert [each.harder for each in figures.languages] == [None, None]
    figures = figures_of({"sv": Answers(swedish), "en": Answers(english)}, [], [])
    assert figures.languages[1].harder is not None


def told(quiz: int, share: float, count: int, rest: float) -> Group:
    squares = (rest * rest + 0.01) * count
    return Group(None, share, count, count, rest * count, squares, stratum=quiz)


def group(
    chosen: tuple[str, ...] | None, share: float | None, count: int, rest: float = 0.5
) -> Group:
    paired = 0 if share is None else count
    return Group(chosen, share, count, paired, rest * paired, rest * rest * paired, stratum=1)


@pytest.mark.parametrize(("few", "shown"), [(4, False), (5, True), (6, True)])
@pytest.mark.parametrize("right", [("a",), ("b",)])
def test_what_very_few_chose_or_did_not_says_nothing_of_what_they_earned_elsewhere(
    few: int, shown: bool, right: tuple[str, ...]
) -> None:
    """With two options, fewer than five choosers of one are fewer than five others of the other."""
    answers = Answers(
        (group(("a",), 1.0, 10, 0.8), group(("a",), 1.0, 10, 0.7), group(("b",), 0.0, few, 0.1))
    )
    told = figures_of({"en": answers}, ["a", "b"], right)
    assert [option.discrimination is not None for option in told.options] == [shown, shown]


def test_nearly_everybodys_option_is_as_silent_as_the_few_who_left_it() -> None:
    """The few divide over two options, so each of three would be told apart by itself."""
    answers = Answers(
        (
            group(("a",), 1.0, 10, 0.8),
            group(("a",), 1.0, 10, 0.7),
            group(("b",), 0.0, 2, 0.1),
            group(("c",), 0.0, 2, 0.3),
        )
    )
    told = figures_of({"en": answers}, ["a", "b", "c"], ["a"])
    assert [option.discrimination for option in told.options] == [None, None, None]


def test_an_order_or_a_match_has_no_table_of_options() -> None:
    order = Answers((group(("a", "b"), 1.0, 9), group(("a", "b"), 0.0, 5)))
    assert figures_of({"en": order}, ["a", "b"], []).options == ()
    match = Answers((group(("a:b",), 1.0, 9), group(("b:a",), 0.0, 5)))
    assert figures_of({"en": match}, ["a", "b"], []).options == ()
    own_words = Answers((group(None, 1.0, 9), group(None, 0.0, 5)))
    assert figures_of({"en": own_words}, [], []).options == ()


def test_answers_that_could_not_be_marked_count_as_answers_but_not_as_wrong() -> None:
    told = figures_of({"en": Answers((group(("a",), None, 6),))}, ["a", "b"], ["a"])
    assert (told.count, told.difficulty, told.discrimination) == (6, None, None)
    assert [option.share.value for option in told.options] == [1.0, 0.0]


def test_what_was_left_without_an_answer_is_counted_apart() -> None:
    answers = Answers((group(("a",), 1.0, 15), group((), 0.0, 5)))
    told = figures_of({"en": answers}, ["a", "b"], ["a"])
    assert told.unanswered is not None
    assert told.unanswered.value == 0.25
    assert [option.share.value for option in told.options] == [0.75, 0.0]


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ({"sv": 9, "en": 5}, ["sv", "en"]),
        ({"sv": 9, "en": 5, "fi": 2}, []),
        ({"sv": 9, "en": 5, "fi": 2, "is": 2}, []),
        ({"sv": 9, "en": 5, "fi": 2, "is": 3}, ["sv", "en"]),
        ({"sv": 9, "en": 0}, []),
    ],
)
def test_no_language_of_fewer_than_five_can_be_had_by_subtraction(
    counts: dict[str, int], shown: list[str]
) -> None:
    answers = {
        name: Answers((group(("a",), 1.0, n),)) if n else Answers() for name, n in counts.items()
    }
    told = figures_of(answers, ["a", "b"], ["a"])
    assert [each.language for each in told.languages] == shown
