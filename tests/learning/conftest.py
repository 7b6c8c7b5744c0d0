"""A quiz by other rules than the one in the files, and a coach who is in a programme."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from innocap_lms.catalogue.queries import OfferingView
from innocap_lms.catalogue.services import publish
from innocap_lms.content.model import Course
from innocap_lms.extensions import writing
from tests.conftest import House
from tests.learning.ruled import ruled_course
from tests.programmes import walk

Ruled = Callable[..., Course]


@pytest.fixture
def ruled(app: Flask, course: OfferingView) -> Ruled:
    """Publishes the course with its quiz under these rules: `ruled(minutes=30, show="one")`."""

    def put(**rules: Any) -> Course:
        with app.app_context():
            new = ruled_course(course.edition, **rules)
            with writing():
                publish(new, track=course.track, plugin=course.plugin, actor_id=None)
            return new

    return put


@pytest.fixture
def coach(
    app: Flask, house: House, browser_of: Callable[[str], FlaskClient], tmp_path: Path
) -> FlaskClient:
    """The browser of a coach who has joined the programme `walker`, whose files are in tmp_path."""
    walk(app, tmp_path)
    browser = browser_of(house.coach)
    browser.post("/programmes/walker/start")
    return browser
