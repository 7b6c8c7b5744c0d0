"""A place in a round follows the days, and what its person does in the course itself."""

from collections.abc import Callable
from datetime import date, timedelta

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from innocap_lms import clock
from innocap_lms.extensions import db
from innocap_lms.learning.models import Completion
from tests.conftest import House, take_first_steps
from tests.rounds.conftest import FIRST, LAST, Post, Rounds, at

Browser = Callable[[str], FlaskClient]


def test_who_has_begun_the_course_is_in_progress_from_the_first_day(
    rounds: Rounds, house: House, browser_of: Browser
) -> None:
    round_id = rounds.add()
    coach = browser_of(house.coach)
    coach.post(f"/rounds/{round_id}/enrol")
    coach.post("/courses/first-steps/start")
    assert rounds.follow() == 0
    with clock.at(at(FIRST, 0)):
        assert rounds.follow() == 1
    assert rounds.state(round_id, house.coach) == "in_progress"


def test_completing_the_course_completes_the_round(
    rounds: Rounds, house: House, browser_of: Browser
) -> None:
    round_id = rounds.add()
    coach = browser_of(house.coach)
    coach.post(f"/rounds/{round_id}/enrol")
    with clock.at(at(FIRST, 10)):
        take_first_steps(browser_of(house.coach))
        assert rounds.follow() == 1
        assert rounds.state(round_id, house.coach) == "completed"
        page = browser_of(house.coach).get(f"/rounds/{round_id}").text
        assert "the site, by the dates of the round" in page
    with clock.at(at(LAST + timedelta(days=3), 10)):
        assert rounds.follow() == 0


def test_after_the_last_day_who_took_part_failed_and_who_never_began_is_expired(
    rounds: Rounds, house: House, browser_of: Browser
) -> None:
    round_id = rounds.add()
    for person in (house.coach, house.colleague):
        browser_of(person).post(f"/rounds/{round_id}/enrol")
    browser_of(house.coach).post("/courses/first-steps/start")
    with clock.at(at(LAST, 23)):
        rounds.follow()
        assert rounds.state(round_id, house.coach) == "in_progress"
    with clock.at(at(LAST + timedelta(days=1), 0)):
        rounds.follow()
    assert rounds.state(round_id, house.coach) == "failed"
    assert rounds.state(round_id, house.colleague) == "expired"


def test_completing_after_the_last_day_counts_for_the_course_and_not_for_the_round(
    rounds: Rounds, house: House, browser_of: Browser
) -> None:
    round_id = rounds.add()
    browser_of(house.coach).post(f"/rounds/{round_id}/enrol")
    with clock.at(at(LAST + timedelta(days=1), 8)):
        take_first_steps(browser_of(house.coach))
        rounds.follow()
    assert rounds.state(round_id, house.coach) == "failed"


def test_who_was_there_is_in_progress_without_having_begun_on_the_site(
    rounds: Rounds, house: House, browser_of: Browser
) -> None:
    round_id = rounds.add()
    browser_of(house.coach).post(f"/rounds/{round_id}/enrol")
    with clock.at(at(FIRST, 13)):
        data = {f"minutes-{rounds.enrolment(round_id, house.coach)}": "60"}
        session = rounds.sessions(round_id)[0]
        browser_of(house.trainer).post(f"/rounds/{round_id}/sessions/{session}", data=data)
        rounds.follow()
    assert rounds.state(round_id, house.coach) == "in_progress"


def test_nobody_waits_once_the_round_has_begun(
    rounds: Rounds, house: House, browser_of: Browser, post: Post
) -> None:
    round_id = rounds.add(seats=1)
    for person in (house.coach, house.colleague):
        browser_of(person).post(f"/rounds/{round_id}/enrol")
    with clock.at(at(FIRST + timedelta(days=1), 9)):
        assert rounds.follow() == 1
        browser_of(house.coach).post(f"/rounds/{round_id}/withdraw")
        assert rounds.state(round_id, house.colleague) == ""
        page = browser_of(house.colleague).get(f"/rounds/{round_id}").text
        assert "Not on the waiting list any more" in page
        assert post.work() == {}


def test_nothing_is_written_where_nothing_has_changed(
    rounds: Rounds, house: House, browser_of: Browser, statements: list[str]
) -> None:
    round_id = rounds.add()
    browser_of(house.coach).post(f"/rounds/{round_id}/enrol")
    with clock.at(at(FIRST, 10)):
        browser_of(house.coach).post("/courses/first-steps/start")
        assert rounds.follow() == 1
        for moment in (at(FIRST, 11), at(LAST, 23)):
            with clock.at(moment):
                statements.clear()
                assert rounds.follow() == 0
                assert len(statements) == 2, statements


def test_what_hr_notes_after_the_round_of_a_day_within_it_completes_it(
    app: Flask, rounds: Rounds, house: House, browser_of: Browser
) -> None:
    """A course held in a room is noted from its attendance list, some days later."""
    app.extensions["innocap_relay"].repeating = ()
    round_id = rounds.add(enrol_by=LAST)
    with clock.at(at(FIRST, 14)):  # after noon, of which is what only the day is known
        for person in (house.coach, house.colleague):
            browser_of(person).post(f"/rounds/{round_id}/enrol")
        browser_of(house.coach).post("/courses/first-steps/start")
    with clock.at(at(LAST + timedelta(days=1), 9)):
        rounds.follow()
    assert rounds.state(round_id, house.coach) == "failed"
    assert rounds.state(round_id, house.colleague) == "expired"

    def note(person: str, day: date) -> str:
        sent = {"what": "completion", "course": "first-steps", "day": day.isoformat(),
                "reason": "The attendance list", "person": [person]}  # fmt: skip
        address = browser_of(house.hr).post("/hr/lists/new", data=sent).headers["Location"]
        app.extensions["innocap_relay"].run_due()
        browser_of(house.hr).post(f"{address}/confirm")
        app.extensions["innocap_relay"].run_due()
        return rounds.state(round_id, person)

    with clock.at(at(LAST + timedelta(days=3), 9)):
        assert note(house.coach, FIRST - timedelta(days=1)) == "failed", "before they had a seat"
        assert note(house.coach, LAST + timedelta(days=1)) == "failed"
        assert note(house.coach, FIRST) == "completed"
        assert note(house.colleague, LAST) == "completed"
        page = browser_of(house.coach).get(f"/rounds/{round_id}").text
        assert "the site, after the completion was noted" in page


def test_a_completion_that_is_withdrawn_or_corrected_takes_the_round_with_it(
    app: Flask, rounds: Rounds, house: House, browser_of: Browser
) -> None:
    """Who is still in time goes on; who is not has not completed the round."""
    app.extensions["innocap_relay"].repeating = ()
    round_id = rounds.add()
    for person in (house.coach, house.colleague):
        browser_of(person).post(f"/rounds/{round_id}/enrol")
        with clock.at(at(FIRST, 10)):
            take_first_steps(browser_of(person))
            rounds.follow()

    def change(person: str, what: str, **form: str) -> str:
        with app.app_context():
            name = db.session.scalar(
                select(Completion.id)
                .where(Completion.person_id == person)
                .order_by(Completion.completed_at.desc())
            )
        address = f"/hr/people/{person}/completions/{name}/{what}"
        assert browser_of(house.hr).post(address, data=form).status_code == 302
        app.extensions["innocap_relay"].run_due()
        rounds.follow()
        return rounds.state(round_id, person)

    with clock.at(at(LAST, 9)):
        assert change(house.coach, "withdrawal", why="Somebody else sat there") == "in_progress"
        page = browser_of(house.coach).get(f"/rounds/{round_id}").text
        assert "the site, after a correction of the completion" in page
        assert rounds.state(round_id, house.colleague) == "completed"
        take_first_steps(browser_of(house.coach), "renew")
        rounds.follow()
        assert rounds.state(round_id, house.coach) == "completed"
    with clock.at(at(LAST + timedelta(days=2), 9)):
        assert change(house.coach, "withdrawal", why="Again") == "failed"
        later = (LAST + timedelta(days=1)).isoformat()
        assert change(house.colleague, "correction", day=later, reason="A day late") == "failed"
    with clock.at(at(LAST + timedelta(days=2), 10)):
        in_time = LAST.isoformat()
        assert change(house.colleague, "correction", day=in_time, reason="No") == "completed"
