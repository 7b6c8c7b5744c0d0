"""The programme coordinator: counts across organisations, nobody in them to be told."""

import csv
import io
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from innocap_lms.extensions import db, writing
from innocap_lms.hr.coordination import ALL, SITE, Count, figures, months
from innocap_lms.ledger.models import LedgerContent, LedgerEvent
from innocap_lms.people import services as people
from innocap_lms.people.identity import InvalidInputError
from innocap_lms.requirements.days import site_zone
from innocap_lms.requirements.rules import Rule
from tests.conftest import House
from tests.hr.conftest import Complete
from tests.requirements.test_following import follow, require

BrowserOf = Callable[[str], FlaskClient]
At = Callable[[datetime], AbstractContextManager[None]]
OCTOBER = date(2036, 10, 1)
# Long after the house was built, so that its people have their roles.
NOVEMBER = datetime(2036, 11, 20, 9, tzinfo=UTC)
PAGE = "/coordination"


@pytest.fixture(autouse=True)
def it_is_november(house: House, clock_at: At) -> Iterator[None]:
    with clock_at(NOVEMBER):
        yield


@pytest.fixture
def coordinator(app: Flask, house: House) -> str:
    with app.app_context(), writing():
        return people.invite_person(
            name="Corinne",
            role="coordinator",
            email="corinne@example.org",
            language="en",
            send_mail=False,
        )


@pytest.fixture
def october(app: Flask, house: House, complete: Complete) -> None:
    """Seven completed in North and six in South, one of those six in Finland's only organisation;
    one person of North twice, in two tracks."""
    when = datetime(2036, 10, 12, 9, tzinfo=UTC)
    with app.app_context(), writing():
        finland = people.create_organisation("Pohjola", country="FI")
        many = [newcomer(house.north, house.home, number) for number in range(5)]
        away = [newcomer(house.south, house.far, number) for number in range(5, 10)]
        finn = newcomer(finland, None, 99)
    for person in (*many, house.coach, house.colleague):
        complete(person, house.home, when)
    for person in away:
        complete(person, house.far, when)
    complete(finn, None, when, organisation_id=finland)
    complete(house.coach, house.home, when, course_id="other", track="southern")


def newcomer(organisation: str, unit: str | None, number: int) -> str:
    return people.invite_person(
        name=f"Newcomer {number}",
        role="learner",
        email=f"newcomer{number}@example.org",
        organisation_id=organisation,
        unit_id=unit,
        send_mail=False,
    )


@pytest.mark.usefixtures("in_app", "october")
def test_a_person_counts_once_in_each_cell_and_small_cells_are_left_out(house: House) -> None:
    found = figures("completed", OCTOBER, site_zone()).cells
    assert found[SITE, ALL] == Count(13, 14)
    north, south = ("SE", house.north), ("SE", house.south)
    assert found[north, ALL] is None or found[south, ALL] is None, "for the one in Finland"
    assert found[("FI", ""), ALL] is None, "one person"
    assert found[SITE, "southern"] is None, "one person"
    assert found[north, "southern"] is None
    assert found[south, "southern"] == Count(0, 0), "nobody can be shown"


@pytest.mark.usefixtures("in_app", "october")
def test_what_was_revoked_is_in_no_month(
    house: House, complete: Complete, revoke: Callable[[str], None]
) -> None:
    revoke(complete(house.other_coach, house.office, datetime(2036, 10, 13, 9, tzinfo=UTC)))
    assert figures("completed", OCTOBER, site_zone()).cells[SITE, ALL] == Count(13, 14)


@pytest.mark.usefixtures("october")
def test_the_page_and_the_file_say_the_same_and_name_nobody(
    house: House, coordinator: str, browser_of: BrowserOf
) -> None:
    browser = browser_of(coordinator)
    page = browser.get(PAGE)
    assert page.status_code == 200
    assert "Finland" in page.text
    assert "Newcomer" not in page.text
    assert house.coach not in page.text
    file = browser.get(f"{PAGE}.csv")
    rows = list(csv.DictReader(io.StringIO(file.text.lstrip("\ufeff")), delimiter=";"))
    newest = [row for row in rows if row["Month"] == "2036-10" and row["Standing"] == "Completed"]
    assert {row["Month"] for row in rows} >= {"2036-10", "2035-11"}
    total = newest[-1]
    assert (total["Country"], total["Track"], total["Persons"]) == ("", "", "13")
    assert any(row["Persons"] == row["Participations"] == ".." for row in newest)
    assert not any(0 < int(row["Persons"]) < 5 for row in rows if row["Persons"] != "..")
    assert "Newcomer" not in file.text


@pytest.mark.usefixtures("october")
def test_nobody_else_finds_the_figures(house: House, browser_of: BrowserOf) -> None:
    for other in (house.hr, house.manager, house.trainer, house.coach, house.stranger_hr):
        for path in (PAGE, f"{PAGE}.csv"):
            assert browser_of(other).get(path).status_code == 404
    assert browser_of(house.admin).get(PAGE).status_code == 200


@pytest.mark.usefixtures("october")
def test_a_coordinator_finds_no_page_about_people(
    house: House, coordinator: str, browser_of: BrowserOf
) -> None:
    browser = browser_of(coordinator)
    for path in ("/hr", "/hr/matrix", "/hr/reports/completions.csv", f"/hr/people/{house.coach}",
                 "/admin", "/admin/people", f"/admin/people/{house.coach}"):  # fmt: skip
        assert browser.get(path).status_code == 404


@pytest.mark.parametrize("month", ["2036-11", "2037-01", "2001-01", "last", "2036-13"])
def test_only_months_that_are_over_are_shown(
    coordinator: str, browser_of: BrowserOf, month: str
) -> None:
    """With the month that goes on, two looks would tell of the person between them."""
    browser = browser_of(coordinator)
    answer = browser.get(f"{PAGE}?month={month}")
    assert answer.status_code == 400
    assert "Choose one of the months" in answer.text
    assert browser.get(f"{PAGE}.csv?month={month}").status_code == 400


def test_the_newest_month_is_that_of_the_sites_day() -> None:
    assert months(date(2036, 1, 31))[0] == date(2035, 12, 1)
    assert len(set(months(date(2036, 1, 31)))) == 24


@pytest.mark.usefixtures("in_app")
def test_a_completion_in_the_last_hour_of_the_sites_month_is_of_that_month(
    house: House, complete: Complete
) -> None:
    for person in (house.coach, house.colleague, house.other_coach, house.manager, house.trainer):
        complete(person, house.home, datetime(2036, 10, 31, 22, 59, tzinfo=UTC))  # 23:59 there
    assert figures("completed", OCTOBER, site_zone()).cells[SITE, ALL] == Count(5, 5)
    complete(house.hr, house.home, datetime(2036, 9, 30, 22, 30, tzinfo=UTC))  # October there
    assert figures("completed", OCTOBER, site_zone()).cells[SITE, ALL] == Count(6, 6)


@pytest.mark.usefixtures("in_app")
def test_what_is_begun_or_late_is_counted_as_the_month_ended(
    app: Flask, house: House, course: object, browser_of: BrowserOf, clock_at: At
) -> None:
    with clock_at(datetime(2036, 10, 1, 9, tzinfo=UTC)):
        with app.app_context(), writing():
            many = [newcomer(house.north, house.home, number) for number in range(5)]
        begun = Rule("course", "first-steps", "own", OCTOBER, due_days=10)
        with app.app_context():
            require(house, begun)
        assert browser_of(many[0]).post("/courses/first-steps/start").status_code == 303
    with app.app_context():
        follow()
    assert figures("late", OCTOBER, site_zone()).cells[SITE, "northern"] == Count(8, 8)
    assert figures("late", date(2036, 9, 1), site_zone()).tracks == ()
    progress = figures("in_progress", OCTOBER, site_zone())
    assert progress.tracks == ("northern",)
    assert progress.cells[SITE, ALL] is None, "one person has begun"


@pytest.mark.usefixtures("in_app")
def test_a_coordinators_role_belongs_to_no_organisation(house: House) -> None:
    with pytest.raises(InvalidInputError, match="whole site"), writing():
        people.add_membership(house.coach, "coordinator", house.north)


def test_hr_makes_nobody_a_coordinator(house: House, browser_of: BrowserOf) -> None:
    form = {"role": "coordinator", "place": ""}
    hr = browser_of(house.hr)
    assert hr.post(f"/admin/people/{house.coach}/roles", data=form).status_code == 422
    admin = browser_of(house.admin)
    assert admin.post(f"/admin/people/{house.coach}/roles", data=form).status_code == 303
    assert browser_of(house.coach).get(PAGE).status_code == 200


def test_who_takes_the_file_is_remembered(
    app: Flask, coordinator: str, browser_of: BrowserOf
) -> None:
    browser_of(coordinator).get(f"{PAGE}.csv")
    with app.app_context():
        query = select(LedgerContent.actor_id, LedgerContent.content).join(LedgerEvent)
        actor, content = db.session.execute(query.where(LedgerEvent.kind == "hr.exported")).one()
    assert (actor, content["report"]) == (coordinator, "coordination")
