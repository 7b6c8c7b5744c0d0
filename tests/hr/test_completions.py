"""The list of completions: who sees whom, filters, pages, and what it never says."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask.testing import FlaskClient

from innocap_lms.extensions import writing
from innocap_lms.hr import queries
from innocap_lms.hr.filters import Filters
from innocap_lms.people.services import invite_person
from innocap_lms.people.viewer import Viewer
from tests.conftest import House
from tests.hr.conftest import Complete

LIST = "/hr/reports/completions"
BrowserOf = Callable[[str], FlaskClient]
EVERYBODY = {"Coach", "Colleague", "Other Coach", "Stranger"}

pytestmark = pytest.mark.usefixtures("history")


def names_in(page: str) -> set[str]:
    return {name for name in EVERYBODY if f">{name}</a>" in page}


@pytest.mark.parametrize(
    ("who", "seen"),
    [
        ("hr", {"Coach", "Colleague", "Other Coach"}),
        ("stranger_hr", {"Stranger"}),
        ("manager", {"Coach", "Colleague"}),
        ("stranger_manager", {"Stranger"}),
        ("admin", EVERYBODY),
    ],
)
def test_each_sees_the_people_of_their_scope(
    house: House, browser_of: BrowserOf, who: str, seen: set[str]
) -> None:
    page = browser_of(getattr(house, who)).get(LIST)
    assert page.status_code == 200
    assert names_in(page.text) == seen


@pytest.mark.parametrize("who", ["coach", "trainer", "stranger"])
@pytest.mark.parametrize("address", ["/hr", LIST, f"{LIST}.csv", "/hr/people/x"])
def test_for_learners_and_trainers_the_pages_do_not_exist(
    house: House, browser_of: BrowserOf, who: str, address: str
) -> None:
    assert browser_of(getattr(house, who)).get(address).status_code == 404


@pytest.mark.parametrize("address", ["/hr", LIST, f"{LIST}.csv", "/hr/people/x"])
def test_who_is_not_signed_in_is_asked_to(client: FlaskClient, address: str) -> None:
    assert client.get(address).headers["Location"].startswith("/login")


@pytest.mark.parametrize(
    ("filters", "seen"),
    [
        ({"unit": "care"}, {"Coach", "Colleague"}),  # Home care lies under Care
        ({"unit": "office"}, {"Other Coach"}),
        ({"track": "other"}, {"Coach"}),
        ({"course": "first-steps"}, {"Coach", "Colleague", "Other Coach"}),
        ({"from": "2026-09-01"}, {"Other Coach"}),
        ({"to": "2026-03-01"}, {"Coach"}),
        ({"from": "2026-07-01", "to": "2026-07-01"}, {"Coach"}),  # a day of Stockholm
        ({"from": "2026-06-30", "to": "2026-06-30"}, set()),
        ({"name": "other"}, {"Other Coach"}),
        ({"name": "COACH", "unit": "home"}, {"Coach"}),
        ({"name": "%"}, set()),
        ({"name": "' OR 1=1 --"}, set()),
    ],
)
def test_it_is_narrowed_by_each_filter(
    house: House, browser_of: BrowserOf, filters: dict[str, str], seen: set[str]
) -> None:
    query = {name: getattr(house, value, value) for name, value in filters.items()}
    page = browser_of(house.hr).get(LIST, query_string=query)
    assert page.status_code == 200
    assert names_in(page.text) == seen


def test_letters_beyond_z_are_found_in_any_case(
    house: House, browser_of: BrowserOf, change_person: Callable[..., None]
) -> None:
    change_person(house.coach, name="Åsa Öberg")
    for typed in ("åsa", "öberg", "Åsa ö"):
        assert "Åsa Öberg" in browser_of(house.hr).get(LIST, query_string={"name": typed}).text


def test_it_counts_persons_and_participations(house: House, browser_of: BrowserOf) -> None:
    page = browser_of(house.hr).get(LIST).text
    assert "3 people, 4 participations" in page


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ({"from": "yesterday"}, "yesterday is not a date"),
        ({"to": "2026-02-30"}, "2026-02-30 is not a date"),
        ({"from": "2026-05-02", "to": "2026-05-01"}, "The last day is before the first"),
    ],
)
def test_a_day_that_cannot_be_is_named_and_shows_nobody(
    house: House, browser_of: BrowserOf, query: dict[str, str], message: str
) -> None:
    browser = browser_of(house.hr)
    for address in (LIST, f"{LIST}.csv"):
        answer = browser.get(address, query_string=query)
        assert answer.status_code == 400
        assert message in answer.text
        assert names_in(answer.text) == set()


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_the_ends_of_the_calendar_do_no_harm(house: House, browser_of: BrowserOf, day: str) -> None:
    answer = browser_of(house.hr).get(LIST, query_string={"from": day, "to": day})
    assert answer.status_code == 200


def test_answers_points_and_reasons_are_nowhere(house: House, browser_of: BrowserOf) -> None:
    browser = browser_of(house.hr)
    for address in (LIST, f"{LIST}.csv", "/hr", f"/hr/people/{house.coach}"):
        text = browser.get(address).text.lower()
        assert "secret-quiz" not in text
        assert "@example.org" not in text


def test_a_protected_identity_is_not_named_and_cannot_be_searched_for(
    house: House, browser_of: BrowserOf, change_person: Callable[..., None]
) -> None:
    change_person(house.coach, protected=True)
    browser = browser_of(house.hr)
    page = browser.get(LIST).text
    assert ">Coach</a>" not in page
    assert page.index("Other Coach</a>") < page.index("Protected identity</a>")  # stands last
    assert "Protected identity" not in browser.get(LIST, query_string={"name": "coach"}).text
    assert "Coach" not in browser.get(f"/hr/people/{house.coach}").text
    assert "\nCoach;" not in browser.get(f"{LIST}.csv").text


def test_a_name_is_shown_as_text(
    house: House, browser_of: BrowserOf, change_person: Callable[..., None]
) -> None:
    change_person(house.coach, name="<b>Bold</b>")
    assert "&lt;b&gt;Bold" in browser_of(house.hr).get(LIST).text


def test_a_course_no_longer_in_service_is_named_by_its_id(
    house: House, browser_of: BrowserOf
) -> None:
    page = browser_of(house.hr).get(LIST).text
    assert "older-course" in page
    assert "First steps" in page


@pytest.fixture
def crowd(app: Flask, house: House, complete: Complete) -> list[str]:
    """Names of 250 more people of North who completed the course, some of the same name."""
    names = [f"Zoe {number // 2:03}" for number in range(250)]
    at = datetime(2026, 1, 1, tzinfo=UTC)
    for number, name in enumerate(names):
        with app.app_context(), writing():
            person = invite_person(
                name=name,
                email=f"z{number}@example.org",
                role="learner",
                language="en",
                organisation_id=house.north,
                unit_id=house.office,
                send_mail=False,
            )
        complete(person, house.office, at + timedelta(hours=number))
    return names


def test_pages_meet_without_gap_or_overlap_and_lead_back(
    app: Flask, house: House, crowd: list[str], viewer: Callable[[str], Viewer]
) -> None:
    zone, hr = ZoneInfo("Europe/Stockholm"), viewer(house.hr)
    with app.app_context():
        first = queries.people_page(hr, Filters(), zone)
        second = queries.people_page(hr, Filters(), zone, after=first.after)
        third = queries.people_page(hr, Filters(), zone, after=second.after)
        back = queries.people_page(hr, Filters(), zone, before=second.before)
        middle = queries.people_page(hr, Filters(), zone, before=third.before)
    assert [len(page.people) for page in (first, second, third)] == [100, 100, 53]
    everyone = [*first.people, *second.people, *third.people]
    assert [row.name for row in everyone] == ["Coach", "Colleague", "Other Coach", *crowd]
    assert len({row.id for row in everyone}) == 253
    assert (first.before, third.after) == ("", "")
    assert (back.people, back.before) == (first.people, "")
    assert middle.people == second.people
    assert middle.before


def test_an_address_can_be_sent_it_holds_the_filters_and_no_name(
    house: House, crowd: list[str], browser_of: BrowserOf
) -> None:
    browser = browser_of(house.hr)
    page = browser.get(LIST, query_string={"track": "northern", "name": "zoe"}).text
    link = page.split('">Next page')[0].rsplit('href="', 1)[1].replace("&amp;", "&")
    assert "track=northern" in link
    assert "Zoe" not in link
    assert browser.get(link).status_code == 200


def test_a_place_in_the_list_that_never_was_is_not_there(
    house: House, browser_of: BrowserOf
) -> None:
    answer = browser_of(house.hr).get(LIST, query_string={"after": "nobody"})
    assert answer.status_code == 404


@pytest.mark.parametrize("address", [LIST, f"{LIST}?after=", f"{LIST}?name=o&track=northern"])
def test_a_page_takes_five_statements_with_the_session(
    house: House,
    crowd: list[str],
    browser_of: BrowserOf,
    address: str,
    statements: list[str],
) -> None:
    browser = browser_of(house.hr)
    browser.get(address)  # editions are read once per process
    statements.clear()
    browser.get(address)
    assert len(statements) <= 5
