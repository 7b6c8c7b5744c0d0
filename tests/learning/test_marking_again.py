"""What a question kind could not mark is marked once it can, and nobody is marked down for it."""

from collections.abc import Callable
from dataclasses import replace
from email import message_from_bytes
from email.policy import default
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from innocap_lms.catalogue.queries import OfferingView
from innocap_lms.content.kinds import AnswerRefused
from innocap_lms.extensions import db
from innocap_lms.learning.marking_again import mark_again
from innocap_lms.learning.models import Attempt, Completion
from innocap_lms.ledger.models import LedgerEvent
from tests.conftest import House
from tests.learning.conftest import Ruled
from tests.learning.test_a_course import RIGHT, begin, count, read_all, start

Browser = Callable[[str], FlaskClient]


@pytest.fixture
def coach(house: House, course: OfferingView, browser_of: Browser) -> FlaskClient:
    browser = browser_of(house.coach)
    start(browser)
    read_all(browser)
    return browser


def again(app: Flask) -> int:
    with app.app_context():
        return mark_again()


def mails(app: Flask) -> dict[str, str]:
    """The text of each mail, by who gets it; to nobody two."""
    with app.app_context():
        app.extensions["innocap_relay"].run_due()
    folder = app.extensions["innocap_settings"].data_dir / "mail"
    found = [message_from_bytes(file.read_bytes(), policy=default) for file in folder.glob("*.eml")]
    bodies = {str(mail["To"]): mail.get_body() for mail in found}
    assert len(bodies) == len(found)
    return {to: body.get_content() for to, body in bodies.items() if body is not None}


def the_attempt(app: Flask) -> Attempt:
    with app.app_context():
        return db.session.scalars(select(Attempt)).one()


def failing(*_given: Any) -> Any:
    raise RuntimeError("not today")


def refusing(*_given: Any) -> Any:
    raise AnswerRefused("that is no answer")


def test_an_answer_is_marked_once_its_kind_can_and_a_pass_completes_the_course(
    app: Flask, coach: FlaskClient
) -> None:
    kinds = app.extensions["innocap_host"].kinds
    sound = kinds["multiple"]
    kinds["multiple"] = replace(sound, grade=failing)
    attempt = begin(coach)
    coach.post(attempt, data=RIGHT)
    assert "could not be marked yet" in coach.get(attempt).text
    assert again(app) == 0
    assert count(app, Completion) == 0
    kinds["multiple"] = sound
    assert again(app) == 1
    assert again(app) == 0
    assert "3 out of 3" in coach.get(attempt).text
    assert count(app, Completion) == 1
    with app.app_context():
        noted = select(LedgerEvent.kind).where(LedgerEvent.kind == "attempt.marked")
        assert len(db.session.scalars(noted).all()) == 1


def test_whoever_waits_for_a_result_gets_it_by_mail_once(
    app: Flask, coach: FlaskClient, house: House, browser_of: Browser
) -> None:
    kinds = app.extensions["innocap_host"].kinds
    sound = kinds["multiple"]
    kinds["multiple"] = replace(sound, grade=failing)
    attempt = begin(coach)
    coach.post(attempt, data=RIGHT)
    second = begin(coach)
    coach.post(second, data=RIGHT)
    colleague = browser_of(house.colleague)
    start(colleague)
    failed = begin(colleague)
    colleague.post(failed, data={"q-one": ["right"], "q-two": ["first"]})
    kinds["multiple"] = sound
    assert again(app) == 3
    again(app)
    sent = mails(app)
    assert sorted(sent) == ["coach@example.org", "colleague@example.org"]
    assert "3 out of 3, passed" in sent["coach@example.org"]
    assert attempt in sent["coach@example.org"] or second in sent["coach@example.org"]
    assert "1 out of 3, not passed" in sent["colleague@example.org"]
    assert failed in sent["colleague@example.org"]


def test_a_question_that_could_not_be_asked_counts_neither_way(
    app: Flask, coach: FlaskClient
) -> None:
    kinds = app.extensions["innocap_host"].kinds
    gone = kinds.pop("multiple")
    attempt = begin(coach)
    coach.post(attempt, data={"q-one": ["right"], "incomplete": "yes"})
    kinds["multiple"] = gone
    assert again(app) == 1
    assert "1 out of 1" in coach.get(attempt).text
    assert the_attempt(app).passed is True


def test_what_counts_neither_way_is_called_so_and_never_wrong(
    app: Flask, house: House, course: OfferingView, ruled: Ruled, browser_of: Browser
) -> None:
    ruled(pass_mark=0.6)
    coach = browser_of(house.coach)
    start(coach)
    kinds = app.extensions["innocap_host"].kinds
    gone = kinds.pop("multiple")
    attempt = begin(coach)
    coach.post(attempt, data={"q-one": ["wrong"], "incomplete": "yes"})
    kinds["multiple"] = gone
    assert again(app) == 1
    page = coach.get(attempt).text
    assert page.count("Does not count") == 1
    assert page.count("Not right") == 1  # the other question


def test_while_a_result_is_open_the_author_says_nothing_about_it(
    app: Flask, house: House, course: OfferingView, ruled: Ruled, browser_of: Browser
) -> None:
    ruled(feedback={"en": {"passed": "Nicely done.", "failed": "Read once more."}})
    coach = browser_of(house.coach)
    start(coach)
    kinds = app.extensions["innocap_host"].kinds
    sound = kinds["multiple"]
    kinds["multiple"] = replace(sound, grade=failing)
    attempt = begin(coach)
    coach.post(attempt, data=RIGHT)
    page = coach.get(attempt).text
    assert "could not be marked yet" in page
    assert "Nicely done." not in page
    assert "Read once more." not in page
    kinds["multiple"] = sound
    assert again(app) == 1
    assert "Nicely done." in coach.get(attempt).text


def test_the_list_of_attempts_calls_an_open_result_open_and_not_failed(
    app: Flask, coach: FlaskClient
) -> None:
    kinds = app.extensions["innocap_host"].kinds
    kinds["multiple"] = replace(kinds["multiple"], grade=failing)
    coach.post(begin(coach), data=RIGHT)
    page = coach.get("/courses/first-steps/final").text
    assert "No result yet" in page
    assert "Not passed" not in page


def test_an_answer_that_its_kind_refuses_once_it_can_read_holds_no_result_open(
    app: Flask, coach: FlaskClient
) -> None:
    kinds = app.extensions["innocap_host"].kinds
    sound = kinds["multiple"]
    kinds["multiple"] = replace(sound, read=failing)
    attempt = begin(coach)
    coach.post(attempt, data=RIGHT)
    assert again(app) == 0
    kinds["multiple"] = replace(sound, read=refusing)
    assert again(app) == 1
    assert "1 out of 3" in coach.get(attempt).text
    handed_in = the_attempt(app)
    assert handed_in.passed is False
    assert handed_in.answers is not None
    assert handed_in.answers["two"] == ["first", "second"]  # kept as it was sent


def test_a_mark_that_was_given_stays(app: Flask, coach: FlaskClient) -> None:
    kinds = app.extensions["innocap_host"].kinds
    one, several = kinds["single"], kinds["multiple"]
    kinds["multiple"] = replace(several, grade=failing)
    coach.post(begin(coach), data=RIGHT)
    kinds["single"], kinds["multiple"] = replace(one, grade=failing), several
    assert again(app) == 1
    assert the_attempt(app).points == 3


def test_a_question_that_was_shown_and_left_blank_earns_nothing_however_its_kind_fails(
    app: Flask, coach: FlaskClient
) -> None:
    kinds = app.extensions["innocap_host"].kinds
    sound = kinds["multiple"]
    kinds["multiple"] = replace(sound, grade=failing)
    attempt = begin(coach)
    coach.post(attempt, data={"q-one": ["right"], "incomplete": "yes"})
    assert again(app) == 0
    kinds["multiple"] = sound
    assert again(app) == 1
    assert "1 out of 3" in coach.get(attempt).text
    assert the_attempt(app).passed is False
    assert count(app, Completion) == 0


def test_where_the_result_is_certain_an_unmarked_answer_changes_nothing(
    app: Flask, coach: FlaskClient
) -> None:
    kinds = app.extensions["innocap_host"].kinds
    kinds["single"] = replace(kinds["single"], grade=failing)
    attempt = begin(coach)
    coach.post(attempt, data={"q-one": ["right"], "q-two": ["not"]})
    page = coach.get(attempt).text
    assert "could not be marked; that changes nothing" in page
    assert "Not passed yet" in page
