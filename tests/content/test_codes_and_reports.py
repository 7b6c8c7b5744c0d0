"""The table of codes, its page in the docs, and problems as text and JSON."""

import json
import re
from pathlib import Path

import pytest

import innocap_lms.content
from innocap_lms.content.codes import CODES, Place, explain, problem, problems_page
from innocap_lms.content.formats import as_github, as_json, as_sarif
from innocap_lms.content.problems import Problem
from innocap_lms.content.report import as_text, summary
from tests.content.courses import read
from tests.content.planted import FAULTS, planted

ROOM = Path(innocap_lms.content.__file__).parent
DOCS = ROOM.parent.parent / "docs"


def test_the_page_in_the_docs_is_the_table() -> None:
    assert (DOCS / "problems.md").read_text(encoding="utf-8") == problems_page()


def test_every_code_that_is_reported_is_in_the_table_and_the_other_way_round() -> None:
    sources = [path for path in ROOM.glob("*.py") if path.name != "explanations.py"]
    sources += [ROOM.parent / "cli" / "reaching.py", ROOM.parent / "catalogue" / "checked.py"]
    used = set(re.findall(r'"(C\d{3})"', "\n".join(path.read_text("utf-8") for path in sources)))
    assert used == set(CODES)


def test_every_row_has_a_title_and_an_explanation() -> None:
    for row in CODES.values():
        assert row.severity in ("error", "warning")
        assert row.title
        assert row.explanation.endswith(".")


def test_a_code_is_explained_in_either_case() -> None:
    text = explain("c042")
    assert text is not None
    assert text.startswith("C042 (error): No right option")


def test_an_unknown_code_has_no_explanation() -> None:
    assert explain("C999") is None
    with pytest.raises(KeyError):
        problem("C999", Place("x.md"), "m", "a")


FOUND = Problem("a.md", 2, 7, "C064", "<b> is shown as text", "write **bold**", "warning")


def test_a_report_shows_the_line_with_a_mark_and_the_advice() -> None:
    text = as_text([FOUND], {"a.md": "first\nwords <b>\n"}, root="courses/x")
    assert text == (
        "courses/x/a.md:2:7: warning C064: <b> is shown as text\n"
        "  2 | words <b>\n"
        "    |       ^\n"
        "  advice: write **bold**\n"
        "\n"
        "1 warning\n"
    )


def test_no_name_and_no_text_of_a_file_steers_the_terminal() -> None:
    steering = "\x1b[2J\u202e\udcff\x9b"
    told = Problem(steering, 1, 1, "C027", f"{steering}\nfine", f"write {steering}")
    said = as_text([told], {steering: steering})
    shown = "\ufffd[2J\ufffd\ufffd\ufffd"
    assert said.splitlines()[:4] == [
        f"{shown}:1:1: error C027: {shown}\ufffdfine",
        f"  1 | {shown}",
        "    | ^",
        f"  advice: write {shown}",
    ]


def test_a_long_line_is_cut_around_its_mark() -> None:
    line = "a" * 300 + "\tb" + "c" * 300
    found = Problem("a.md", 1, 302, "C001", "m", "a")
    lines = as_text([found], {"a.md": line}).split("\n")
    shown, mark = lines[1].partition("| ")[2], lines[2].partition("| ")[2]
    assert len(shown) == 100
    assert shown[len(mark) - 1] == "b"


def test_colours_change_nothing_but_colours() -> None:
    found = Problem("a.md", 1, 3, "C001", "m", "a")
    plain, coloured = (
        as_text([found, FOUND], {"a.md": "x | y", FOUND.file: "text"}, colours=colours)
        for colours in (False, True)
    )
    assert "\x1b[1;31merror C001" in coloured
    assert re.sub("\x1b\\[[0-9;]*m", "", coloured) == plain


@pytest.mark.parametrize("line", [1, 9])
def test_a_file_without_that_line_has_no_excerpt(line: int) -> None:
    found = Problem("a.svg", line, 1, "C001", "m", "a")
    assert as_text([found], {}) == f"a.svg:{line}:1: error C001: m\n  advice: a\n\n1 error\n"


def test_the_summary_counts() -> None:
    error = Problem("a.md", 1, 1, "C001", "m", "a")
    assert summary([error, error, FOUND]) == "2 errors, 1 warning"
    assert summary([]) == "no problems"


def test_json_holds_every_field() -> None:
    found = json.loads(as_json([FOUND]))
    assert found == [FOUND.as_dict()]
    assert set(found[0]) >= {"code", "severity", "file", "line", "column", "message", "advice"}


def test_sarif_names_rule_level_place_and_what_to_do() -> None:
    found = Problem("åäö å.md", 3, 5, "C021", "not closed", "write ---")
    (run,) = json.loads(as_sarif([found, found, FOUND]))["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == sorted({"C021", FOUND.code})
    assert rules[0]["shortDescription"]["text"] == CODES[rules[0]["id"]].title
    result = run["results"][0]
    assert (result["ruleId"], result["level"]) == ("C021", "error")
    assert result["message"]["text"] == "not closed. Advice: write ---"
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "%C3%A5%C3%A4%C3%B6%20%C3%A5.md"
    assert place["region"] == {"startLine": 3, "startColumn": 5}
    assert run["columnKind"] == "unicodeCodePoints"
    assert json.loads(as_sarif([]))["runs"][0]["results"] == []


def test_annotations_of_github_cannot_be_broken_out_of() -> None:
    found = Problem("a,b:c.md", 3, 5, "C021", "50 %\n::error::mine", "write ---")
    assert as_github([found]) == (
        "::error file=a%2Cb%3Ac.md,line=3,col=5,title=C021::"
        "50 %25%0A::error::mine%0Aadvice: write ---"
    )
    assert as_github([FOUND]).startswith("::warning ")


def test_twenty_faults_in_one_course_are_told_at_once_each_in_its_place() -> None:
    found = read(planted()).problems
    told = sorted((each.file, each.line, each.column, each.code) for each in found)
    assert len(FAULTS) == 20
    assert told == sorted((name, *place) for name, _old, _new, place in FAULTS)
    assert all(each.advice for each in found)
