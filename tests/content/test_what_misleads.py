"""Answers that look right in the file and are not what its author means; and what is forgiven."""

import pytest

from innocap_lms.content.short_text import accepts
from tests.content.courses import codes, quiz, read


def said(body: str) -> set[str]:
    return codes(read(quiz(body)))


@pytest.mark.parametrize(
    ("accepted", "given", "right"),
    [
        ("Article 6", "Artcle 6", True),
        ("Article 6", "Article 9", False),
        ("Article 6", "Article 66", False),
        ("§ 5", "§ 6", False),
        ("25 May 2018", "25 Mai 2018", True),
        ("25 May 2018", "25 May 2019", False),
        ("2018", "2019", False),
        ("prototype", "prototyp", True),
    ],
)
def test_a_typing_error_is_forgiven_in_letters_and_not_in_digits(
    accepted: str, given: str, right: bool
) -> None:
    assert accepts([accepted], 1, given) is right


@pytest.mark.parametrize(
    "line", ['"prototype"', "“prototyp”", "prototype {#p}", "prototype; pilot", "'pilot'"]
)
def test_signs_that_would_belong_to_the_answer_are_named(line: str) -> None:
    assert "C116" in said(f"## Q? {{#q}}\n\n= {line}\n")
    assert said(f"## Q? {{#q .text}}\n\n= {line}\n") == set()


@pytest.mark.parametrize("line", ["it's", "rock 'n' roll", "a “b” c", "prototype"])
def test_ordinary_words_are_not(line: str) -> None:
    assert said(f"## Q? {{#q}}\n\n= {line}\n") == set()


@pytest.mark.parametrize(
    ("gap", "code"),
    [("[[=*den*|den]]", "C051"), ("[[=$x^2$|$x_2$]]", "C116"), ("[[=`a`|a]]", "C051")],
)
def test_choices_that_a_list_shows_alike_are_named(gap: str, code: str) -> None:
    assert code in said(f"## Q? {{#q}}\n\nIt is {gap} here.\n")


def test_a_hint_under_an_option_is_named() -> None:
    body = "## Q? {#q}\n\n- [x] A {#a}\n  > [!HINT] psst\n- [ ] B {#b}\n"
    assert "C049" in said(body)


def test_gaps_in_another_order_in_a_translation_are_named() -> None:
    files = quiz("## Q? {#q}\n\n[[PUL]] ersattes av [[GDPR]].\n")
    swapped = dict(files)
    for name, text in files.items():
        if name.endswith(".en.md") and isinstance(text, str):
            swapped[name] = text.replace(
                "[[PUL]] ersattes av [[GDPR]]", "[[GDPR]] replaced [[PUL]]"
            )
    assert "C108" not in codes(read(files))
    assert "C108" in codes(read(swapped))
