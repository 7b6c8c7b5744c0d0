"""A quiz by other rules than the one in the files: an edition of its own."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask

from innocap_lms.catalogue.queries import OfferingView, quiz_keys
from innocap_lms.catalogue.services import publish
from innocap_lms.content.fingerprints import of_course, of_quiz
from innocap_lms.content.model import Course, Quiz
from innocap_lms.extensions import writing

Ruled = Callable[..., Course]


@pytest.fixture
def ruled(app: Flask, course: OfferingView) -> Ruled:
    """Publishes the course with its quiz under these rules: `ruled(minutes=30, show="one")`."""

    def put(**rules: Any) -> Course:
        with app.app_context():
            before = course.edition.course
            keys = quiz_keys(course.edition.id, "final")
            made: list[Any] = []
            for item in before.activities:
                if isinstance(item, Quiz):
                    item = replace(item, **rules)
                    item = replace(item, fingerprint=of_quiz(item, keys))
                made.append(item)
            new = replace(before, activities=tuple(made), keys={"final": keys})
            new = replace(new, fingerprint=of_course(new))
            with writing():
                publish(new, track=course.track, plugin=course.plugin, actor_id=None)
            return new

    return put
