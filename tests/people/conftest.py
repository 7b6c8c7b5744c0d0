"""A municipality whose people have passwords, and a browser that fills in forms."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from innocap_lms import clock
from innocap_lms.extensions import db, writing
from innocap_lms.jobs.models import OutboxMessage
from innocap_lms.people import services
from innocap_lms.people.models import Person
from innocap_lms.people.passwords import hash_password
from tests.conftest import House

PASSWORD = "blue boats in harbour"
NEW_PASSWORD = "red barns on the hill"


@pytest.fixture
def app(app: Flask) -> Flask:
    """A site that asks every form for its token, as in service."""
    app.config["FORM_TOKENS"] = True
    return app


@pytest.fixture
def town(app: Flask, house: House) -> House:
    """The municipality, with the same password for everybody."""
    with app.app_context():
        password = hash_password(PASSWORD, app.extensions["innocap_settings"].password_memory_kib)
        with writing():
            for person_id in db.session.scalars(db.select(Person.id)).all():
                services.set_password(person_id, password)
    return house


class Browser:
    """A person's browser: it fetches a page before it sends the form on it."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def get(self, path: str, **kwargs: Any) -> TestResponse:
        return self.client.get(path, **kwargs)

    def send(self, path: str, page: str = "/code", **fields: str) -> TestResponse:
        token = re.search(r'name="csrf_token" value="([^"]+)"', self.get(page).text)
        form = {**fields, "csrf_token": token[1]} if token else fields
        return self.client.post(path, data=form)

    def sign_in(self, account: str, password: str = PASSWORD, **fields: str) -> TestResponse:
        return self.send("/login", account=account, password=password, **fields)

    def signed_in(self) -> bool:
        return self.get("/account").status_code == 200


@pytest.fixture
def new_browser(app: Flask) -> Callable[[], Browser]:
    return lambda: Browser(app.test_client())


@pytest.fixture
def browser(new_browser: Callable[[], Browser]) -> Browser:
    return new_browser()


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[timedelta], None]:
    """Let time pass; it stands still between the calls."""
    moment = [datetime.now(UTC)]
    monkeypatch.setattr(clock, "utcnow", lambda: moment[0])

    def pass_by(time: timedelta) -> None:
        moment[0] += time

    return pass_by


@pytest.fixture
def jobs(app: Flask) -> Callable[[str], list[dict[str, Any]]]:
    """What the outbox was asked to do, by kind, in turn."""

    def waiting(kind: str) -> list[dict[str, Any]]:
        with app.app_context():
            query = db.select(OutboxMessage.payload).where(OutboxMessage.kind == kind)
            return list(db.session.scalars(query.order_by(OutboxMessage.created_at)))

    return waiting
