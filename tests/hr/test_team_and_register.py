"""The team of a manager and the register of coaches: who is listed, to whom, with what."""

import csv
import io
from collections.abc import Callable
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask.testing import FlaskClient

from innocap_lms import clock
from innocap_lms.hr import roster
from innocap_lms.people.viewer import Viewer
from innocap_lms.requirements.rules import Rule
from tests.conftest import House
from tests.requirements.test_following import follow, require

BrowserOf = Callable[[str], FlaskClient]
TEAM, REGISTER = "/hr/team", "/hr/reports/register"
OWN = {"manager": ("Coach", "Colleague"), "hr": ("Coach", "Colleague", "Other Coach")}
STRANGERS = ("stranger_hr", "stranger_manager")


def today() -> date:
    return clock.utcnow().astimezone(ZoneInfo("Europe/Stockholm")).date()


@pytest.fixture
def required(app: Flask, house: House, course: object) -> None:
    """The course, of North's learners, due in ten days."""
    with app.app_context():
        require(house, Rule("course", "first-steps", "own", today(), due=today() + timedelta(10)))
        follow()


def named(page: str, name: str) -> bool:
    return f">{name}</a></th>" in page or f">{name}</th>" in page


@pytest.mark.parametrize("address", [TEAM, REGISTER])
@pytest.mark.usefixtures("history")
def test_each_reader_finds_the_own_people_and_nobody_else(
    house: House, browser_of: BrowserOf, address: str
) -> None:
    for who, names in OWN.items():
        page = browser_of(getattr(house, who)).get(address).text
        assert all(named(page, name) for name in names), who
        assert not named(page, "Stranger")
    assert not named(browser_of(house.manager).get(address).text, "Other Coach")
    for who in STRANGERS:
        page = browser_of(getattr(house, who)).get(f"{address}?unit={house.home}").text
        assert not any(named(page, name) for name in OWN["hr"])
    assert browser_of(house.coach).get(address).status_code == 404


@pytest.mark.usefixtures("required")
def test_a_team_says_who_has_what_to_do_next(house: House, browser_of: BrowserOf) -> None:
    page = browser_of(house.manager).get(f"{TEAM}?unit={house.home}").text
    assert "<h1>Care › Home care</h1>" in page
    assert "Coach: First steps</a>" in page
    assert "Colleague: First steps</a>" in page
    assert "Other Coach" not in page
    assert "2 of them are asked for something; nobody is late." in " ".join(page.split())
    assert "Nothing is due in these days." not in page


@pytest.mark.usefixtures("required")
def test_a_protected_identity_is_not_named_in_lists_of_people(
    house: House, browser_of: BrowserOf, change_person: Callable[..., None]
) -> None:
    change_person(house.coach, protected=True, name="Zelda Hemlig")
    for address in (TEAM, REGISTER, f"{REGISTER}.csv"):
        page = browser_of(house.hr).get(address).text
        assert "Protected identity" in page
        assert "Zelda" not in page
        assert "Protected identity" not in browser_of(house.hr).get(f"{address}?name=Zelda").text


@pytest.mark.usefixtures("history")
@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        ({"track": "northern"}, {"Coach", "Colleague", "Other Coach"}),
        ({"track": "other"}, {"Coach"}),
        ({"track": "-"}, {"Manager", "Hr", "Trainer"}),
        ({"role": "trainer"}, {"Trainer"}),
        ({"unit": "care", "role": "learner"}, {"Coach", "Colleague"}),
        ({"name": "olle"}, {"Colleague"}),
    ],
)
def test_the_register_is_narrowed_alike_on_the_page_and_in_the_file(
    house: House, browser_of: BrowserOf, wanted: dict[str, str], names: set[str]
) -> None:
    query = {**wanted, "unit": getattr(house, wanted.get("unit", ""), wanted.get("unit", ""))}
    hr = browser_of(house.hr)
    page = hr.get(REGISTER, query_string=query).text
    everyone = {*OWN["hr"], "Manager", "Hr", "Trainer"}
    assert {name for name in everyone if named(page, name)} == names
    text = hr.get(f"{REGISTER}.csv", query_string=query).text.removeprefix("\ufeff")
    assert {row["Name"] for row in csv.DictReader(io.StringIO(text), delimiter=";")} == names


@pytest.mark.usefixtures("history")
def test_the_register_tells_tracks_last_completion_and_certificates(
    house: House, browser_of: BrowserOf
) -> None:
    text = browser_of(house.hr).get(f"{REGISTER}.csv?unit={house.home}").text
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff")), delimiter=";"))
    (coach,) = [row for row in rows if row["Name"] == "Coach"]
    assert coach["Role"] == "Learner"
    assert coach["Unit"] == "Care › Home care"
    assert coach["The northern track"] == "1"
    assert coach["Last completion"] == "2026-07-01"
    assert coach["Certificates"] == "2"


def test_who_leaves_is_in_the_register_no_more(
    house: House, browser_of: BrowserOf, change_person: Callable[..., None]
) -> None:
    change_person(house.coach, suspended_at=clock.utcnow())
    assert not named(browser_of(house.hr).get(REGISTER).text, "Coach")


@pytest.mark.usefixtures("in_app")
def test_pages_and_batches_of_the_register_hold_each_person_once(
    house: House, viewer: Callable[[str], Viewer], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(roster, "PAGE", 2)
    monkeypatch.setattr(roster, "AT_A_TIME", 2)
    hr, zone = viewer(house.hr), ZoneInfo("Europe/Stockholm")
    filters = roster.RosterFilters()
    everybody = [person.id for person in roster.everybody(hr, filters, zone)]
    assert len(everybody) == len(set(everybody)) == roster.count(hr, filters, zone) == 6
    first = roster.page(hr, filters, zone)
    second = roster.page(hr, filters, zone, after=first.after)
    back = roster.page(hr, filters, zone, before=second.before)
    assert [person.id for person in first.people + second.people] == everybody[:4]
    assert back == first


@pytest.mark.parametrize(("address", "most"), [(TEAM, 11), (REGISTER, 8)])
@pytest.mark.usefixtures("history", "required")
def test_a_list_of_people_takes_so_many_statements(
    house: House, browser_of: BrowserOf, statements: list[str], address: str, most: int
) -> None:
    browser = browser_of(house.hr)
    browser.get(address)
    statements.clear()
    browser.get(address)
    assert len(statements) <= most
