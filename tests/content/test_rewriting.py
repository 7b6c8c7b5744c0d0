"""A quiz file changed by a form: what is changed says so, all else stays byte for byte."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from innocap_lms.content import rewriting
from innocap_lms.content.rewriting import OptionPiece, UnknownPieceError, pieces_of

QUIZ = """---
id: final
title: Final   # a comment that stays
use: graded
---

<!-- written by hand -->

## Whom do you ask first? {#whom points=2 outcome=ask}

Some text, with a [[bracket]](x) and   odd   spaces.\t

- [ ] The manager {#manager}
  > They know the plan,
  > not the need.
- [x] The one who
  has the need {#owner}

> All in all.

## Put in order {#order .order}

1. Frame {#frame}
2. Explore {#explore}
::: strange
## Last? {#last}
* [x] Yes {#yes}
* [ ] No {#no}
"""


def by_id(text: str) -> dict[str, rewriting.QuestionPiece]:
    return {piece.id: piece for piece in pieces_of(text)}


def test_questions_are_told_by_the_grammar_that_learners_meet() -> None:
    found = by_id(QUIZ)
    assert list(found) == ["whom", "order", "last"]
    assert found["whom"].options == (
        OptionPiece("manager", "The manager", False, "They know the plan,\nnot the need."),
        OptionPiece("owner", "The one who\nhas the need", True, ""),
    )
    assert found["order"].options == ()
    assert found["order"].source.startswith("## Put in order {#order .order}\n")
    assert found["order"].source.endswith("::: strange\n")


def test_other_words_change_one_line_and_keep_its_braces() -> None:
    changed = rewriting.with_words(QUIZ, "whom", "Whom  do you\nask?")
    assert changed == QUIZ.replace("Whom do you ask first?", "Whom do you ask?")


@pytest.mark.parametrize(
    ("heading", "changed"),
    [
        ("## Last? {#last} ##", "## First? {#last} ##"),
        ('## Last? {#last tags="a}b"}', '## First? {#last tags="a}b"}'),
        ("  ##\tLast? {#last}", "  ##\tFirst? {#last}"),
    ],
)
def test_a_heading_keeps_its_id_however_it_is_written(heading: str, changed: str) -> None:
    before = QUIZ.replace("## Last? {#last}", heading)
    after = rewriting.with_words(before, "last", "First?")
    assert after == QUIZ.replace("## Last? {#last}", changed)
    assert by_id(after)["last"].text == "First?"


@pytest.mark.parametrize(
    ("option", "old", "new"),
    [
        (
            OptionPiece("manager", "Your boss", True, "They know the plan,\nnot the need."),
            "- [ ] The manager {#manager}",
            "- [x] Your boss {#manager}",
        ),
        (
            OptionPiece("manager", "The manager", False, "No."),
            "  > They know the plan,\n  > not the need.\n",
            "  > No.\n",
        ),
        (
            OptionPiece("manager", "The manager", False, ""),
            "  > They know the plan,\n  > not the need.\n",
            "",
        ),
        (
            OptionPiece("owner", "The one who\nhas the need", True, "Right."),
            "  has the need {#owner}\n",
            "  has the need {#owner}\n  > Right.\n",
        ),
        (
            OptionPiece("owner", "The resident", True, ""),
            "- [x] The one who\n  has the need {#owner}\n",
            "- [x] The resident {#owner}\n",
        ),
        (
            OptionPiece("", "Nobody at all", False, "Ask."),
            "  has the need {#owner}\n",
            "  has the need {#owner}\n- [ ] Nobody at all {#nobody-at-all}\n  > Ask.\n",
        ),
    ],
)
def test_an_option_changes_in_its_own_lines(option: OptionPiece, old: str, new: str) -> None:
    assert old in QUIZ
    assert rewriting.with_option(QUIZ, "whom", option) == QUIZ.replace(old, new)


def test_options_and_questions_come_and_go() -> None:
    without = rewriting.without_option(QUIZ, "last", "no")
    assert without == QUIZ.replace("* [ ] No {#no}\n", "")
    gone = rewriting.without_question(QUIZ, "order")
    assert list(by_id(gone)) == ["whom", "last"]
    assert "All in all." in gone
    more = rewriting.with_question(QUIZ, "Last?", ["- [x] A {#a}", "- [ ] B {#b}"], "points=2")
    assert more == QUIZ + "\n## Last? {#last-2 points=2}\n\n- [x] A {#a}\n- [ ] B {#b}\n"


def test_a_new_option_has_a_line_of_its_own_where_the_file_ends_without_one() -> None:
    new = OptionPiece("", "Perhaps", False, "")
    changed = rewriting.with_option(QUIZ.removesuffix("\n"), "last", new)
    assert changed == f"{QUIZ}- [ ] Perhaps {{#perhaps}}\n"


def test_a_question_moves_with_all_its_lines() -> None:
    up = rewriting.moved(QUIZ, "order", -1)
    assert list(by_id(up)) == ["order", "whom", "last"]
    assert sorted(up) == sorted(QUIZ)
    assert rewriting.moved(up, "order", 1) == QUIZ
    assert rewriting.moved(QUIZ, "whom", -1) == QUIZ
    assert rewriting.moved(QUIZ, "last", 1) == QUIZ


def test_a_question_may_be_written_as_text() -> None:
    changed = rewriting.with_source(
        QUIZ, "order", "## Put {#order .order}\n\n1. A {#a}\n2. B {#b}\n\n"
    )
    assert by_id(changed)["order"].text == "Put"
    assert "strange" not in changed
    assert list(by_id(changed)) == ["whom", "order", "last"]


@pytest.mark.parametrize("question", ["", "none"])
def test_what_is_not_there_is_named(question: str) -> None:
    with pytest.raises(UnknownPieceError):
        rewriting.with_words(QUIZ, question, "x")
    with pytest.raises(UnknownPieceError):
        rewriting.without_option(QUIZ, "whom", "none")


def test_ends_of_lines_stay_as_they_are() -> None:
    crlf = QUIZ.replace("\n", "\r\n")
    changed = rewriting.with_option(crlf, "whom", OptionPiece("", "New", False, "Because."))
    assert "\n" not in changed.replace("\r\n", "")
    assert changed.replace("\r\n", "\n") == rewriting.with_option(
        QUIZ, "whom", OptionPiece("", "New", False, "Because.")
    )


def test_letters_that_end_lines_elsewhere_are_letters_here() -> None:
    odd = QUIZ.replace("Some text,", "Some\u2028text,\x0c\x85\x1c and so on,")
    assert by_id(odd).keys() == by_id(QUIZ).keys()
    gone = rewriting.without_question(odd, "whom")
    assert list(by_id(gone)) == ["order", "last"]
    assert gone.startswith("---\nid: final\n")
    assert "Some" not in gone


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["C"]), min_size=1).map(
    lambda words: " ".join(words.split()) or "x"
)


@given(WORDS, st.booleans())
def test_whatever_is_written_into_a_form_touches_only_its_own_lines(
    words: str, ticked: bool
) -> None:
    changed = rewriting.with_option(QUIZ, "last", OptionPiece("no", words, ticked, ""))
    before, after = QUIZ.splitlines(), changed.splitlines()
    assert before[:-1] == after[: len(before) - 1]
    at = before.index("## Put in order {#order .order}")
    heading = rewriting.with_words(QUIZ, "order", words).splitlines()
    assert before[:at] + before[at + 1 :] == heading[:at] + heading[at + 1 :]


@given(
    st.sampled_from(["whom", "order", "last"]),
    st.lists(st.from_regex(r"[a-z][a-z0-9-]{0,9}", fullmatch=True)),
)
def test_tags_change_one_heading_and_nothing_else_in_it(question: str, tags: list[str]) -> None:
    changed = rewriting.with_tags(QUIZ, question, tags)
    found = by_id(changed)
    assert found[question].tags == tuple(tags)
    assert found[question].text == by_id(QUIZ)[question].text
    line = found[question].line - 1
    before, after = QUIZ.splitlines(), changed.splitlines()
    assert before[:line] + before[line + 1 :] == after[:line] + after[line + 1 :]
    assert rewriting.with_tags(changed, question, []) == QUIZ


def test_tags_stay_where_they_stand_in_the_braces() -> None:
    text = QUIZ.replace("{#last}", '{#last tags="a b"  outcome=ask} ##')
    changed = rewriting.with_tags(text, "last", ["c"])
    assert "## Last? {#last tags=c outcome=ask} ##\n" in changed
    assert rewriting.with_tags(text, "last", ["a", "b"]) == text
