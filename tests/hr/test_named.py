"""What an address of follow-up names after its question mark: not another organisation's."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from innocap_lms import clock
from innocap_lms.extensions import db
from innocap_lms.hr.progress import FILES
from innocap_lms.ids import new_id
from innocap_lms.ledger.models import LedgerEvent
from innocap_lms.requirements.rules import Rule
from tests.conftest import House
from tests.requirements.test_following import follow, require

BrowserOf = Callable[[str], FlaskClient]


@pytest.fixture
def named(app: Flask, house: House, course: object) -> dict[str, str]:
    """Ids of North, by what an address calls them."""
    with app.app_context():
        today = clock.utcnow().date()
        requirement = require(house, Rule("course", "first-steps", "own", today, due_days=20))
        follow()
    return {
        "organisation": house.north,
        "unit": house.home,
        "requirement": requirement,
        "after": house.coach,
        "before": house.coach,
    }


def pages_of(app: Flask) -> Iterator[str]:
    """Every page and file of follow-up that can be narrowed, from the site's own list of routes."""
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith("/hr") and "GET" in (rule.methods or ()) and not rule.arguments:
            yield rule.rule
    yield from ("/hr/reports/expiring", "/hr/reports/expiring.csv", "/hr/reports/expiring.xlsx")
    yield from (f"/hr/exports/{new_id()}?of={file}&report=expiring" for file in FILES)


def refusals() -> int:
    kinds = select(LedgerEvent.id).where(LedgerEvent.kind == "access.refused")
    return len(db.session.scalars(kinds).all())


def test_what_is_another_organisations_is_not_there_whatever_page_or_file_is_asked_for(
    app: Flask, house: House, browser_of: BrowserOf, named: dict[str, str]
) -> None:
    stranger, pages = browser_of(house.stranger_hr), list(pages_of(app))
    assert len(pages) > 20
    asked = 0
    for page in pages:
        for name, its_id in named.items():
            address = f"{page}{'&' if '?' in page else '?'}{name}={its_id}"
            assert stranger.get(address).status_code == 404, address
            asked += 1
    with app.app_context():
        assert refusals() == asked


def test_what_is_not_there_at_all_is_answered_alike(
    house: House, browser_of: BrowserOf, named: dict[str, str]
) -> None:
    stranger = browser_of(house.stranger_hr)
    for name, its_id in named.items():
        theirs = stranger.get(f"/hr/matrix?{name}={its_id}")
        nowhere = stranger.get(f"/hr/matrix?{name}={'0' * 26}")
        assert (theirs.status_code, theirs.text) == (nowhere.status_code, nowhere.text)


def test_a_manager_asks_for_the_own_unit_and_those_below(
    house: House, browser_of: BrowserOf, named: dict[str, str]
) -> None:
    manager = browser_of(house.manager)
    for name, its_id in named.items():
        assert manager.get(f"/hr/matrix?{name}={its_id}").status_code == 200, name
    for others in (
        f"unit={house.office}",
        f"after={house.other_coach}",
        f"organisation={house.south}",
    ):
        assert manager.get(f"/hr/matrix?{others}").status_code == 404, others


def test_whoever_has_left_is_still_where_the_next_page_begins(
    app: Flask, house: House, browser_of: BrowserOf, named: dict[str, str]
) -> None:
    hr = browser_of(house.hr)
    hr.post(f"/admin/people/{house.coach}/leave", data={"organisation": house.north, "last": ""})
    assert hr.get(f"/hr/matrix?after={house.coach}").status_code == 200
