"""A long file has a page that says how far it is, to its reader alone."""

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from tempfile import NamedTemporaryFile

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from innocap_lms import clock
from innocap_lms.extensions import writing
from innocap_lms.hr import listing, people_views, progress, views
from innocap_lms.people import services as people
from innocap_lms.people.viewer import Viewer
from innocap_lms.requirements.rules import Rule
from innocap_lms.spreadsheets.reading import opened
from tests.conftest import House
from tests.hr.test_team_and_register import today
from tests.requirements.test_following import follow, require

BrowserOf = Callable[[str], FlaskClient]
EXPORT = "0123456789abcdefghjkmnpqrs"
PAGE = f"/hr/exports/{EXPORT}?of=matrix"


@pytest.fixture
def required(app: Flask, house: House, course: object) -> None:
    with app.app_context():
        require(house, Rule("course", "first-steps", "own", today(), due_days=60))
        follow()


@pytest.mark.usefixtures("history", "required")
@pytest.mark.parametrize(
    ("page", "files"),
    [
        ("/hr/matrix?state=to_do", ("matrix", "matrix-xlsx", "matrix-long")),
        ("/hr/reports/completions?track=northern", ("completions", "completions-xlsx")),
        ("/hr/reports/register?role=learner", ("register", "register-xlsx")),
        ("/hr/team?name=coach", ("matrix", "matrix-xlsx")),
    ],
)
def test_the_file_of_a_long_list_has_a_page_from_which_it_is_fetched_with_its_filters(
    house: House,
    browser_of: BrowserOf,
    monkeypatch: pytest.MonkeyPatch,
    page: str,
    files: tuple[str, ...],
) -> None:
    hr, query = browser_of(house.hr), page.partition("?")[2]
    assert "/hr/exports/" not in hr.get(page).text, "a short list leaves at once"
    monkeypatch.setattr(progress, "LONG", 0)
    found = re.findall(r'href="(/hr/exports/[^"]+)"', hr.get(page).text)
    assert [re.search(r"of=([a-z-]+)", address)[1] for address in found] == list(files)  # type: ignore[index]
    for address in found:
        shown = hr.get(address.replace("&amp;", "&")).text
        assert "Not begun yet." in shown
        file = re.search(r'href="([^"]+)" download', shown)
        assert file
        assert query in file[1]
        answer = hr.get(file[1].replace("&amp;", "&"))
        assert "attachment" in answer.headers["Content-Disposition"]
        assert answer.data
        assert "The file is whole." in hr.get(address.replace("&amp;", "&")).text


@pytest.mark.usefixtures("required")
def test_how_far_a_file_is_is_told_to_its_reader_alone(house: House, browser_of: BrowserOf) -> None:
    hr = browser_of(house.hr)
    assert hr.get(f"/hr/matrix.csv?export={EXPORT}").data
    assert "3 people." in hr.get(PAGE).text
    for who in (house.manager, house.stranger_hr, house.admin):
        other = browser_of(who)
        assert other.get(f"/hr/matrix.csv?export={EXPORT}").status_code == 200
        assert "Not begun yet." in other.get(PAGE).text
    assert "3 people." in hr.get(PAGE).text, "nobody else writes to it"
    assert browser_of(house.coach).get(PAGE).status_code == 404


@pytest.mark.parametrize(
    "address",
    ["/hr/exports/x?of=matrix", f"/hr/exports/{EXPORT}", f"/hr/exports/{EXPORT}?of=people"],
)
def test_what_is_no_file_has_no_page(house: House, browser_of: BrowserOf, address: str) -> None:
    assert browser_of(house.hr).get(address).status_code == 404


@pytest.mark.usefixtures("in_app")
def test_a_file_is_followed_while_it_streams_and_forgotten_after_a_day(
    house: House, viewer: Callable[[str], Viewer], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "STEP_SECONDS", 0)
    hr = viewer(house.hr)
    things = progress.followed(range(4), hr, EXPORT, 4)
    assert progress.progress_of(hr, EXPORT) is None
    assert [next(things) for _thing in range(3)] == [0, 1, 2]
    assert progress.progress_of(hr, EXPORT) == (2, 4, False)
    assert list(things) == [3]
    assert progress.progress_of(hr, EXPORT) == (4, 4, True)
    assert progress.progress_of(viewer(house.manager), EXPORT) is None
    with clock.at(clock.utcnow() + timedelta(days=2)):
        progress.forget_old()
    assert progress.progress_of(hr, EXPORT) is None
    assert list(progress.followed(range(3), hr, "no id", 3)) == [0, 1, 2]


def sheet_of(answer: TestResponse) -> list[list[str]]:
    """The rows of the one sheet, as whoever opens it reads them."""
    with NamedTemporaryFile() as file:
        file.write(answer.data)
        file.flush()
        table = opened(Path(file.name))
        return [list(table.header), *(list(row.cells) for row in table.rows())]


@pytest.mark.usefixtures("history")
def test_completions_and_register_leave_as_spreadsheets_with_days_numbers_and_no_formula(
    app: Flask, house: House, browser_of: BrowserOf
) -> None:
    with app.app_context(), writing():
        people.set_protected(house.colleague, protected=True)
        people.rename_person(house.coach, "=SUM(A1) Coach")
    hr = browser_of(house.hr)
    head, *rows = sheet_of(hr.get("/hr/reports/completions.xlsx?track=northern"))
    assert head[:2] == ["Name", "Person id"]
    assert {row[0] for row in rows} == {"'=SUM(A1) Coach", "Other Coach", "Protected identity"}
    assert {(row[7], row[8]) for row in rows} == {
        ("2026-03-01", "1.5"), ("2026-05-01", "1.5"), ("2026-09-01", "1.5"),
    }  # fmt: skip
    head, *rows = sheet_of(hr.get("/hr/reports/register.xlsx?role=learner"))
    assert head[-2:] == ["Last completion", "Certificates"]
    assert {row[0] for row in rows} == {"'=SUM(A1) Coach", "Other Coach", "Protected identity"}
    assert {row[-2] for row in rows} == {"2026-07-01", "2026-05-01", "2026-09-01"}


@pytest.mark.usefixtures("history")
def test_more_than_a_sheet_holds_leaves_as_csv_alone(
    house: House, browser_of: BrowserOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    for room in (views, people_views, listing):
        monkeypatch.setattr(room, "MOST_ROWS", 1)
    hr = browser_of(house.hr)
    for page in ("/hr/reports/completions", "/hr/reports/register"):
        assert "Too many lines for a spreadsheet" in hr.get(page).text
        answer = hr.get(f"{page}.xlsx?unit={house.home}")
        assert answer.headers["Location"] == f"{page}?unit={house.home}"
