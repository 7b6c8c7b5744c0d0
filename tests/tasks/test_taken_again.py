"""A learner who takes a course again, and what they wrote the time before."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from innocap_lms.catalogue.queries import OfferingView
from innocap_lms.extensions import writing
from innocap_lms.learning.calls import call_for_renewal
from tests.conftest import House
from tests.tasks.conftest import (
    ENOUGH,
    SMALL,
    TASK,
    WORDS,
    Browser,
    Pool,
    cases,
    hand_in,
    owner,
    send,
)

DRAFT = "A DRAFT THAT NOBODY HAS READ."


@pytest.fixture
def coach(
    app: Flask, house: House, real_work: OfferingView, pool: Pool, browser_of: Browser
) -> FlaskClient:
    """Has completed the course, with a draft left at what it does not require, and takes it
    again."""
    pool.add(2)
    browser = browser_of(house.coach)
    browser.post("/courses/real-work/start")
    browser.post("/courses/real-work/read-first/read")
    send(browser)
    hand_in(browser)
    draft = {"owner": owner(browser, SMALL), "revision": "0", "text": DRAFT, "do": "save"}
    browser.post(SMALL, data=draft)
    passed = next(case.id for case in cases(app) if case.task_id == "own-case")
    for seat in (1, 2):
        pool.score(passed, seat, ENOUGH)
    with app.app_context(), writing():
        call_for_renewal(real_work.edition, house.trainer)
    assert browser.post("/courses/real-work/renew").status_code == 303
    return browser


def test_a_case_of_the_time_before_is_there_to_read_with_what_was_said_of_it(
    coach: FlaskClient,
) -> None:
    page = coach.get(TASK).text
    assert 'name="text"' in page  # the new case begins empty
    before = page.partition("When you took the course before")[2]
    assert WORDS in before
    assert "Met" in before
    assert page.count(WORDS) == 1


def test_a_draft_of_the_time_before_is_not_lost(coach: FlaskClient) -> None:
    before = coach.get(SMALL).text.partition("When you took the course before")[2]
    assert DRAFT in before
    assert "Not handed in" in before


def test_what_was_written_before_is_for_its_writer_alone(
    coach: FlaskClient, house: House, browser_of: Callable[[str], FlaskClient]
) -> None:
    colleague = browser_of(house.colleague)
    assert colleague.get(TASK).status_code == 302
    colleague.post("/courses/real-work/start")
    page = colleague.get(TASK).text
    assert WORDS not in page
    assert "When you took the course before" not in page
