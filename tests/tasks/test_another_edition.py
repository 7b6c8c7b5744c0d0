"""A case that is written while its course moves on to another edition."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from innocap_lms.catalogue.queries import EditionView, offering
from innocap_lms.catalogue.services import publish
from innocap_lms.content.fingerprints import of_course, of_task
from innocap_lms.content.model import CompletionRule, Task
from innocap_lms.extensions import db, writing
from innocap_lms.learning.moving import move_readers
from innocap_lms.tasks.models import Submission
from tests.conftest import House
from tests.tasks.conftest import ENOUGH, TASK, Pool, hand_in, owner, send

NEW = "Ethics and care"


@pytest.fixture
def next_edition(app: Flask) -> Callable[[], EditionView]:
    """The task gets one criterion more and another brief; who is in the course goes on in it."""

    def put() -> EditionView:
        with app.app_context():
            old = offering("real-work")
            assert old is not None
            changed = []
            for part in old.edition.course.activities:
                if isinstance(part, Task) and part.id == "own-case":
                    titles = dict.fromkeys(part.criteria[1].titles, NEW)
                    more = replace(part.criteria[1], id="ethics", titles=titles)
                    briefs = dict.fromkeys(part.briefs, "Another brief.")
                    part = replace(part, criteria=(*part.criteria, more), briefs=briefs)
                    part = replace(part, fingerprint=of_task(part))
                changed.append(part)
            new = replace(old.edition.course, activities=tuple(changed))
            new = replace(new, fingerprint=of_course(new))
            with writing():
                publish(new, track=old.track, plugin=old.plugin, actor_id=None)
            found = offering("real-work")
            assert found is not None
            with writing():
                move_readers(found.edition, {}, old.edition.id, None)
            return found.edition

    return put


@pytest.fixture
def coach(
    house: House, real_work: object, pool: Pool, browser_of: Callable[[str], FlaskClient]
) -> FlaskClient:
    """Has begun the course and a draft; there are three assessors."""
    pool.add(3)
    browser = browser_of(house.coach)
    browser.post("/courses/real-work/start")
    browser.post("/courses/real-work/read-first/read")
    send(browser)
    return browser


def case_of(app: Flask) -> Submission:
    with app.app_context():
        return db.session.scalars(select(Submission)).one()


def test_what_its_writer_saw_is_what_its_assessors_judge_by(
    app: Flask,
    coach: FlaskClient,
    pool: Pool,
    browser_of: Callable[[str], FlaskClient],
    next_edition: Callable[[], EditionView],
) -> None:
    now = next_edition()
    assert NEW in coach.get(TASK).text
    hand_in(coach)
    case = case_of(app)
    assert case.edition_id == now.id
    page = browser_of(pool.seats(case.id)[1]).get(f"/assess/{case.id}").text
    assert NEW in page
    assert "Another brief." in page


def test_a_case_that_was_handed_in_before_is_shown_and_decided_by_what_was_asked_then(
    app: Flask, coach: FlaskClient, pool: Pool, next_edition: Callable[[], EditionView]
) -> None:
    hand_in(coach)
    next_edition()
    case = case_of(app)
    assert NEW not in coach.get(TASK).text
    for seat in (1, 2):
        pool.score(case.id, seat, ENOUGH)
    page = coach.get(TASK).text
    assert "Met" in page
    assert NEW not in page, "nobody has assessed it"


def test_a_case_at_a_task_that_has_left_the_course_is_still_its_writers_to_read(
    app: Flask, house: House, coach: FlaskClient, browser_of: Callable[[str], FlaskClient]
) -> None:
    with app.app_context():
        written = db.session.scalars(select(Submission.text)).one()
        old = offering("real-work")
        assert old is not None
        left = [part for part in old.edition.course.activities if part.id != "own-case"]
        rule = CompletionRule(("read-first",), ())
        new = replace(old.edition.course, activities=tuple(left), completion=rule)
        new = replace(new, fingerprint=of_course(new))
        with writing():
            publish(new, track=old.track, plugin=old.plugin, actor_id=None)
        found = offering("real-work")
        assert found is not None
        with writing():
            move_readers(found.edition, {}, old.edition.id, None)
    page = coach.get(TASK)
    assert page.status_code == 200
    assert written.split()[0] in page.text
    assert "no longer part of the course" in page.text
    assert 'name="text"' not in page.text
    form = {"owner": owner(coach), "text": "more", "do": "save"}
    assert coach.post(TASK, data=form).status_code == 404
    other = browser_of(house.colleague)
    other.post("/courses/real-work/start")
    assert other.get(TASK).status_code == 404
