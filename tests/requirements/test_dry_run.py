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
    now = clock.utcnow()
    requirement = require(house, Rule("course", "first-steps", "employer", now.date(), due_days=60))
    at_once = Rule("course", "first-steps", "employer", now.date(), due_days=0)

    def late() -> list[str]:
        with clock.at(now + timedelta(days=2)):
            return effects(house.north, requirement, at_once, ZONE).made_late.names

    assert late() == ["Coach", "Colleague", "Other Coach"]
    with writing():
        coach, colleague, other = (
            About(one, house.north, house.hr)
            for one in (house.coach, house.colleague, house.other_coach)
        )
        services.pause(coach, now, None, "Parental leave")
        services.exempt(colleague, requirement, now, None, "Retires")
        credit(other, requirement, now, "Knows it", "")
    assert late() == []
