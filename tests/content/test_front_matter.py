"""Front matter keeps what the author wrote and cannot blow up."""

import pytest

from innocap_lms.content.fields import Fields
from innocap_lms.content.frontmatter import MAX_CHARACTERS, compose, split
from innocap_lms.content.problems import Problem


def plain(text: str) -> dict[str, object]:
    problems: list[Problem] = []
    node = compose("x.md", text, problems)
    assert node is not None
    assert problems == []
    assert isinstance(node.value, dict)
    return {name: field.node.value for name, field in node.value.items()}


def test_words_dates_and_times_stay_text() -> None:
    values = plain("a: no\nb: 1:30\nc: 2026-11-23\nd: on\ne: 0x1F\nf: 1_000\ng: 012.5.1\nh: .inf")
    assert values == {
        "a": "no",
        "b": "1:30",
        "c": "2026-11-23",
        "d": "on",
        "e": "0x1F",
        "f": "1_000",
        "g": "012.5.1",
        "h": ".inf",
    }


def test_numbers_and_truth_are_read_when_they_are_plain() -> None:
    values = plain("a: 12\nb: -1\nc: 2.5\nd: true\ne: False\nf: ~\ng:\nh: '12'\ni: \"true\"")
    assert values == {
        "a": 12,
        "b": -1,
        "c": 2.5,
        "d": True,
        "e": False,
        "f": None,
        "g": None,
        "h": "12",
        "i": "true",
    }


def test_a_number_of_ten_thousand_digits_is_text() -> None:
    assert plain("a: " + "9" * 10_000)["a"] == "9" * 10_000


def test_a_thousand_aliases_are_refused_at_the_first() -> None:
    bomb = "a: &a [x, x]\n" + "\n".join(f"b{i}: &b{i} [*a, *a]" for i in range(1000))
    problems: list[Problem] = []
    assert compose("x.md", bomb, problems) is None
    assert [each.code for each in problems] == ["C023"]


@pytest.mark.parametrize("opening", ["[", "{a: ", "- ", "? "])
def test_deep_nesting_is_refused_without_a_crash(opening: str) -> None:
    problems: list[Problem] = []
    text = "a: " + (opening * (MAX_CHARACTERS // len(opening)))[: MAX_CHARACTERS - 10]
    assert compose("x.md", text, problems) is None
    assert len(problems) == 1


def test_a_mapping_as_a_name_is_refused() -> None:
    problems: list[Problem] = []
    assert compose("x.md", "? {a: b}\n: c", problems) is None
    assert problems[0].code == "C022"


def test_the_body_knows_the_line_it_starts_on() -> None:
    document = split("x.md", "---\na: b\n---\n\n\nText\nmore\n\n")
    assert (document.body, document.body_line) == ("Text\nmore", 6)


def test_a_rule_in_the_body_is_no_end_of_front_matter() -> None:
    assert split("x.md", "---\na: b\n---\nText\n\n---\n\nmore").body == "Text\n\n---\n\nmore"


def test_a_file_without_front_matter_still_has_its_body() -> None:
    document = split("x.md", "\nText")
    assert (document.node, document.body, document.body_line) == (None, "Text", 2)
    assert document.problems[0].code == "C020"


def test_an_empty_file_is_told_so() -> None:
    assert split("x.md", "").problems[0].code == "C020"


def test_empty_front_matter_holds_no_fields() -> None:
    assert split("x.md", "---\n---\n").problems[0].code == "C022"


def fields(text: str, problems: list[Problem]) -> Fields:
    return Fields(compose("x.md", text, problems), "x.md", problems)


def test_text_that_looks_like_a_number_is_still_text() -> None:
    assert fields("title: 2024", []).text("title") == "2024"
    assert fields("title: no", []).text("title") == "no"


def test_a_known_field_that_is_absent_is_not_suggested_twice() -> None:
    problems: list[Problem] = []
    asked = fields("titel: A", problems)
    asked.text("title", required=False)
    asked.finish()
    assert problems[0].advice == "did you mean “title”?"
    assert (problems[0].line, problems[0].column) == (2, 1)


def test_a_nested_problem_stands_at_the_nested_value() -> None:
    problems: list[Problem] = []
    inside = fields("a:\n  b: x", problems).mapping("a")
    assert inside is not None
    inside.whole("b")
    assert (problems[0].line, problems[0].column) == (3, 6)


@pytest.mark.parametrize(
    ("text", "share"), [("80 %", 0.8), ("80%", 0.8), ("66.5 %", 0.665), ("100 %", 1.0)]
)
def test_a_share_is_written_in_per_cent(text: str, share: float) -> None:
    assert fields(f"pass: {text}", []).percent("pass") == pytest.approx(share)


@pytest.mark.parametrize("text", ["80", "0.8", "0 %", "101 %", "-5 %", "1e2 %", "[80 %]", "%"])
def test_a_share_written_otherwise_is_refused(text: str) -> None:
    problems: list[Problem] = []
    assert fields(f"pass: '{text}'", problems).percent("pass") is None
    assert problems[0].code == "C050"


def test_two_documents_in_one_front_matter_are_refused() -> None:
    problems: list[Problem] = []
    assert compose("x.md", "a: b\n...\n%YAML 1.1\n---\nc: d", problems) is None
    assert problems[0].code == "C023"
