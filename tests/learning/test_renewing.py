"""Taking a course again: once it is time, from its start, with all that was before kept."""

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from innocap_lms.catalogue.queries import OfferingView
from innocap_lms.credentials.services import issue
from innocap_lms.extensions import db, writing
from innocap_lms.learning import renewing
from innocap_lms.learning.models import Attempt, Completion, Enrolment, LessonProgress
from innocap_lms.people.viewer import Viewer
from tests.conftest import House, take_first_steps
from tests.learning.test_a_course import RIGHT, SECRETS

COURSE = "/courses/first-steps"
BEGAN = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
# It counts for 24 months, and renewal opens 90 days before their end.
TOO_EARLY = datetime(2028, 8, 24, 12, tzinfo=UTC)
OPEN = datetime(2028, 8, 26, 12, tzinfo=UTC)
LAPSED = datetime(2029, 3, 1, 12, tzinfo=UTC)
ClockAt = Callable[[datetime], AbstractContextManager[None]]
BrowserOf = Callable[[str], FlaskClient]


@pytest.fixture
def take(
    app: Flask, house: House, course: OfferingView, browser_of: BrowserOf, clock_at: ClockAt
) -> Callable[[datetime, str], FlaskClient]:
    """The coach begins the course at that moment, by `start` or by `renew`, and completes it."""

    def taken(moment: datetime, how: str) -> FlaskClient:
        with clock_at(moment):
            coach = browser_of(house.coach)
            take_first_steps(coach, how)
            with app.app_context():
                newest = select(Completion.id).order_by(Completion.completed_at.desc()).limit(1)
                issue({"completion_id": db.session.scalar(newest)})
        return coach

    return taken


def counts(app: Flask) -> dict[str, int]:
    models = (Enrolment, Completion, Attempt, LessonProgress)
    with app.app_context():
        return {
            model.__name__: db.session.scalar(select(func.count()).select_from(model)) or 0
            for model in models
        }


@pytest.mark.parametrize("moment", [OPEN, LAPSED])
def test_a_second_completion_gives_a_second_certificate_and_the_first_stays(
    app: Flask, take: Callable[..., FlaskClient], clock_at: ClockAt, moment: datetime
) -> None:
    take(BEGAN, "start")
    before = counts(app)
    coach = take(moment, "renew")
    assert counts(app) == {name: 2 * number for name, number in before.items()}
    with clock_at(moment):
        page = coach.get("/certificates").text
        assert page.count('class="chip in-order"') == 1
        assert "Superseded" in page
        numbers = set()
        for part in page.split('href="/certificates/')[1:]:
            numbers.add(part.partition('"')[0])
        asked = [
            coach.get(f"/verify/{number}", headers={"Accept": "application/json"}).json
            for number in numbers
        ]
    by_status = {found["status"]: found for found in asked}
    assert set(by_status) == {"valid", "superseded"}
    assert by_status["superseded"]["superseded_by"] == by_status["valid"]["verify"]
    assert by_status["superseded"]["completed_at"].startswith("2026-11-23")


def test_before_it_is_time_nothing_is_begun_anew(
    app: Flask,
    house: House,
    take: Callable[..., FlaskClient],
    browser_of: BrowserOf,
    clock_at: ClockAt,
) -> None:
    take(BEGAN, "start")
    before = counts(app)
    with clock_at(TOO_EARLY):
        coach = browser_of(house.coach)
        assert "Take it again" not in coach.get(COURSE).text
        answer = coach.post(f"{COURSE}/renew", follow_redirects=True)
    assert "nothing to renew" in answer.text
    assert counts(app) == before


def test_who_has_not_completed_it_has_nothing_to_renew(
    app: Flask, house: House, course: OfferingView, browser_of: BrowserOf
) -> None:
    coach = browser_of(house.coach)
    coach.post(f"{COURSE}/renew")
    coach.post(f"{COURSE}/start")
    coach.post(f"{COURSE}/renew")
    assert counts(app)["Enrolment"] == 1


def test_while_it_is_renewed_what_was_earned_still_counts_and_the_way_begins_anew(
    house: House, take: Callable[..., FlaskClient], browser_of: BrowserOf, clock_at: ClockAt
) -> None:
    take(BEGAN, "start")
    with clock_at(OPEN):
        coach = browser_of(house.coach)
        assert "Renewal open" in coach.get("/me").text
        assert "Take it again" in coach.get(COURSE).text
        coach.post(f"{COURSE}/renew")
        course = coach.get(COURSE).text
        assert "Take it again" not in course
        assert "What you earned stays until then" in course
        coach.post(f"{COURSE}/renew")  # a second click
        assert "nothing to renew" not in coach.get(COURSE).text
        assert "Start the quiz" in coach.get(f"{COURSE}/final").text
        assert "Renewal open" in coach.get("/me").text, "until it is completed again"
    with clock_at(LAPSED):
        coach = browser_of(house.coach)
        assert "Expired" in coach.get("/me").text


def test_earlier_attempts_are_still_the_learners_own_to_read(
    app: Flask, take: Callable[..., FlaskClient], clock_at: ClockAt
) -> None:
    take(BEGAN, "start")
    coach = take(OPEN, "renew")
    with app.app_context():
        ids = db.session.scalars(select(Attempt.id)).all()
    with clock_at(OPEN):
        assert [coach.get(f"{COURSE}/final/attempts/{one}").status_code for one in ids] == [
            200,
            200,
        ]
        page = coach.get(f"{COURSE}/final").text
    before = page.partition("When you took the course before")[2]
    assert sorted(before.count(one) for one in ids) == [0, 1]
    assert "Passed" in before


def test_the_right_answers_of_the_time_before_wait_until_the_quiz_is_passed_again(
    app: Flask,
    house: House,
    take: Callable[..., FlaskClient],
    browser_of: BrowserOf,
    clock_at: ClockAt,
) -> None:
    take(BEGAN, "start")
    with app.app_context():
        before = db.session.scalars(select(Attempt.id)).one()
    page = f"{COURSE}/final/attempts/{before}"
    with clock_at(OPEN):
        coach = browser_of(house.coach)
        assert "FEEDBACK-ON-TWO" in coach.get(page).text
        coach.post(f"{COURSE}/renew")
        shut = coach.get(page).text
        assert "3 out of 3" in shut
        assert not any(secret in shut for secret in SECRETS)
        attempt = coach.post(f"{COURSE}/final/attempts").headers["Location"]
        coach.post(attempt, data=RIGHT)
        assert "FEEDBACK-ON-TWO" in coach.get(page).text


def test_two_clicks_at_once_begin_it_once(
    app: Flask,
    house: House,
    course: OfferingView,
    take: Callable[..., FlaskClient],
    clock_at: ClockAt,
    viewer: Callable[[str], Viewer],
) -> None:
    take(BEGAN, "start")
    coach, barrier, errors = viewer(house.coach), threading.Barrier(3), []

    def work() -> None:
        try:
            with app.app_context(), clock_at(OPEN):
                barrier.wait(10)
                with writing():
                    renewing.renew(coach, course.edition, "en")
        except renewing.NotOpenError:
            pass
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert counts(app)["Enrolment"] == 2
