"""Who arranges a round sets it up, changes and cancels it; everybody in it is told."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from innocap_lms import clock
from innocap_lms.extensions import writing
from innocap_lms.rounds import arranging
from innocap_lms.rounds.enrolments import Asking
from innocap_lms.rounds.plans import Meeting
from tests.conftest import House
from tests.rounds.conftest import FIRST, LAST, NOW, Post, Rounds, at

Browser = Callable[[str], FlaskClient]
FRIDAY, SATURDAY = FIRST + timedelta(days=2), FIRST + timedelta(days=3)


def form(house: House, **other: Any) -> dict[str, Any]:
    """A whole form, with one session."""
    values = {
        "organisation": house.north,
        "course": "first-steps",
        "leader": house.trainer,
        "language": "sv",
        "organisations": [house.north, house.south],
        "first_day": "2027-03-10",
        "last_day": "2027-03-31",
        "enrol_by": "2027-03-09",
        "seats": "12",
        "note": "",
        "zone": "Europe/Helsinki",
        "day-0": "2027-03-10",
        "start-0": "9:00",
        "end-0": "11.30",
        "mode-0": "both",
        "place-0": "Library",
        "link-0": "https://meet.example.org/2",
        "day-1": "",
        "mode-1": "on_site",
    }
    return {**values, **other}


def test_a_trainer_plans_a_round_and_members_of_both_organisations_see_it(
    rounds: Rounds, house: House, browser_of: Browser
) -> None:
    trainer = browser_of(house.trainer)
    assert trainer.get("/rounds/desk/new").status_code == 200
    assert "Trainer" in trainer.get("/rounds/desk/new?course=first-steps").text
    made = trainer.post("/rounds/desk/new", data=form(house))
    assert made.status_code == 303, made.text
    round_id = made.headers["Location"].split("/")[2]
    for person in (house.coach, house.stranger):
        page = browser_of(person).get(f"/rounds/{round_id}").text
        assert "09:00–11:30 (time in Helsinki)" in page
        assert "Library, or online" in page


def test_hr_arranges_in_its_own_organisation_and_nowhere_else(
    rounds: Rounds, house: House, browser_of: Browser
) -> None:
    round_id = rounds.add()
    assert browser_of(house.hr).get(f"/rounds/{round_id}/desk").status_code == 200
    theirs = browser_of(house.stranger_hr)
    for address in (f"/rounds/{round_id}/desk", f"/rounds/{round_id}/change"):
        assert theirs.get(address).status_code == 404
    assert theirs.post(f"/rounds/{round_id}/cancel").status_code == 404
    assert theirs.post("/rounds/desk/new", data=form(house)).status_code == 404
    assert round_id not in theirs.get("/rounds/desk").text


@pytest.mark.parametrize("who", ["coach", "manager", "stranger"])
def test_who_arranges_nothing_has_no_desk(
    who: str, rounds: Rounds, house: House, browser_of: Browser
) -> None:
    round_id = rounds.add()
    browser = browser_of(getattr(house, who))
    for address in ("/rounds/desk", "/rounds/desk/new", f"/rounds/{round_id}/desk"):
        assert browser.get(address).status_code == 404
    assert browser.post(f"/rounds/{round_id}/cancel").status_code == 404


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("first_day", "soon", "soon is not a date"),
        ("first_day", "0001-01-01", "is not a date"),
        ("last_day", "2027-03-01", "The last day is before the first."),
        ("last_day", "2027-02-01", "The last day is before the first."),
        ("enrol_by", "2027-04-01", "cannot close after the last day"),
        ("seats", "0", "Write a number from 1 to 500."),
        ("seats", "many", "Write a number from 1 to 500."),
        ("leader", "somebody", "Choose a leader."),
        ("language", "xx", "Choose one of the languages."),
        ("organisations", ["nowhere"], "Choose whose members may enrol."),
        ("zone", "Mars/Base", "Choose a time zone."),
        ("zone", "../../etc/passwd", "Choose a time zone."),
        ("day-0", "2027-04-10", "not within the days of the round"),
        ("start-0", "nine", "Write a time such as 09:30."),
        ("end-0", "08:00", "The end comes after the start"),
        ("mode-0", "", "Choose how it is held."),
        ("place-0", "", "Say where it is."),
        ("link-0", "javascript:alert(1)", "begins with https://"),
        ("note", "x" * 4001, "Use at most 4000 characters."),
        ("note", "811218-9876", "personal identity number"),
    ],
)
def test_what_is_wrong_with_a_plan_is_said_at_its_field(
    field: str,
    value: Any,
    words: str,
    rounds: Rounds,
    house: House,
    browser_of: Browser,
) -> None:
    page = browser_of(house.trainer).post("/rounds/desk/new", data=form(house, **{field: value}))
    assert page.status_code == 422
    assert words in page.text
    assert "Library" in page.text or field == "place-0", "what was typed stays"


def test_a_plan_that_is_sent_twice_is_one_round(
    rounds: Rounds, house: House, browser_of: Browser
) -> None:
    trainer = browser_of(house.trainer)
    page = trainer.get(f"/rounds/desk/new?course=first-steps&organisation={house.north}").text
    [name] = re.findall(r'name="new" value="(\w{26})"', page)
    for _time in range(2):
        made = trainer.post("/rounds/desk/new", data=form(house, new=name))
        assert made.headers["Location"] == f"/rounds/{name}/desk"
    assert trainer.get("/rounds/desk").text.count(f'href="/rounds/{name}/desk"') == 1


def test_lines_that_no_form_has_are_passed_over(
    rounds: Rounds, house: House, browser_of: Browser
) -> None:
    strange = {"day-\u00b2": "2027-03-10", "day-00": "2027-03-10", "day-9999": "2027-03-10"}
    made = browser_of(house.trainer).post("/rounds/desk/new", data=form(house, **strange))
    assert made.status_code == 303


def test_an_hour_that_the_clocks_leap_over_is_refused(
    rounds: Rounds, house: House, browser_of: Browser
) -> None:
    leap = {"day-0": "2027-03-28", "start-0": "03:15", "end-0": "05:00"}  # 03:00 is 04:00 there
    page = browser_of(house.trainer).post("/rounds/desk/new", data=form(house, **leap))
    assert page.status_code == 422
    assert "there is no such time on that day" in page.text


def test_an_hour_keeps_its_clock_time_across_a_change_of_clocks(
    rounds: Rounds, house: House, browser_of: Browser
) -> None:
    more = {"day-1": "2027-03-30", "start-1": "09:00", "end-1": "10:00", "mode-1": "online"}
    made = browser_of(house.trainer).post("/rounds/desk/new", data=form(house, **more))
    page = browser_of(house.coach).get("/".join(made.headers["Location"].split("/")[:3])).text
    assert page.count("09:00–") == 2


def test_sessions_at_the_same_time_are_refused(
    rounds: Rounds, house: House, browser_of: Browser
) -> None:
    more = {"day-1": "2027-03-10", "start-1": "11:00", "end-1": "12:00", "mode-1": "online"}
    page = browser_of(house.trainer).post("/rounds/desk/new", data=form(house, **more))
    assert "Two sessions are at the same time." in page.text


def test_a_change_of_dates_tells_members_once_and_a_change_of_words_nobody(
    app: Flask, rounds: Rounds, house: House, browser_of: Browser, post: Post
) -> None:
    round_id = rounds.add()
    browser_of(house.coach).post(f"/rounds/{round_id}/enrol")
    rounds.ask(round_id, house.colleague, Asking("hr", FIRST))
    post.work()
    first, second = rounds.sessions(round_id)
    kept = rounds.plan().meetings
    same = (
        Meeting(first, *[getattr(kept[0], name) for name in MEETING]),
        Meeting(second, *[getattr(kept[1], name) for name in MEETING]),
    )
    with app.app_context():
        with writing():
            plan = rounds.plan(note="Another word.", meetings=same)
            assert not arranging.change_round(round_id, plan, house.trainer)
        assert post.work() == {}
        moved = Meeting(second, at(LAST, 15), at(LAST, 16), "on_site", "Library", "")
        with writing():
            plan = rounds.plan(meetings=(same[0], moved))
            assert arranging.change_round(round_id, plan, house.trainer)
    sent = post.work()
    assert set(sent) == {"coach", "colleague"}
    text = sent["coach"].get_content()
    assert sent["coach"]["Subject"] == "Changed dates: First steps"
    assert "15:00–16:00 (time in Stockholm): Library" in text
    assert rounds.sessions(round_id) == [first, second], "what moves stays what it is"


MEETING = ("starts_at", "ends_at", "mode", "place", "link")


def test_of_two_changes_in_a_row_the_last_alone_is_told(
    app: Flask, rounds: Rounds, house: House, browser_of: Browser, post: Post
) -> None:
    round_id = rounds.add()
    browser_of(house.coach).post(f"/rounds/{round_id}/enrol")
    with app.app_context():
        for hour in (14, 16):
            with writing():
                later = Meeting("", at(LAST, hour), at(LAST, hour + 1), "online", "", "")
                arranging.change_round(round_id, rounds.plan(meetings=(later,)), house.trainer)
    assert "16:00–17:00" in post.work()["coach"].get_content()


def test_a_cancelled_round_tells_everybody_why_and_closes(
    rounds: Rounds, house: House, browser_of: Browser, post: Post
) -> None:
    round_id = rounds.add(seats=1)
    browser_of(house.coach).post(f"/rounds/{round_id}/enrol")
    browser_of(house.stranger).post(f"/rounds/{round_id}/enrol")  # waits
    rounds.ask(round_id, house.colleague, Asking("hr", FIRST))
    trainer = browser_of(house.trainer)
    for _twice in range(2):
        trainer.post(f"/rounds/{round_id}/cancel", data={"because": "The leader is ill."})
    sent = post.work()
    assert set(sent) == {"coach", "colleague", "stranger"}
    assert "The leader is ill." in sent["stranger"].get_content()
    assert rounds.state(round_id, house.coach) == "cancelled"
    page = browser_of(house.coach).get(f"/rounds/{round_id}").text
    assert "This round is cancelled" in page
    assert "who arranges the round (Trainer)" in page
    assert browser_of(house.colleague).post(f"/rounds/{round_id}/enrol").status_code == 422


def test_news_of_a_session_that_comes_first_does_not_wait_for_a_working_day(
    rounds: Rounds, house: House, browser_of: Browser, post: Post
) -> None:
    on_saturday = Meeting("", at(SATURDAY, 10), at(SATURDAY, 12), "online", "", "")
    round_id = rounds.add(meetings=(on_saturday,))
    browser_of(house.coach).post(f"/rounds/{round_id}/enrol")
    with clock.at(at(FRIDAY, 18)):  # office hours begin on Monday again
        browser_of(house.trainer).post(f"/rounds/{round_id}/cancel")
        assert set(post.work()) == {"coach"}


def test_seats_cannot_be_fewer_than_are_taken_and_more_seats_go_to_who_waits(
    app: Flask, rounds: Rounds, house: House, browser_of: Browser
) -> None:
    round_id = rounds.add(seats=2)
    for person in (house.coach, house.colleague, house.stranger):
        browser_of(person).post(f"/rounds/{round_id}/enrol")
    trainer = browser_of(house.trainer)
    page = trainer.post(f"/rounds/{round_id}/change", data=form(house, seats="1"))
    assert page.status_code == 422
    assert "2 seats are taken already." in page.text
    assert (
        trainer.post(f"/rounds/{round_id}/change", data=form(house, seats="3")).status_code == 303
    )
    assert rounds.state(round_id, house.stranger) == "enrolled"


def test_the_form_shows_a_round_as_it_is(rounds: Rounds, house: House, browser_of: Browser) -> None:
    round_id = rounds.add()
    page = browser_of(house.trainer).get(f"/rounds/{round_id}/change").text
    for value in ("2027-03-10", "09:00", "Town hall", "https://meet.example.org/1"):
        assert f'value="{value}"' in page


def test_a_round_whose_last_day_is_over_cannot_be_set_up(
    rounds: Rounds, house: House, browser_of: Browser
) -> None:
    with clock.at(NOW + timedelta(days=60)):
        page = browser_of(house.trainer).post("/rounds/desk/new", data=form(house))
    assert page.status_code == 422
    assert "This day is over." in page.text
