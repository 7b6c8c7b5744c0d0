"""Hundreds of units are told by those above them, and can be opened from there."""

from collections.abc import Callable

import pytest
from flask import Flask

from innocap_lms import clock
from innocap_lms.hr import unit_levels
from innocap_lms.hr.unit_levels import told_by, with_more
from innocap_lms.requirements.rules import Rule
from tests.conftest import House
from tests.hr.test_follow_up_scope import BrowserOf
from tests.requirements.test_following import follow, require

AtMost = Callable[[int], None]
WAYS = {
    "town": ["town"],
    "care": ["town", "care"],
    "home": ["town", "care", "home"],
    "night": ["town", "care", "night"],
    "school": ["town", "school"],
}


@pytest.fixture
def at_most(monkeypatch: pytest.MonkeyPatch) -> AtMost:
    """Sets how many rows are few."""
    return lambda number: monkeypatch.setattr(unit_levels, "MOST", number)


def test_few_units_are_each_told_by_themselves(at_most: AtMost) -> None:
    at_most(5)
    assert told_by(WAYS, WAYS) == {unit: unit for unit in WAYS}
    assert told_by([], {}) == {}


def test_many_are_told_by_the_deepest_level_with_few(at_most: AtMost) -> None:
    at_most(4)
    told = told_by(WAYS, WAYS)
    assert told == {
        "town": "town", "care": "care", "home": "care", "night": "care", "school": "school"
    }  # fmt: skip
    assert with_more(told) == {"care"}


def test_where_one_level_has_too_many_it_is_not_left_out(at_most: AtMost) -> None:
    at_most(5)
    flat = {f"unit {number}": ["town", f"unit {number}"] for number in range(9)}
    assert told_by(flat, flat) == {unit: unit for unit in flat}


def test_the_whole_organisation_tells_of_itself(at_most: AtMost) -> None:
    at_most(3)
    assert told_by(["", "home", "night", "school"], WAYS)[""] == ""


@pytest.fixture
def many(app: Flask, house: House, at_most: AtMost) -> None:
    """More units than the dashboard tells apart."""
    at_most(1)
    with app.app_context():
        rule = Rule("course", "first-steps", "own", clock.utcnow().date(), due_days=60)
        require(house, rule)
        follow()


@pytest.mark.usefixtures("many")
def test_the_dashboard_tells_many_units_by_those_above_and_opens_them(
    house: House, browser_of: BrowserOf
) -> None:
    hr = browser_of(house.hr)
    page = hr.get("/hr").text
    care = f'href="/hr?unit={house.care}"'
    assert care in page
    assert house.home not in page
    inside = hr.get(f"/hr?unit={house.care}").text
    assert "<strong>Care</strong>" in inside
    assert f'href="/hr/matrix?unit={house.home}"' in inside
    assert "Show everything" in inside
    assert "Show everything" not in page
