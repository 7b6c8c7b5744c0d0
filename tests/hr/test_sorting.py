"""Lists of people sort by a column: on the page, from page to page, in files and saved views."""

import html
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask.testing import FlaskClient

from innocap_lms.extensions import writing
from innocap_lms.hr import queries, roster, standings
from innocap_lms.hr.filters import Filters
from innocap_lms.hr.roster import RosterFilters
from innocap_lms.hr.scope import Lens
from innocap_lms.hr.urgency import by_nearest_day, by_requirement
from innocap_lms.people.services import add_membership
from innocap_lms.people.viewer import Viewer
from innocap_lms.requirements.rules import Audience, Rule
from tests.conftest import House, take_first_steps
from tests.hr.conftest import Complete
from tests.hr.test_team_and_register import today
from tests.requirements.test_following import follow, require

BrowserOf = Callable[[str], FlaskClient]
ViewerOf = Callable[[str], Viewer]
COMPLETIONS, REGISTER = "/hr/reports/completions", "/hr/reports/register"
TEAM, MATRIX = "/hr/team", "/hr/matrix"
LISTS = (COMPLETIONS, REGISTER, TEAM, MATRIX)
ZONE = ZoneInfo("Europe/Stockholm")


@pytest.fixture
def required(app: Flask, house: House, course: object) -> str:
    """The course, of North's learners, due in ten days."""
    with app.app_context():
        due = today() + timedelta(10)
        found = require(house, Rule("course", "first-steps", "own", today(), due=due))
        follow()
    return found


def names(page: str) -> list[str]:
    """Who is in the table, from its first row on."""
    return re.findall(r'<th scope="row"><a [^>]*>([^<]+)</a>', page)


def head(page: str, text: str) -> tuple[str, str]:
    """Where the head of a column leads, and its aria-sort."""
    found = re.search(rf'<th scope="col"([^>]*)><a href="([^"]*)">{re.escape(text)}</a>', page)
    assert found, text
    order = re.search(r'aria-sort="([a-z]+)"', found[1])
    return html.unescape(found[2]), order[1] if order else ""


@pytest.mark.parametrize(
    ("address", "column", "first", "then"),
    [
        (COMPLETIONS, "Latest", ["Other Coach", "Coach", "Colleague"], "ascending"),
        (COMPLETIONS, "Number", ["Coach", "Other Coach", "Colleague"], "ascending"),
        (REGISTER, "Last completion", ["Other Coach", "Coach", "Colleague"], "ascending"),
        (REGISTER, "Certificates", ["Coach", "Other Coach", "Colleague"], "ascending"),
    ],
)
@pytest.mark.usefixtures("history")
def test_the_head_of_a_column_sorts_by_it_and_then_the_other_way_round(
    house: House, browser_of: BrowserOf, address: str, column: str, first: list[str], then: str
) -> None:
    hr = browser_of(house.hr)
    page = hr.get(address).text
    assert head(page, "Name") == (f"{address}?sort=-name", "ascending")
    link, order = head(page, column)
    assert order == ""
    sorted_page = hr.get(link).text
    assert names(sorted_page)[:3] == first
    link, order = head(sorted_page, column)
    assert order == "descending"
    assert head(sorted_page, "Name") == (address, "")
    turned = hr.get(link).text
    assert names(turned)[-3:] == first[::-1]
    assert head(turned, column)[1] == then


@pytest.mark.usefixtures("history")
@pytest.mark.parametrize("address", [COMPLETIONS, REGISTER])
def test_names_sort_from_their_end(house: House, browser_of: BrowserOf, address: str) -> None:
    hr = browser_of(house.hr)
    found = names(hr.get(address).text)
    assert names(hr.get(f"{address}?sort=-name").text) == found[::-1]


@pytest.mark.parametrize("address", [REGISTER, TEAM])
def test_team_and_register_sort_by_unit_and_within_it_by_name(
    house: House, browser_of: BrowserOf, address: str
) -> None:
    hr = browser_of(house.hr)
    link, _order = head(hr.get(address).text, "Role and unit")
    page = hr.get(link).text
    in_order = ["Hr", "Manager", "Coach", "Colleague", "Other Coach", "Trainer"]
    assert people(page) == in_order, "the whole organisation, Care, Home care, Office"
    link, order = head(page, "Role and unit")
    assert order == "ascending"
    assert people(hr.get(link).text) == in_order[::-1]


def test_a_unit_that_the_reader_does_not_follow_up_does_not_sort_the_list(
    app: Flask, house: House, browser_of: BrowserOf
) -> None:
    with app.app_context(), writing():
        add_membership(house.other_coach, "learner", house.south, house.far)
    found = people(browser_of(house.hr).get(f"{REGISTER}?sort=unit").text)
    assert found[-2:] == ["Other Coach", "Trainer"], "by Office, not by Far away"


def people(page: str) -> list[str]:
    """The same for a list that links to those alone of whom there is something to read."""
    return re.findall(r'<th scope="row">(?:<a [^>]*>)?([^<]+)', page)


def test_the_matrix_sorts_by_a_requirement_who_is_late_first(
    app: Flask, house: House, browser_of: BrowserOf, required: str
) -> None:
    take_first_steps(browser_of(house.coach))
    with app.app_context():
        follow()
    hr = browser_of(house.hr)
    found = names(hr.get(f"{MATRIX}?sort={required}").text)
    assert found == ["Colleague", "Other Coach", "Coach"], "to do stands before in order"
    assert names(hr.get(f"{MATRIX}?sort=-{required}").text) == found[::-1]


@pytest.mark.usefixtures("history")
def test_a_sorted_list_stays_sorted_when_it_is_filtered_paged_kept_and_taken_along(
    house: House, browser_of: BrowserOf, required: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "PAGE", 2)
    monkeypatch.setattr(roster, "PAGE", 2)
    monkeypatch.setattr(standings, "PAGE", 2)
    hr = browser_of(house.hr)
    for address, sort in zip(LISTS, ("-latest", "-last", "day", required), strict=True):
        page = hr.get(f"{address}?sort={sort}").text
        assert f'<input type="hidden" name="sort" value="{sort}">' in page
        following = re.search(r'href="([^"]*after=[^"]*)"', page)
        assert following, address
        assert f"sort={sort}" in following[1]
        kept = re.search(r'href="(/hr/views/new[^"]*)"', page)
        assert kept, address
        assert f"sort%3D{sort}" in kept[1]
        if address != TEAM:  # its files are those of the matrix
            assert re.search(rf'href="[^"]*\.csv[^"]*sort={sort}', page), address
            assert re.search(rf'href="[^"]*\.xlsx[^"]*sort={sort}', page), address


@pytest.mark.usefixtures("history")
@pytest.mark.parametrize(
    ("address", "sort"), [(COMPLETIONS, "-latest"), (COMPLETIONS, "-name"), (REGISTER, "-last")]
)
def test_a_file_is_sorted_as_its_page_is(
    house: House, browser_of: BrowserOf, address: str, sort: str
) -> None:
    hr = browser_of(house.hr)
    lines = hr.get(f"{address}.csv?sort={sort}").text.splitlines()[1:]
    in_file = list(dict.fromkeys(line.partition(";")[0] for line in lines))
    assert in_file[:3] == names(hr.get(f"{address}?sort={sort}").text)[:3]


def test_the_file_of_the_matrix_is_sorted_by_its_requirement(
    house: House, browser_of: BrowserOf, required: str
) -> None:
    hr = browser_of(house.hr)
    for sort in (required, f"-{required}"):
        shown = names(hr.get(f"{MATRIX}?sort={sort}").text)
        for form in ("", "&form=long"):
            lines = hr.get(f"{MATRIX}.csv?sort={sort}{form}").text.splitlines()[1:]
            assert list(dict.fromkeys(line.partition(";")[0] for line in lines)) == shown


@pytest.mark.usefixtures("history", "required")
@pytest.mark.parametrize("sort", ["nothing", "'; DROP", "-", "%00", "x" * 300, "-name'"])
@pytest.mark.parametrize("address", LISTS)
def test_what_is_no_column_leaves_the_order_of_names(
    house: House, browser_of: BrowserOf, address: str, sort: str
) -> None:
    hr = browser_of(house.hr)
    answer = hr.get(address, query_string={"sort": sort})
    assert answer.status_code == 200
    assert names(answer.text) == names(hr.get(address).text)


@pytest.mark.usefixtures("history")
def test_what_somebody_did_elsewhere_does_not_sort_the_list_of_this_hr(
    house: House, browser_of: BrowserOf, complete: Complete
) -> None:
    elsewhere = datetime(2026, 11, 1, 9, tzinfo=UTC)
    complete(house.colleague, house.far, elsewhere, course_id="older-course")
    for address, sort in ((COMPLETIONS, "-latest"), (REGISTER, "-last")):
        page = browser_of(house.hr).get(f"{address}?sort={sort}").text
        assert names(page)[:3] == ["Other Coach", "Coach", "Colleague"], address


@pytest.mark.usefixtures("history")
def test_protected_identities_stand_together_however_names_are_sorted(
    house: House, browser_of: BrowserOf, change_person: Callable[..., None]
) -> None:
    change_person(house.colleague, protected=True)
    hr, hidden = browser_of(house.hr), "Protected identity"
    assert names(hr.get(COMPLETIONS).text) == ["Coach", "Other Coach", hidden]
    assert names(hr.get(f"{COMPLETIONS}?sort=-name").text) == [hidden, "Other Coach", "Coach"]
    change_person(house.other_coach, protected=True)
    page = hr.get(f"{COMPLETIONS}?sort=number").text  # once each
    assert names(page) == [hidden, hidden, "Coach"]


@pytest.mark.usefixtures("in_app", "history")
@pytest.mark.parametrize("sort", ["-name", "number", "-number", "latest", "-latest"])
def test_sorted_pages_of_completions_meet_also_among_equals(
    house: House, viewer: ViewerOf, complete: Complete, sort: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "PAGE", 1)
    complete(house.manager, house.home, datetime(2026, 9, 1, 9, tzinfo=UTC))  # as Other Coach did
    hr, filters = viewer(house.hr), Filters(sort=sort)
    everybody = [person.id for person in queries.all_people(hr, filters, ZONE)]
    assert len(set(everybody)) == 4
    _walk(lambda after, before: queries.people_page(hr, filters, ZONE, after, before), everybody)


@pytest.mark.usefixtures("in_app", "history")
@pytest.mark.parametrize("sort", ["-name", "unit", "-unit", "last", "-last", "certificates"])
def test_sorted_pages_of_the_register_meet(
    house: House, viewer: ViewerOf, sort: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(roster, "PAGE", 1)
    hr, filters = viewer(house.hr), RosterFilters(sort=sort)
    order = roster.register_order(hr, filters, ZONE)
    everybody = [person.id for person in roster.everybody(hr, filters, ZONE)]
    assert len(set(everybody)) == roster.count(hr, filters, ZONE) == 6
    _walk(lambda after, before: roster.page(hr, filters, ZONE, after, before, order), everybody)


@pytest.mark.usefixtures("in_app", "history")
@pytest.mark.parametrize("end", ["", "-"])
def test_sorted_pages_of_team_and_matrix_meet(
    house: House, viewer: ViewerOf, required: str, end: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(roster, "PAGE", 10)
    monkeypatch.setattr(standings, "PAGE", 10)
    hr, day = viewer(house.hr), today()
    lens, asked = Lens(day), 1000
    by_day = by_nearest_day(hr, lens, f"{end}day")
    by_cell = by_requirement(hr, Lens(day, requirement=required), f"{end}{required}")

    def team(after: str, before: str) -> roster.RosterPage:
        return roster.page(hr, RosterFilters(), ZONE, after, before, by_day)

    def matrix(after: str, before: str) -> standings.Lines:
        return standings.lines(hr, lens, asked, after, before, by_cell)

    for turn in (team, matrix):
        whole = [person.id for person in turn("", "").people]
        assert len(whole) > 2
        with monkeypatch.context() as small:
            small.setattr(roster, "PAGE", 1)
            small.setattr(standings, "PAGE", 1)
            _walk(turn, whole)


def _walk(turn: Callable[[str, str], Any], everybody: list[str]) -> None:
    """Page by page of one person to the end and back."""
    found, after = [], ""
    while True:
        page = turn(after, "")
        found += [person.id for person in page.people]
        if not page.after:
            break
        after = page.after
    assert found == everybody
    back, before = [], found[-1]
    while before:
        page = turn("", before)
        back += [person.id for person in page.people]
        before = page.before
    assert back == everybody[-2::-1]


@pytest.mark.usefixtures("history")
@pytest.mark.parametrize(
    ("address", "most"),
    [
        (f"{COMPLETIONS}?sort=-latest", 5),
        (f"{REGISTER}?sort=-last", 8),
        (f"{REGISTER}?sort=unit", 8),
        (f"{TEAM}?sort=unit", 11),
        (f"{TEAM}?sort=day", 11),
        (f"{MATRIX}?sort={{required}}", 7),
    ],
)
def test_a_sorted_page_takes_no_more_statements(
    house: House,
    browser_of: BrowserOf,
    statements: list[str],
    required: str,
    address: str,
    most: int,
) -> None:
    browser, address = browser_of(house.hr), address.format(required=required)
    browser.get(address)
    statements.clear()
    assert browser.get(address).status_code == 200
    assert len(statements) <= most, "\n".join(statements)


def test_requirements_sort_by_how_many_are_late(
    app: Flask, house: House, browser_of: BrowserOf, course: object
) -> None:
    with app.app_context():
        for units, due in ((house.office,), 10), ((house.care,), -10), ((), 10):
            start = today() - timedelta(30)
            rule = Rule("course", "first-steps", "own", start, due=today() + timedelta(due),
                        audience=Audience(units))  # fmt: skip
            require(house, rule)
        follow()
    hr = browser_of(house.hr)
    page = hr.get("/hr/requirements").text
    assert head(page, "Requirement")[1] == "ascending"
    link, order = head(page, "Late")
    assert (link, order) == ("/hr/requirements?sort=-late", "")
    assert numbers(hr.get(link).text)[0] == ["2", "0", "0", "0"]
    turned = hr.get(head(hr.get(link).text, "Late")[0]).text
    assert numbers(turned)[-1] == ["2", "0", "0", "0"]
    to_do = hr.get("/hr/requirements?sort=-to_do").text
    assert [row[1] for row in numbers(to_do)] == ["3", "1", "0"]
    assert hr.get("/hr/requirements?sort=nothing").text.count("aria-sort") == 1


def numbers(page: str) -> list[list[str]]:
    """What stands in the cells of each row, from the second column on."""
    rows = page.partition("<tbody>")[2].partition("</tbody>")[0].split("<tr>")[1:]
    cells = (re.findall(r'<td class="number">(?:<a [^>]*>)?(\d+)', row) for row in rows)
    return list(cells)
