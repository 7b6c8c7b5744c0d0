"""What remedies make of marks: nobody loses, and twice is once."""

from collections.abc import Mapping
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from innocap_lms.content.draws import may_count_nothing
from innocap_lms.content.kinds import Mark
from innocap_lms.content.model import Draw, Question, Quiz
from innocap_lms.learning.corrections import (
    MOST_OPTIONS,
    RemedyView,
    canonical,
    corrected,
    further_options,
    further_words,
)
from innocap_lms.learning.grading import UNGRADED, Grade, grade, regrade

OPTIONS = "abcd"


def question(name: str = "q", points: float = 1.0, *, multiple: bool = False) -> Question:
    options = [{"id": each, "text": each} for each in OPTIONS]
    view = {"text": "?", "options": options, "multiple": multiple}
    return Question(name, "multiple" if multiple else "single", points, "", True, {"sv": view})


def written(name: str = "q", kind: str = "text") -> Question:
    return Question(name, kind, 1.0, "", True, {"sv": {"text": "?"}})


def remedy(how: Any, *accepted: tuple[str, ...]) -> RemedyView:
    return RemedyView("r", how, accepted, "why")


class ByFirst:
    """A kind that gives the points to whoever chose the key's option, and fails on "broken"."""

    def grade(self, key: Mapping[str, Any], answer: Any) -> Mark:
        if "d" in answer:
            raise RuntimeError("a faulty plugin")
        right = tuple(answer) == (key["correct"],)
        return Mark(1.0, "right") if right else Mark(0.0, "wrong")


KINDS: Mapping[str, Any] = {"single": ByFirst(), "multiple": ByFirst()}
points = st.floats(0.25, 10, allow_nan=False)
answers = st.sampled_from([(), ("a",), ("b",), ("c",), ("d",), ("a", "b")])
remedies = st.one_of(
    st.just(remedy("accept_all")),
    st.just(remedy("drop")),
    st.sets(st.sampled_from([("b",), ("c",), ("a", "b")]), min_size=1).map(
        lambda some: remedy("accept", *sorted(some))
    ),
)
cases = st.lists(st.tuples(points, answers, st.none() | remedies), min_size=1, max_size=8)


def of(case: list[Any], pass_mark: float) -> tuple[Any, dict[str, Any], dict[str, RemedyView]]:
    """A quiz, what was answered, and the remedies, of a drawn case."""
    asked = {f"q{n}": question(f"q{n}", each[0]) for n, each in enumerate(case)}
    quiz = SimpleNamespace(question=asked.__getitem__, pass_mark=pass_mark)
    given_ = {f"q{n}": each[1] for n, each in enumerate(case)}
    return quiz, given_, {f"q{n}": each[2] for n, each in enumerate(case) if each[2]}


def marked(quiz: Any, given_: Mapping[str, Any], decided: Mapping[str, RemedyView]) -> Grade:
    keys = {name: {"key": {"correct": "a"}} for name in given_}
    return grade(quiz, keys, KINDS, list(given_), given_, decided)


@given(cases, st.floats(0.1, 1))
def test_marking_anew_fails_nobody_and_points_stay_between_nothing_and_all(
    case: list[Any], pass_mark: float
) -> None:
    quiz, given_, decided = of(case, pass_mark)
    before = marked(quiz, given_, {})
    after = regrade(quiz, list(given_), given_, before, decided)
    assert after.passed or not before.passed
    assert 0 <= after.points <= after.max_points + 1e-9
    assert 0 <= after.share <= 1 + 1e-9
    for name, (earned, because) in before.marks.items():
        now, why = after.marks[name]
        assert why == "dropped" or (now or 0) >= (earned or 0), (name, because)


@given(cases, st.floats(0.1, 1))
def test_marking_anew_twice_is_marking_anew_once(case: list[Any], pass_mark: float) -> None:
    quiz, given_, decided = of(case, pass_mark)
    once = regrade(quiz, list(given_), given_, marked(quiz, given_, {}), decided)
    assert regrade(quiz, list(given_), given_, once, decided) == once


@given(cases, st.floats(0.1, 1))
def test_in_whatever_order_remedies_are_carried_out_the_marks_are_the_same(
    case: list[Any], pass_mark: float
) -> None:
    quiz, given_, decided = of(case, pass_mark)
    before = marked(quiz, given_, {})
    ends = []
    for names in (sorted(decided), sorted(decided, reverse=True)):
        now = before
        for name in names:
            now = regrade(quiz, list(given_), given_, now, {name: decided[name]})
        ends.append(now.marks)
    assert ends[0] == ends[1]


@given(cases, st.floats(0.1, 1))
def test_an_attempt_handed_in_after_the_decision_gets_what_an_earlier_one_got(
    case: list[Any], pass_mark: float
) -> None:
    quiz, given_, decided = of(case, pass_mark)
    later = marked(quiz, given_, decided)
    earlier = regrade(quiz, list(given_), given_, marked(quiz, given_, {}), decided)
    assert later.marks == earlier.marks
    assert (later.points, later.max_points) == (earlier.points, earlier.max_points)
    assert later.passed == earlier.passed or earlier.passed


def test_a_quiz_whose_every_question_is_dropped_divides_by_nothing_and_passes_nobody_anew() -> None:
    quiz, given_, decided = of([(1.0, ("b",), remedy("drop"))] * 3, 0.8)
    after = regrade(quiz, list(given_), given_, marked(quiz, given_, {}), decided)
    assert (after.points, after.max_points, after.share) == (0.0, 0.0, 0.0)
    assert after.passed is False


def test_dropping_the_question_that_could_not_be_marked_settles_the_outcome() -> None:
    quiz, given_, decided = of([(1.0, ("a",), None), (1.0, ("d",), remedy("drop"))], 0.8)
    before = marked(quiz, given_, {})
    assert before.marks["q1"] == (None, UNGRADED)
    assert before.passed is None
    assert regrade(quiz, list(given_), given_, before, decided).passed is True


def test_accepting_every_answer_counts_no_answer_too() -> None:
    assert corrected(remedy("accept_all"), question(points=2), (), (0.0, "unanswered")) == (
        2.0,
        "accepted",
    )


def test_a_full_mark_stays_as_it_was_given() -> None:
    for how in ("accept_all", "accept"):
        mark = corrected(remedy(how, ("a",)), question(), ("a",), (1.0, "right"))
        assert mark == (1.0, "right")


@pytest.mark.parametrize(
    ("chosen", "answer", "right"),
    [
        (["b"], ("b",), True),
        (["b"], ("c",), False),
        (["b"], ("b", "c"), False),
        (["b", "c"], ("c",), True),
    ],
)
def test_a_further_option_of_one_is_right_alone(
    chosen: list[str], answer: tuple[str, ...], right: bool
) -> None:
    accepted = further_options(question(), {"correct": ["a"]}, chosen)
    assert (canonical(question(), answer) in accepted) is right


@pytest.mark.parametrize(
    ("chosen", "answer", "right"),
    [
        (["c"], ("b", "a"), True),
        (["c"], ("c", "a", "b"), True),
        (["c"], ("a", "c"), False),
        (["c"], ("a", "b", "d"), False),
        (["b"], ("a",), True),
        (["a", "b"], ("b",), True),
        (["a", "b"], (), False),
    ],
)
def test_a_further_option_of_several_may_be_chosen_or_left_out(
    chosen: list[str], answer: tuple[str, ...], right: bool
) -> None:
    several = question(multiple=True)
    accepted = further_options(several, {"correct": ["a", "b"]}, chosen)
    assert (canonical(several, answer) in accepted) is right


def test_options_that_are_not_there_or_too_many_are_refused() -> None:
    for options in (["e"], ["a", "e"], ["a"] * (MOST_OPTIONS + 1)):
        with pytest.raises(ValueError, match="no such options"):
            further_options(question(), {"correct": ["a"]}, options)


@pytest.mark.parametrize(
    ("line", "answer", "right"),
    [
        ("12,5", "12.50", True),
        ("12,5", "12,5 km", True),
        ("12,5 km", "12.5", True),
        ("12,5", "12,5 mil", False),
        ("1 000 ± 10", "1005", True),
        ("1 000 ± 10", "1\u00a0011", False),
        ("1 000 ± 10", "", False),
        ("1 000 ± 10", "many", False),
    ],
)
def test_further_numbers_are_read_as_in_a_quiz_file(line: str, answer: str, right: bool) -> None:
    numeric = Question("q", "numeric", 1.0, "", True, {"sv": {"text": "?", "unit": "km"}})
    accepted = further_words(numeric, f"\n{line}\n77 km")
    mark = corrected(remedy("accept", *accepted), numeric, (answer,), (0.0, "wrong"))
    assert mark == ((1.0, "accepted") if right else (0.0, "wrong"))


def test_a_further_number_that_is_none_is_named() -> None:
    with pytest.raises(ValueError, match=r"^about 42$"):
        further_words(written(kind="numeric"), "41\nabout 42")


def test_one_number_is_one_answer_however_it_is_written() -> None:
    numeric = written(kind="numeric")
    assert canonical(numeric, ("1 000,50 km",)) == canonical(numeric, ("1000.5 km",))
    assert canonical(numeric, ("many",)) == ("many",)


def test_further_words_count_in_any_case_and_with_any_spaces() -> None:
    accepted = further_words(written(), "  Göteborgs   Stad\n\nGBG\n")
    assert accepted == (("gbg",), ("göteborgs stad",))
    assert canonical(written(), ("göteborgs\u00a0STAD",)) in accepted
    assert canonical(written(), ("Göteborg",)) not in accepted
    for written_so in (
        "GBG.",
        "gbg!",
        "Go\u0308teborgs stad",
    ):  # as the kind itself would take them
        assert canonical(written(), (written_so,)) in accepted
    assert corrected(remedy("accept", *accepted), written(), ("Gbg",), (0.0, "wrong"))[0] == 1.0


@pytest.mark.parametrize(
    ("own", "bank", "drawn", "dropped", "empty"),
    [
        ([1.0], [], 0, {"o0"}, True),
        ([1.0, 1.0], [], 0, {"o0"}, False),
        ([1.0, 0.0], [], 0, {"o0"}, True),
        ([], [1.0, 1.0, 1.0], 2, {"b0"}, False),
        ([], [1.0, 1.0, 1.0], 2, {"b0", "b1"}, True),
        ([0.0], [1.0, 1.0, 1.0], 1, {"b0"}, True),
        ([1.0], [1.0, 1.0], 1, {"b0", "b1"}, False),
    ],
)
def test_a_drop_that_could_leave_nothing_that_counts_is_known(
    own: list[float], bank: list[float], drawn: int, dropped: set[str], empty: bool
) -> None:
    questions = [question(f"o{n}", points) for n, points in enumerate(own)]
    questions += [replace(question(f"b{n}", each), bank="b") for n, each in enumerate(bank)]
    draw = Draw("b", {}, drawn) if bank else None
    quiz = Quiz("q", "graded", 0.8, None, {}, tuple(questions), "", draw=draw)
    assert may_count_nothing(quiz, dropped) is empty
    assert not may_count_nothing(replace(quiz, pass_mark=0.0), dropped)


@pytest.mark.parametrize(
    ("lines", "answer", "right"),
    [
        (("42 000 m",), "42000", False),
        (("42 000 m",), "42 000 m", True),
        (("43 km", "44 000 m"), "43", True),
        (("43 km", "44 000 m"), "44000", False),
        (("43",), "43", True),
        (("43",), "43 m", False),
    ],
)
def test_a_bare_number_has_the_unit_that_stands_beside_its_field(
    lines: tuple[str, ...], answer: str, right: bool
) -> None:
    asked = written(kind="numeric")
    asked = replace(asked, views={"en": {"unit": "km"}})
    decided = remedy("accept", *((line,) for line in lines))
    assert corrected(decided, asked, (answer,), (0.0, "wrong")) == (
        (1.0, "accepted") if right else (0.0, "wrong")
    )
