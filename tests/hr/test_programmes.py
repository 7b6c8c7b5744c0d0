"""Completed programmes in follow-up: apart from courses, and in nobody's count twice."""

from collections.abc import Callable
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask.testing import FlaskClient

from innocap_lms.hr import queries
from innocap_lms.hr.filters import Filters
from innocap_lms.people.viewer import Viewer
from tests.conftest import House
from tests.programmes import take, walk

LIST = "/hr/reports/completions"
PROGRAMMES = f"{LIST}?kind=programme"
Browser = Callable[[str], FlaskClient]


@pytest.fixture(autouse=True)
def walked(app: Flask, house: House, browser_of: Browser, tmp_path: Path) -> None:
    """The coach has completed a programme of two courses, the colleague one course."""
    walk(app, tmp_path)
    coach = browser_of(house.coach)
    coach.post("/programmes/walker/start")
    take(coach, "first-steps")
    take(coach, "hill-steps")
    take(browser_of(house.colleague), "first-steps")


def text(browser: FlaskClient, address: str) -> str:
    response = browser.get(address)
    assert response.status_code == 200
    return " ".join(response.text.split())


def test_a_programme_adds_no_participation_to_those_of_its_courses(
    app: Flask, house: House, viewer: Callable[[str], Viewer]
) -> None:
    hr, zone = viewer(house.hr), ZoneInfo("Europe/Stockholm")
    with app.app_context():
        assert queries.totals(hr, Filters(), zone) == queries.Totals(3, 2)
        assert queries.totals(hr, Filters(kind="programme"), zone) == queries.Totals(
            1, 1, revoked=0
        )
        assert queries.totals_by_track(hr, Filters(), zone) == {"northern": queries.Totals(3, 2)}


def test_the_list_of_courses_and_that_of_programmes_lead_to_each_other(
    house: House, browser_of: Browser
) -> None:
    hr = browser_of(house.hr)
    courses, programmes = text(hr, LIST), text(hr, PROGRAMMES)
    assert "The walker" not in courses
    assert 'href="/hr/reports/completions?kind=programme"' in courses
    assert "The walker" in programmes
    assert "1 completed programme" in programmes
    assert ">Colleague</a>" not in programmes
    assert 'href="/hr/reports/completions"' in programmes


def test_the_file_of_programmes_names_them_and_no_course(house: House, browser_of: Browser) -> None:
    hr = browser_of(house.hr)
    courses = hr.get(f"{LIST}.csv").get_data(as_text=True).splitlines()
    programmes = hr.get(f"{LIST}.csv?kind=programme").get_data(as_text=True).splitlines()
    assert (len(courses), len(programmes)) == (4, 2)
    assert "Course id" in courses[0]
    assert "Programme id" in programmes[0]
    assert ";The walker;walker;" in programmes[1]
    assert not any("walker" in line for line in courses)


def test_a_persons_card_shows_programmes_apart_and_hours_once(
    house: House, browser_of: Browser
) -> None:
    card = text(browser_of(house.hr), f"/hr/people/{house.coach}")
    assert "2 completed courses" in card
    assert "3 hours" in card
    assert card.index("What was completed") < card.index("Completed programmes")
    assert "The walker" in card


@pytest.mark.parametrize("who", ["stranger_hr", "stranger_manager"])
def test_another_organisation_finds_none_of_it(house: House, browser_of: Browser, who: str) -> None:
    stranger = browser_of(getattr(house, who))
    assert "Coach" not in text(stranger, PROGRAMMES).partition("<main")[2]
    assert len(stranger.get(f"{LIST}.csv?kind=programme").get_data(as_text=True).splitlines()) == 1
    assert stranger.get(f"/hr/people/{house.coach}").status_code == 404


def test_a_manager_sees_those_of_the_unit_and_a_learner_no_list(
    house: House, browser_of: Browser
) -> None:
    assert ">Coach</a>" in text(browser_of(house.manager), PROGRAMMES)
    assert browser_of(house.coach).get(PROGRAMMES).status_code == 404


def test_a_requirement_may_name_a_programme(house: House, browser_of: Browser) -> None:
    hr = browser_of(house.hr)
    form = text(hr, "/hr/requirements/new")
    assert '<option value="programme:walker">Programme: The walker</option>' in form
    rule = {"target": "programme:walker", "ground": "employer", "starts": "2026-01-01"}
    tried = hr.post("/hr/requirements/new", data=rule)
    assert tried.status_code == 200
    assert "What it would do" in tried.text
    assert hr.post("/hr/requirements/new", data={**rule, "do": "save"}).status_code == 302
    assert "The walker" in text(hr, "/hr/requirements")
    unknown = {**rule, "target": "programme:first-steps"}
    assert hr.post("/hr/requirements/new", data=unknown).status_code == 422
