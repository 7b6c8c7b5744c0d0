"""The tree of units on a past day: filters and names say what they said then."""

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask.testing import FlaskClient

from innocap_lms import clock
from innocap_lms.extensions import writing
from innocap_lms.ledger.services import record
from innocap_lms.people import services as people
from innocap_lms.requirements.rules import Rule
from tests.conftest import House
from tests.hr.conftest import Complete
from tests.requirements.test_following import follow, require

BrowserOf = Callable[[str], FlaskClient]
At = Callable[[datetime], AbstractContextManager[None]]
MATRIX = "/hr/matrix"


def today() -> date:
    """The day it is at the site, which late in the evening is one ahead of UTC's."""
    return clock.utcnow().astimezone(ZoneInfo("Europe/Stockholm")).date()


@pytest.fixture
def moved(app: Flask, house: House, course: object, clock_at: At) -> Iterator[date]:
    """Home care lay under Care for five days; a week later, which it is now, it lies under Office
    and is called At home. Gives a day before that."""
    begun, later = today(), clock.utcnow() + timedelta(days=7)
    with app.app_context():
        require(house, Rule("course", "first-steps", "own", begun, due_days=60))
        follow()
        with clock_at(clock.utcnow() + timedelta(days=5)), writing():
            people.move_unit(house.home, house.office)
            people.rename_unit(house.home, "At home")
        with clock_at(later):
            follow()
    with clock_at(later):
        yield begun + timedelta(days=2)


def named(page: str) -> set[str]:
    return {name for name in ("Coach", "Colleague", "Other Coach") if f">{name}</a>" in page}


def test_the_unit_filter_of_a_past_day_takes_that_days_tree(
    app: Flask, house: House, moved: date, browser_of: BrowserOf
) -> None:
    hr = browser_of(house.hr)
    assert named(hr.get(f"{MATRIX}?unit={house.care}").text) == set()
    assert named(hr.get(f"{MATRIX}?unit={house.office}").text) == {
        "Coach",
        "Colleague",
        "Other Coach",
    }
    then = f"&on={moved}"
    assert named(hr.get(f"{MATRIX}?unit={house.care}{then}").text) == {"Coach", "Colleague"}
    assert named(hr.get(f"{MATRIX}?unit={house.office}{then}").text) == {"Other Coach"}
    lines = hr.get(f"{MATRIX}.csv?unit={house.care}{then}").text.splitlines()[1:]
    assert {line.split(";")[0] for line in lines} == {"Coach", "Colleague"}


def test_a_report_of_days_that_are_over_says_what_it_said_before_a_unit_moved(
    house: House, moved: date, complete: Complete, browser_of: BrowserOf
) -> None:
    with clock.at(datetime.combine(moved, time(12), UTC)):
        complete(house.coach, house.home, clock.utcnow())
        complete(house.other_coach, house.office, clock.utcnow())
    hr, then = browser_of(house.hr), f"&to={moved}"
    for page in ("/hr/reports/completions", "/hr/reports/completions.csv"):
        for unit, of_today, of_then in (
            (house.care, set(), {"Coach"}),
            (house.office, {"Coach", "Other Coach"}, {"Other Coach"}),
        ):
            assert found(hr.get(f"{page}?unit={unit}").text) == of_today
            assert found(hr.get(f"{page}?unit={unit}{then}").text) == of_then
    assert ";At home;" in hr.get("/hr/reports/completions.csv").text
    assert ";Home care;" in hr.get(f"/hr/reports/completions.csv?{then}").text
    dashboard = hr.get(f"/hr?unit={house.care}&on={moved}").text
    assert '<td class="number">1.5</td>' in dashboard, "its hours"


def found(text: str) -> set[str]:
    """Whom a page or a CSV names in a line of theirs."""
    return {
        name for name in ("Coach", "Other Coach") if re.search(rf"^{name};|>{name}</a>", text, re.M)
    }


def test_a_past_day_has_the_names_its_units_had(
    house: House, moved: date, browser_of: BrowserOf
) -> None:
    hr = browser_of(house.hr)
    assert "Office › At home" in hr.get(MATRIX).text
    then = hr.get(f"{MATRIX}?on={moved}").text
    assert "Care › Home care" in then
    assert "At home" not in then
    assert "Care › Home care" in hr.get(f"{MATRIX}.csv?on={moved}").text
    assert "Care › Home care" in hr.get(f"/hr?on={moved}").text


def test_what_was_shown_that_day_leaves_out_a_move_that_became_known_later(
    app: Flask, house: House, moved: date, browser_of: BrowserOf, clock_at: At
) -> None:
    """The move was recorded after that day, as one that had happened before it."""
    hr = browser_of(house.hr)
    with app.app_context(), writing():
        path = f"/{house.office}/{house.home}/"
        record(
            "unit.moved",
            person_id=None,
            actor_id=house.hr,
            organisation_id=house.north,
            happened_at=clock.utcnow() - timedelta(days=6),
            content={"unit": house.home, "name": "At home", "path": path},
        )
    with app.app_context():
        follow()
    then = f"{MATRIX}?on={moved}&unit={house.care}"
    assert named(hr.get(then).text) == set()
    assert named(hr.get(f"{then}&known=shown").text) == {"Coach", "Colleague"}


def test_a_unit_of_another_organisation_is_no_filter(
    house: House, moved: date, browser_of: BrowserOf
) -> None:
    stranger = browser_of(house.stranger_hr)
    for query in (f"unit={house.care}", f"unit={house.care}&on={moved}", "unit=none"):
        assert named(stranger.get(f"{MATRIX}?{query}").text) == set()
