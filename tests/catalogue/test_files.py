"""Files of courses over HTTP: only what an edition names, kept for ever, harmless."""

import re

import pytest
from flask.testing import FlaskClient

from innocap_lms.catalogue.queries import OfferingView
from tests.catalogue.conftest import Desk


@pytest.fixture
def address(course: OfferingView) -> str:
    sha256 = course.edition.course.assets["images/path.svg"].sha256
    return f"/courses/first-steps/files/{sha256}/path.svg"


def test_a_picture_comes_with_its_type_and_may_be_kept_for_ever(
    client: FlaskClient, address: str
) -> None:
    answer = client.get(address, buffered=True)
    assert answer.status_code == 200
    assert answer.mimetype == "image/svg+xml"
    assert answer.data.startswith(b"<svg")
    kept = answer.headers["Cache-Control"]
    assert {"public", "immutable", "max-age=31536000"} <= set(kept.split(", "))
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_nothing_in_a_picture_can_run(client: FlaskClient, address: str) -> None:
    policy = client.get(address, buffered=True).headers["Content-Security-Policy"]
    assert policy == "default-src 'none'; style-src 'unsafe-inline'"


def test_who_has_the_picture_is_told_so(client: FlaskClient, address: str) -> None:
    tag = client.get(address, buffered=True).headers["ETag"]
    again = client.get(address, headers={"If-None-Match": tag}, buffered=True)
    assert again.status_code == 304
    assert again.data == b""
    assert (
        client.get(address, headers={"If-None-Match": '"other"'}, buffered=True).status_code == 200
    )


def test_part_of_a_file_can_be_asked_for(client: FlaskClient, address: str) -> None:
    part = client.get(address, headers={"Range": "bytes=0-3"}, buffered=True)
    assert (part.status_code, part.data) == (206, b"<svg")


@pytest.mark.parametrize(
    ("course_id", "sha256", "name"),
    [
        ("first-steps", None, "other.svg"),
        ("first-steps", None, "images/path.svg"),
        ("first-steps", "0" * 64, "path.svg"),
        ("first-steps", "../innocap.db", "path.svg"),
        ("first-steps", "..%2Finnocap.db", "path.svg"),
        ("first-steps", "..", "secret-key"),
        ("other-course", None, "path.svg"),
        ("first-steps", None, "..%2f..%2finnocap.db"),
    ],
)
def test_what_no_edition_of_the_course_names_is_not_found(
    client: FlaskClient, course: OfferingView, course_id: str, sha256: str | None, name: str
) -> None:
    digest = sha256 or course.edition.course.assets["images/path.svg"].sha256
    assert client.get(f"/courses/{course_id}/files/{digest}/{name}").status_code == 404


def test_a_file_that_the_disk_has_lost_is_not_found_and_logged(
    desk: Desk, client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    report = desk.publish()
    assert report.course is not None
    sha256 = report.course.assets["images/path.svg"].sha256
    (desk.files / sha256).unlink()
    assert client.get(f"/courses/first-steps/files/{sha256}/path.svg").status_code == 404
    assert sha256 in caplog.text


def test_the_files_of_an_older_edition_stay_under_the_name_they_had(
    desk: Desk, client: FlaskClient
) -> None:
    report = desk.publish()
    assert report.course is not None
    sha256 = report.course.assets["images/path.svg"].sha256
    (desk.folder / "images" / "path.svg").rename(desk.folder / "images" / "way.svg")
    for language in ("sv", "en"):
        desk.write(f"01-start-walking.{language}.md", "images/path.svg", "images/way.svg")
    assert desk.publish().published is not None
    for name in ("path.svg", "way.svg"):
        address = f"/courses/first-steps/files/{sha256}/{name}"
        assert client.get(address, buffered=True).status_code == 200


def test_the_lessons_picture_has_the_address_of_its_content(
    desk: Desk, client: FlaskClient, address: str
) -> None:
    desk.write("course.en.md", "This is how you start.", "![A path](images/path.svg)")
    assert desk.publish().published is not None
    page = client.get("/courses/first-steps", headers={"Accept-Language": "en"}).text
    assert re.search(rf'src="{address}"', page)
