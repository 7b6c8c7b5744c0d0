"""A requirement of North, and ways to look at how people stand."""

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask

from innocap_lms.catalogue.queries import OfferingView
from innocap_lms.extensions import writing
from innocap_lms.ledger.services import seal
from innocap_lms.requirements import following, services
from innocap_lms.requirements.asking_why import why
from innocap_lms.requirements.days import site_zone, today
from innocap_lms.requirements.rules import Rule
from tests.conftest import House

Stands = Callable[..., str]


def settle() -> None:
    """Seal what has happened, and let standings follow."""
    with writing():
        while seal():
            pass
    following.follow()


@pytest.fixture
def required(app: Flask, house: House, course: OfferingView) -> str:
    """North requires first-steps of its learners since January 2026."""
    rule = Rule("course", course.course_id, "employer", date(2026, 1, 1))
    with app.app_context(), writing():
        return services.set_requirement(house.north, rule, house.hr)


@pytest.fixture
def stands(app: Flask, required: str) -> Stands:
    """How somebody stands towards the requirement today."""

    def on(person_id: str, organisation_id: str) -> str:
        with app.app_context():
            settle()
            zone = site_zone()
            answer = why(person_id, required, organisation_id, zone, today())
            return answer.period.state if answer.period else ""

    return on
