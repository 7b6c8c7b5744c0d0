"""What a rule would do is told before it is saved, and is what it then does."""

from collections.abc import Callable
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from flask.testing import FlaskClient

from innocap_lms import clock
from innocap_lms.extensions import writing
from innocap_lms.people import services as people
from innocap_lms.requirements import services
from innocap_lms.requirements.dry_run import effects
from innocap_lms.requirements.noting import credit
from innocap_lms.requirements.rules import Rule
from innocap_lms.requirements.services import About
from tests.conftest import House, take_first_steps
from tests.requirements.test_following import follow, require

ZONE = ZoneInfo("Europe/Stockholm")
Browser = Callable[[str], FlaskClient]


@pytest.mark.usefixtures("in_app", "course")
def test_a_shorter_time_tells_who_would_be_late(house: House, browser_of: Browser) -> None:
    began = clock.utcnow() - timedelta(days=30)
    with clock.at(began):
        for person in (house.coach, house.colleague):
            with writing():
                people.add_membership(person, "learner", house.north, house.office,
                                      valid_from=began)  # fmt: skip
        rule = Rule("course", "first-steps", "employer", began.date(), due_days=60)
        requirement = require(house, rule)
    take_first_steps(browser_of(house.coach))
    follow()
    shorter = Rule("course", "first-steps", "employer", began.date(), due_days=10)
    found = effects(house.north, requirement, shorter, ZONE)
    assert (found.asked, found.made_late.names) == (3, ["Colleague"])
    assert (found.added.number, found.dropped.number) == (0, 0)


@pytest.mark.usefixtures("in_app", "course")
def test_who_is_paused_exempt_or_credited_would_not_be_late(house: House) -> None:
    began = clock.utcnow() - timedelta(days=30)
    with clock.at(began):
        rule = Rule("course", "first-steps", "employer", began.date(), due_days=60)
        requirement = require(house, rule)
    everybody = Rule("course", "first-steps", "employer", began.date(), due_days=0)
    with clock.at(began + timedelta(days=1)):
        assert effects(house.north, requirement, everybody, ZONE).made_late.number == 3

    def about(person: str) -> About:
        return About(person, house.north, house.hr)

    with clock.at(began), writing():
        services.pause(about(house.coach), began, None, "Parental leave")
        services.exempt(about(house.colleague), requirement, began, None, "Retires")
        credit(about(house.other_coach), requirement, began, "Knows it", "")
    with clock.at(began + timedelta(days=1)):
        assert effects(house.north, requirement, everybody, ZONE).made_late.names == []
