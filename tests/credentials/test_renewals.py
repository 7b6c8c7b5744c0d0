"""Certificates of one person for one course, one after the other: which of them counts."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from innocap_lms.credentials.services import issue_certificate
from innocap_lms.extensions import db, writing
from innocap_lms.learning.models import Completion, Enrolment
from tests.conftest import House

BrowserOf = Callable[[str], FlaskClient]


NOW = datetime(2028, 9, 1, tzinfo=UTC)


def status(client: FlaskClient, number: str) -> str:
    answer = client.get(f"/verify/{number}", headers={"Accept": "application/json"})
    return str(answer.json["status"])


def test_a_renewal_leaves_the_name_on_the_one_before(
    app: Flask, client: FlaskClient, renewed: list[str]
) -> None:
    first, _second = issue_all(app, renewed)
    assert "Coach" in client.get(f"/verify/{first}").text


@pytest.fixture
def renewed(app: Flask, house: House, complete: Callable[..., str]) -> list[str]:
    """Two completions of one course by one person, of which nothing is issued yet."""
    completions = [complete(house.coach)]
    with app.app_context(), writing():
        db.session.execute(
            update(Enrolment).where(Enrolment.person_id == house.coach).values(renewed_at=NOW)
        )
    completions.append(complete(house.coach))
    with app.app_context(), writing():
        db.session.execute(
            update(Completion).where(Completion.id == completions[1]).values(completed_at=NOW)
        )
    return completions


def issue_all(app: Flask, completions: Iterable[str]) -> list[str]:
    numbers = []
    with app.app_context():
        for completion in completions:
            with writing():
                numbers.append(issue_certificate(completion, app.extensions["innocap_settings"]))
    return numbers


def test_a_job_that_comes_late_does_not_take_the_place_of_what_came_after(
    app: Flask, client: FlaskClient, renewed: list[str]
) -> None:
    numbers = issue_all(app, reversed(renewed))
    assert [status(client, number) for number in numbers] == ["valid", "superseded"]


@pytest.mark.parametrize("corrected", [False, True])
def test_when_a_renewal_is_revoked_the_one_before_counts_again(
    app: Flask,
    client: FlaskClient,
    house: House,
    renewed: list[str],
    browser_of: BrowserOf,
    corrected: bool,
) -> None:
    first, second = issue_all(app, renewed)
    hr = browser_of(house.hr)
    last = second
    if corrected:
        answer = hr.post(f"/certificates/{second}/correction", data={"reason": "name"})
        last = answer.headers["Location"].split("/")[2]
    assert status(client, first) == "superseded"
    hr.post(f"/certificates/{last}/revocation", data={"why": "cheating"})
    assert (status(client, first), status(client, last)) == ("valid", "revoked")
    assert last not in client.get(f"/verify/{first}").text
    if corrected:
        assert status(client, second) == "superseded", "it is of the same completion"
    assert first in browser_of(house.coach).get("/me", follow_redirects=True).text


def test_what_comes_after_a_revoked_renewal_takes_the_place_of_the_one_that_counts(
    app: Flask,
    client: FlaskClient,
    house: House,
    renewed: list[str],
    complete: Callable[..., str],
    browser_of: BrowserOf,
) -> None:
    first, second = issue_all(app, renewed)
    browser_of(house.hr).post(f"/certificates/{second}/revocation", data={"why": "cheating"})
    with app.app_context(), writing():
        db.session.execute(
            update(Enrolment).where(Enrolment.person_id == house.coach).values(renewed_at=NOW)
        )
    again = complete(house.coach)
    with app.app_context(), writing():
        db.session.execute(
            update(Completion)
            .where(Completion.id == again)
            .values(completed_at=NOW + timedelta(days=30))
        )
    (third,) = issue_all(app, [again])
    found = [status(client, number) for number in (first, second, third)]
    assert found == ["superseded", "revoked", "valid"]
