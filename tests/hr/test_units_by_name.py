"""Of hundreds of units one is asked for by its name: where that leads, and what is said else."""

from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient

from innocap_lms.extensions import writing
from innocap_lms.people import services as people
from tests.conftest import House

BrowserOf = Callable[[str], FlaskClient]
LISTS = (
    "/hr/matrix", "/hr/team", "/hr/reports/completions", "/hr/reports/register",
)  # fmt: skip


@pytest.fixture
def many(app: Flask, house: House) -> House:
    """North with so many units that they are asked for by name."""
    with app.app_context(), writing():
        for number in range(60):
            people.create_unit(house.north, f"School {number:02}", house.office)
    return house


@pytest.mark.parametrize("address", LISTS)
def test_many_units_are_offered_by_name_and_few_in_a_list(
    many: House, browser_of: BrowserOf, address: str
) -> None:
    page = browser_of(many.hr).get(address).text
    assert 'name="in"' in page
    assert '<option value="Office › School 07">' in page
    assert "All units" not in page
    assert '<select class="input" id="field-unit"' in browser_of(many.stranger_hr).get(address).text


@pytest.mark.parametrize(
    "name", ["Care › Home care", "home CARE", " Home care ", "home c", "re › home"]
)
def test_a_name_or_a_part_that_only_one_unit_has_leads_to_it_with_all_other_filters(
    many: House, browser_of: BrowserOf, name: str
) -> None:
    hr = browser_of(many.hr)
    answer = hr.get(
        "/hr/matrix", query_string={"in": name, "state": "late", "unit": "", "name": ""}
    )
    assert answer.status_code == 302
    there = urlsplit(answer.headers["Location"])
    assert there.path == "/hr/matrix"
    assert parse_qs(there.query) == {"state": ["late"], "unit": [many.home]}
    page = hr.get(answer.headers["Location"]).text
    assert 'value="Care › Home care"' in page.partition("<datalist")[0]


@pytest.mark.parametrize(
    ("name", "said"),
    [("Zoo", "No unit is called “Zoo”."), ("School", "Several units fit “School”")],
)
def test_a_name_of_none_or_of_several_is_said_and_all_units_are_shown(
    many: House, browser_of: BrowserOf, name: str, said: str
) -> None:
    hr = browser_of(many.hr)
    answer = hr.get(
        "/hr/matrix", query_string={"in": name, "unit": many.home}, follow_redirects=True
    )
    assert answer.request.query_string == b""
    assert said in answer.text


def test_a_unit_of_others_has_no_name_and_of_two_organisations_the_chosen_one_counts(
    app: Flask, many: House, browser_of: BrowserOf
) -> None:
    with app.app_context(), writing():
        far_school = people.create_unit(many.south, "School 07")
    for reader in (many.hr, many.manager):
        said = browser_of(reader).get("/hr/matrix?in=Far+away", follow_redirects=True).text
        assert "No unit is called “Far away”." in said
    admin = browser_of(many.admin)
    both = admin.get("/hr/matrix?in=School+07", follow_redirects=True)
    assert "Several units fit" in both.text
    one = admin.get(f"/hr/matrix?in=School+07&organisation={many.south}")
    assert f"unit={far_school}" in one.headers["Location"]


def test_nobody_without_follow_up_is_led_anywhere(many: House, browser_of: BrowserOf) -> None:
    assert browser_of(many.coach).get("/hr/matrix?in=Care").status_code in (403, 404)
    there = browser_of(many.hr).get("/hr/matrix?in=Home+care&_scheme=javascript&_external=1")
    assert there.headers["Location"].startswith("/hr/matrix?_scheme=javascript")
