"""Answers through the app, pooled by wording and language, silent where they are few."""

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from benchmarks.statements import counted
from innocap_lms.analysis import queries
from innocap_lms.analysis.figures import Figures
from innocap_lms.analysis.items import Item, item_analysis
from innocap_lms.catalogue.queries import OfferingView
from innocap_lms.extensions import db, one_moment
from tests.analysis.conftest import ONE_ONLY, RIGHT, TWO_ONLY, WRONG, Class
from tests.catalogue.conftest import Desk, desk_of


@pytest.fixture
def desk(app: Flask, tmp_path: Path) -> Desk:
    return desk_of(app, tmp_path)


def items(pupils: Class) -> dict[str, Item]:
    """The analysis once the waiting answers have been let through."""
    pupils.released()
    return as_seen(pupils)


def as_seen(pupils: Class) -> dict[str, Item]:
    kinds = pupils.app.extensions["innocap_host"].kinds
    with pupils.app.app_context():
        (quiz,) = item_analysis(pupils.edition(), kinds)
    return {item.question.id: item for item in quiz.items}


def figures(pupils: Class) -> dict[str, Figures]:
    return {name: item.figures for name, item in items(pupils).items()}


def test_four_answers_say_nothing_and_five_do(course: OfferingView, pupils: Class) -> None:
    pupils.answer(RIGHT, 4)
    assert figures(pupils)["one"] == Figures(0)
    pupils.answer(RIGHT)
    told = figures(pupils)["one"]
    assert told.count == 5
    assert told.difficulty is not None
    assert told.difficulty.value == 1
    assert told.difficulty.low == pytest.approx(0.5655, abs=1e-4)


def test_further_answers_come_to_light_five_at_a_time_and_never_alone(
    course: OfferingView, pupils: Class
) -> None:
    pupils.answer(RIGHT, 6)
    seen = figures(pupils)
    assert seen["one"].count == 6
    for _one in range(4):
        pupils.answer(WRONG)
        assert figures(pupils) == seen
    pupils.answer(WRONG)
    assert as_seen(pupils)["one"].figures == seen["one"], "not before the job has run"
    assert figures(pupils)["one"].count == 11


def test_answers_in_another_language_do_not_let_one_through(
    course: OfferingView, pupils: Class
) -> None:
    pupils.answer(RIGHT, 4, language="sv")
    pupils.answer(WRONG, 6, language="en")
    assert figures(pupils)["one"].count == 6
    pupils.answer(RIGHT, 1, language="sv")
    assert figures(pupils)["one"].count == 11


def test_the_same_words_in_another_quiz_let_them_through(desk: Desk, pupils: Class) -> None:
    desk.publish()
    pupils.answer(RIGHT, 3)
    desk.write("final.quiz.en.md", "## Two?", "## Which two?")
    desk.publish()
    pupils.answer(RIGHT, 2)
    told = figures(pupils)
    assert (told["one"].count, told["two"].count) == (5, 0)


def test_the_figures_are_those_of_the_answers(course: OfferingView, pupils: Class) -> None:
    for answers, times in ((RIGHT, 9), (WRONG, 6), (ONE_ONLY, 3), (TWO_ONLY, 2)):
        pupils.answer(answers, times)
    one = figures(pupils)["one"]
    assert one.difficulty is not None
    assert one.discrimination is not None
    assert one.difficulty.value == pytest.approx(12 / 20)
    # phi of the table 9, 3 / 2, 6, to which a correlation of right and wrong comes
    assert one.discrimination.value == pytest.approx((9 * 6 - 3 * 2) / (12 * 8 * 11 * 9) ** 0.5)
    assert [(option.id, option.right, option.share.value) for option in one.options] == [
        ("right", True, pytest.approx(0.6)),
        ("wrong", False, pytest.approx(0.4)),
    ]
    two = figures(pupils)["two"]
    assert [(option.id, option.share.value) for option in two.options] == [
        ("first", pytest.approx(0.55)),
        ("not", pytest.approx(0.45)),
        ("second", pytest.approx(0.55)),
    ]


def test_a_later_attempt_changes_no_figure(course: OfferingView, pupils: Class) -> None:
    pupils.answer(WRONG, 5)
    before = figures(pupils)
    pupils.again(pupils.members[0], RIGHT)
    assert figures(pupils) == before


def test_answers_are_pooled_over_editions_while_a_question_keeps_its_words(
    desk: Desk, pupils: Class
) -> None:
    desk.publish()
    pupils.answer(RIGHT, 5)
    desk.write("final.quiz.en.md", "## Two?", "## Which two?")
    desk.publish()
    pupils.answer(RIGHT, 5)
    told = figures(pupils)
    assert (told["one"].count, told["two"].count) == (10, 5)


def test_courses_that_ask_the_same_words_share_their_answers(
    desk: Desk, pupils: Class, tmp_path: Path
) -> None:
    second = desk_of(pupils.app, tmp_path / "elsewhere")
    second.folder = second.folder.rename(second.folder.with_name("second-steps"))
    second.write("course.md", "id: first-steps", "id: second-steps")
    second.write("final.quiz.en.md", "## Two?", "## Which two?")
    desk.supply(("northern_track", desk.folder), ("northern_track", second.folder))
    desk.publish()
    pupils.answer(RIGHT, 5)
    pupils.course_id = "second-steps"
    pupils.answer(RIGHT, 6)
    told = figures(pupils)
    assert (told["one"].count, told["two"].count) == (11, 6)


def test_a_harder_quiz_that_asks_the_same_is_a_stratum_of_its_own(
    desk: Desk, pupils: Class
) -> None:
    """Both editions ask the first question; those who were right then had the harder other one."""
    desk.publish()
    pupils.answer(RIGHT, 4)
    pupils.answer(WRONG, 2)
    pupils.answer(TWO_ONLY, 6)
    before = figures(pupils)["one"].discrimination
    desk.write("final.quiz.en.md", "## Two?", "## Which two?")
    desk.publish()
    pupils.answer(RIGHT, 2)
    pupils.answer(WRONG, 4)
    pupils.answer(ONE_ONLY, 6)
    told = figures(pupils)["one"]
    assert before is not None
    assert told.count == 24
    assert told.discrimination is not None
    # phi of 4, 0 / 6, 2 and of 2, 6 / 0, 4, each about its own means: not that of 6, 6 / 6, 6
    assert told.discrimination.value == pytest.approx(before.value)
    assert before.value == pytest.approx((4 * 2 - 0 * 6) / (4 * 8 * 10 * 2) ** 0.5)


def test_a_key_that_was_mended_begins_anew(desk: Desk, pupils: Class) -> None:
    desk.publish()
    pupils.answer(RIGHT, 5)
    for language in ("en", "sv"):
        desk.write(f"final.quiz.{language}.md", "- [ ] Not this", "- [x] Not this")
    desk.publish()
    told = figures(pupils)
    assert (told["one"].count, told["two"].count) == (5, 0)


def test_a_question_that_was_moved_in_its_file_keeps_its_answers(desk: Desk, pupils: Class) -> None:
    desk.publish()
    pupils.answer(RIGHT, 5)
    line = items(pupils)["two"].question.line
    desk.write("final.quiz.sv.md", "> FEEDBACK-RIGHT-ONE", "> FEEDBACK-RIGHT-ONE\n  > Said longer.")
    desk.publish()
    moved = items(pupils)["two"]
    assert (moved.figures.count, moved.question.line) == (5, line + 1)
    assert moved.question.file == "final.quiz.sv.md"


def test_languages_are_shown_apart_where_each_has_enough(
    course: OfferingView, pupils: Class
) -> None:
    pupils.answer(RIGHT, 5, language="sv")
    pupils.answer(WRONG, 6, language="en")
    one = figures(pupils)["one"]
    assert one.count == 11
    assert [(each.language, each.count, each.difficulty.value) for each in one.languages] == [
        ("sv", 5, 1.0),
        ("en", 6, 0.0),
    ]


def test_a_language_that_subtraction_would_give_away_is_not_split_off(
    course: OfferingView, pupils: Class
) -> None:
    pupils.answer(RIGHT, 9, language="sv")
    pupils.answer(WRONG, 4, language="en")
    one = figures(pupils)["one"]
    assert (one.count, one.languages) == (9, ())


def test_statements_do_not_grow_with_answers(course: OfferingView, pupils: Class) -> None:
    pupils.answer(RIGHT, 7)
    items(pupils)
    with counted() as sent:
        as_seen(pupils)
    assert len([sql for sql in sent if "response" in sql]) == 3


def test_the_database_reads_the_index_alone(
    course: OfferingView, pupils: Class, in_app: Flask
) -> None:
    pupils.answer(RIGHT, 5)
    for statement in (queries._groups, queries._seconds, queries._strata([65536, 131072])):
        said = _plan(statement)
        assert ("COVERING INDEX ix_response_item" in said) or (
            "Index Only Scan using ix_response_item" in said
        ), said


def _plan(statement: object) -> str:
    """How the database would answer; PostgreSQL is told that reading a whole table is dear."""
    bound = statement.params(items=[1, 2])  # type: ignore[attr-defined]
    engine = db.engine
    compiled = bound.compile(engine, compile_kwargs={"literal_binds": True})
    with one_moment() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SET LOCAL enable_seqscan = off"))
            connection.execute(text("SET LOCAL enable_bitmapscan = off"))
            explain = "EXPLAIN"
        else:
            explain = "EXPLAIN QUERY PLAN"
        return "\n".join(str(row) for row in connection.execute(text(f"{explain} {compiled}")))
