"""The track's own kind of question: a small chart or map, and what follows from it."""

import json
import random
from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import ChoiceLoader, DictLoader, Environment, FileSystemLoader

from innocap_lms.plugin_api import Mark, OptionBlock, QuestionBlock
from innocap_lms.testing.courses import read
from plugins import digital_technology
from plugins.digital_technology.charts import CHART, COLUMNS, LONGEST, LONGEST_SERIES
from plugins.digital_technology.tables import as_number

TEMPLATES = Path(digital_technology.__file__).parent / "templates"
BARS = """What is drawn.

| Area | Falls |
|---|---|
| Centre | 20 |
| The coast | 1 200,5 |
: Made-up figures"""
LINES = """| Hour | Bridge | Church |
|---|---|---|
| 01 | 1.5 | −0.5 |
| 02 | -2 | −0.5 |
: Made-up figures"""
MAP = """| Place | East (km) | North (km) | Loans |
|---|---|---|---|
| Centre | 4 | 2 | 31 |
| The harbour | 9 | 1 | 0 |
: Made-up figures"""
STEMS = {"bar": BARS, "line": LINES, "map": MAP}
OPTIONS = (
    OptionBlock("centre", "In the centre", False, "Fewer.", 18),
    OptionBlock("coast", "On the coast", True, "", 19),
)
NAMES = st.text("abcdefghijklmnopqrstuvwxyzåäö", min_size=1, max_size=9)
NUMBERS = st.decimals(0, 99_999, places=1)
AROUND = {"learning/kinds/parts.html": "", "web/components.html": ""}  # of the site: draws nothing
PICTURES: Any = (
    Environment(
        loader=ChoiceLoader([FileSystemLoader(TEMPLATES), DictLoader(AROUND)]), autoescape=True
    )
    .get_template(CHART.templates["ask"])
    .module
)
DRAWING = {"bar": PICTURES.bars, "line": PICTURES.lines, "map": PICTURES.points}
WIDE = 340


def block(drawn_as: str = "bar", stem: str = "", **changed: object) -> QuestionBlock:
    made = QuestionBlock(
        id="q",
        text="Where is the risk highest?",
        stem=stem or STEMS[drawn_as],
        options=OPTIONS,
        feedback="All in all.",
        classes=frozenset({"chart"}),
        attributes={"as": drawn_as, "tags": "map"},
        file="final.quiz.en.md",
        line=8,
        language="en",
        stem_line=10,
    )
    return replace(made, **changed)  # type: ignore[arg-type]


@pytest.mark.parametrize("drawn_as", COLUMNS)
def test_what_is_drawn_stands_as_numbers_beside_what_the_file_says(drawn_as: str) -> None:
    parsed = CHART.parse(block(drawn_as))
    chart = parsed.view["chart"]
    assert parsed.problems == ()
    assert (chart["as"], chart["caption"]) == (drawn_as, "Made-up figures")
    for row in chart["rows"]:
        assert [as_number(text) for text in row["texts"]] == row["numbers"]
        assert len(chart["header"]) == 1 + len(row["texts"])
    assert json.loads(json.dumps(parsed.view)) == parsed.view


def test_the_table_leaves_the_words_of_the_question_and_they_stay() -> None:
    view = CHART.parse(block()).view
    assert view["stem"] == "What is drawn."
    assert view["table"] == BARS.removeprefix("What is drawn.\n\n")
    assert [row["numbers"] for row in view["chart"]["rows"]] == [[20.0], [1200.5]]


def test_a_scale_starts_at_nought_and_goes_below_it_where_values_do() -> None:
    bars, lines = (CHART.parse(block(name)).view["chart"] for name in ("bar", "line"))
    assert (bars["low"], bars["high"]) == (0, 1500)
    assert (lines["low"], lines["high"]) == (-2, 2)
    assert [mark["text"] for mark in lines["scale"]] == ["−2", "−1", "0", "1", "2"]


def test_a_map_keeps_distances_and_says_how_long_a_length_is() -> None:
    chart = CHART.parse(block("map")).view["chart"]
    assert (chart["west"], chart["south"], chart["side"]) == (4, -1, 5)
    assert (chart["ruler"], chart["unit"]) == (2, "km")


def words_of(chart: Mapping[str, Any]) -> list[tuple[str, float, float]]:
    """Each text of the picture, from where to where at the widest a letter is drawn."""
    svg = ET.fromstring(str(DRAWING[chart["as"]](chart, "chart")))
    found = []
    for text in svg.iter("text"):
        for part in [*text] or [text]:
            words = part.text or ""
            wide = len(words) * 9
            back = {"end": wide, "middle": wide / 2}.get(text.get("text-anchor", ""), 0)
            start = float(part.get("x") or text[0].get("x") or 0) - back
            found.append((words, start, start + wide))
    return found


@pytest.mark.parametrize("number", ["7", "1 250 000", "1 250 000,25", "100 000 000"])
@pytest.mark.parametrize("drawn_as", COLUMNS)
def test_no_number_or_name_is_cut_off_at_the_edge(drawn_as: str, number: str) -> None:
    columns, most = COLUMNS[drawn_as][1], LONGEST[drawn_as]
    places = [("1", "1"), ("2", "2"), ("1,5", "1,5")] if drawn_as == "map" else [()] * 3
    heads = [f"{at}".ljust(LONGEST_SERIES, "x") for at in range(columns)]
    rows = [
        [name.ljust(most, "x"), *place, *[number] * (columns - 1 - len(place))]
        for name, place in zip("abc", places, strict=True)
    ]
    lines = ["| " + " | ".join(cells) + " |" for cells in [heads, ["---"] * columns, *rows]]
    parsed = CHART.parse(block(drawn_as, "\n".join([*lines, ": Made up"])))
    assert parsed.problems == ()
    words = words_of(parsed.view["chart"])
    assert {*rows[0][:1]} <= {said for said, _from, _to in words}
    assert [said for said, start, end in words if start < 0 or end > WIDE] == []


@pytest.mark.parametrize("count", [2, 12, 24])
@pytest.mark.parametrize("wide", [2, 9, LONGEST["line"]])
def test_names_along_lines_do_not_run_into_each_other(count: int, wide: int) -> None:
    names = [f"{at}".ljust(wide, "x") for at in range(count)]
    rows = "\n".join(f"| {name} | −999 999 999 |" for name in names)
    chart = CHART.parse(block("line", f"| Month | Visits |\n|---|--:|\n{rows}\n: Made up")).view
    named = [each for each in words_of(chart["chart"]) if each[0] in names]
    assert named[0][0] == names[0]
    assert all(one[2] < two[1] for one, two in pairwise(named))


@pytest.mark.parametrize(("language", "said"), [("sv", "0,5 km"), ("en", "0.5 km")])
def test_the_length_on_a_map_is_written_as_its_language_does(language: str, said: str) -> None:
    near = MAP.replace("| 9 | 1 |", "| 5 | 2 |")
    chart = CHART.parse(block("map", near, language=language)).view["chart"]
    assert chart["ruler"] == 0.5
    assert said in [words for words, _from, _to in words_of(chart)]


def test_pictures_are_told_in_the_language_of_the_text_else_in_english() -> None:
    says = {lang: CHART.parse(block(language=lang)).view["chart"] for lang in ("sv", "en", "fi")}
    assert says["sv"]["says"].startswith("Stapeldiagram")
    assert says["fi"]["says"] == says["en"]["says"]
    assert (says["sv"]["lang"], says["fi"]["lang"]) == ("sv", "en")


@pytest.mark.parametrize(
    ("drawn_as", "before", "after", "line", "said"),
    [
        ("bar", "| Centre | 20 |", "| Centre | many |", 14, "“many” under “Falls” is no number"),
        ("bar", "| Centre | 20 |", "| Centre | 1,200 |", 14, "can be read in two ways"),
        ("bar", "| Centre | 20 |", "| Centre |", 14, "the row has 1 cells"),
        ("bar", "| Centre | 20 |", "| | 20 |", 14, "the row has no name"),
        ("bar", "| Centre | 20 |", "| the coast | 20 |", 15, "“The coast” stands twice"),
        ("bar", "| Centre | 20 |\n", "", 12, "the table has 1 rows"),
        ("bar", "| Centre | 20 |", "| Centre | -20 |", 12, "no value below nought"),
        ("bar", "\n: Made-up figures", "", 12, "does not say what it shows"),
        ("bar", "| Area | Falls |", "| Area | |", 12, "a column has no name"),
        ("bar", BARS, "What is drawn.", 10, "there is no table"),
        ("map", "| 9 | 1 | 0 |", "| 4 | 2 | 0 |", 10, "two points lie in the same place"),
        ("line", LINES, MAP.replace("| Loans |", "| Loans | More |"), 12, "the row has 4 cells"),
        ("map", MAP, BARS, 12, "as=map takes 4 columns"),
        ("bar", "Centre", 38 * "x", 12, "38 characters of at most 37"),
        ("line", "01", 14 * "x", 10, "14 characters of at most 13"),
        ("line", "Bridge", 29 * "x", 10, "29 characters of at most 28"),
        ("map", "Centre", 14 * "x", 10, "14 characters of at most 13"),
    ],
)
def test_a_table_that_cannot_be_drawn_is_told_where_it_stands(
    drawn_as: str, before: str, after: str, line: int, said: str
) -> None:
    stem = STEMS[drawn_as].replace(before, after)
    assert stem != STEMS[drawn_as]
    parsed = CHART.parse(block(drawn_as, stem))
    assert (line, True) in [(each.line, said in each.message) for each in parsed.problems]
    assert parsed.view["chart"] == {}


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"attributes": {}}, "does not say how"),
        ({"attributes": {"as": "pie"}}, "“pie” is no way to draw"),
        ({"attributes": {"as": "bar", "kind": "x"}}, "unknown attribute “kind”"),
        ({"options": OPTIONS[:1]}, "one option of several is right"),
        ({"options": (OPTIONS[1], replace(OPTIONS[1], id="sea"))}, "one option of several"),
        ({"items": OPTIONS}, "options alone"),
    ],
)
def test_what_is_wrong_with_the_question_is_told_at_its_heading(
    changed: dict[str, object], said: str
) -> None:
    (problem,) = CHART.parse(block(**changed)).problems  # type: ignore[arg-type]
    assert (problem.file, problem.line, problem.severity) == ("final.quiz.en.md", 8, "error")
    assert said in problem.message
    assert problem.advice


def test_a_translation_names_rows_in_its_own_words_and_keeps_their_numbers() -> None:
    swedish = BARS.replace("The coast", "Kusten").replace("1 200,5", "1200.5")
    assert CHART.compare(block(), block(stem=swedish)) == ()
    (problem,) = CHART.compare(block(), block(stem=swedish.replace("20", "21", 1)))
    assert (problem.line, problem.file) == (12, "final.quiz.en.md")
    assert "other numbers" in problem.message


def test_the_view_does_not_tell_which_option_is_right() -> None:
    other = (replace(OPTIONS[0], ticked=True), replace(OPTIONS[1], ticked=False))
    assert CHART.parse(block()).view == CHART.parse(block(options=other)).view


def test_only_its_own_classes_are_claimed() -> None:
    assert CHART.claims(block(classes=frozenset({"chart", "fixed"})))
    assert not CHART.claims(block(classes=frozenset({"chart", "multiple"})))
    assert not CHART.claims(block(classes=frozenset()))


@given(rows=st.dictionaries(NAMES, NUMBERS, min_size=2, max_size=12))
def test_any_table_of_numbers_is_read_as_it_was_written(rows: dict[str, object]) -> None:
    lines = "\n".join(f"| {name} | {number} |" for name, number in rows.items())
    parsed = CHART.parse(block(stem=f"| Name | Number |\n|---|--:|\n{lines}\n: Made up"))
    assert parsed.problems == ()
    read = {row["name"]: row["texts"] for row in parsed.view["chart"]["rows"]}
    assert read == {name: [str(number)] for name, number in rows.items()}
    chart = parsed.view["chart"]
    assert all(chart["low"] <= row["numbers"][0] <= chart["high"] for row in chart["rows"])


@given(st.permutations(["centre", "coast", "south"]), st.integers())
def test_each_option_earns_what_its_mark_says_in_whatever_order(ids: list[str], seed: int) -> None:
    options = tuple(OptionBlock(name, name, name == ids[0], "", 20) for name in sorted(ids))
    parsed = CHART.parse(block(options=options))
    shown = CHART.order(parsed.view, random.Random(seed).shuffle)
    assert sorted(shown) == sorted(ids)
    for name in shown:
        answer = CHART.read(parsed.view, shown, [name])
        right = name == ids[0]
        assert CHART.grade(parsed.key, answer) == Mark(right, "right" if right else "wrong")
    assert CHART.grade(parsed.key, ()) == Mark(0.0, "unanswered")


def test_every_way_to_draw_is_asked_about_in_both_languages() -> None:
    drawn = {
        view["chart"]["as"]: set(question.views)
        for source in digital_technology.register_courses()
        for quiz in read(source, [CHART]).quizzes
        for question in quiz.questions
        if question.kind == "chart"
        for view in question.views.values()
    }
    assert drawn == {name: {"sv", "en"} for name in COLUMNS}


def test_its_templates_are_there() -> None:
    assert all((TEMPLATES / name).is_file() for name in CHART.templates.values())
