"""A coach enrols, waits, leaves; two who take the last seat at once; who may see a round."""

from collections.abc import Callable
from datetime import timedelta
from email.message import EmailMessage

from flask import Flask
from flask.testing import FlaskClient

from innocap_lms import clock
from innocap_lms.extensions import writing
from innocap_lms.people import services as people
from innocap_lms.rounds import services
from tests.conftest import House, take_first_steps
from tests.rounds.conftest import FIRST, NOW, Post, Rounds, at
from tests.tasks.test_two_at_once import at_once

Browser = Callable[[str], FlaskClient]


def test_a_coach_enrols_from_the_page_of_the_course_and_reads_when_and_by_whom(
    rounds: Rounds, house: House, browser_of: Browser
) -> None:
    round_id = rounds.add()
    coach = browser_of(house.coach)
    assert f"/rounds/{round_id}" in coach.get("/courses/first-steps").text
    assert coach.post(f"/rounds/{round_id}/enrol").status_code == 303
    page = coach.get(f"/rounds/{round_id}").text
    assert "Enrolled" in page
    assert "you</span>" in page, "the history says who did it"
    assert rounds.state(round_id, house.coach) == "enrolled"
    assert f"/rounds/{round_id}" in coach.get("/me").text


def test_who_is_in_sees_the_link_and_others_do_not(
    rounds: Rounds, house: House, browser_of: Browser
) -> None:
    round_id = rounds.add()
    coach = browser_of(house.coach)
    assert "meet.example.org" not in coach.get(f"/rounds/{round_id}").text
    coach.post(f"/rounds/{round_id}/enrol")
    assert "meet.example.org" in coach.get(f"/rounds/{round_id}").text


def test_members_never_read_each_others_names(
    rounds: Rounds, house: House, browser_of: Browser
) -> None:
    round_id = rounds.add()
    for person in (house.coach, house.stranger):
        browser_of(person).post(f"/rounds/{round_id}/enrol")
    assert "Stranger" not in browser_of(house.coach).get(f"/rounds/{round_id}").text
    assert ">Coach" not in browser_of(house.stranger).get(f"/rounds/{round_id}").text


def test_a_round_of_another_organisation_is_not_there(
    rounds: Rounds, house: House, browser_of: Browser
) -> None:
    round_id = rounds.add(organisations=frozenset({house.north}))
    for person in (house.stranger, house.stranger_hr, house.stranger_manager):
        browser = browser_of(person)
        assert browser.get(f"/rounds/{round_id}").status_code == 404
        assert browser.get(f"/rounds/{round_id}.ics").status_code == 404
        assert browser.post(f"/rounds/{round_id}/enrol").status_code == 404
        assert round_id not in browser.get("/rounds").text
        assert round_id not in browser.get("/courses/first-steps").text
    assert rounds.state(round_id, house.stranger) == ""


def test_a_stranger_without_an_account_is_asked_to_sign_in(
    rounds: Rounds, client: FlaskClient
) -> None:
    round_id = rounds.add()
    assert "/login" in client.get(f"/rounds/{round_id}").headers["Location"]
    assert round_id not in client.get("/courses/first-steps").text


def test_of_two_who_take_the_last_seat_at_once_one_has_it_and_the_other_waits(
    app: Flask, rounds: Rounds, house: House
) -> None:
    def enrol(round_id: str, person: str) -> Callable[[], object]:
        def call() -> bool:
            with app.app_context(), clock.at(NOW), writing():
                return services.enrol(round_id, person)

        return call

    for _try in range(3):
        round_id = rounds.add(seats=1)
        both = (house.coach, house.colleague)
        assert sorted(map(str, at_once([enrol(round_id, one) for one in both]))) == [
            "False",
            "True",
        ]
        assert sorted(rounds.state(round_id, one) for one in both) == ["", "enrolled"]


def test_the_seat_that_becomes_free_goes_to_who_has_waited_longest_who_is_told(
    rounds: Rounds, house: House, browser_of: Browser, post: Post
) -> None:
    round_id = rounds.add(seats=1)
    coach = browser_of(house.coach)
    coach.post(f"/rounds/{round_id}/enrol")
    for minutes, person in enumerate((house.colleague, house.stranger)):
        with clock.at(NOW + timedelta(minutes=minutes)):
            browser_of(person).post(f"/rounds/{round_id}/enrol")
    assert "You are number 2" in browser_of(house.stranger).get(f"/rounds/{round_id}").text
    coach.post(f"/rounds/{round_id}/withdraw")
    assert rounds.state(round_id, house.coach) == "withdrawn"
    assert rounds.state(round_id, house.colleague) == "enrolled"
    assert rounds.state(round_id, house.stranger) == ""
    sent = post.work()
    assert set(sent) == {"colleague"}
    assert "You have a seat: First steps" in sent["colleague"]["Subject"]
    text = body(sent["colleague"])
    assert "9:00–12:00" in text.replace("09:00", "9:00")
    assert f"/rounds/{round_id}" in text


def body(message: EmailMessage) -> str:
    return str(message.get_content())


def test_who_leaves_the_waiting_list_or_the_organisation_is_passed_over(
    app: Flask, rounds: Rounds, house: House, browser_of: Browser
) -> None:
    round_id = rounds.add(seats=1)
    for person in (house.coach, house.colleague, house.other_coach, house.stranger):
        browser_of(person).post(f"/rounds/{round_id}/enrol")
    browser_of(house.colleague).post(f"/rounds/{round_id}/withdraw")
    with app.app_context(), writing():
        people.suspend_person(house.other_coach)
    browser_of(house.coach).post(f"/rounds/{round_id}/withdraw")
    assert rounds.state(round_id, house.stranger) == "enrolled"
    assert rounds.state(round_id, house.colleague) == ""


def test_who_withdrew_can_change_their_mind_and_both_stand_in_the_history(
    rounds: Rounds, house: House, browser_of: Browser
) -> None:
    round_id = rounds.add()
    coach = browser_of(house.coach)
    for act in ("enrol", "withdraw", "enrol"):
        assert coach.post(f"/rounds/{round_id}/{act}").status_code == 303
    page = coach.get(f"/rounds/{round_id}").text
    history = page[page.index('id="history"') :]
    assert history.count("Enrolled") == 2
    assert history.count("Withdrawn") == 1


def test_enrolment_closes_after_its_last_day_where_the_site_is(
    rounds: Rounds, house: House, browser_of: Browser
) -> None:
    round_id = rounds.add()
    with clock.at(NOW.replace(month=3, day=10, hour=22, minute=30)):  # 23:30 in Stockholm
        assert browser_of(house.coach).post(f"/rounds/{round_id}/enrol").status_code == 303
    with clock.at(NOW.replace(month=3, day=10, hour=23, minute=30)):  # the day after, there
        refused = browser_of(house.colleague).post(f"/rounds/{round_id}/enrol")
        assert refused.status_code == 422
        assert "Enrolment in this round has closed" in refused.text
    assert FIRST.day == 10


def test_who_has_completed_the_course_is_told_so(
    rounds: Rounds, house: House, browser_of: Browser
) -> None:
    round_id = rounds.add()
    coach = browser_of(house.coach)
    take_first_steps(coach)
    refused = coach.post(f"/rounds/{round_id}/enrol")
    assert refused.status_code == 422
    assert "You have completed it already" in refused.text


def test_who_is_to_take_the_course_again_may_do_so_in_a_round(
    rounds: Rounds, house: House, browser_of: Browser
) -> None:
    """And has begun it in the round once they begin it anew. It counts for 24 months."""
    round_id = rounds.add()
    with clock.at(NOW.replace(year=NOW.year - 2)):
        take_first_steps(browser_of(house.coach))
    assert browser_of(house.coach).post(f"/rounds/{round_id}/enrol").status_code == 303
    with clock.at(at(FIRST, 8)):
        rounds.follow()
        assert rounds.state(round_id, house.coach) == "enrolled"
        browser_of(house.coach).post("/courses/first-steps/renew")
        rounds.follow()
        assert rounds.state(round_id, house.coach) == "in_progress"


def test_the_page_of_a_round_costs_nine_statements_and_the_list_five(
    rounds: Rounds, house: House, browser_of: Browser, statements: list[str]
) -> None:
    round_id = rounds.add()
    coach = browser_of(house.coach)
    coach.post(f"/rounds/{round_id}/enrol")
    for address, allowed in ((f"/rounds/{round_id}", 9), ("/rounds", 5)):
        coach.get(address)
        statements.clear()
        assert coach.get(address).status_code == 200
        assert len(statements) == allowed, statements
