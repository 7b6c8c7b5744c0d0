"""Numbers, words and thoughts: what is read, what is right, and what no answer can break."""

import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from innocap_lms.content.kinds import AnswerBlock, AnswerRefused, Mark, QuestionBlock
from innocap_lms.content.numeric import NUMERIC, amount
from innocap_lms.content.reflection import REFLECTION
from innocap_lms.content.short_text import SHORT_TEXT, within
from tests.content.courses import quiz, read

THIN, NO_BREAK, NARROW = "\u2009", "\u00a0", "\u202f"


def asks(*lines: str, **attributes: str) -> QuestionBlock:
    answers = tuple(AnswerBlock(line, 3) for line in lines)
    return QuestionBlock(
        "q", "Q?", "", (), "", frozenset(), attributes, "q.md", 1, "en", (), (), answers
    )


def share(kind: Any, lines: tuple[str, ...], given: str, **attributes: str) -> float:
    parsed = kind.parse(asks(*lines, **attributes))
    assert parsed.problems == ()
    return float(kind.grade(parsed.key, kind.read(parsed.view, [], [given])).share)


@pytest.mark.parametrize(
    "given",
    ["1234.5", "1234,5", "1 234,5", f"1{THIN}234,5", f"1{NO_BREAK}234.5", f"1{NARROW}234,5",
     "+1234,50", "  1234.5  ", "1234,5 km", "1234,5km", "1 234,5 km.", "１２３４.５", "01234,5",
     "1'234,5", "1’234.5", "1234,5 KM", "1234,5.", "1234,5 km,"],
)  # fmt: skip
def test_a_number_may_be_written_in_the_ways_people_write_it(given: str) -> None:
    assert share(NUMERIC, ("1234,5 km",), given) == 1


@pytest.mark.parametrize(
    "given",
    ["1234,5 m", "12'34,5", "12345", "12 34,5", "1,234.5", "1234,5,0", "-1234,5", "km", "1e3",
     "inf", "nan", "9" * 500, "-", "1234,5 km per h", "0x4d2", "1_234,5", "−", "½", "١٢٣٤"],
)  # fmt: skip
def test_another_number_unit_or_text_is_wrong_and_raises_nothing(given: str) -> None:
    assert share(NUMERIC, ("1234,5 km",), given) == 0


@pytest.mark.parametrize(
    ("line", "right", "wrong"),
    [
        ("42", ["42", "42,0"], ["42,0001", "41,9999"]),
        ("42 ± 1", ["41", "43"], ["40,999", "43,001"]),
        ("42 ± 0,5 km", ["41,5", "42.5 km"], ["42,6"]),
        ("200 ± 5 %", ["190", "210"], ["189,9", "210,1"]),
        ("-40 ± 10 %", ["-44", "−36"], ["-44,1", "40"]),
        ("80 % ± 5", ["75", "85 %"], ["74"]),
        ("12 +/- 1 m²", ["13", "11 m2"], ["14"]),
        ("1 000 000 kr", ["1000000", "1 000 000 kr"], ["1000"]),
    ],
)
def test_a_tolerance_is_an_amount_or_a_share(line: str, right: list[str], wrong: list[str]) -> None:
    assert [share(NUMERIC, (line,), given) for given in right] == [1] * len(right)
    assert [share(NUMERIC, (line,), given) for given in wrong] == [0] * len(wrong)


@pytest.mark.parametrize(
    ("line", "given", "right"),
    [
        ("-5", "–5", 1), ("-5", "−5", 1), ("-5", "—5", 1), ("0,5", ".5", 1), ("-0,5", "–,5", 1),
        ("42", "4\u200b2\u200e", 1), ("102", "10²", 0), ("100", "10²", 0), ("2", "1½", 0),
        ("9 m²", "9 m2", 1), ("9 m2", "9 m²", 1),
        ("12345,6 km", "١٢٬٣٤٥٫٦ km", 1), ("42", "४२", 1), ("42", "४३", 0),
    ],
)  # fmt: skip
def test_what_telephones_and_copying_add_does_not_count_and_raised_digits_are_none(
    line: str, given: str, right: float
) -> None:
    assert share(NUMERIC, (line,), given) == right


def test_where_lines_have_several_units_the_answer_names_one() -> None:
    lines = ("2 km", "2000 m")
    assert NUMERIC.parse(asks(*lines)).view["unit"] == ""
    assert [share(NUMERIC, lines, given) for given in ("2 km", "2000 m", "2", "2 m")] == [
        1,
        1,
        0,
        0,
    ]


def test_case_tells_units_apart_where_both_are_asked_for() -> None:
    lines = ("2 MW", "5 mW")
    given = ("2 MW", "2 mW", "5 mW", "5 MW")
    assert [share(NUMERIC, lines, each) for each in given] == [1, 0, 1, 0]


@pytest.mark.parametrize("given", ["1500 kr", "1500kr", "1500 SEK.", "1,500.0", "15 of 20"])
def test_words_after_a_number_are_refused_where_no_unit_is_asked_for(given: str) -> None:
    view = NUMERIC.parse(asks("1500")).view
    with pytest.raises(AnswerRefused, match="a number alone"):
        NUMERIC.read(view, [], [given])
    for lines in (("1500 kr",), ("1500 kr", "150 EUR")):
        assert NUMERIC.read(NUMERIC.parse(asks(*lines)).view, [], [given]) == (given,)


@pytest.mark.parametrize("given", ["1500", "1 500", "1500,", "1500.", "1'500", "many"])
def test_a_number_alone_is_taken_with_the_sign_that_ends_it(given: str) -> None:
    assert share(NUMERIC, ("1500",), given) == (given != "many")


def test_a_power_is_no_number_an_author_can_ask_for() -> None:
    assert amount("10⁶") is None
    assert amount("10² m") is None


@pytest.mark.parametrize(
    "text",
    [
        "5G",
        "6-3-5",
        "3 kap. 2 §",
        "2 km per h",
        "± 2",
        "42 ± -1",
        "1" * 21,
        "4 " + "k" * 21,
        "4 ± 1 ± 1",
    ],
)
def test_what_only_looks_like_a_number_is_none(text: str) -> None:
    assert amount(text) is None


def test_a_translation_may_leave_the_number_out_or_name_the_unit_otherwise() -> None:
    files = quiz("## Q {#q}\n\n= 42 ± 1 kr\n")
    assert read(files).problems == []
    for english in ("Words.", "= 42 ± 1 SEK"):
        other = quiz(f"## Q {{#q}}\n\n{english}\n")["final.quiz.en.md"]
        reading = read({**files, "final.quiz.en.md": other})
        assert reading.problems == []
        assert reading.course is not None
        units = {
            name: view["unit"]
            for name, view in reading.course.quizzes[0].questions[0].views.items()
        }
        assert units == {"sv": "kr", "en": "SEK" if "SEK" in english else "kr"}


@pytest.mark.parametrize(
    "given",
    [
        "Prototyp",
        "PROTOTYP",
        " prototyp ",
        "prototyp.",
        "prototyp !",
        "en  prototyp",
        '"prototyp"',
        "”Prototyp”",
        "„prototyp“.",
        "«prototyp»",
        "‘prototyp.’",
        "En\tprototyp…",
    ],
)
def test_case_spaces_and_punctuation_at_the_end_do_not_count(given: str) -> None:
    assert share(SHORT_TEXT, ("prototyp", "en prototyp"), given) == 1


@pytest.mark.parametrize("given", ["data\u00adskydd", "\u200edataskydd", "data\u200bskydd\ufeff"])
def test_letters_that_nobody_sees_do_not_count(given: str) -> None:
    assert share(SHORT_TEXT, ("dataskydd",), given) == 1


def test_letters_are_the_same_however_they_are_composed() -> None:
    assert share(SHORT_TEXT, ("Örnsköldsvik",), "o\u0308rnsko\u0308ldsvik") == 1
    assert share(SHORT_TEXT, ("Straße",), "STRASSE") == 1
    assert share(SHORT_TEXT, ("l'Europe",), "L’Europe") == 1
    assert share(SHORT_TEXT, ("öre",), "ore") == 0
    assert share(SHORT_TEXT, ("?!",), "?!") == 1
    assert share(SHORT_TEXT, ("rock 'n' roll",), "rock n roll") == 0


@pytest.mark.parametrize(
    ("given", "typos", "right"),
    [
        ("prototyp", 0, True),
        ("protoyp", 0, False),
        ("protoyp", 1, True),
        ("prottoyp", 1, True),
        ("prototypp", 1, True),
        ("prutotyp", 1, True),
        ("prutotypp", 1, False),
        ("prutotypp", 2, True),
        ("", 1, False),
    ],
)
def test_as_many_typing_errors_are_forgiven_as_the_author_says(
    given: str, typos: int, right: bool
) -> None:
    assert share(SHORT_TEXT, ("prototyp",), given, typos=str(typos)) == right


def distance(one: str, other: str) -> int:
    """Optimal string alignment distance by its definition, for short texts."""
    table = [[0] * (len(other) + 1) for _ in range(len(one) + 1)]
    for i in range(len(one) + 1):
        for j in range(len(other) + 1):
            if not i or not j:
                table[i][j] = i + j
                continue
            table[i][j] = min(
                table[i - 1][j] + 1,
                table[i][j - 1] + 1,
                table[i - 1][j - 1] + (one[i - 1] != other[j - 1]),
            )
            if i > 1 and j > 1 and one[i - 1] == other[j - 2] and one[i - 2] == other[j - 1]:
                table[i][j] = min(table[i][j], table[i - 2][j - 2] + 1)
    return table[len(one)][len(other)]


@given(st.text("abc", max_size=9), st.text("abc", max_size=9), st.integers(0, 5))
def test_the_band_finds_what_the_whole_table_finds(one: str, other: str, limit: int) -> None:
    assert within(one, other, limit) == (distance(one, other) <= limit)


def test_long_answers_are_refused_not_cut() -> None:
    for kind in (NUMERIC, SHORT_TEXT):
        assert kind.read({}, [], ["a" * 500]) == ("a" * 500,)
        with pytest.raises(AnswerRefused, match="500"):
            kind.read({}, [], ["a" * 501])
        with pytest.raises(AnswerRefused, match="one answer"):
            kind.read({}, [], ["a", "b"])
    assert REFLECTION.read({}, [], ["a" * 10_000]) == ("a" * 10_000,)
    with pytest.raises(AnswerRefused, match="10000"):
        REFLECTION.read({}, [], ["a" * 10_001])


def test_the_longest_answers_are_compared_at_once() -> None:
    lines = tuple("a" * (500 - number) for number in range(50))
    began = time.process_time()
    share(SHORT_TEXT, lines, "b" + "a" * 248 + "b" * 248, typos="5")
    assert time.process_time() - began < 1


def test_nothing_written_is_unanswered() -> None:
    for kind, lines in ((NUMERIC, ("4",)), (SHORT_TEXT, ("ja",))):
        key = kind.parse(asks(*lines)).key
        for sent in ([], [""], ["  "]):
            assert kind.read({}, [], sent) == ()
        assert kind.grade(key, ()) == Mark(0.0, "unanswered")


def test_a_reflection_is_kept_line_by_line_and_recorded() -> None:
    assert REFLECTION.read({}, [], [" One\r\n\r\ntwo \r\n"]) == ("One\n\ntwo",)
    assert REFLECTION.grade({}, ("One",)) == Mark(0.0, "recorded")
    assert REFLECTION.grade({}, ()) == Mark(0.0, "unanswered")
    assert not REFLECTION.graded
    assert not REFLECTION.counted
