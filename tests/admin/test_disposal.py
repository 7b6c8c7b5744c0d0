"""Profiles of who has left: gone after a time, while what was completed stays as it was."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from innocap_lms import clock
from innocap_lms.admin.disposal import NAMELESS, dispose_profiles
from innocap_lms.config import Settings
from innocap_lms.extensions import db, writing
from innocap_lms.ledger.models import LedgerEvent
from innocap_lms.people import services
from innocap_lms.people.models import EmployeeNumber, Pass, Person
from innocap_lms.people.queries import find_account
from innocap_lms.self_assessment.models import Sitting
from innocap_lms.self_assessment.services import keep
from tests.conftest import House, take_first_steps

BrowserOf = Callable[[str], FlaskClient]
At = Callable[[datetime], AbstractContextManager[None]]


@pytest.fixture
def gone(app: Flask, house: House, course: object, browser_of: BrowserOf) -> House:
    """Coach, who has completed a course, and Colleague, who has not, have left today."""
    take_first_steps(browser_of(house.coach))
    app.extensions["innocap_relay"].run_due()
    with app.app_context(), writing():
        services.set_number(house.coach, house.north, "17")
        keep(house.coach, "walking", "one", {"uphill": 1})
        for person in (house.coach, house.colleague):
            services.end_person(person, house.north, clock.utcnow(), lambda *_role: True)
    return house


def person(person_id: str) -> Person:
    return db.session.get_one(Person, person_id, populate_existing=True)


def test_a_profile_goes_after_ninety_days_and_the_completion_stays(
    app: Flask, gone: House, browser_of: BrowserOf, clock_at: At
) -> None:
    with app.app_context():
        with clock_at(clock.utcnow() + timedelta(days=89)):
            assert dispose_profiles() == 0
        with clock_at(clock.utcnow() + timedelta(days=91)):
            assert dispose_profiles() == 2
            assert dispose_profiles() == 0, "once"
        assert find_account("coach@example.org") is None
        assert (person(gone.coach).name, person(gone.colleague).name) == ("Coach", NAMELESS)
        assert person(gone.coach).password_hash is None
        for table in (EmployeeNumber, Pass, Sitting):
            assert db.session.scalar(select(func.count()).select_from(table)) == 0
        events = select(func.count()).where(LedgerEvent.kind == "profile.disposed")
        assert db.session.scalar(events) == 2
    page = browser_of(gone.hr).get("/hr/reports/completions").text
    assert ">Coach</a>" in page


def test_whoever_came_back_or_goes_on_elsewhere_keeps_it(
    app: Flask, gone: House, clock_at: At
) -> None:
    with app.app_context():
        with writing():
            services.add_membership(gone.coach, "learner", gone.south, gone.far)
        with clock_at(clock.utcnow() + timedelta(days=91)):
            assert dispose_profiles() == 1
        assert find_account("coach@example.org") is not None


def test_a_site_may_keep_profiles(
    make_app: Callable[..., Flask], settings: Settings, gone: House, clock_at: At
) -> None:
    keeping = make_app(using=replace(settings, leaver_days=0))
    with keeping.app_context(), clock_at(clock.utcnow() + timedelta(days=1000)):
        assert dispose_profiles() == 0


def test_who_is_added_again_after_that_has_a_new_account(
    app: Flask, gone: House, clock_at: At
) -> None:
    with app.app_context(), clock_at(clock.utcnow() + timedelta(days=91)):
        dispose_profiles()
        with writing():
            again = services.invite_person(
                name="Coach",
                role="learner",
                email="coach@example.org",
                organisation_id=gone.north,
                send_mail=False,
            )
        assert again != gone.coach
