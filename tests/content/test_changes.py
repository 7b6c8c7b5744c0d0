"""What differs between two editions, and how much that is proposed to matter."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from innocap_lms.catalogue.comparison import pieces
from innocap_lms.content.changes import FILES, RULES, PartChange, changes_between
from innocap_lms.content.model import Course
from innocap_lms.content.reader import read_course
from innocap_lms.learning.built_in import register_question_kinds
from tests.conftest import PLUGINS

ORIGINAL = PLUGINS / "northern_track" / "courses" / "first-steps"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "first-steps"
    shutil.copytree(ORIGINAL, place)
    return place


def read(folder: Path) -> Course:
    reading = read_course(folder, register_question_kinds())
    assert reading.course is not None, reading.problems
    return reading.course


def write(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def changed(folder: Path) -> dict[str, PartChange]:
    """The parts that differ from the original, by id."""
    found = changes_between(read(ORIGINAL), read(folder))
    return {change.id: change for change in found if change.state != "same"}


def test_nothing_differs_in_a_copy(folder: Path) -> None:
    assert changed(folder) == {}
    parts = [change.id for change in changes_between(read(ORIGINAL), read(folder))]
    assert parts == ["", "start-walking", "walk-on", "final"]


LESSON, QUIZ = "02-walk-on.{}.md", "final.quiz.{}.md"


@pytest.mark.parametrize(
    ("name", "old", "new", "part", "weight", "languages"),
    [
        (LESSON, "börjar du.", "börjar du lugnt.", "walk-on", "substance", ("sv",)),
        (LESSON, "## Gå vidare", "## Att gå vidare", "walk-on", "substance", ("sv",)),
        (LESSON, "minutes: 5", "minutes: 6", "walk-on", "wording", ("sv",)),
        (QUIZ, "Right one {", "A right one {", "final", "substance", ("sv", "en")),
        (QUIZ, "points=2", "points=3", "final", "substance", ("sv", "en")),
        (QUIZ, "- [ ] Not this", "- [x] Not this", "final", "substance", ("sv", "en")),
        (QUIZ, "pass: 80 %", "pass: 90 %", "final", "substance", ("sv", "en")),
        (QUIZ, "FEEDBACK-ON-TWO", "FEEDBACK", "final", "wording", ("sv", "en")),
        (LESSON, "title: Gå", "title: Gå 7", "walk-on", "substance", ("sv",)),
        ("course.{}.md", "title: ", "title: Nya ", "", "wording", ("sv",)),
        (
            LESSON,
            "This is how you start.",
            "You start in another way.",
            "walk-on",
            "substance",
            ("en",),
        ),
    ],
)
def test_what_a_change_is_proposed_to_be(
    folder: Path, name: str, old: str, new: str, part: str, weight: str, languages: tuple[str, ...]
) -> None:
    for language in languages:
        write(folder / name.format(language), old, new)
    found = changed(folder)
    assert list(found) == [part]
    assert (found[part].state, found[part].weight) == ("changed", weight)
    assert found[part].languages == languages


@pytest.mark.parametrize(
    ("old", "new", "weight"),
    [
        ("lugnt", "stilla", "wording"),
        ("till 7", "till 8", "substance"),
        ("Gå ", "Spring ", "substance"),
    ],
)
def test_a_few_words_of_a_long_text_are_wording_and_a_number_never_is(
    folder: Path, tmp_path: Path, old: str, new: str, weight: str
) -> None:
    lesson, words = folder / LESSON.format("sv"), "Gå nu och se dig noga omkring. " * 9
    write(lesson, "Så här börjar du.", f"Ta det lugnt. {words}Räkna till 7.")
    before = read(folder)
    write(lesson, old, new)
    change = next(each for each in changes_between(before, read(folder)) if each.id == "walk-on")
    assert (change.state, change.weight) == ("changed", weight)


def test_a_part_that_is_new_and_one_that_is_gone(folder: Path) -> None:
    for language in ("sv", "en"):
        file = folder / LESSON.format(language)
        write(file, "id: walk-on", "id: walk-home")
        file.rename(folder / f"03-walk-home.{language}.md")
    found = changed(folder)
    assert [(each.id, each.state, each.weight) for each in found.values()] == [
        ("walk-home", "new", "substance"),
        ("walk-on", "gone", "substance"),
        (RULES, "changed", "substance"),
    ]


@pytest.mark.parametrize(
    ("name", "part"), [("02-walk-on.en.md", "walk-on"), ("final.quiz.en.md", "final")]
)
def test_a_translation_that_is_taken_away_is_told(folder: Path, name: str, part: str) -> None:
    (folder / name).unlink()
    found = changed(folder)
    assert [(each.id, each.state, each.languages) for each in found.values()] == [
        (part, "changed", ("en",))
    ]


def test_a_right_answer_that_moves_is_substance_whatever_else_changed(folder: Path) -> None:
    for language in ("sv", "en"):
        file = folder / QUIZ.format(language)
        write(file, "- [x] Right one", "- [ ] Right one!")
        write(file, "- [ ] Wrong one", "- [x] Wrong one")
    assert changed(folder)["final"].weight == "substance"


def with_table(course: Course, number: int) -> Course:
    """The course with a table in the first question of its quiz, as a kind may set it apart."""
    (quiz,) = course.quizzes
    first, *others = quiz.questions
    table = f"| Place | Falls |\n|---|---|\n| North | {number} |"
    views = {language: {**view, "table": table} for language, view in first.views.items()}
    questions = (replace(first, views=views), *others)
    other = replace(quiz, questions=questions, fingerprint=str(number))
    return replace(course, activities=(*course.activities[:-1], other))


def test_a_number_in_a_table_that_a_kind_draws_is_substance_and_both_are_shown() -> None:
    before, now = (with_table(read(ORIGINAL), number) for number in (6, 7))
    found = {change.id: change for change in changes_between(before, now)}
    assert (found["final"].state, found["final"].weight) == ("changed", "substance")
    for course, number in ((before, 6), (now, 7)):
        shown = pieces(course, "final", "en", lambda _path: "")[0].html
        assert f"<td>{number}</td>" in shown


def test_where_no_keys_are_known_a_changed_quiz_is_taken_for_another(folder: Path) -> None:
    write(folder / QUIZ.format("sv"), "FEEDBACK-ON-TWO", "FEEDBACK")
    before = replace(read(ORIGINAL), keys={})
    (change,) = (each for each in changes_between(before, read(folder)) if each.state != "same")
    assert (change.id, change.weight) == ("final", "substance")


@pytest.mark.parametrize(
    ("old", "new", "weight"),
    [
        ("{lessons: all, pass: [final]}", "{lessons: all}", "substance"),
        ("months: 24", "months: 12", "substance"),
        ("hours: 1.5", "hours: 2", "substance"),
        ("owner: northern", "owner: southern", "wording"),
    ],
)
def test_the_rules_of_a_course_are_a_part_of_it(
    folder: Path, old: str, new: str, weight: str
) -> None:
    write(folder / "course.md", old, new)
    found = changed(folder)
    assert [(each.kind, each.weight) for each in found.values()] == [("rules", weight)]


def test_a_picture_that_is_another_is_told(folder: Path) -> None:
    write(folder / "images" / "path.svg", "<svg ", "<svg  ")
    assert list(changed(folder)) == [FILES]


def test_what_is_to_come_first_is_a_change_of_substance_and_how_strictly_too(folder: Path) -> None:
    write(folder / "course.md", "reviewed:", "prerequisites: [welcome]\nreviewed:")
    assert changed(folder)[RULES].weight == "substance"
    advised = read(folder)
    blocked = replace(advised, enforce="block")
    found = {each.id: each for each in changes_between(advised, blocked)}
    assert found[RULES].weight == "substance"
