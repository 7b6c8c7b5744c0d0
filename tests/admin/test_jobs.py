"""The page of jobs, for administrators alone."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from innocap_lms.extensions import db, writing
from innocap_lms.jobs.models import OutboxMessage
from innocap_lms.jobs.outbox import enqueue
from innocap_lms.jobs.relay import Relay
from tests.conftest import House

BrowserOf = Callable[[str], FlaskClient]


@pytest.fixture
def dead(app: Flask) -> str:
    """A message that was given up."""

    def fail(payload: dict[str, object]) -> None:
        raise OSError("550 <script> no such person")

    with app.app_context():
        with writing():
            enqueue("people.reset_mail", "one", {})
            enqueue("certificate.issue", "two", {})
        relay = Relay(app, {"people.reset_mail": fail, "certificate.issue": fail})
        relay.run_due()
        with writing():
            message = db.session.execute(db.select(OutboxMessage).filter_by(key="one")).scalar_one()
            message.attempts, message.run_at = 7, message.created_at
        relay.run_due()
        return message.id


def test_an_administrator_sees_what_was_given_up_and_why(
    house: House, browser_of: BrowserOf, dead: str
):
    page = browser_of(house.admin).get("/admin/jobs")
    assert page.status_code == 200
    assert "people.reset_mail" in page.text
    assert "550 &lt;script&gt; no such person" in page.text
    assert "certificate.issue" in page.text, "it waits for its next attempt"
    assert "relay" in page.text
    assert page.headers["Cache-Control"] == "private, no-store"


def test_an_empty_page_says_what_will_appear(house: House, browser_of: BrowserOf):
    text = browser_of(house.admin).get("/admin/jobs").text
    assert "Nothing was given up" in text
    assert "Nobody has worked yet" in text


def test_the_button_gives_a_message_all_its_attempts_anew(
    app: Flask, house: House, browser_of: BrowserOf, dead: str
):
    admin = browser_of(house.admin)
    answer = admin.post(f"/admin/jobs/{dead}/again", follow_redirects=True)
    assert "It is tried again now." in answer.text
    with app.app_context():
        message = db.session.get(OutboxMessage, dead)
        assert message is not None
        assert (message.dead_at, message.attempts) == (None, 0)
    assert admin.post(f"/admin/jobs/{dead}/again").status_code == 404, "it is not dead any more"
    assert admin.post("/admin/jobs/nothing/again").status_code == 404


@pytest.mark.parametrize("who", ["coach", "trainer", "manager", "hr", "stranger"])
def test_nobody_else_sees_or_changes_anything(
    app: Flask, house: House, browser_of: BrowserOf, dead: str, who: str
):
    browser = browser_of(getattr(house, who))
    assert browser.get("/admin/jobs").status_code in (403, 404)
    assert browser.post(f"/admin/jobs/{dead}/again").status_code in (403, 404)
    with app.app_context():
        message = db.session.get(OutboxMessage, dead)
        assert message is not None
        assert message.dead_at is not None


def test_a_stranger_without_an_account_is_asked_to_sign_in(app: Flask, client: FlaskClient):
    assert client.get("/admin/jobs").status_code in (302, 303)
