"""A course with practical tasks, learners in it, and assessors in two organisations."""

import io
import itertools
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import TestResponse, encode_multipart

from innocap_lms.catalogue.queries import OfferingView, offering
from innocap_lms.catalogue.services import publish
from innocap_lms.content.built_in import BUILT_IN_KINDS
from innocap_lms.content.reader import read_course
from innocap_lms.extensions import db, writing
from innocap_lms.ledger.models import LedgerEvent
from innocap_lms.people import services as people
from innocap_lms.tasks.models import Assessment, Submission
from tests.conftest import House

TASK = "/courses/real-work/own-case"
SMALL = "/courses/real-work/second-case"
ENOUGH = {"criterion-question": "open", "criterion-evidence": "some"}
STRONG = {"criterion-question": "tested", "criterion-evidence": "some"}
WEAK = {"criterion-question": "open", "criterion-evidence": "no-evidence", "remark": "Show it."}
WORDS = "A case of SECRET words."

Browser = Callable[[str], FlaskClient]
_numbers = itertools.count(1)


@pytest.fixture
def real_work(app: Flask) -> OfferingView:
    """The course `real-work`, in service: one lesson and a required task of two assessors, and a
    task of one assessor that nothing requires."""
    reading = read_course(Path(__file__).parent / "courses" / "real-work", BUILT_IN_KINDS)
    assert reading.problems == []
    assert reading.course is not None
    with app.app_context():
        with writing():
            publish(reading.course, track="northern", plugin="northern_track", actor_id=None)
        found = offering("real-work")
        assert found is not None
        return found


class Pool:
    """Makes assessors and acts for those who were drawn."""

    def __init__(self, app: Flask, house: House, browser_of: Browser) -> None:
        self.app, self.house, self.browser_of = app, house, browser_of

    def add(self, count: int = 1, organisation: str = "", track: str | None = None) -> list[str]:
        """So many assessors, in the learner's organisation unless another is named."""
        with self.app.app_context(), writing():
            return [
                people.invite_person(
                    name=f"Assessor {number}",
                    email=f"assessor{number}@example.org",
                    role="assessor",
                    language="en",
                    track=track,
                    organisation_id=organisation or self.house.north,
                    send_mail=False,
                )
                for number in itertools.islice(_numbers, count)
            ]

    def seats(self, submission_id: str) -> dict[int, str]:
        """Who sits on a case now, by seat."""
        with self.app.app_context():
            return {
                row.seat: row.assessor_id
                for row in db.session.scalars(
                    select(Assessment).where(
                        Assessment.submission_id == submission_id,
                        Assessment.released_at.is_(None),
                    )
                )
            }

    def score(self, submission_id: str, seat: int, scores: dict[str, str]) -> TestResponse:
        """Let whoever has the seat score."""
        browser = self.browser_of(self.seats(submission_id)[seat])
        return browser.post(f"/assess/{submission_id}", data=scores)


@pytest.fixture
def pool(app: Flask, house: House, browser_of: Browser) -> Pool:
    return Pool(app, house, browser_of)


def revision(browser: FlaskClient, address: str = TASK) -> str:
    found = re.search(r'name="revision" value="(\d+)"', browser.get(address).text)
    assert found is not None
    return found[1]


def owner(browser: FlaskClient, address: str = TASK) -> str:
    """Whom the page of a task is for: its form says so, or what it forgets once it is handed in."""
    found = re.search(r'(?:name="owner" value="|/draft:)(\w+)"', browser.get(address).text)
    assert found is not None
    return found[1]


def send(
    browser: FlaskClient,
    address: str = TASK,
    files: tuple[tuple[str, bytes], ...] = (),
    **fields: Any,
) -> TestResponse:
    """Send the form of a task as it stands, with these fields changed."""
    form = {"owner": owner(browser, address), "revision": revision(browser, address)}
    return post(browser, address, {"text": WORDS, "do": "save", **form, **fields}, files)


def post(
    browser: FlaskClient,
    address: str,
    data: dict[str, Any],
    files: tuple[tuple[str, bytes], ...] = (),
) -> TestResponse:
    """Send a form with files; made here, since the client would leave its temporary file open."""
    sent = [FileStorage(io.BytesIO(content), name) for name, content in files]
    boundary, body = encode_multipart(MultiDict({**data, "files": sent}))
    return browser.post(
        address, data=body, content_type=f"multipart/form-data; boundary={boundary}"
    )


def fetch(browser: FlaskClient, address: str) -> TestResponse:
    """Get a file whole, and close what the answer holds open."""
    with browser.get(address) as answer:
        answer.get_data()
        return answer


def hand_in(browser: FlaskClient, address: str = TASK, **fields: Any) -> TestResponse:
    return send(browser, address, do="hand_in", confirmed="yes", **fields)


@pytest.fixture
def coach(house: House, real_work: OfferingView, browser_of: Browser) -> FlaskClient:
    """A learner's browser, in the course, with its lesson read."""
    browser = browser_of(house.coach)
    assert browser.post("/courses/real-work/start").status_code == 303
    assert browser.post("/courses/real-work/read-first/read").status_code == 303
    return browser


def cases(app: Flask) -> list[Submission]:
    """Every case, in the order of its number."""
    with app.app_context():
        return list(db.session.scalars(select(Submission).order_by(Submission.number)))


def ledger(app: Flask, like: str = "task.%") -> list[str]:
    with app.app_context():
        kinds = db.session.scalars(select(LedgerEvent.kind).where(LedgerEvent.kind.like(like)))
        return sorted(kinds)
