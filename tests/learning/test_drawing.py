"""Questions drawn from a bank: each attempt meets its rule, and is shown again as it was."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import assume, given
from sqlalchemy import select

from innocap_lms.catalogue.publishing import SourceReport, publish_sources
from innocap_lms.content.built_in import BUILT_IN_KINDS
from innocap_lms.content.draws import serve
from innocap_lms.content.model import Draw, Question, Quiz
from innocap_lms.extensions import db
from innocap_lms.learning.drawing import draw
from innocap_lms.learning.models import Attempt
from innocap_lms.plugin_host.contract import CourseSource, courses_in
from tests.conftest import PLUGINS, House
from tests.content.test_draws import BANKS, DRAWS, every_way

Browser = Callable[[str], FlaskClient]
KINDS = {kind.name: kind for kind in BUILT_IN_KINDS}
OPTIONS = [{"id": name, "text": name.upper()} for name in ("x", "y", "z")]
BANK = """---
id: walks
title: Walks
use: graded
---
"""
WALK = """## Walk {number}? {{#walk-{number} tags="{tags}" outcome=step}}

- [x] Right {number} {{#right}}
- [ ] Wrong {number} {{#wrong}}

"""


def quiz_of(rule: Draw | None, bank: list[set[str]], own: int = 1) -> Quiz:
    def question(name: str, tags: set[str], bank: str) -> Question:
        view = {"text": name, "options": OPTIONS}
        return Question(name, "single", 1.0, "", True, {"sv": view}, tuple(tags), bank)

    questions = [question(f"own{number}", set(), "") for number in range(own)]
    questions += [question(f"q{number}", tags, "bank") for number, tags in enumerate(bank)]
    return Quiz("final", "graded", 0.8, None, {}, tuple(questions), "", draw=rule)


@given(DRAWS, BANKS)
def test_an_attempt_asks_the_quizs_own_questions_and_then_a_draw_that_meets_the_rule(
    rule: Draw, bank: list[set[str]]
) -> None:
    quiz = quiz_of(rule, bank, own=2)
    drawable = [each for each in quiz.questions if each.bank]
    assume(not serve(rule, drawable).short)
    asked = draw(quiz, KINDS, "sv")
    assert [name for name, _options in asked[:2]] == ["own0", "own1"]
    assert len(asked) == quiz.asked_count
    drawn = tuple(quiz.question(name) for name, _options in asked[2:])
    assert drawn in list(every_way(rule, drawable))
    assert all(sorted(options) == ["x", "y", "z"] for _name, options in asked)


def test_each_question_of_the_bank_comes_up_in_some_attempt() -> None:
    quiz = quiz_of(Draw("bank", {"a": 1, "b": 1}, 1), [{"a"}, {"a", "b"}, {"b"}, set(), {"b"}])
    seen = {name for _ in range(300) for name, _options in draw(quiz, KINDS, "sv")}
    assert seen == {each.id for each in quiz.questions}


def test_a_quiz_without_a_draw_asks_its_questions_in_the_authors_order() -> None:
    quiz = quiz_of(None, [], own=3)
    assert [name for name, _options in draw(quiz, KINDS, "sv")] == ["own0", "own1", "own2"]


class Track:
    """The test track's course on a disk of its own, drawing from a bank beside it."""

    def __init__(self, app: Flask, place: Path) -> None:
        self.app, self.place = app, place
        shutil.copytree(PLUGINS / "northern_track" / "courses", place, dirs_exist_ok=True)
        (place / "_banks").mkdir()
        quiz = place / "first-steps" / "final.quiz.sv.md"
        rule = "draw: {from: walks, tags: {long: 1, short: 1}, count: 1}"
        text = quiz.read_text(encoding="utf-8").replace("attempts: 3", f"attempts: 9\n{rule}")
        quiz.write_text(text, encoding="utf-8")
        english = quiz.with_name("final.quiz.en.md")
        text = english.read_text(encoding="utf-8").replace("attempts: 3\n", "")
        english.write_text(text, encoding="utf-8")
        self.write_bank("long", "long short", "short", "short", "")
        self.publish()

    def write_bank(self, *tags: str) -> None:
        walks = [WALK.format(number=number, tags=each) for number, each in enumerate(tags)]
        for language in ("sv", "en"):
            file = self.place / "_banks" / f"walks.bank.{language}.md"
            file.write_text(BANK + "".join(walks), encoding="utf-8")

    def publish(self) -> SourceReport:
        host: Any = self.app.extensions["innocap_host"]
        host.programmes.clear()
        host.courses[:] = [
            ("northern_track", source) for source in courses_in(host.tracks["northern"], self.place)
        ]
        files = self.app.extensions["innocap_settings"].data_dir / "files"
        with self.app.app_context():
            (report,) = publish_sources(host, files)
        assert report.problems == ()
        assert report.published is not None
        return report


@pytest.fixture
def track(app: Flask, tmp_path: Path) -> Track:
    return Track(app, tmp_path / "courses")


def begin(browser: FlaskClient) -> str:
    address = browser.post("/courses/first-steps/final/attempts").headers["Location"]
    assert "/attempts/" in address
    return address


def offered(page: str) -> list[tuple[str, str]]:
    """The fields of a page's questions with their values, in order."""
    return re.findall(r'name="(q-[^"]+)" value="([^"]+)"', page)


def questions(page: str) -> list[str]:
    return names(offered(page))


def names(fields: list[tuple[str, str]]) -> list[str]:
    return list(dict.fromkeys(name for name, _value in fields))


def test_a_folder_of_banks_is_no_course(track: Track) -> None:
    (track.place / "_drafts").mkdir()
    (track.place / "_drafts" / "course.md").write_text("---\nid: drafts\n---\n", encoding="utf-8")
    host = track.app.extensions["innocap_host"]
    (source,) = courses_in(host.tracks["northern"], track.place)
    assert (source.folder.name, source.banks) == ("first-steps", track.place / "_banks")


def test_without_a_folder_of_banks_a_source_has_none() -> None:
    (source,) = courses_in(
        type("T", (), {"slug": "northern"}),  # type: ignore[arg-type]
        PLUGINS / "northern_track" / "courses",
    )
    assert source == CourseSource("northern", source.folder, None)


def test_a_quiz_says_how_many_questions_an_attempt_has_and_asks_so_many(
    house: House, track: Track, browser_of: Browser
) -> None:
    coach = browser_of(house.coach)
    coach.post("/courses/first-steps/start")
    assert "5 questions" in coach.get("/courses/first-steps/final").text
    page = coach.get(begin(coach)).text
    assert "Question 5 of 5" in page
    assert questions(page)[:2] == ["q-one", "q-two"]
    assert len(questions(page)) == 5


def test_points_are_those_of_the_questions_that_were_asked(
    app: Flask, house: House, track: Track, browser_of: Browser
) -> None:
    coach = browser_of(house.coach)
    coach.post("/courses/first-steps/start")
    attempt = begin(coach)
    fields = questions(coach.get(attempt).text)
    right: dict[str, Any] = {name: ["right"] for name in fields} | {"q-two": ["first", "second"]}
    coach.post(attempt, data=right)
    assert "6 out of 6" in coach.get(attempt).text
    with app.app_context():
        assert db.session.scalars(select(Attempt.max_points)).one() == 6


def test_answers_to_questions_that_were_not_drawn_earn_nothing(
    app: Flask, house: House, track: Track, browser_of: Browser
) -> None:
    coach = browser_of(house.coach)
    coach.post("/courses/first-steps/start")
    attempt = begin(coach)
    drawn = set(questions(coach.get(attempt).text))
    other = {f"q-walk-{number}": ["right"] for number in range(5)}
    sent = {name: value for name, value in other.items() if name not in drawn}
    assert len(sent) == 2
    coach.post(attempt, data={**sent, "incomplete": "yes"})
    assert "0 out of 6" in coach.get(attempt).text


def test_an_attempt_is_shown_again_as_it_was_after_the_bank_has_changed(
    house: House, track: Track, browser_of: Browser
) -> None:
    coach = browser_of(house.coach)
    coach.post("/courses/first-steps/start")
    attempt = begin(coach)
    before = offered(coach.get(attempt).text)
    track.write_bank("short", "long", "long")
    assert track.publish().published.number == 2  # type: ignore[union-attr]
    assert offered(coach.get(attempt).text) == before
    chosen = {name: ["wrong"] for name, _value in before}
    coach.post(attempt, data=chosen)
    page = coach.get(attempt).text
    numbers = [name.removeprefix("q-walk-") for name in names(before)[2:]]
    assert re.findall(r"Walk (\d)\?", page) == numbers


def test_who_enrols_after_a_change_of_the_bank_draws_from_the_new_one(
    house: House, track: Track, browser_of: Browser
) -> None:
    track.write_bank("long", "short", "")
    track.publish()
    coach = browser_of(house.coach)
    coach.post("/courses/first-steps/start")
    drawn = questions(coach.get(begin(coach)).text)[2:]
    assert sorted(drawn) == ["q-walk-0", "q-walk-1", "q-walk-2"]


def test_attempts_of_one_learner_draw_different_questions(
    house: House, track: Track, browser_of: Browser
) -> None:
    coach = browser_of(house.coach)
    coach.post("/courses/first-steps/start")
    seen = set()
    for _ in range(8):
        attempt = begin(coach)
        seen.add(tuple(questions(coach.get(attempt).text)))
        coach.post(attempt, data={"incomplete": "yes"})
    assert len(seen) > 1  # eight times the same of 17 draws: never, as far as anybody will see


def test_the_edition_holds_the_keys_of_every_question_that_may_be_drawn(
    app: Flask, house: House, track: Track
) -> None:
    course = track.publish().course
    assert course is not None
    assert course.keys["final"].keys() == {each.id for each in course.quizzes[0].questions}
    assert {"walk-0", "walk-4"} <= course.keys["final"].keys()
