"""People who write the course `first-steps` in the browser."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from innocap_lms.catalogue.queries import OfferingView
from innocap_lms.extensions import writing
from innocap_lms.people import services as people
from tests.conftest import House

Browser = Callable[[str], FlaskClient]
COURSE = "/studio/courses/first-steps"
FILES = f"{COURSE}/files"


def relay(app: Flask) -> None:
    app.extensions["innocap_relay"].run_due()


def adopt(app: Flask, browser: FlaskClient) -> FlaskClient:
    """The browser of whoever has the course written here from now on."""
    assert browser.post(f"{COURSE}/adopt").headers["Location"] == FILES
    relay(app)
    return browser


@pytest.fixture
def trainer(app: Flask, course: OfferingView, house: House, browser_of: Browser) -> FlaskClient:
    """A trainer who writes the course here from now on."""
    del course
    return adopt(app, browser_of(house.trainer))


@pytest.fixture
def other(app: Flask, house: House, browser_of: Browser, trainer: FlaskClient) -> FlaskClient:
    """Another trainer of the same organisation."""
    del trainer
    with app.app_context(), writing():
        person = people.invite_person(
            name="Other Trainer",
            email="other.trainer@example.org",
            role="trainer",
            language="en",
            organisation_id=house.north,
            send_mail=False,
        )
    return browser_of(person)
