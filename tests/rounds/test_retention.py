"""What goes of a round that is long over, and what stays."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from innocap_lms import clock
from innocap_lms.admin.disposal import NAMELESS, dispose_profiles
from innocap_lms.config import Settings
from innocap_lms.extensions import db, writing
from innocap_lms.ledger.models import LedgerContent, LedgerEvent
from innocap_lms.ledger.verification import verify
from innocap_lms.people import services as people
from innocap_lms.people.models import Person
from innocap_lms.rounds import retention
from innocap_lms.rounds.enrolments import Asking
from innocap_lms.rounds.models import RoundAttendance, RoundEnrolment, RoundHelp
from tests.conftest import House
from tests.rounds.conftest import FIRST, LAST, Rounds, at

Browser = Callable[[str], FlaskClient]
LONG_AFTER = at(LAST + timedelta(days=181), 9)


def held_and_over(rounds: Rounds, house: House, browser_of: Browser) -> str:
    """The coach was there and asked for help; the colleague was asked and never answered."""
    round_id = rounds.add()
    coach = browser_of(house.coach)
    coach.post(f"/rounds/{round_id}/enrol")
    coach.post(f"/rounds/{round_id}/help", data={"text": "I do not hear well"})
    rounds.ask(round_id, house.colleague, Asking("hr", FIRST))
    with clock.at(at(FIRST, 13)):
        mine, session = rounds.enrolment(round_id, house.coach), rounds.sessions(round_id)[0]
        sent = browser_of(house.trainer).post(
            f"/rounds/{round_id}/sessions/{session}", data={f"minutes-{mine}": "120"}
        )
        assert sent.status_code == 303
    with clock.at(at(LAST + timedelta(days=1), 9)):
        rounds.follow()
    return round_id


def test_working_material_goes_after_half_a_year_and_who_was_there_stays(
    app: Flask, rounds: Rounds, house: House, browser_of: Browser
) -> None:
    round_id = held_and_over(rounds, house, browser_of)
    with app.app_context():
        with clock.at(LONG_AFTER - timedelta(days=1)):
            assert retention.dispose() == 0
        with clock.at(LONG_AFTER):
            assert retention.dispose() == 1
            assert retention.dispose() == 0, "once"
        assert db.session.scalars(select(RoundHelp.id)).all() == []
        assert db.session.scalars(select(RoundEnrolment.person_id)).all() == [house.coach]
        assert db.session.scalars(select(RoundAttendance.minutes)).all() == [120]
        [said] = db.session.execute(
            select(LedgerContent.person_id, LedgerContent.content)
            .join(LedgerEvent, LedgerEvent.id == LedgerContent.event_id)
            .where(LedgerEvent.kind == "round.disposed")
        )
        assert said.person_id is None
        assert (said.content["help"], said.content["places"]) == (1, 1)
        assert verify().ok
    with clock.at(LONG_AFTER):
        page = browser_of(house.coach).get(f"/rounds/{round_id}").text
        assert "Not completed in time" in page
        assert "I do not hear well" not in page


def test_a_site_may_keep_all_of_it(
    make_app: Callable[..., Flask],
    settings: Settings,
    rounds: Rounds,
    house: House,
    browser_of: Browser,
) -> None:
    held_and_over(rounds, house, browser_of)
    keeping = make_app(using=replace(settings, round_days=0))
    with keeping.app_context(), clock.at(LONG_AFTER):
        assert retention.dispose() == 0


def leave(app: Flask, house: House, person: str) -> None:
    with app.app_context(), writing():
        people.end_person(person, house.north, clock.utcnow(), lambda *_role: True)


def test_the_seat_of_who_has_left_goes_to_who_waits(
    app: Flask, rounds: Rounds, house: House, browser_of: Browser
) -> None:
    round_id = rounds.add(seats=1)
    browser_of(house.coach).post(f"/rounds/{round_id}/enrol")
    browser_of(house.colleague).post(f"/rounds/{round_id}/enrol")
    leave(app, house, house.coach)
    with clock.at(clock.utcnow() + timedelta(minutes=1)):
        assert rounds.follow() == 1
        assert rounds.follow() == 0
    assert rounds.state(round_id, house.coach) == "cancelled"
    assert rounds.state(round_id, house.colleague) == "enrolled"


def test_confirmed_hours_keep_the_name_of_who_has_left(
    app: Flask, rounds: Rounds, house: House, browser_of: Browser
) -> None:
    held_and_over(rounds, house, browser_of)
    for person in (house.coach, house.colleague):
        leave(app, house, person)
    with app.app_context(), clock.at(clock.utcnow() + timedelta(days=91)):
        assert dispose_profiles() == 2
        assert db.session.get_one(Person, house.coach).name == "Coach"
        assert db.session.get_one(Person, house.colleague).name == NAMELESS
