"""A quiz by other rules than the one in the files."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from innocap_lms.catalogue.queries import OfferingView
from innocap_lms.catalogue.services import publish
from innocap_lms.content.model import Course
from innocap_lms.extensions import writing
from tests.learning.ruled import ruled_course

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
