"""A self-assessment is there for whoever made it, and for nobody else."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from innocap_lms import clock
from innocap_lms.config import Settings
from innocap_lms.extensions import db
from innocap_lms.ledger.models import LedgerEvent
from innocap_lms.self_assessment.models import Sitting
from tests.conftest import House

Browser = Callable[[str], FlaskClient]
At = Callable[[datetime], AbstractContextManager[None]]

ALL, WALKING = "/me/self-assessments", "/me/self-assessments/walking"
BEFORE = {"key": "one", "uphill": "1", "downhill": "2", "rowing": "3"}
AFTER = {"key": "two", "uphill": "3", "downhill": "2", "rowing": "2"}


def kept(app: Flask) -> list[Sitting]:
    with app.app_context():
        return list(db.session.scalars(select(Sitting).order_by(Sitting.taken_at)))


@pytest.fixture
def coach(house: House, browser_of: Browser, clock_at: At) -> FlaskClient:
    """The coach, who placed themselves a month ago and today."""
    browser = browser_of(house.coach)
    with clock_at(clock.utcnow() - timedelta(days=30)):
        assert browser.post(f"{WALKING}/new", data=BEFORE).status_code == 303
    assert browser.post(f"{WALKING}/new", data=AFTER).status_code == 303
    return browser


def test_the_owner_sees_the_first_time_and_the_latest_as_a_chart_and_a_table(
    coach: FlaskClient,
) -> None:
    page = coach.get(WALKING).text
    assert "1 higher, 1 the same, 1 lower" in page
    assert page.count('role="img"') == 2  # a chart for each area
    row = page.partition('<th scope="row">Uphill</th>')[2].partition("</tr>")[0]
    assert row == "<td>Not yet</td><td>On my own</td>"


def test_after_one_time_there_is_nothing_to_compare_with(house: House, browser_of: Browser) -> None:
    browser = browser_of(house.coach)
    assert "You have not placed yourself yet" in browser.get(WALKING).text
    browser.post(f"{WALKING}/new", data=BEFORE)
    page = browser.get(WALKING).text
    assert '<th scope="row">Uphill</th><td>Not yet</td></tr>' in page
    assert "higher" not in page


def test_the_way_there_leads_over_ones_own_page(coach: FlaskClient) -> None:
    assert f'href="{ALL}"' in coach.get("/me").text
    assert f'href="{WALKING}"' in coach.get(ALL).text


def test_a_colleague_and_a_stranger_have_pages_of_their_own_and_nothing_of_another(
    app: Flask, house: House, coach: FlaskClient, browser_of: Browser
) -> None:
    first, _latest = kept(app)
    for other in (house.colleague, house.stranger, house.hr, house.manager, house.trainer):
        browser = browser_of(other)
        assert "You have not placed yourself yet" in browser.get(WALKING).text
        assert browser.get(f"{WALKING}.json").json["sittings"] == []  # type: ignore[index]
        answer = browser.post(f"{WALKING}/erasure", data={"sitting": first.id})
        assert answer.status_code == 404
    assert len(kept(app)) == 2


def test_who_is_not_signed_in_is_asked_to(app: Flask) -> None:
    browser = app.test_client()
    for address in (ALL, WALKING, f"{WALKING}/new", f"{WALKING}.json"):
        assert "/login" in browser.get(address).headers["Location"]


def test_no_page_or_file_of_follow_up_and_no_event_knows_of_it(
    app: Flask, house: House, browser_of: Browser
) -> None:
    with app.app_context():
        events = db.session.scalar(select(func.count()).select_from(LedgerEvent))
    browser_of(house.coach).post(f"{WALKING}/new", data=BEFORE)
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(LedgerEvent)) == events
    hr = browser_of(house.hr)
    pages = (f"/hr/people/{house.coach}", f"/hr/people/{house.coach}/record", "/hr/team")
    for address in (*pages, "/hr/reports/register.csv"):
        assert "Walking" not in hr.get(address).text, address


def test_one_or_all_can_be_erased_and_are_gone(app: Flask, coach: FlaskClient) -> None:
    first, latest = kept(app)
    page = coach.post(f"{WALKING}/erasure", data={"sitting": first.id}, follow_redirects=True)
    assert "Erased." in page.text
    assert [each.id for each in kept(app)] == [latest.id]
    coach.post(f"{WALKING}/erasure")
    assert kept(app) == []
    assert coach.post(f"{WALKING}/erasure").status_code == 404


def test_a_form_that_is_sent_twice_is_kept_once(
    app: Flask, house: House, browser_of: Browser
) -> None:
    for _again in range(2):
        browser_of(house.coach).post(f"{WALKING}/new", data=BEFORE)
    browser_of(house.colleague).post(f"{WALKING}/new", data=BEFORE)
    assert sorted(each.person_id for each in kept(app)) == sorted([house.coach, house.colleague])


@pytest.mark.parametrize(
    ("sent", "levels"),
    [
        ({"uphill": "2"}, {"uphill": 2}),
        ({"uphill": "2", "downhill": "4", "rowing": "0", "sailing": "1"}, {"uphill": 2}),
        ({"uphill": "9"}, None),
        ({}, None),
    ],
)
def test_what_is_no_level_is_left_out_and_nothing_at_all_is_asked_for_again(
    app: Flask,
    house: House,
    browser_of: Browser,
    sent: dict[str, str],
    levels: dict[str, int] | None,
) -> None:
    answer = browser_of(house.coach).post(f"{WALKING}/new", data={"key": "one", **sent})
    if levels is None:
        assert answer.status_code == 422
        assert "Choose a level for at least one of them." in answer.text
        assert kept(app) == []
    else:
        assert [each.levels for each in kept(app)] == [levels]


def test_the_owner_takes_it_along_in_words(coach: FlaskClient) -> None:
    answer = coach.get(f"{WALKING}.json")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="walking.json"'
    found = answer.json
    assert found is not None
    assert found["title"] == "Walking"
    assert found["sittings"][0]["levels"] == {
        "Uphill": "Not yet",
        "Downhill": "With help",
        "Rowing": "On my own",
    }


def test_when_its_plugin_is_gone_it_can_still_be_erased(
    app: Flask,
    settings: Settings,
    make_app: Callable[..., Flask],
    sign_in: Callable[[FlaskClient, str], FlaskClient],
    house: House,
    coach: FlaskClient,
) -> None:
    without = make_app(using=replace(settings, plugin_dirs=()))
    browser = sign_in(without.test_client(), house.coach)
    assert browser.get(WALKING).status_code == 404
    assert "does not offer it any more" in browser.get(ALL).text
    assert browser.post(f"{WALKING}/erasure").status_code == 303
    assert kept(app) == []


def test_a_level_or_competence_that_is_no_more_is_left_out(app: Flask, coach: FlaskClient) -> None:
    there = app.extensions["innocap_host"].self_assessments
    walking = there["walking"]
    there["walking"] = replace(walking, levels=walking.levels[:2], areas=walking.areas[:1])
    page = coach.get(WALKING).text
    assert '<th scope="row">Uphill</th><td>Not yet</td><td>–</td>' in page
    assert "Rowing" not in page
    assert coach.get(f"{WALKING}.json").status_code == 200
