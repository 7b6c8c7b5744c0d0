"""What has stayed: some questions weeks after a completion, voluntary, for the learner alone."""

import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from innocap_lms.catalogue.publishing import publish_sources
from innocap_lms.catalogue.queries import EditionView, offering
from innocap_lms.extensions import db, writing
from innocap_lms.jobs.models import OutboxMessage
from innocap_lms.learning.corrections import How
from innocap_lms.learning.models import Attempt, Completion
from innocap_lms.learning.queries import Progress, my_course
from innocap_lms.learning.regrading import decide
from innocap_lms.learning.remedies import wording
from innocap_lms.learning.retention import CHECKS, pick
from innocap_lms.ledger.models import LedgerEvent
from innocap_lms.plugin_host.contract import courses_in
from tests.conftest import PLUGINS, House

Browser = Callable[[str], FlaskClient]
ClockAt = Callable[[datetime], AbstractContextManager[None]]
DONE = datetime(2099, 3, 2, 9, tzinfo=UTC)
FOUR, TWELVE = "/courses/first-steps/check-4-weeks", "/courses/first-steps/check-12-weeks"
INVITED = "It is a while since you completed the course"
RIGHT = {"q-one": ["right"], "q-two": ["first", "second"]}
PRACTICE = """---
id: training
title: Training
use: practice
---
"""
EASY = """## {name}? {{#{name} outcome={outcome}}}

- [x] Right of {name} {{#right}}
  > FEEDBACK-{name}
- [ ] Wrong of {name} {{#wrong}}

"""


@pytest.fixture
def published(app: Flask, tmp_path: Path) -> EditionView:
    """The test track's course with a practice quiz of two questions and a second outcome."""
    folder = tmp_path / "courses" / "first-steps"
    shutil.copytree(PLUGINS / "northern_track" / "courses" / "first-steps", folder)
    for language in ("sv", "en"):
        stop = "outcomes:\n  - {id: stop, text: know when to stop}\n"
        change(folder / f"course.{language}.md", "outcomes:\n", stop)
        change(folder / f"01-start-walking.{language}.md", "goals: [step]", "goals: [stop]")
        change(
            folder / f"final.quiz.{language}.md", "points=2 outcome=step", "points=2 outcome=stop"
        )
        quiz = folder / f"03-training.quiz.{language}.md"
        questions = [EASY.format(name=name, outcome="step") for name in ("hop", "skip")]
        quiz.write_text(PRACTICE + "".join(questions), encoding="utf-8")
    host = app.extensions["innocap_host"]
    host.programmes.clear()
    host.courses[:] = [
        ("northern_track", source) for source in courses_in(host.tracks["northern"], folder.parent)
    ]
    with app.app_context():
        files = app.extensions["innocap_settings"].data_dir / "files"
        (report,) = publish_sources(host, files)
        assert report.problems == ()
        found = offering("first-steps")
        assert found is not None
        return found.edition


def change(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


@pytest.fixture
def coach(
    house: House, published: EditionView, browser_of: Browser, clock_at: ClockAt
) -> FlaskClient:
    """A coach who completed the course on DONE; signed in whenever the test looks."""
    return completed(browser_of, clock_at, house.coach)


def completed(browser_of: Browser, clock_at: ClockAt, person: str) -> FlaskClient:
    with clock_at(DONE):
        browser = browser_of(person)
        browser.post("/courses/first-steps/start")
        for lesson in ("start-walking", "walk-on"):
            browser.post(f"/courses/first-steps/{lesson}/read")
        begun = browser.post("/courses/first-steps/final/attempts")
        browser.post(begun.headers["Location"], data=RIGHT)
    return browser


@pytest.fixture
def after(
    clock_at: ClockAt, sign_in: Callable[..., FlaskClient], house: House
) -> Callable[..., AbstractContextManager[None]]:
    """So long after the completion; the coach, or whose browser it is, has signed in anew."""

    @contextmanager
    def later(browser: FlaskClient, *, person: str = "", **since: int) -> Iterator[None]:
        with clock_at(DONE + timedelta(**since)):
            sign_in(browser, person or house.coach)
            yield

    return later


After = Callable[..., AbstractContextManager[None]]


def fields(page: str) -> list[str]:
    return list(dict.fromkeys(re.findall(r'name="(q-[^"]+)"', page)))


def answers(page: str, *, right: bool) -> dict[str, list[str]]:
    return {
        name: ["first", "second"] if right and name == "q-final.two"
        else ["not"] if name == "q-final.two"
        else ["right" if right else "wrong"]
        for name in fields(page)
    }  # fmt: skip


@pytest.mark.parametrize(
    ("since", "offered"),
    [
        ({"weeks": 4, "seconds": -1}, ""),
        ({"weeks": 4}, "check-4-weeks"),
        ({"weeks": 12, "seconds": -1}, "check-4-weeks"),
        ({"weeks": 12}, "check-12-weeks"),
        ({"weeks": 38, "seconds": -1}, "check-12-weeks"),
        ({"weeks": 38}, ""),
    ],
)
def test_one_check_at_a_time_is_offered_from_4_weeks_and_from_12_for_half_a_year(
    coach: FlaskClient, after: After, since: dict[str, int], offered: str
) -> None:
    with after(coach, **since):
        for page in (coach.get("/me").text, coach.get("/courses/first-steps").text):
            found = re.findall(r'action="/courses/first-steps/([\w-]+)/start"', page)
            assert found == ([offered] if offered else [])
        for check in CHECKS:
            status = 200 if check.id == offered else 404
            assert coach.get(f"/courses/first-steps/{check.id}").status_code == status
            if status == 404:
                assert coach.post(f"/courses/first-steps/{check.id}/start").status_code == 404
                assert coach.post(f"/courses/first-steps/{check.id}/aside").status_code == 404
                assert coach.post(f"/courses/first-steps/{check.id}").status_code == 404


def test_who_has_not_completed_the_course_is_not_asked(
    house: House, published: EditionView, browser_of: Browser, after: After
) -> None:
    colleague = browser_of(house.colleague)
    with after(colleague, person=house.colleague, weeks=0):
        colleague.post("/courses/first-steps/start")
    with after(colleague, person=house.colleague, weeks=5):
        assert INVITED not in colleague.get("/me").text
        assert colleague.get(FOUR).status_code == 404
        assert colleague.post(f"{FOUR}/start").status_code == 404


def test_three_questions_are_asked_of_practice_first_and_of_different_outcomes(
    coach: FlaskClient, after: After
) -> None:
    with after(coach, weeks=5):
        assert coach.post(f"{FOUR}/start").headers["Location"] == FOUR
        asked = fields(coach.get(FOUR).text)
        assert len(asked) == 3
        # Practice first, and "stop" is asked in the final quiz alone.
        assert asked[0] in ("q-training.hop", "q-training.skip")
        assert asked[1] == "q-final.two"
        assert asked[2] in ("q-training.hop", "q-training.skip")


def test_a_right_answer_is_told_and_a_wrong_one_links_to_its_lesson_at_once(
    app: Flask, coach: FlaskClient, after: After
) -> None:
    with after(coach, weeks=5):
        coach.post(f"{FOUR}/start")
        page = coach.get(FOUR).text
        assert "FEEDBACK" not in page
        sent = answers(page, right=True) | {"q-final.two": ["not"]}
        assert coach.post(FOUR, data=sent).headers["Location"] == FOUR
        page = coach.get(FOUR).text
        assert "2 of 3 answers were right" in page
        assert "FEEDBACK-hop" in page
        wrong = page[page.index("Not right") :]
        assert 'href="/courses/first-steps/start-walking"' in wrong
        assert 'href="/courses/first-steps/walk-on"' not in page
    with app.app_context():
        attempt = db.session.scalars(select(Attempt).where(Attempt.quiz_id == CHECKS[0].id)).one()
        assert (attempt.points, attempt.max_points) == (2, 4)


def test_a_check_is_shown_again_as_it_was_and_can_be_answered_once(
    coach: FlaskClient, after: After
) -> None:
    with after(coach, weeks=5):
        coach.post(f"{FOUR}/start")
        page = coach.get(FOUR).text
        coach.post(f"{FOUR}/start")
        assert fields(coach.get(FOUR).text) == fields(page)
        coach.post(FOUR, data=answers(page, right=True))
        coach.post(FOUR, data=answers(page, right=False))
        assert "3 of 3 answers were right" in coach.get(FOUR).text
        assert INVITED not in coach.get("/me").text
        assert coach.post(f"{FOUR}/start").headers["Location"] == FOUR
        assert coach.post(f"{FOUR}/aside").status_code == 303
        assert "3 of 3 answers were right" in coach.get(FOUR).text
    with after(coach, weeks=13):
        assert "3 of 3 answers were right" in coach.get(FOUR).text
        assert f'action="{TWELVE}/start"' in coach.get("/me").text


def test_a_check_that_was_begun_can_be_finished_later(coach: FlaskClient, after: After) -> None:
    with after(coach, weeks=11):
        coach.post(f"{FOUR}/start")
        assert f'action="{FOUR}/start"' in coach.get("/me").text
    with after(coach, weeks=13):
        assert f'action="{FOUR}/start"' not in coach.get("/me").text
        coach.post(FOUR, data=answers(coach.get(FOUR).text, right=True))
        assert "3 of 3" in coach.get(FOUR).text


@pytest.mark.parametrize("begun", [False, True])
def test_a_check_can_be_put_aside_for_good(
    coach: FlaskClient, after: After, *, begun: bool
) -> None:
    with after(coach, weeks=5):
        if begun:
            coach.post(f"{FOUR}/start")
        gone = coach.post(f"{FOUR}/aside", follow_redirects=True)
        assert "put aside" in gone.text
        assert INVITED not in gone.text
        assert INVITED not in coach.get("/me").text
        assert coach.get(FOUR).headers["Location"] == "/courses/first-steps"
        assert coach.post(f"{FOUR}/aside").headers["Location"] == "/courses/first-steps"
        assert coach.post(FOUR, data={"incomplete": "yes"}).status_code == 303
    with after(coach, weeks=13):
        assert f'action="{TWELVE}/start"' in coach.get("/me").text


def test_missing_answers_are_told_and_the_others_kept(coach: FlaskClient, after: After) -> None:
    with after(coach, weeks=5):
        coach.post(f"{FOUR}/start")
        sent = answers(coach.get(FOUR).text, right=True)
        del sent["q-final.two"]
        response = coach.post(FOUR, data=sent)
        assert response.status_code == 422
        assert "One question has no answer yet" in response.text
        assert len(re.findall(r'value="right"[^>]*checked', response.text)) == 2
        assert len(re.findall(r'value="right"[^>]*checked', coach.get(FOUR).text)) == 2
        coach.post(FOUR, data={**sent, "incomplete": "yes"})
        assert "2 of 3 answers were right" in coach.get(FOUR).text


@pytest.mark.parametrize("who", ["colleague", "stranger", "hr", "manager", "trainer", "admin"])
def test_a_check_is_there_for_its_learner_alone(
    app: Flask, house: House, coach: FlaskClient, browser_of: Browser, after: After, who: str
) -> None:
    with after(coach, weeks=5):
        coach.post(f"{FOUR}/start")
        coach.post(FOUR, data=answers(coach.get(FOUR).text, right=False))
        other = browser_of(getattr(house, who))
        for address in (FOUR, f"{FOUR}/start", f"{FOUR}/aside"):
            assert other.post(address).status_code == 404
        assert other.get(FOUR).status_code == 404
        other.post("/courses/first-steps/start")
        assert other.get(FOUR).status_code == 404
        assert app.test_client().get(FOUR).headers["Location"].startswith("/login")
        with app.app_context():
            attempt = select(Attempt.id).where(Attempt.quiz_id == CHECKS[0].id)
            name = db.session.scalars(attempt).one()
        for browser in (other, coach):
            for quiz in (CHECKS[0].id, "final", "training"):
                page = browser.get(f"/courses/first-steps/{quiz}/attempts/{name}")
                assert page.status_code == 404


def counted(app: Flask) -> tuple[int, ...]:
    with app.app_context():
        return tuple(
            db.session.scalar(select(func.count()).select_from(model)) or 0
            for model in (LedgerEvent, OutboxMessage, Completion)
        )


def seen(browser: FlaskClient, address: str) -> str:
    response = browser.get(address)
    assert response.status_code == 200
    return re.sub(r'name="csrf_token" value="[^"]*"', "", response.text)


def test_nobody_else_and_no_count_knows_of_a_check(
    app: Flask, house: House, coach: FlaskClient, browser_of: Browser, after: After
) -> None:
    with after(coach, weeks=5):
        hr, trainer = browser_of(house.hr), browser_of(house.trainer)
        pages = [
            (hr, "/hr"),
            (hr, f"/hr/people/{house.coach}"),
            (hr, "/hr/reports/completions.csv"),
            (trainer, "/studio"),
            (trainer, "/studio/courses/first-steps"),
        ]
        before, rows = [seen(*page) for page in pages], counted(app)
        progress = progress_in(app, house.coach)
        coach.post(f"{FOUR}/start")
        coach.post(FOUR, data=answers(coach.get(FOUR).text, right=False))
        assert counted(app) == rows
        assert [seen(*page) for page in pages] == before
    assert replace(progress_in(app, house.coach), checked=frozenset()) == progress


def progress_in(app: Flask, person: str) -> Progress:
    with app.app_context():
        found = my_course(person, "first-steps")
        assert found is not None
        return found.progress


def test_questions_of_kinds_that_are_not_graded_or_not_there_are_left_out(
    app: Flask, published: EditionView
) -> None:
    kinds = dict(app.extensions["innocap_host"].kinds)
    known = {"final": {"one", "two"}}
    kinds["single"] = replace(kinds["single"], graded=False)
    assert pick(published, known, kinds) == ["final.two"]
    del kinds["multiple"]
    assert pick(published, known, kinds) == []


def test_of_a_graded_quiz_only_what_the_learner_was_asked_and_passed_is_taken(
    app: Flask, published: EditionView
) -> None:
    kinds = app.extensions["innocap_host"].kinds
    assert set(pick(published, {}, kinds)) == {"training.hop", "training.skip"}
    assert "final.one" not in pick(published, {"final": {"two"}}, kinds)


def test_a_course_without_questions_to_ask_offers_no_check(
    app: Flask, coach: FlaskClient, after: After
) -> None:
    app.extensions["innocap_host"].kinds.clear()
    with after(coach, weeks=5):
        assert INVITED not in coach.get("/me").text
        assert coach.post(f"{FOUR}/start").status_code == 404


def test_a_faulty_question_is_not_asked_and_an_accepted_answer_is_right(
    app: Flask, house: House, coach: FlaskClient, after: After
) -> None:
    decide_of(app, house, "training", "hop", "drop")
    with after(coach, weeks=5):
        coach.post(f"{FOUR}/start")
        page = coach.get(FOUR).text
        assert "hop?" not in page
        decide_of(app, house, "training", "skip", "accept_all")
        decide_of(app, house, "final", "one", "drop")
        coach.post(FOUR, data=answers(page, right=False))
        result = coach.get(FOUR).text
    assert "1 of 2 answers were right" in result
    assert result.count("Read again:") == 1


def decide_of(app: Flask, house: House, quiz: str, question: str, how: How) -> None:
    with app.app_context(), writing():
        found = wording("first-steps", quiz, question)
        assert found is not None
        assert decide(house.trainer, found, how, (), "It can be read in two ways.")
