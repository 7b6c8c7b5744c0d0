"""A requirement that asks for a programme: begun by joining, in order once it is completed."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from innocap_lms import clock
from innocap_lms.credentials.services import issue_certificate, revoke
from innocap_lms.extensions import db, writing
from innocap_lms.learning.models import Completion
from innocap_lms.people.models import Person
from innocap_lms.requirements.days import site_zone, today
from innocap_lms.requirements.dry_run import effects
from innocap_lms.requirements.rules import Rule
from tests.conftest import House
from tests.programmes import take, walk
from tests.requirements.test_following import follow, now, require

Browser = Callable[[str], FlaskClient]


@pytest.mark.usefixtures("in_app")
def test_a_programme_is_followed_from_joining_to_its_certificate_and_beyond(
    app: Flask, house: House, browser_of: Browser, tmp_path: Path
) -> None:
    walk(app, tmp_path)
    require(house, Rule("programme", "walker", "employer", today(), due_days=60))
    coach = browser_of(house.coach)
    take(coach, "first-steps")
    follow()
    assert now(house.coach)[0] == "not_due", "a course of it is not the programme"
    coach.post("/programmes/walker/start")
    follow()
    assert now(house.coach)[0] == "in_progress"
    take(coach, "hill-steps")
    follow()
    assert now(house.coach) == ["valid"]
    page = coach.get("/me/requirements").text
    assert '<a href="/programmes/walker">The walker</a>' in page
    name = db.session.scalars(select(Completion.id).where(Completion.kind == "programme")).one()
    settings = app.extensions["innocap_settings"]
    with writing():
        certificate = issue_certificate(name, settings)
        revoke(certificate, "It was somebody else.", house.hr)
    follow()
    assert "valid" not in now(house.coach)


@pytest.mark.usefixtures("in_app", "course")
def test_a_rule_tried_out_says_who_would_be_mailed(house: House, browser_of: Browser) -> None:
    zone: ZoneInfo = site_zone()
    soon = Rule("course", "first-steps", "employer", today(), due=today() + timedelta(days=20))
    later = Rule("course", "first-steps", "employer", today(), due=today() + timedelta(days=90))
    take(browser_of(house.coach), "first-steps")
    found = effects(house.north, None, soon, zone)
    assert found.mailed.names == ["Colleague", "Other Coach"], "not who has it already"
    assert effects(house.north, None, later, zone).mailed.number == 0
    requirement = require(house, soon)
    assert effects(house.north, requirement, soon, zone).mailed.number == 0, "they are already"
    assert effects(house.north, requirement, later, zone).mailed.number == 0


@pytest.mark.usefixtures("in_app", "course")
def test_whom_no_mail_reaches_is_not_counted_as_mailed(house: House) -> None:
    soon = Rule("course", "first-steps", "employer", today(), due=today() + timedelta(days=20))
    with writing():
        db.session.get_one(Person, house.colleague).suspended_at = clock.utcnow()
    found = effects(house.north, None, soon, site_zone())
    assert "Colleague" not in found.mailed.names
    assert "Coach" in found.mailed.names
