"""A coach's way through a course, and what others see of it."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from innocap_lms.catalogue.queries import OfferingView
from innocap_lms.extensions import db
from innocap_lms.jobs.models import OutboxMessage
from innocap_lms.learning.models import Attempt, Completion, Enrolment, LessonProgress
from innocap_lms.ledger.models import LedgerEvent
from tests.conftest import House

Browser = Callable[[str], FlaskClient]
RIGHT = {"q-one": ["right"], "q-two": ["first", "second"]}
WRONG = {"q-one": ["wrong"], "q-two": ["not"]}
SECRETS = ("FEEDBACK-RIGHT-ONE", "FEEDBACK-WRONG-ONE", "FEEDBACK-ON-TWO", "correct")


def start(browser: FlaskClient) -> None:
    assert browser.post("/courses/first-steps/start").status_code == 303


def read_all(browser: FlaskClient) -> None:
    for lesson in ("start-walking", "walk-on"):
        assert browser.get(f"/courses/first-steps/{lesson}").status_code == 200
        assert browser.post(f"/courses/first-steps/{lesson}/read").status_code == 303


def begin(browser: FlaskClient) -> str:
    response = browser.post("/courses/first-steps/final/attempts")
    assert response.status_code == 303
    return response.headers["Location"]


def noted(app: Flask) -> list[str]:
    """The kinds of what the ledger says happened in courses."""
    kinds = ("enrolled", "attempt.submitted", "completed")
    with app.app_context():
        return sorted(
            db.session.scalars(select(LedgerEvent.kind).where(LedgerEvent.kind.in_(kinds)))
        )


def count(app: Flask, model: type) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_reading_every_lesson_and_passing_the_quiz_completes_the_course_once(
    app: Flask, house: House, course: OfferingView, browser_of: Browser
) -> None:
    coach = browser_of(house.coach)
    start(coach)
    read_all(coach)
    attempt = begin(coach)
    assert coach.post(attempt, data=RIGHT).status_code == 303
    page = coach.get(attempt).text
    assert "3 out of 3" in page
    assert "You have completed First steps" in page
    with app.app_context():
        completion = db.session.scalars(select(Completion)).one()
        assert completion.fingerprint == course.edition.course.fingerprint
        assert completion.edition_id == course.edition.id
        assert completion.language == "en"
        assert completion.organisation_id == house.north
        assert completion.unit_id == house.home
        assert completion.hours == 1.5
        assert completion.because["quizzes_passed"] == ["final"]
        jobs = db.session.scalars(select(OutboxMessage)).all()
        assert [job.payload for job in jobs] == [{"completion_id": completion.id}]
    assert noted(app) == ["attempt.submitted", "completed", "enrolled"]


def test_passing_the_quiz_before_the_lessons_are_read_does_not_complete(
    app: Flask, house: House, course: OfferingView, browser_of: Browser
) -> None:
    coach = browser_of(house.coach)
    start(coach)
    coach.post(begin(coach), data=RIGHT)
    assert count(app, Completion) == 0
    read_all(coach)
    assert count(app, Completion) == 1


def test_a_failed_attempt_says_what_to_read_again_and_can_be_repeated(
    app: Flask, house: House, course: OfferingView, browser_of: Browser
) -> None:
    coach = browser_of(house.coach)
    start(coach)
    attempt = begin(coach)
    coach.post(attempt, data=WRONG)
    page = coach.get(attempt).text
    assert "0 out of 3" in page
    assert "You pass with 80 per cent" in page
    assert "Worth reading again" in page
    assert "/courses/first-steps/walk-on" in page
    assert begin(coach) != attempt


def test_after_the_last_attempt_no_other_can_be_started(
    app: Flask, house: House, course: OfferingView, browser_of: Browser
) -> None:
    coach = browser_of(house.coach)
    start(coach)
    for _ in range(3):
        coach.post(begin(coach), data=WRONG)
    assert begin(coach).endswith("/courses/first-steps/final")
    assert count(app, Attempt) == 3
    assert '/attempts"' not in coach.get("/courses/first-steps/final").text


def test_sending_an_attempt_twice_changes_nothing_the_second_time(
    app: Flask, house: House, course: OfferingView, browser_of: Browser
) -> None:
    coach = browser_of(house.coach)
    start(coach)
    attempt = begin(coach)
    coach.post(attempt, data=WRONG)
    assert coach.post(attempt, data=RIGHT).status_code == 303
    assert "0 out of 3" in coach.get(attempt).text
    assert noted(app) == ["attempt.submitted", "enrolled"]


def test_starting_twice_goes_on_with_the_attempt_that_is_open(
    app: Flask, house: House, course: OfferingView, browser_of: Browser
) -> None:
    coach = browser_of(house.coach)
    start(coach)
    assert begin(coach) == begin(coach)
    assert count(app, Attempt) == 1


def test_an_attempt_with_missing_answers_is_shown_again_with_the_others_kept(
    app: Flask, house: House, course: OfferingView, browser_of: Browser
) -> None:
    coach = browser_of(house.coach)
    start(coach)
    attempt = begin(coach)
    response = coach.post(attempt, data={"q-one": ["wrong"]})
    assert response.status_code == 422
    assert "One question has no answer yet" in response.text
    assert re.search(r'value="wrong"[^>]*checked', response.text)
    sent = coach.post(attempt, data={"q-one": ["right"], "incomplete": "yes"})
    assert sent.status_code == 303
    assert "1 out of 3" in coach.get(attempt).text


@pytest.mark.parametrize(
    "answers",
    [
        {"q-one": ["no-such-option"], "q-two": ["first", "second", "first"]},
        {"q-one": ["right", "wrong"], "q-two": ["\x1f", "é" * 5000]},
    ],
)
def test_answers_that_no_form_offers_are_refused_and_nothing_else_is_lost(
    app: Flask,
    house: House,
    course: OfferingView,
    browser_of: Browser,
    answers: dict[str, list[str]],
) -> None:
    coach = browser_of(house.coach)
    start(coach)
    attempt = begin(coach)
    refused = coach.post(attempt, data={"incomplete": "yes", **answers})
    assert refused.status_code == 422
    assert "does not fit the question" in refused.text
    assert coach.post(attempt, data=RIGHT).status_code == 303
    assert "3 out of 3" in coach.get(attempt).text


def test_answers_to_questions_that_were_not_asked_count_for_nothing(
    app: Flask, house: House, course: OfferingView, browser_of: Browser
) -> None:
    coach = browser_of(house.coach)
    start(coach)
    attempt = begin(coach)
    forged = {"q-unknown": ["right"], "s-unknown": ["1"], "incomplete": "yes"}
    assert coach.post(attempt, data=forged).status_code == 303
    assert "0 out of 3" in coach.get(attempt).text
    assert count(app, Completion) == 0


def test_keys_and_feedback_stay_on_the_server_until_the_attempt_is_sent(
    app: Flask, house: House, course: OfferingView, browser_of: Browser
) -> None:
    coach = browser_of(house.coach)
    start(coach)
    attempt = begin(coach)
    before = [coach.get(f"/courses/first-steps{place}") for place in ("", "/final")]
    before += [coach.get(attempt), coach.post(attempt, data={"q-one": ["wrong"]})]
    for response in before:
        for secret in SECRETS:
            assert secret not in response.text
            assert secret not in str(response.headers)
    coach.post(attempt, data=RIGHT)
    after = coach.get(attempt).text
    assert "FEEDBACK-RIGHT-ONE" in after
    assert "FEEDBACK-ON-TWO" in after


def test_a_failed_attempt_does_not_give_the_keys_away_while_there_are_tries_left(
    house: House, course: OfferingView, browser_of: Browser
) -> None:
    coach = browser_of(house.coach)
    start(coach)
    pages = []
    for _ in range(3):
        attempt = begin(coach)
        coach.post(attempt, data={"q-one": ["wrong"], "incomplete": "yes"})
        pages.append(coach.get(attempt).text)
    assert "The right answers are shown when you choose so" in pages.pop()
    for page in pages:
        assert "Not right" in page
        assert "Wrong one" in page
        assert "The right answers are shown once you have passed" in page
        assert not any(secret in page for secret in SECRETS)
        assert "Right one" not in page
    page = coach.get(attempt).text
    assert not any(secret in page for secret in SECRETS)
    assert (
        "FEEDBACK-RIGHT-ONE"
        in coach.post("/courses/first-steps/final/right-answers", follow_redirects=True).text
    )


def test_questions_order_and_answers_stay_when_the_language_changes_in_the_middle(
    app: Flask, house: House, course: OfferingView, browser_of: Browser
) -> None:
    coach = browser_of(house.coach)
    start(coach)
    attempt = begin(coach)
    english = re.findall(r'name="(q-[^"]+)" value="([^"]+)"', coach.get(attempt).text)
    coach.get("/language/sv")
    page = coach.get(attempt).text
    assert 'lang="sv"' in page
    assert re.findall(r'name="(q-[^"]+)" value="([^"]+)"', page) == english
    coach.post(attempt, data=RIGHT)
    assert "3" in coach.get(attempt).text
    with app.app_context():
        assert db.session.scalars(select(Attempt.language)).one() == "sv"


@pytest.mark.parametrize("who", ["colleague", "stranger", "hr", "trainer", "admin", "manager"])
def test_an_attempt_is_there_for_its_owner_alone(
    app: Flask, house: House, course: OfferingView, browser_of: Browser, who: str
) -> None:
    coach = browser_of(house.coach)
    start(coach)
    attempt = begin(coach)
    other = browser_of(getattr(house, who))
    assert other.get(attempt).status_code == 404
    assert other.post(attempt, data=RIGHT).status_code == 404
    start(other)
    assert other.get(attempt).status_code == 404
    with app.app_context():
        assert db.session.scalars(select(Attempt.submitted_at)).one() is None


def test_a_lesson_asks_a_stranger_to_sign_in_and_the_others_to_start(
    app: Flask, house: House, course: OfferingView, client: FlaskClient, browser_of: Browser
) -> None:
    address = "/courses/first-steps/walk-on"
    assert client.get(address).headers["Location"] == f"/login?next={address}"
    assert browser_of(house.coach).get(address).headers["Location"] == "/courses/first-steps"


@pytest.mark.parametrize(
    "address",
    [
        "/courses/no-such-course/lesson",
        "/courses/first-steps/no-such-lesson",
        "/courses/first-steps/final/attempts/nothing",
        "/courses/first-steps/walk-on/attempts/nothing",
    ],
)
def test_what_is_not_there_is_not_found(
    house: House, course: OfferingView, browser_of: Browser, address: str
) -> None:
    coach = browser_of(house.coach)
    start(coach)
    assert coach.get(address).status_code == 404


@pytest.mark.parametrize(
    "address",
    [
        "/courses/no-such-course/start",
        "/courses/first-steps/final/read",
        "/courses/first-steps/nothing/read",
        "/courses/first-steps/walk-on/attempts",
        "/courses/no-such-course/final/attempts",
        "/courses/no-such-course/walk-on/read",
    ],
)
def test_what_is_not_there_cannot_be_done(
    app: Flask, house: House, course: OfferingView, browser_of: Browser, address: str
) -> None:
    coach = browser_of(house.coach)
    start(coach)
    assert coach.post(address).status_code == 404
    assert count(app, LessonProgress) == count(app, Attempt) == 0


def test_starting_a_course_twice_enrols_once(
    app: Flask, house: House, course: OfferingView, browser_of: Browser
) -> None:
    coach = browser_of(house.coach)
    start(coach)
    start(coach)
    assert count(app, Enrolment) == 1
    assert noted(app) == ["enrolled"]


def test_a_lesson_in_a_language_it_lacks_is_shown_in_another_and_says_so(
    app: Flask, house: House, course: OfferingView, browser_of: Browser
) -> None:
    coach = browser_of(house.coach)
    start(coach)
    lesson = course.edition.course.lessons[0]
    # As if the edition had been published before the lesson was translated.
    object.__setattr__(lesson, "texts", {"sv": lesson.texts["sv"]})
    page = coach.get(f"/courses/first-steps/{lesson.id}").text
    assert 'lang="sv"' in page
    assert "shown in another one" in page


def test_a_quiz_can_be_taken_while_a_question_kind_is_gone(
    app: Flask, house: House, course: OfferingView, browser_of: Browser
) -> None:
    coach = browser_of(house.coach)
    start(coach)
    gone = app.extensions["innocap_host"].kinds.pop("multiple")
    attempt = begin(coach)
    assert "This question cannot be shown right now" in coach.get(attempt).text
    assert coach.post(attempt, data={"q-one": ["right"], "incomplete": "yes"}).status_code == 303
    page = coach.get(attempt).text
    assert "could not be marked yet" in page
    assert "has not been marked" in page
    app.extensions["innocap_host"].kinds["multiple"] = gone
    assert coach.get(attempt).status_code == 200


def test_after_a_pass_the_page_says_which_lessons_are_left_before_the_certificate(
    house: House, course: OfferingView, browser_of: Browser
) -> None:
    coach = browser_of(house.coach)
    start(coach)
    attempt = begin(coach)
    coach.post(attempt, data=RIGHT)
    page = coach.get(attempt).text
    assert "What is left before the certificate" in page
    left = page[page.index('id="left"') : page.index('id="review"')]
    assert left.count('href="/courses/first-steps/') == len(course.edition.course.lessons)
    read_all(coach)
    assert "What is left" not in coach.get(attempt).text
