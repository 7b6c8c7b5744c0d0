"""The trainer's desk: which edition is in service, and what the files still need."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from innocap_lms.extensions import writing
from innocap_lms.people import services
from innocap_lms.people.viewer import Role, Viewer
from innocap_lms.plugin_host.contract import CourseSource
from innocap_lms.studio.queries import StudioCourse, studio_courses
from tests.catalogue.conftest import Desk, desk_of
from tests.conftest import House

Browser = Callable[[str], FlaskClient]
ADMIN = Viewer("me", "Me", "en", None, (Role("admin"),))
PAGES = ("/studio", "/studio/courses/first-steps")


@pytest.fixture
def desk(app: Flask, tmp_path: Path) -> Desk:
    return desk_of(app, tmp_path)


def only(desk: Desk) -> StudioCourse:
    with desk.app.app_context():
        (found,) = studio_courses(desk.host, "en", ADMIN)
    return found


@pytest.mark.parametrize("who", ["coach", "stranger", "hr", "manager"])
@pytest.mark.parametrize("page", PAGES)
def test_for_others_the_studio_is_not_there(
    house: House, browser_of: Browser, who: str, page: str
) -> None:
    assert browser_of(getattr(house, who)).get(page).status_code == 404


@pytest.mark.parametrize("page", PAGES)
def test_who_is_not_signed_in_is_asked_to(client: FlaskClient, page: str) -> None:
    assert client.get(page).headers["Location"] == f"/login?next={page}"


def test_a_trainer_of_one_track_sees_its_courses_and_no_other(
    desk: Desk, house: House, browser_of: Browser
) -> None:
    desk.publish()
    with desk.app.app_context(), writing():
        services.add_membership(house.coach, "trainer", house.north, track="northern")
        services.add_membership(house.colleague, "trainer", house.north, track="another")
    own, other = browser_of(house.coach), browser_of(house.colleague)
    assert "First steps" in own.get("/studio").text
    assert own.get("/studio/courses/first-steps").status_code == 200
    assert "First steps" not in other.get("/studio").text
    assert other.get("/studio/courses/first-steps").status_code == 404


@pytest.mark.parametrize("who", ["trainer", "admin"])
def test_trainer_and_admin_see_courses_and_editions(
    desk: Desk, house: House, browser_of: Browser, who: str
) -> None:
    browser = browser_of(getattr(house, who))
    assert "Not published" in browser.get("/studio").text
    desk.publish()
    page = browser.get("/studio").text
    assert "First steps" in page
    assert "Edition 1" in page
    assert "The files are in order" in browser.get("/studio/courses/first-steps").text


def test_a_course_with_an_error_shows_file_line_column_and_advice(
    desk: Desk, house: House, browser_of: Browser
) -> None:
    desk.publish()
    desk.write("02-walk-on.en.md", "minutes: 5", "minutes: five")
    browser = browser_of(house.trainer)
    assert "1 error" in browser.get("/studio").text
    page = browser.get("/studio/courses/first-steps").text
    assert "02-walk-on.en.md:4:10" in page
    assert "Edition 1" in page
    assert "edition 1 stays in use" in page
    (problem,) = only(desk).problems
    assert problem.advice in page
    assert problem.message in page


def test_a_course_that_was_never_sound_shows_its_problems_under_its_own_id(
    desk: Desk, house: House, browser_of: Browser
) -> None:
    desk.write("course.md", "hours: 1.5", "hours: long")
    page = browser_of(house.trainer).get("/studio/courses/first-steps").text
    assert "Not published" in page
    assert "course.md:4:" in page


def test_changed_files_lead_to_what_publishing_them_changes(
    desk: Desk, house: House, browser_of: Browser
) -> None:
    desk.publish()
    desk.write("02-walk-on.en.md", "Walk on", "Walk further")
    assert only(desk).changed
    page = browser_of(house.trainer).get("/studio/courses/first-steps").text
    assert "/studio/courses/first-steps/publish" in page


def test_a_second_plugin_that_claims_the_course_is_named_and_hides_nothing(
    desk: Desk, house: House, browser_of: Browser
) -> None:
    desk.publish()
    desk.supply(("intruder", desk.folder), ("northern_track", desk.folder))
    found = only(desk)
    assert (found.plugin, found.problems, found.changed) == ("northern_track", (), False)
    page = browser_of(house.trainer).get("/studio/courses/first-steps").text
    assert "belongs to plugin northern_track; intruder claims it too" in page


def test_a_course_of_a_track_that_is_not_there_says_so(
    desk: Desk, house: House, browser_of: Browser
) -> None:
    desk.host.courses[:] = [("northern_track", CourseSource("nowhere", desk.folder))]
    assert "Cannot be published" in browser_of(house.trainer).get("/studio").text
    page = browser_of(house.trainer).get("/studio/courses/first-steps").text
    assert "names a track nowhere" in page


def test_a_course_whose_plugin_is_gone_stays_in_the_list(
    desk: Desk, house: House, browser_of: Browser
) -> None:
    desk.publish()
    desk.supply()
    assert "No files any more" in browser_of(house.trainer).get("/studio").text
    page = browser_of(house.trainer).get("/studio/courses/first-steps").text
    assert "Edition 1 stays in use" in page
    assert "The files are in order" not in page


def test_learners_and_completions_are_counted(
    desk: Desk, house: House, browser_of: Browser
) -> None:
    desk.publish()
    for who in (house.coach, house.colleague):
        browser_of(who).post("/courses/first-steps/start")
    assert (only(desk).enrolled, only(desk).completed) == (2, 0)


def test_a_course_that_is_not_there_is_not_found(house: House, browser_of: Browser) -> None:
    assert browser_of(house.trainer).get("/studio/courses/nothing").status_code == 404


def test_without_any_course_the_page_says_what_will_appear(
    desk: Desk, house: House, browser_of: Browser
) -> None:
    desk.supply()
    assert "No courses yet" in browser_of(house.trainer).get("/studio").text
