"""Sessions in a person's calendar: by their own address, and as a file of a round."""

from collections.abc import Callable

from flask.testing import FlaskClient
from icalendar import Calendar

from tests.conftest import House
from tests.rounds.conftest import FIRST, Rounds, at
from tests.web.test_calendar import address

Browser = Callable[[str], FlaskClient]


def test_the_file_of_a_round_holds_its_sessions_and_no_name(
    rounds: Rounds, house: House, browser_of: Browser
) -> None:
    round_id = rounds.add()
    coach = browser_of(house.coach)
    answer = coach.get(f"/rounds/{round_id}.ics")
    assert answer.mimetype == "text/calendar"
    first, second = Calendar.from_ical(answer.data).walk("VEVENT")
    assert first["dtstart"].dt == at(FIRST, 9)
    assert first["dtend"].dt == at(FIRST, 12)
    assert first["summary"] == "First steps"
    assert first["location"] == "Town hall"
    assert "meet.example.org" not in str(second["location"])
    coach.post(f"/rounds/{round_id}/enrol")
    assert "meet.example.org" in coach.get(f"/rounds/{round_id}.ics").text
    assert "Coach" not in answer.text


def test_the_own_calendar_has_the_sessions_of_rounds_with_a_seat_and_drops_them(
    rounds: Rounds, house: House, browser_of: Browser, client: FlaskClient
) -> None:
    round_id, other = rounds.add(), rounds.add()
    coach = browser_of(house.coach)
    feed = f"/calendar/{address(coach)}"
    coach.post(f"/rounds/{round_id}/enrol")
    events = Calendar.from_ical(client.get(feed).data).walk("VEVENT")
    assert len(events) == 2
    assert {str(one["status"]) for one in events} == {"CONFIRMED"}
    assert all(round_id in one["url"] for one in events), f"and nothing of {other}"
    browser_of(house.trainer).post(f"/rounds/{round_id}/cancel")
    events = Calendar.from_ical(client.get(feed).data).walk("VEVENT")
    assert {str(one["status"]) for one in events} == {"CANCELLED"}
    assert {int(one["sequence"]) for one in events} == {2}


def test_who_withdrew_has_no_sessions_in_the_calendar(
    rounds: Rounds, house: House, browser_of: Browser, client: FlaskClient
) -> None:
    round_id = rounds.add()
    coach = browser_of(house.coach)
    feed = f"/calendar/{address(coach)}"
    for act in ("enrol", "withdraw"):
        coach.post(f"/rounds/{round_id}/{act}")
    assert Calendar.from_ical(client.get(feed).data).walk("VEVENT") == []
