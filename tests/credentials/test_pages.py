"""Who sees what of a certificate: its holder, whoever holds the id, everybody else."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from innocap_lms.credentials.services import UnknownCompletionError, issue
from innocap_lms.extensions import db, writing
from innocap_lms.learning.models import Completion
from innocap_lms.people.models import Person
from tests.conftest import House

Issued = Callable[..., str]
BrowserOf = Callable[[str], FlaskClient]


def protect(app: Flask, person_id: str) -> None:
    with app.app_context(), writing():
        db.session.execute(update(Person).where(Person.id == person_id).values(protected=True))


def test_its_holder_sees_it_with_a_download(
    house: House, issued: Issued, browser_of: BrowserOf
) -> None:
    number = issued(house.coach)
    page = browser_of(house.coach).get(f"/certificates/{number}")
    assert page.status_code == 200
    assert f"/certificates/{number}.pdf" in page.text
    assert "Coach" in page.text


@pytest.mark.parametrize("who", ["colleague", "stranger", "hr"])
def test_others_with_the_id_see_the_public_face(
    house: House, issued: Issued, browser_of: BrowserOf, who: str
) -> None:
    number = issued(house.coach)
    page = browser_of(getattr(house, who)).get(f"/certificates/{number}")
    assert page.status_code == 200
    assert ".pdf" not in page.text


def test_anyone_with_the_id_can_verify_it(
    client: FlaskClient, house: House, issued: Issued
) -> None:
    page = client.get(f"/verify/{issued(house.coach)}")
    assert page.status_code == 200
    assert "North certifies that Coach has completed the course" in page.text
    assert "still valid" in page.text
    assert page.headers["X-Robots-Tag"] == "noindex"
    assert page.headers["Cache-Control"] == "private, no-store"


def test_an_expired_one_is_real_and_says_until_when_it_counted(
    client: FlaskClient,
    house: House,
    issued: Issued,
    clock_at: Callable[[datetime], AbstractContextManager[None]],
) -> None:
    number = issued(house.coach)
    with clock_at(datetime(2028, 11, 23, 22, 59, 59, tzinfo=UTC)):
        assert "still valid" in client.get(f"/verify/{number}").text
    with clock_at(datetime(2028, 11, 23, 23, tzinfo=UTC)):
        page = client.get(f"/verify/{number}").text
    assert "Expired" in page
    assert "23 November 2028" in page


@pytest.mark.parametrize("number", ["7" * 26, "short", "x" * 300, "'; --", "åäö"])
def test_unknown_and_malformed_numbers_get_the_same_page(client: FlaskClient, number: str) -> None:
    expected = client.get(f"/verify/{'0' * 26}")
    assert expected.status_code == 404
    assert "Type it again below" in expected.text
    for address in (f"/verify/{number}", f"/certificates/{number}", f"/certificates/{number}.pdf"):
        page = client.get(address, follow_redirects=True)
        assert page.status_code == 404
        assert without_addresses(page.text) == without_addresses(expected.text)


def without_addresses(page: str) -> list[str]:
    """The page without the links back to it, and without the token of its form, which says when it
    was made."""
    own = ("next=", 'name="csrf_token"')
    return [line for line in page.splitlines() if not any(part in line for part in own)]


def test_a_number_copied_by_hand_is_found(
    client: FlaskClient, house: House, issued: Issued
) -> None:
    number = issued(house.coach)
    typed = number.upper().replace("0", "O").replace("1", "I")
    typed = f" {typed[:8]}-{typed[8:16]} {typed[16:]} "
    answer = client.get("/verify", query_string={"id": typed})
    assert answer.headers["Location"] == f"/verify/{number}"
    assert client.get("/verify/" + typed.strip(), follow_redirects=True).status_code == 200


def test_the_form_asks_for_a_number(client: FlaskClient) -> None:
    page = client.get("/verify")
    assert page.status_code == 200
    assert 'name="id"' in page.text


def test_who_is_protected_and_chose_it_too_reads_that_the_name_stays_away(
    app: Flask, house: House, issued: Issued, browser_of: BrowserOf
) -> None:
    number = issued(house.coach)
    protect(app, house.coach)
    mine = browser_of(house.coach)
    mine.post(f"/certificates/{number}/sharing", data={"how": "unnamed"})
    assert "Your identity is protected" in mine.get(f"/certificates/{number}").text


def test_a_protected_identity_is_named_to_nobody_but_itself(
    app: Flask, client: FlaskClient, house: House, issued: Issued, browser_of: BrowserOf
) -> None:
    number = issued(house.coach)
    protect(app, house.coach)
    for browser in (client, browser_of(house.hr)):
        page = browser.get(f"/verify/{number}").text
        assert "whose name is not shown here" in page
        assert "Coach" not in page
        asked = browser.get(f"/verify/{number}", headers={"Accept": "application/json"})
        assert asked.json["holder"] is None
        assert browser.get(f"/certificates/{number}.json").status_code == 404
        assert browser.get(f"/certificates/{number}.pdf").status_code == 404
    assert browser_of(house.coach).get(f"/certificates/{number}.pdf").status_code == 200


def test_machines_get_what_is_known_of_it_by_asking_for_json(
    client: FlaskClient, house: House, issued: Issued
) -> None:
    number = issued(house.coach)
    asked = client.get(f"/verify/{number}", headers={"Accept": "application/json"})
    found = asked.json
    assert asked.headers["Vary"].startswith("Accept")
    assert (found["status"], found["holder"], found["country"]) == ("valid", "Coach", "SE")
    assert (found["edition"], found["edition_in_service"]) == (1, 1)
    assert found["completed_at"] == "2026-11-23T09:30:00+00:00"
    assert found["verify"] == f"http://127.0.0.1:8000/verify/{number}"
    assert (found["ects"], found["eqf_level"]) == (None, None), "empty rather than invented"
    assert "person_id" not in found
    unknown = client.get(f"/verify/{'0' * 26}", headers={"Accept": "application/json"})
    assert (unknown.status_code, unknown.json) == (404, {"status": "unknown"})


def test_the_holder_reaches_it_from_the_completion_before_the_job_has_run(
    house: House, complete: Callable[..., str], browser_of: BrowserOf
) -> None:
    completion = complete(house.coach)
    mine = browser_of(house.coach)
    first = mine.get(f"/certificates/of/{completion}")
    assert first.status_code == 302
    assert mine.get(first.headers["Location"]).status_code == 200
    again = mine.get(f"/certificates/of/{completion}")
    assert again.headers["Location"] == first.headers["Location"]


def test_of_a_completion_that_hr_has_noted_there_is_no_certificate(
    app: Flask, house: House, complete: Callable[..., str], browser_of: BrowserOf
) -> None:
    completion = complete(house.coach)
    noted = {"enrolment_id": None, "edition_id": None, "certificate_id": None}
    with app.app_context():
        with writing():
            db.session.execute(update(Completion).values(noted_by=house.hr, **noted))
        with pytest.raises(UnknownCompletionError):
            issue({"completion_id": completion})
    assert browser_of(house.coach).get(f"/certificates/of/{completion}").status_code == 404


@pytest.mark.parametrize("who", ["colleague", "stranger", "hr", "admin"])
def test_nobody_else_reaches_it_from_the_completion(
    house: House, complete: Callable[..., str], browser_of: BrowserOf, who: str
) -> None:
    completion = complete(house.coach)
    assert browser_of(getattr(house, who)).get(f"/certificates/of/{completion}").status_code == 404
