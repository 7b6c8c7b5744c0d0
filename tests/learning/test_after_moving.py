"""Attempts begun in one edition and handed in when their learner is in the next."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from innocap_lms.catalogue.queries import EditionView, OfferingView, offering
from innocap_lms.catalogue.services import publish
from innocap_lms.content.fingerprints import of_course
from innocap_lms.content.model import CompletionRule, Course
from innocap_lms.extensions import db, writing
from innocap_lms.learning import regrading
from innocap_lms.learning.models import Completion, Remedy
from innocap_lms.learning.moving import move_readers
from innocap_lms.learning.remedies import wording
from tests.conftest import House
from tests.learning.ruled import ruled_course

COURSE = "/courses/first-steps"
RIGHT = {"q-one": ["right"], "q-two": ["first", "second"]}
WRONG = {"q-one": ["wrong"], "q-two": ["not"]}
BrowserOf = Callable[[str], FlaskClient]
Change = Callable[[Course], Course]


@pytest.fixture
def next_edition(app: Flask, course: OfferingView) -> Callable[..., EditionView]:
    """Publishes the course with a change, and moves who is in the middle of it."""

    def put(change: Change, **rules: Any) -> EditionView:
        with app.app_context():
            now = offering("first-steps")
            assert now is not None
            new = change(ruled_course(now.edition, **rules))
            with writing():
                new = replace(new, fingerprint=of_course(new))
                publish(new, track=course.track, plugin=course.plugin, actor_id=None)
            found = offering("first-steps")
            assert found is not None
            with writing():
                assert move_readers(found.edition, {}, now.edition.id, None) == 1
            return found.edition

    return put


def asking(*lessons: str) -> Change:
    return lambda course: replace(
        course, completion=CompletionRule(lessons, course.completion.quizzes)
    )


def begin(coach: FlaskClient) -> str:
    return coach.post(f"{COURSE}/final/attempts").headers["Location"]


def completions(app: Flask) -> list[str]:
    with app.app_context():
        return list(db.session.scalars(select(Completion.edition_id)))


@pytest.fixture
def coach(house: House, course: OfferingView, browser_of: BrowserOf) -> FlaskClient:
    """Has begun the course and read its first lesson."""
    client = browser_of(house.coach)
    client.post(f"{COURSE}/start")
    client.post(f"{COURSE}/start-walking/read")
    return client


def test_a_pass_completes_the_course_by_the_rule_of_today_when_it_asks_less(
    app: Flask, coach: FlaskClient, next_edition: Callable[..., EditionView]
) -> None:
    attempt = begin(coach)
    now = next_edition(asking("start-walking"))
    coach.post(attempt, data=RIGHT)
    assert completions(app) == [now.id]
    assert "What is left" not in coach.get(attempt).text


def test_a_pass_completes_nothing_while_the_rule_of_today_asks_for_more(
    app: Flask, coach: FlaskClient, next_edition: Callable[..., EditionView]
) -> None:
    next_edition(asking("start-walking"))
    attempt = begin(coach)
    now = next_edition(asking("start-walking", "walk-on"))
    coach.post(attempt, data=RIGHT)
    assert completions(app) == []
    assert "What is left" in coach.get(attempt).text
    coach.post(f"{COURSE}/walk-on/read")
    assert completions(app) == [now.id]


def test_a_remedy_completes_the_course_by_the_rule_of_today(
    app: Flask, house: House, coach: FlaskClient, next_edition: Callable[..., EditionView]
) -> None:
    coach.post(begin(coach), data={"q-one": ["right"], "q-two": ["not"]})
    now = next_edition(asking("start-walking"))
    with app.app_context():
        with writing():
            faulty = wording("first-steps", "final", "two")
            assert faulty is not None
            regrading.decide(house.trainer, faulty, "accept_all", (), "it was wrong")
        remedy = db.session.scalar(select(Remedy.id))
        regrading.carry_out({"remedy_id": remedy, "run": "first", "after": ""})
    assert completions(app) == [now.id]


def test_who_began_while_any_attempt_could_count_can_still_pass_where_only_the_first_does(
    app: Flask, coach: FlaskClient, next_edition: Callable[..., EditionView]
) -> None:
    failed = begin(coach)
    coach.post(failed, data=WRONG)
    now = next_edition(asking("start-walking"), counts="first")
    assert "Your first attempt counts" not in coach.get(f"{COURSE}/final").text
    page = coach.get(failed).text
    assert "Try again" in page
    assert "Further attempts are practice" not in page
    assert "FEEDBACK-WRONG-ONE" not in page  # the right answers would come before the next attempt
    second = begin(coach)
    coach.post(second, data=RIGHT)
    assert completions(app) == [now.id]
    assert "Passed" in coach.get(f"{COURSE}/final").text


def test_who_had_failed_the_first_where_it_alone_counts_has_no_other(
    app: Flask, coach: FlaskClient, next_edition: Callable[..., EditionView]
) -> None:
    next_edition(asking("start-walking"), counts="first")
    coach.post(begin(coach), data=WRONG)
    next_edition(lambda course: course, counts="first", pass_mark=0.7)
    second = begin(coach)
    coach.post(second, data=RIGHT)
    assert completions(app) == []
    assert "This attempt was practice" in coach.get(second).text


def test_how_often_a_quiz_may_be_tried_is_said_by_the_edition_of_today(
    app: Flask, coach: FlaskClient, next_edition: Callable[..., EditionView]
) -> None:
    for _ in range(2):
        attempt = begin(coach)
        coach.post(attempt, data=WRONG)
    assert "Try again" in coach.get(attempt).text
    next_edition(lambda course: course, attempts=2)
    page = coach.get(attempt).text
    assert "as often as you like" not in page
    assert "Show the right answers" in page
    assert "FEEDBACK-WRONG-ONE" not in page
    coach.post(f"{COURSE}/final/right-answers")
    assert "FEEDBACK-WRONG-ONE" in coach.get(attempt).text
