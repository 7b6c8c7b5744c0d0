"""The rules of attempts: one question at a time, time limits, waiting, which attempt counts."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from innocap_lms import clock
from innocap_lms.extensions import db
from innocap_lms.learning import closing
from innocap_lms.learning.closing import close_what_is_over
from innocap_lms.learning.models import Attempt, Completion
from innocap_lms.people.viewer import Viewer
from tests.conftest import House
from tests.learning.conftest import Ruled
from tests.learning.test_a_course import RIGHT, WRONG, begin, count, read_all, start
from tests.learning.test_saving import Window

Browser = Callable[[str], FlaskClient]
Under = Callable[..., FlaskClient]
ClockAt = Callable[[datetime], AbstractContextManager[None]]


@pytest.fixture
def coach_under(house: House, ruled: Ruled, browser_of: Browser) -> Under:
    """The coach, who has started the course with its quiz under these rules."""

    def begun(**rules: Any) -> FlaskClient:
        ruled(**rules)
        coach = browser_of(house.coach)
        start(coach)
        return coach

    return begun


def in_minutes(minutes: float) -> datetime:
    return clock.utcnow() + timedelta(minutes=minutes)


def the_attempt(app: Flask) -> Attempt:
    with app.app_context():
        return db.session.scalars(select(Attempt).order_by(Attempt.number.desc())).first()  # type: ignore[return-value]


# ------------------------------------------------------------------ one question at a time


def test_one_question_at_a_time_goes_forward_back_and_to_a_last_look(coach_under: Under) -> None:
    coach = coach_under(show="one")
    first = begin(coach)
    assert first.endswith("/questions/1")
    attempt = first.removesuffix("/questions/1")
    page = coach.get(first).text
    assert page.count('class="question"') == 1
    assert "Question 1 of 2" in page
    saved = coach.post(first, data={"q-one": "right", "towards": "2"})
    assert saved.headers["Location"] == f"{attempt}/questions/2"
    back = coach.post(saved.headers["Location"], data={"q-two": ["first"], "towards": "1"})
    assert " checked" in coach.get(back.headers["Location"]).text
    coach.post(f"{attempt}/questions/2", data={"q-two": ["first", "second"], "towards": "0"})
    look = coach.get(attempt).text
    assert look.count("Answered") == 2
    assert coach.post(attempt).status_code == 303
    assert "3 out of 3" in coach.get(attempt).text
    assert coach.get(first).headers["Location"] == attempt  # no way back


def test_a_missing_answer_is_asked_for_before_sending(coach_under: Under) -> None:
    coach = coach_under(show="one")
    first = begin(coach)
    attempt = first.removesuffix("/questions/1")
    coach.post(first, data={"q-one": "right"})
    asked = coach.post(attempt)
    assert asked.status_code == 422
    assert "One question has no answer yet" in asked.text
    assert f'href="{attempt}/questions/2"' in asked.text
    assert coach.post(attempt, data={"incomplete": "yes"}).status_code == 303


@pytest.mark.parametrize("towards", ["-1", "0", "99", "x", "²", "9" * 4000, "//evil.example"])
def test_the_way_on_leads_nowhere_else(coach_under: Under, towards: str) -> None:
    coach = coach_under(show="one")
    first = begin(coach)
    sent = coach.post(first, data={"q-one": "right", "towards": towards})
    assert sent.headers["Location"] == first.removesuffix("/questions/1")


# ------------------------------------------------------------------ the time


def test_a_quiz_has_no_time_limit_unless_its_author_sets_one(
    app: Flask, house: House, ruled: Ruled, browser_of: Browser
) -> None:
    coach = browser_of(house.coach)
    start(coach)
    assert "No time limit" in coach.get("/courses/first-steps/final").text
    begin(coach)
    assert the_attempt(app).due_at is None


def test_the_time_runs_by_the_servers_clock_and_what_was_saved_is_handed_in_at_its_end(
    app: Flask, coach_under: Under, clock_at: ClockAt
) -> None:
    coach = coach_under(minutes=30)
    assert "30 minutes for an attempt" in coach.get("/courses/first-steps/final").text
    attempt = begin(coach)
    assert "This attempt ends" in coach.get(attempt).text
    window = Window(coach, attempt)
    window.save("one", "right")
    with clock_at(in_minutes(29)):
        assert window.save("two", "first").status_code == 200
        with app.app_context():
            assert close_what_is_over() == 0
    with clock_at(in_minutes(31)):
        assert window.save("two", "first", "second").status_code == 410
        with app.app_context():
            assert close_what_is_over() == 1
            assert close_what_is_over() == 0
    found = the_attempt(app)
    assert found.answers == {"one": ["right"], "two": ["first"]}
    assert found.submitted_at is not None
    assert found.points == 1


def test_an_answer_that_was_under_way_when_the_time_ended_still_counts(
    coach_under: Under, clock_at: ClockAt
) -> None:
    coach = coach_under(minutes=30)
    window = Window(coach, begin(coach))
    with clock_at(in_minutes(30.1)):
        assert window.save("one", "right").status_code == 200


def test_whoever_comes_back_too_late_finds_the_result_and_late_answers_do_not_count(
    app: Flask, coach_under: Under, clock_at: ClockAt
) -> None:
    coach = coach_under(minutes=30)
    attempt = begin(coach)
    Window(coach, attempt).save("one", "right")
    with clock_at(in_minutes(45)):
        assert coach.post(attempt, data=RIGHT).status_code == 303
        assert "1 out of 3" in coach.get(attempt).text
        assert count(app, Completion) == 0
    assert the_attempt(app).answers == {"one": ["right"]}


def test_what_the_clock_hands_in_was_handed_in_when_its_time_ended(
    app: Flask, coach_under: Under, clock_at: ClockAt
) -> None:
    """However late somebody notices: the wait for the next attempt runs from there."""
    coach = coach_under(minutes=30, wait_hours=24.0)
    begin(coach)
    with clock_at(in_minutes(600)), app.app_context():
        assert close_what_is_over() == 1
    found = the_attempt(app)
    assert found.submitted_at == found.due_at


def test_an_attempt_that_cannot_be_handed_in_keeps_no_other_waiting(
    app: Flask,
    house: House,
    ruled: Ruled,
    browser_of: Browser,
    clock_at: ClockAt,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ruled(minutes=30)
    for who in (house.coach, house.colleague, house.other_coach):
        learner = browser_of(who)
        start(learner)
        begin(learner)
    real = closing.close_if_over

    def fails_for_the_coach(viewer: Viewer, *rest: Any) -> bool:
        if viewer.id == house.coach:
            raise LookupError("its edition is gone")
        return real(viewer, *rest)

    monkeypatch.setattr(closing, "close_if_over", fails_for_the_coach)
    monkeypatch.setattr(closing, "_over", closing._over.limit(1))
    with clock_at(in_minutes(45)), app.app_context():
        assert close_what_is_over() == 2


def test_a_pass_that_the_clock_hands_in_completes_the_course(
    app: Flask, coach_under: Under, house: House, clock_at: ClockAt
) -> None:
    coach = coach_under(minutes=30)
    read_all(coach)
    window = Window(coach, begin(coach))
    window.save("one", "right")
    window.save("two", "first", "second")
    with clock_at(in_minutes(40)), app.app_context():
        assert close_what_is_over() == 1
    with app.app_context():
        assert db.session.scalars(select(Completion.person_id)).all() == [house.coach]


def test_a_clock_that_is_set_back_takes_nothing_away(coach_under: Under, clock_at: ClockAt) -> None:
    coach = coach_under(minutes=30)
    attempt = begin(coach)
    window = Window(coach, attempt)
    with clock_at(in_minutes(-90)):
        assert window.save("one", "right").status_code == 200
        assert coach.post(attempt, data={"q-two": ["first", "second"]}).status_code == 303
        assert "3 out of 3" in coach.get(attempt).text


# ------------------------------------------------------------------ how often, and what counts


def test_the_next_attempt_waits_as_long_as_its_author_says(
    app: Flask, coach_under: Under, house: House, browser_of: Browser, clock_at: ClockAt
) -> None:
    coach = coach_under(wait_hours=24.0)
    coach.post(begin(coach), data=WRONG)
    page = coach.get("/courses/first-steps/final").text
    assert "You can start the next attempt" in page
    assert "Start again" not in page
    refused = coach.post("/courses/first-steps/final/attempts")
    assert refused.headers["Location"] == "/courses/first-steps/final"
    assert count(app, Attempt) == 1
    with clock_at(in_minutes(24 * 60 + 1)):
        coach = browser_of(house.coach)  # the session has ended meanwhile
        assert "Start again" in coach.get("/courses/first-steps/final").text
        assert "/attempts/" in begin(coach)


@pytest.mark.parametrize(
    ("counts", "sent", "passed"),
    [
        ("best", [RIGHT, WRONG], True),
        ("best", [WRONG, RIGHT], True),
        ("last", [RIGHT, WRONG], False),
        ("last", [WRONG, RIGHT], True),
        ("first", [RIGHT, WRONG], True),
        ("first", [WRONG, RIGHT], False),
    ],
)
def test_the_best_the_last_or_the_first_attempt_decides(
    app: Flask, coach_under: Under, counts: str, sent: list[dict[str, list[str]]], passed: bool
) -> None:
    coach = coach_under(counts=counts, attempts=None)
    for answers in sent:
        coach.post(begin(coach), data=answers)
    assert ("You have passed this quiz" in coach.get("/courses/first-steps/final").text) == passed
    read_all(coach)
    assert count(app, Completion) == int(passed)


def test_where_the_first_attempt_counts_the_pages_say_that_it_is_decided(
    coach_under: Under,
) -> None:
    coach = coach_under(counts="first", attempts=3)
    first, second = begin(coach), ""
    coach.post(first, data=WRONG)
    page = coach.get(first).text
    assert "Your first attempt counts, and it did not pass" in page
    assert "Try again" not in page
    assert "once you have passed" not in page
    second = begin(coach)
    coach.post(second, data=RIGHT)
    page = coach.get(second).text
    assert "This attempt was practice" in page
    assert "What is left before the certificate" not in page
    assert "Passed" not in page
    listed = coach.get("/courses/first-steps/final").text
    assert "Not passed" in listed
    assert "Practice" in listed


def test_where_the_last_attempt_counts_a_failed_one_says_so(coach_under: Under) -> None:
    coach = coach_under(counts="last", attempts=None)
    first = begin(coach)
    coach.post(first, data=RIGHT)
    last = begin(coach)
    coach.post(last, data=WRONG)
    assert "Your last attempt counts. You pass with" in coach.get(last).text
    assert "A later attempt of yours counts." in coach.get(first).text
    assert "What is left before" not in coach.get(first).text
