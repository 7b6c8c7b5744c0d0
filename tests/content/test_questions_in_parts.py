"""Orders, pairs and gaps: what is read, what each part earns, and partial credit on options."""

from typing import Any

import pytest

from innocap_lms.content.choice import MULTIPLE
from innocap_lms.content.cloze import CLOZE
from innocap_lms.content.gaps import cut_gaps, gap_rule, split_at_gaps
from innocap_lms.content.kinds import AnswerRefused, Mark, Parsed, QuestionKind
from innocap_lms.content.matching import MATCHING
from innocap_lms.content.ordering import ORDERING
from innocap_lms.content.page import nowhere
from innocap_lms.content.rendering import render
from tests.content.courses import quiz, read
from tests.content.test_quiz_grammar import one

ORDER = "## Q {{#q .order{}}}\n\n1. A {{#c}}\n2. B {{#a}}\n3. C {{#d}}\n4. D {{#b}}\n"
PAIRS = "## Q {{#q .match{}}}\n\nA {{#a}}\n: X {{#z}}\n\nB {{#b}}\n: Y {{#y}}\n\n- [ ] Z {{#x}}\n"
GAPS = "## Q {{#q {}}}\n\nA [[b|c]] and [[d|=e|f]] and [[g]].\n"


def parsed(kind: QuestionKind, text: str, braces: str = "") -> Parsed:
    found = kind.parse(one(text.format(braces)))
    assert found.problems == ()
    return found


def test_things_to_order_are_listed_by_id() -> None:
    found = parsed(ORDERING, ORDER)
    assert [option["id"] for option in found.view["options"]] == ["a", "b", "c", "d"]
    assert found.key == {"order": ["c", "a", "d", "b"]}


@pytest.mark.parametrize(
    ("answer", "whole", "part"),
    [
        ("c1 a2 d3 b4", 1.0, 1.0),
        ("a1 d2 b3 c4", 0.0, 2 / 3),
        ("b1 d2 a3 c4", 0.0, 0.0),
        ("c1 a2", 0.0, 1 / 3),
        ("c1 a2 d2 b3", 0.0, 0.0),
        ("c1 a1 d1 b1", 0.0, 0.0),
    ],
)
def test_an_order_earns_all_or_the_neighbours_that_were_kept(
    answer: str, whole: float, part: float
) -> None:
    given = [f"{value[0]}:{value[1]}" for value in answer.split()]
    assert ORDERING.grade(parsed(ORDERING, ORDER).key, given).share == whole
    assert ORDERING.grade(parsed(ORDERING, ORDER, " .partial").key, given).share == part


def test_an_order_is_read_by_place_from_what_the_page_showed() -> None:
    order = ["d", "a", "c", "b"]
    sent = ["1.3", "2.2", "3.1", "4.4"]
    assert ORDERING.read({}, order, sent) == ("c:1", "a:2", "d:3", "b:4")
    assert ORDERING.read({}, order, ["", "2.2", "", ""]) == ("a:2",)
    assert ORDERING.read({}, order, ["1.1", "2.1"]) == ("a:1", "d:1"), "still under way"


BAD = [
    "5.1",
    "1.5",
    "0.1",
    "1.0",
    "1",
    "1.1.1",
    "d:1",
    "d",
    "1.²",
    "1.-1",
    "1.1e0",
    "9" * 5000,
    "1. 1",
]


@pytest.mark.parametrize("value", BAD)
def test_places_that_no_page_offers_are_refused(value: str) -> None:
    view = parsed(MATCHING, PAIRS).view
    with pytest.raises(AnswerRefused):
        ORDERING.read({}, ["d", "a", "c", "b"], [value])
    with pytest.raises(AnswerRefused):
        MATCHING.read(view, ["x", "y", "z"], [value])
    with pytest.raises(AnswerRefused):
        CLOZE.read(parsed(CLOZE, GAPS).view, ["2.1", "2.2", "2.3"], ["", "9" + value, ""])


def test_one_thing_has_one_place_and_one_term_one_definition() -> None:
    with pytest.raises(AnswerRefused, match="two places"):
        ORDERING.read({}, ["d", "a"], ["1.1", "1.2"])
    with pytest.raises(AnswerRefused, match="two definitions"):
        MATCHING.read(parsed(MATCHING, PAIRS).view, ["x", "y", "z"], ["1.1", "1.2"])


def test_terms_are_matched_from_what_the_page_showed() -> None:
    view, order = parsed(MATCHING, PAIRS).view, ["y", "x", "z"]
    assert MATCHING.read(view, order, ["2.1", "1.3"]) == ("a:z", "b:y")
    assert MATCHING.read(view, order, ["", "2.2"]) == ("b:x",)
    assert MATCHING.read(view, order, ["", ""]) == ()


@pytest.mark.parametrize(
    ("answer", "whole", "part", "parts"),
    [
        (["a:z", "b:y"], 1.0, 1.0, (True, True)),
        (["a:z", "b:z"], 0.0, 0.5, (True, False)),
        (["b:y"], 0.0, 0.5, (False, True)),
        (["a:x", "b:x"], 0.0, 0.0, (False, False)),
    ],
)
def test_pairs_earn_all_or_the_share_of_terms(
    answer: list[str], whole: float, part: float, parts: tuple[bool, ...]
) -> None:
    assert MATCHING.grade(parsed(MATCHING, PAIRS).key, answer).share == whole
    mark = MATCHING.grade(parsed(MATCHING, PAIRS, " .partial").key, answer)
    assert (mark.share, mark.parts) == (part, parts)


@pytest.mark.parametrize(
    ("answer", "whole", "part"),
    [
        (["b", "2.2", "g"], 1.0, 1.0),
        (["C.", "2.2", " G "], 1.0, 1.0),
        (["b", "2.1", "g"], 0.0, 2 / 3),
        (["", "2.2", ""], 0.0, 1 / 3),
        (["e", "e", "e"], 0.0, 0.0),
        (["b"], 0.0, 1 / 3),
        (["b", "2.2", "g", "more"], 1.0, 1.0),
    ],
)
def test_gaps_earn_all_or_their_share(answer: list[str], whole: float, part: float) -> None:
    assert CLOZE.grade(parsed(CLOZE, GAPS).key, answer).share == whole
    assert CLOZE.grade(parsed(CLOZE, GAPS, ".partial").key, answer).share == part


def test_typing_errors_are_forgiven_in_gaps_to_write_in_alone() -> None:
    text = "## Q {{#q typos=1}}\n\nA [[committee]] and [[=one|two]].\n"
    key = parsed(CLOZE, text).key
    assert CLOZE.grade(key, ["comittee", "2.1"]).share == 1
    assert CLOZE.grade(key, ["comittee", "2.2"]).share == 0


@pytest.mark.parametrize(
    ("gap", "given"),
    [
        ("[[1 000]]", "1000"),
        ("[[42 %]]", "42%"),
        ("[[42 ± 1 km]]", "41,5"),
        (r"[[GDPR\|the regulation]]", "gdpr"),
        ("[[GDPR]]", "GD\u200bPR"),
        ("[[2024]]", "2024."),
    ],
)
def test_a_gap_takes_what_its_author_means(gap: str, given: str) -> None:
    key = parsed(CLOZE, f"## Q {{{{#q}}}}\n\nA {gap}.\n").key
    assert CLOZE.grade(key, [given]).share == 1
    assert CLOZE.grade(key, ["44"]).share == 0


def test_a_typing_error_is_forgiven_in_words_and_never_in_numbers() -> None:
    text = "## Q {{#q typos=1}}\n\nIn [[1990]] the [[committee]] sat.\n"
    found = parsed(CLOZE, text)
    assert CLOZE.grade(found.key, ["1990", "comittee"]).share == 1
    assert CLOZE.grade(found.key, ["1991", "committee"]).share == 0


def test_gaps_keep_their_places_and_nothing_at_all_is_unanswered() -> None:
    view, order = parsed(CLOZE, GAPS).view, ["2.3", "2.1", "2.2"]
    assert CLOZE.read(view, order, [" b ", "3", ""]) == ("b", "2.2", "")
    assert CLOZE.read(view, order, ["", " ", ""]) == ()
    assert CLOZE.read(view, order, []) == ()
    assert CLOZE.grade(parsed(CLOZE, GAPS).key, ()) == Mark(0.0, "unanswered")
    with pytest.raises(AnswerRefused, match="each gap"):
        CLOZE.read(view, order, ["b", "3"])
    with pytest.raises(AnswerRefused, match="500"):
        CLOZE.read(view, order, ["b" * 501, "", ""])


def test_each_gap_shuffles_its_own_choices() -> None:
    view = parsed(CLOZE, "## Q {{#q}}\n\n[[=a|b]] [[c]] [[d|=e|f]].\n").view
    assert CLOZE.order(view, lambda ids: ids.reverse()) == ["1.2", "1.1", "3.3", "3.2", "3.1"]


def test_code_keeps_its_brackets_and_links_are_no_gaps() -> None:
    text = "`[[a]]` and [[b]]\n\n    [[c]]\n\n[[1]](https://example.org) ``[[d]]``"
    cut = cut_gaps(text)
    assert cut.text == text.replace("[[b]]", "[[1]]")
    assert [gap.words for gap in cut.gaps] == [("b",)]
    assert cut.strays == ()
    html = render(cut.text, resolve=nowhere, language="en", rules=[gap_rule]).html
    assert [gap for _piece, gap in split_at_gaps(html)] == [1, 0]
    assert '<a href="https://example.org"' in html


def test_gaps_are_found_in_lists_tables_and_emphasis() -> None:
    cut = cut_gaps("- *a [[b|c]]*\n\n| d |\n|---|\n| [[=e|f]] |\n\n> [[g]]")
    assert cut.text == "- *a [[1]]*\n\n| d |\n|---|\n| [[2]] |\n\n> [[3]]"
    assert cut.strays == ()


def test_an_author_cannot_forge_the_marks_that_stand_for_gaps() -> None:
    assert cut_gaps("\ue0001\ue001 [[a]]").text == "1 [[1]]"
    assert split_at_gaps("<p>a \ue0001\ue001, b</p>") == [("<p>a ", 1), (", b</p>", 0)]


@pytest.mark.parametrize(
    ("answer", "penalty", "share"),
    [
        ("ab", None, 1.0),
        ("a", None, 0.5),
        ("abc", None, 0.5),
        ("ac", None, 0.0),
        ("cd", None, 0.0),
        ("ac", 0.5, 0.25),
        ("abcd", 0.5, 0.5),
        ("a", 10, 0.5),
    ],
)
def test_partial_credit_on_options_takes_off_what_the_author_says(
    answer: str, penalty: Any, share: float
) -> None:
    braces = ".partial" if penalty is None else f".partial penalty={penalty}"
    text = "## Q {{#q {}}}\n\n- [x] A {{#a}}\n- [x] B {{#b}}\n- [ ] C {{#c}}\n- [ ] D {{#d}}\n"
    assert MULTIPLE.grade(parsed(MULTIPLE, text, braces).key, list(answer)).share == share


def test_a_translation_keeps_its_own_words_and_the_keys_of_the_lead() -> None:
    files = quiz(PAIRS.format("") + "\n" + GAPS.format("").replace("#q", "#r"))
    swedish = files["final.quiz.sv.md"]
    assert isinstance(swedish, str)
    english = (
        swedish.replace(
            "A {#a}\n: X {#z}\n\nB {#b}\n: Y {#y}", "B! {#b}\n: Y! {#y}\n\nA! {#a}\n: X! {#z}"
        )
        .replace("- [ ] Z {#x}", "- Z! {#x}")
        .replace("[[b|c]]", "[[bee]]")
        .replace(" .match", "")
    )
    reading = read({**files, "final.quiz.en.md": english})
    assert reading.problems == []
    assert reading.course is not None
    pairs, gaps = reading.course.quizzes[0].questions
    assert [term["id"] for term in pairs.views["en"]["terms"]] == ["a", "b"]
    assert pairs.views["en"]["terms"][0]["text"] == "A!"
    keys = reading.course.keys["final"]
    assert keys["q"]["also"] == {}
    assert keys["r"]["also"]["en"]["gaps"][0] == {"accepted": ["bee"]}
    assert gaps.views["en"]["stem"] == "A [[1]] and [[2]] and [[3]]."


def test_thousands_of_gaps_or_options_are_refused_quickly_and_boundedly() -> None:
    for under in (
        "[[a]] " * 4000,
        "[[" * 8000,
        "[[a|" * 4000,
        "".join(f"- [x] A{n} {{#a{n}}}\n" for n in range(1000)),
        "".join(f"{n}. A {{#a{n}}}\n" for n in range(1000)),
        "= a\n" * 4000,
        "A {#a}\n: B {#b}\n\n" * 1000,
    ):
        reading = read(quiz(f"## Q {{#q}}\n\n{under}\n"))
        assert reading.course is None
        assert len(reading.problems) < 1000
