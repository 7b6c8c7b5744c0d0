"""How many SQL statements each page costs; pinned, so that a page does not grow slow unseen."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient

from innocap_lms import clock
from innocap_lms.catalogue.queries import OfferingView
from tests.conftest import House
from tests.learning.test_a_course import RIGHT, WRONG, begin, read_all, start
from tests.programmes import take, walk

Browser = Callable[[str], FlaskClient]


def test_a_lesson_costs_four_statements_the_first_time_and_three_later(
    house: House, course: OfferingView, browser_of: Browser, statements: list[str]
) -> None:
    coach = browser_of(house.coach)
    start(coach)
    coach.get("/courses/first-steps/start-walking")  # the process has read the edition now
    for allowed in (4, 3):
        statements.clear()
        assert coach.get("/courses/first-steps/walk-on").status_code == 200
        assert len(statements) == allowed, statements


def test_handing_in_an_attempt_costs_six_statements_and_fourteen_when_it_completes(
    house: House, course: OfferingView, browser_of: Browser, statements: list[str]
) -> None:
    coach = browser_of(house.coach)
    start(coach)
    coach.post(begin(coach), data=WRONG)  # the process has read the keys now
    failing = begin(coach)
    statements.clear()
    coach.post(failing, data={**RIGHT, "q-one": ["wrong"]})
    assert len(statements) == 6, statements
    read_all(coach)
    passing = begin(coach)
    statements.clear()
    coach.post(passing, data=RIGHT)
    assert len(statements) == 14, statements


def test_the_page_of_a_learner_costs_six_statements(
    house: House, course: OfferingView, browser_of: Browser, statements: list[str]
) -> None:
    coach = browser_of(house.coach)
    start(coach)
    coach.get("/me")
    statements.clear()
    assert coach.get("/me").status_code == 200
    assert len(statements) == 6, statements


def test_the_page_of_a_programme_costs_eight_statements_however_many_courses_it_has(
    app: Flask, house: House, browser_of: Browser, statements: list[str], tmp_path: Path
) -> None:
    walk(app, tmp_path)
    coach = browser_of(house.coach)
    coach.post("/programmes/walker/start")
    take(coach, "first-steps")
    coach.get("/programmes/walker")
    statements.clear()
    assert coach.get("/programmes/walker").status_code == 200
    assert len(statements) == 8, statements


def test_the_question_what_has_stayed_costs_the_page_no_statement_more(
    house: House,
    course: OfferingView,
    browser_of: Browser,
    clock_at: Callable[[datetime], AbstractContextManager[None]],
    statements: list[str],
) -> None:
    coach = browser_of(house.coach)
    start(coach)
    read_all(coach)
    coach.post(begin(coach), data=RIGHT)
    with clock_at(clock.utcnow() + timedelta(weeks=5)):
        coach = browser_of(house.coach)
        coach.get("/me")
        statements.clear()
        assert "What do you remember" in coach.get("/me").text
        assert len(statements) == 6, statements


def test_the_public_front_costs_two_statements(
    course: OfferingView, client: FlaskClient, statements: list[str]
) -> None:
    client.get("/")
    statements.clear()
    assert client.get("/").status_code == 200
    assert len(statements) == 2, statements
