"""Who is asked for a course anew can take it again, although the course itself still counts."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete

from innocap_lms import clock
from innocap_lms.catalogue.queries import offering
from innocap_lms.extensions import db, writing
from innocap_lms.learning.calls import call_for_renewal
from innocap_lms.requirements import services
from innocap_lms.requirements.days import today
from innocap_lms.requirements.models import Followed, KnownDay, Overall, Standing, Tally
from innocap_lms.requirements.rules import Rule
from innocap_lms.requirements.services import About
from tests.conftest import House, take_first_steps
from tests.requirements.test_following import follow, now, require, rows

Browser = Callable[[str], FlaskClient]


@pytest.fixture
def offered(browser_of: Browser) -> Callable[[str], bool]:
    """Whether somebody is offered to take the course again."""
    return lambda who: (
        "/courses/first-steps/renew" in browser_of(who).get("/courses/first-steps").text
    )


@pytest.fixture
def yearly(app: Flask, house: House, course: object, browser_of: Browser) -> None:
    """The course counts for 24 months, North asks for it every 12. Coach and stranger, who is of
    South, have completed it; the standings have not followed yet."""
    with app.app_context():
        require(
            house,
            Rule("course", "first-steps", "employer", today(), due_days=60,
                 validity_months=12, renewal_opens_days=60),
        )  # fmt: skip
        follow()
    for person in (house.coach, house.stranger):
        take_first_steps(browser_of(person))


@pytest.mark.usefixtures("yearly")
def test_a_requirement_stricter_than_the_course_lets_it_be_taken_again(
    app: Flask, house: House, browser_of: Browser, offered: Callable[[str], bool]
) -> None:
    assert not offered(house.coach), "nor in the minute before standings follow"
    with app.app_context():
        follow()
    with clock.at(clock.utcnow() + timedelta(days=300)):
        assert not offered(house.coach)
    with clock.at(clock.utcnow() + timedelta(days=310)):
        assert offered(house.coach)
        assert not offered(house.stranger), "nobody requires it of them"
        take_first_steps(browser_of(house.coach), "renew")
        assert not offered(house.coach), "and at once no more"
        with app.app_context():
            follow()
            assert now(house.coach)[0] == "valid"


@pytest.mark.usefixtures("yearly")
def test_while_a_pause_lasts_nothing_is_asked_for_again(
    app: Flask, house: House, offered: Callable[[str], bool]
) -> None:
    with clock.at(clock.utcnow() + timedelta(days=400)):
        with app.app_context():
            about = About(house.coach, house.north, house.hr)
            with writing():
                services.pause(about, clock.utcnow(), None, "Parental leave")
            follow()
        assert not offered(house.coach)


@pytest.mark.usefixtures("yearly")
def test_a_course_that_asks_to_be_taken_again_moves_no_standing_of_an_employer(app: Flask) -> None:
    with app.app_context():
        follow()
        before = rows()
        found = offering("first-steps")
        assert found is not None
        with writing():
            call_for_renewal(found.edition, None)
        follow()
        assert rows() == before
        with writing():
            for table in (Standing, Overall, Tally, KnownDay, Followed):
                db.session.execute(delete(table))
        follow()
        assert rows() == before, "made anew of the ledger"
