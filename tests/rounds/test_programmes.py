"""A round of a programme is arranged, joined and completed as one of a course is."""

from collections.abc import Callable
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient

from innocap_lms import clock
from tests.conftest import House
from tests.programmes import take, walk
from tests.rounds.conftest import FIRST, Rounds, at
from tests.rounds.test_arranging import form

Browser = Callable[[str], FlaskClient]


def test_a_round_of_a_programme_stands_on_its_page_and_ends_with_it(
    app: Flask, rounds: Rounds, house: House, browser_of: Browser, tmp_path: Path
) -> None:
    walk(app, tmp_path)
    trainer = browser_of(house.trainer)
    assert "Programme: The walker" in trainer.get("/rounds/desk/new").text
    made = trainer.post("/rounds/desk/new", data=form(house, course="walker"))
    round_id = made.headers["Location"].split("/")[2]
    assert f"/rounds/{round_id}" in browser_of(house.coach).get("/programmes/walker").text
    browser_of(house.coach).post(f"/rounds/{round_id}/enrol")
    page = browser_of(house.coach).get(f"/rounds/{round_id}").text
    assert "The walker" in page
    assert "by completing the programme by" in page
    assert 'href="/programmes/walker"' in page
    with clock.at(at(FIRST, 10)):
        coach = browser_of(house.coach)
        coach.post("/programmes/walker/start")
        rounds.follow()
        assert rounds.state(round_id, house.coach) == "in_progress"
        for course in ("first-steps", "shore-steps"):
            take(coach, course)
        rounds.follow()
        assert rounds.state(round_id, house.coach) == "completed"
