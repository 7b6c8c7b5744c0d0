"""A person's calendar: read by whoever holds its address, and by nobody once it is over."""

from collections.abc import Callable
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask.testing import FlaskClient
from icalendar import Calendar

from innocap_lms import clock
from innocap_lms.extensions import writing
from innocap_lms.people import services as people
from innocap_lms.requirements.rules import Rule
from tests.conftest import House, take_first_steps
from tests.requirements.test_following import follow, require

Browser = Callable[[str], FlaskClient]


@pytest.fixture
def required(app: Flask, house: House, course: object) -> None:
    with app.app_context():
        rule = Rule("course", "first-steps", "employer", clock.utcnow().date(), due_days=60)
        require(house, rule)
        follow()


def address(browser: FlaskClient, do: str = "open") -> str:
    page = browser.post("/me/calendar", data={"do": do}).text
    return page.partition("<code>")[2].partition("</code>")[0].partition("/calendar/")[2]


def test_it_holds_the_last_day_and_leads_to_the_course(
    required: None, house: House, browser_of: Browser, client: FlaskClient
) -> None:
    answer = client.get(f"/calendar/{address(browser_of(house.coach))}")
    assert answer.mimetype == "text/calendar"
    (event,) = Calendar.from_ical(answer.data).walk("VEVENT")
    assert event["summary"] == "Last day: First steps"
    here = clock.utcnow().astimezone(ZoneInfo("Europe/Stockholm")).date()
    assert event["dtstart"].dt == here + timedelta(days=60)
    assert event["dtend"].dt == here + timedelta(days=61)
    assert event["url"].endswith("/courses/first-steps")
    assert "Coach" not in answer.text


def test_a_new_address_ends_the_old_and_both_end_when_their_owner_says_so(
    required: None, house: House, browser_of: Browser, client: FlaskClient
) -> None:
    coach = browser_of(house.coach)
    first = address(coach)
    second = address(coach)
    assert client.get(f"/calendar/{first}").status_code == 404
    assert client.get(f"/calendar/{second}").status_code == 200
    address(coach, "close")
    assert client.get(f"/calendar/{second}").status_code == 404


def test_nobodys_address_and_that_of_a_suspended_person_are_not_there(
    app: Flask,
    required: None,
    house: House,
    browser_of: Browser,
    client: FlaskClient,
    caplog: pytest.LogCaptureFixture,
) -> None:
    mine = address(browser_of(house.coach))
    assert client.get("/calendar/guessed.ics").status_code == 404
    assert "an address that leads nowhere" in caplog.text
    assert "guessed" not in caplog.text
    with app.app_context(), writing():
        people.suspend_person(house.coach)
    assert client.get(f"/calendar/{mine}").status_code == 404


def test_what_is_done_for_good_is_in_no_calendar(
    app: Flask, required: None, house: House, browser_of: Browser, client: FlaskClient
) -> None:
    """The days to come are: that of the renewal stays."""
    coach = browser_of(house.coach)
    take_first_steps(coach)
    with app.app_context():
        follow()
    events = Calendar.from_ical(client.get(f"/calendar/{address(coach)}").data).walk("VEVENT")
    assert [event["dtstart"].dt.year for event in events] == [clock.utcnow().year + 2]
