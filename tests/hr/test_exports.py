"""A long file has a page that says how far it is, to its reader alone."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from innocap_lms import clock
from innocap_lms.hr import progress
from innocap_lms.people.viewer import Viewer
from innocap_lms.requirements.rules import Rule
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
        ("/hr/reports/completions?track=northern", ("completions",)),
        ("/hr/reports/register?role=learner", ("register",)),
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
