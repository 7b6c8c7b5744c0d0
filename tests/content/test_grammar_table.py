"""The grammar table and the examples in docs/course-format.md: each row is parsed as it stands."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from innocap_lms.content.built_in import BUILT_IN_KINDS
from innocap_lms.content.kinds import Parsed, QuestionBlock
from tests.content.courses import quiz, read
from tests.content.test_quiz_grammar import cut

DOCS = (Path(__file__).parents[2] / "docs" / "course-format.md").read_text(encoding="utf-8")
TABLE = DOCS.partition("### The grammar")[2].partition("### An example")[0]
ROWS = [row.replace(r"\|", "|") for row in re.findall(r"^\| `(.+?)` \|", TABLE, re.MULTILINE)]
EXAMPLES = re.findall(
    r"\(`([a-z-]+)`\)[^`]*?(?:`[^`]+`[^`]*?)*````markdown\n(.+?)````",
    DOCS.partition("### An example of each kind")[2],
    re.DOTALL,
)
OPTIONS = "- [x] A {#a}\n- [x] B {#b}\n- [ ] C {#c}\n"


def block(text: str) -> QuestionBlock:
    questions, problems = cut(text)
    assert problems == []
    (found,) = questions
    return found


def asks(braces: str, under: str) -> QuestionBlock:
    return block(f"## Q {{#q {braces}}}\n\n{under}\n")


def parsed(found: QuestionBlock) -> tuple[str, Parsed]:
    kind = next(kind for kind in BUILT_IN_KINDS if kind.claims(found))
    result = kind.parse(found)
    assert result.problems == ()
    return kind.name, result


def braces(row: str) -> str:
    return row.strip("{}")


def a_heading(row: str) -> None:
    assert (block(row).id, block(row).text) == ("first", "What comes first?")


def an_id(row: str) -> None:
    assert block(f"## Q {{#q}}\n\n- [x] A {row}\n- [ ] B {{#b}}\n").options[0].id == braces(row)[1:]


def an_attribute(row: str) -> None:
    name, value = row.replace('"', "").split("=")
    assert parsed(asks(row, OPTIONS))
    assert asks(row, OPTIONS).attributes == {name: value}


def an_option(row: str) -> None:
    found = block(f"## Q {{#q}}\n\n{row}\n- [ ] No {{#no}}\n")
    assert [(option.id, option.ticked) for option in found.options] == [
        ("yes", True),
        ("no", False),
    ]
    assert parsed(found)[0] == "single"
    assert parsed(asks("", OPTIONS))[0] == "multiple"


def an_option_of_a_translation(row: str) -> None:
    questions, problems = cut(f"## Q {{#q}}\n\n{row}\n", translation=True)
    assert (questions[0].options[0].id, problems) == ("yes", [])


def multiple(row: str) -> None:
    one_right = "- [x] A {#a}\n- [ ] B {#b}\n"
    assert parsed(asks("", one_right))[0] == "single"
    assert parsed(asks(braces(row), one_right))[0] == "multiple"


def fixed(row: str) -> None:
    course = read(quiz(f"## Q {{#q {braces(row)}}}\n\n{OPTIONS}\n## R {{#r}}\n\n{OPTIONS}")).course
    assert course is not None
    assert [question.shuffle for question in course.quizzes[0].questions] == [False, True]


def partial(row: str) -> None:
    _name, found = parsed(asks(braces(row), OPTIONS))
    (kind,) = (kind for kind in BUILT_IN_KINDS if kind.name == "multiple")
    assert kind.grade(found.key, ["a"]).share == 0.5
    assert kind.grade(parsed(asks("", OPTIONS))[1].key, ["a"]).share == 0


def penalty(row: str) -> None:
    assert parsed(asks(f".partial {row}", OPTIONS))[1].key["penalty"] == 0.5
    assert parsed(asks(".partial", OPTIONS))[1].key["penalty"] == 1


def a_truth(row: str) -> None:
    assert parsed(asks(braces(row), ""))[1].key == {"correct": ["true"]}
    assert parsed(asks(".false", ""))[1].key == {"correct": ["false"]}


def a_number(row: str) -> None:
    name, found = parsed(asks("", row))
    assert (name, found.view["unit"]) == ("numeric", "km")
    assert found.key["amounts"] == [["41.0", "43.0", "km"]]
    for other in ("= 42", "= 42 km", "= 42 ± 1", "= 42 ± 5 %"):
        assert parsed(asks("", other))[0] == "numeric"


def words(row: str) -> None:
    name, found = parsed(asks("", f"{row}\n= pilot*"))
    assert (name, found.key["accepted"]) == ("text", ["prototype", "pilot*"])


def forced_words(row: str) -> None:
    assert parsed(asks("", "= 42"))[0] == "numeric"
    assert parsed(asks(braces(row), "= 42"))[0] == "text"


def typos(row: str) -> None:
    assert parsed(asks(row, "= prototype"))[1].key["typos"] == 1


def an_order(row: str) -> None:
    name, found = parsed(asks(braces(row), "1. B {#b}\n2. A {#a}"))
    assert (name, found.key) == ("ordering", {"order": ["b", "a"]})


def an_item(row: str) -> None:
    assert asks(".order", f"{row}\n2. B {{#b}}").items[0].id == "frame"


def pairs(row: str) -> None:
    name, found = parsed(asks(braces(row), "A {#a}\n: X {#x}\n\nB {#b}\n: Y {#y}"))
    assert (name, found.key) == ("matching", {"pairs": [["a", "x"], ["b", "y"]]})


def a_term(row: str) -> None:
    assert asks(".match", f"{row}\n: X {{#x}}").pairs[0].id == "step-frame"


def a_definition(row: str) -> None:
    assert asks(".match", f"A {{#a}}\n{row}").pairs[0].target == "map"
    _name, found = parsed(asks(".match", f"A {{#a}}\n{row}\n\nB {{#b}}\n{row}"))
    assert [option["id"] for option in found.view["options"]] == ["map"]


def a_definition_of_no_term(row: str) -> None:
    under = f"A {{#a}}\n: X {{#x}}\n\nB {{#b}}\n: Y {{#y}}\n\n{row}"
    _name, found = parsed(asks(".match", under))
    assert [option["id"] for option in found.view["options"]] == ["report", "x", "y"]
    assert found.key == {"pairs": [["a", "x"], ["b", "y"]]}


def a_gap(row: str) -> None:
    name, found = parsed(asks("", f"A {row} b."))
    assert (name, found.view["stem"]) == ("cloze", "A [[1]] b.")
    assert found.key["gaps"] == [{"accepted": ("GDPR", "the regulation")}]


def a_gap_to_choose(row: str) -> None:
    _name, found = parsed(asks("", f"A {row} b."))
    assert found.key["gaps"] == [{"right": 1}]
    assert [option["text"] for option in found.view["options"]] == ["committee", "supplier"]


def a_reflection(row: str) -> None:
    assert parsed(asks(braces(row), "Think."))[0] == "reflection"
    course = read(quiz(f"## Q {{#q {braces(row)}}}\n\n## R {{#r}}\n\n{OPTIONS}")).course
    assert course is not None
    assert course.quizzes[0].question("q").points == 0


def a_hint(row: str) -> None:
    for text in (f"{row}\n> Look up.\n\n{OPTIONS}", f"{OPTIONS}\n{row}\n> Look up.\n"):
        found = asks("", text)
        assert (found.hint, found.stem, found.feedback) == ("Look up.", "", "")


def feedback_under_an_entry(row: str) -> None:
    assert asks("", f"- [x] A {{#a}}\n{row}\n- [ ] B {{#b}}").options[0].feedback == "Because."
    assert asks(".order", f"1. A {{#a}}\n {row}\n2. B {{#b}}").items[0].feedback == "Because."
    assert asks(".match", f"A {{#a}}\n: X {{#x}}\n{row}").pairs[0].feedback == "Because."


def feedback_on_the_question(row: str) -> None:
    assert asks("", f"{OPTIONS}\n{row}").feedback == "All in all."
    assert asks(".true", row).feedback == "All in all."
    assert asks("", f"= 4\n\n{row}").feedback == "All in all."


def a_picture(row: str) -> None:
    files = quiz(f"## Q {{#q}}\n\n{row.replace('path', 'map')}\n\n{OPTIONS}")
    assert read(files).problems == []


CHECKS: dict[str, Callable[[str], None]] = {
    "## What comes first? {#first}": a_heading,
    "{#consent}": an_id,
    "points=2": an_attribute,
    "outcome=interview": an_attribute,
    'tags="gdpr security"': an_attribute,
    "- [x] Yes {#yes}": an_option,
    "- Yes {#yes}": an_option_of_a_translation,
    "{.multiple}": multiple,
    "{.fixed}": fixed,
    "{.partial}": partial,
    "penalty=0.5": penalty,
    "{.true}": a_truth,
    "= 42 ± 1 km": a_number,
    "= prototype": words,
    "{.text}": forced_words,
    "typos=1": typos,
    "{.order}": an_order,
    "1. Frame {#frame}": an_item,
    "{.match}": pairs,
    "Frame {#step-frame}": a_term,
    ": Actor map {#map}": a_definition,
    "- [ ] Report {#report}": a_definition_of_no_term,
    "[[GDPR|the regulation]]": a_gap,
    "[[=committee|supplier]]": a_gap_to_choose,
    "{.reflection}": a_reflection,
    "> [!HINT]": a_hint,
    "  > Because.": feedback_under_an_entry,
    "> All in all.": feedback_on_the_question,
    "![A path](images/path.svg)": a_picture,
}


def test_every_row_has_a_check_and_every_check_a_row() -> None:
    assert list(CHECKS) == ROWS


@pytest.mark.parametrize("row", ROWS)
def test_a_row_means_what_it_says(row: str) -> None:
    CHECKS[row](row)


def test_there_is_an_example_of_each_kind() -> None:
    assert sorted(name for name, _text in EXAMPLES) == sorted(kind.name for kind in BUILT_IN_KINDS)


@pytest.mark.parametrize(("name", "text"), EXAMPLES, ids=[name for name, _text in EXAMPLES])
def test_an_example_is_of_its_kind_and_sound(name: str, text: str) -> None:
    reading = read(quiz(text + ("" if name != "reflection" else "\n## R {#r .true}\n")))
    assert reading.problems == []
    assert reading.course is not None
    assert reading.course.quizzes[0].questions[0].kind == name
