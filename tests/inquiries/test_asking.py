"""A learner reports a question or asks for help, from where they are."""

from collections.abc import Callable

import pytest
from sqlalchemy import update
from werkzeug.test import TestResponse

from innocap_lms.catalogue.queries import OfferingView
from innocap_lms.content.model import Course
from innocap_lms.extensions import db, writing
from innocap_lms.inquiries.services import LONGEST, MOST_OPEN
from innocap_lms.learning.models import Attempt
from tests.inquiries.conftest import Site
from tests.learning.test_a_course import RIGHT, SECRETS, begin, start


def test_the_question_of_an_attempt_leads_to_its_form_before_and_after_it_is_sent(
    site: Site,
) -> None:
    for page in (site.coach.get(site.attempt), _handed_in(site)):
        assert f'href="{site.question(1)}"' in page.text
        assert f'href="{site.question(2)}"' in page.text
        assert site.coach.get(site.question(1)).status_code == 200


def _handed_in(site: Site) -> TestResponse:
    site.coach.post(site.attempt, data=RIGHT)
    return site.coach.get(site.attempt)


def test_what_is_reported_names_question_file_line_and_language(
    site: Site, course: OfferingView
) -> None:
    site.ask(2, "fault", "  Both are right.  ")
    (asked,) = site.inquiries()
    question = course.edition.course.quizzes[0].question("two")
    assert (asked.about, asked.text, asked.language) == ("fault", "Both are right.", "en")
    assert (asked.course_id, asked.quiz_id, asked.question_id) == ("first-steps", "final", "two")
    assert (asked.file, asked.line) == (question.file, question.line)
    assert asked.file.endswith("final.quiz.sv.md")
    assert asked.line > 10
    assert (asked.track, asked.person_id) == ("northern", site.house.coach)
    assert asked.answered_at is None


def test_after_sending_the_learner_is_back_at_the_question(site: Site) -> None:
    sent = site.coach.post(site.question(2), data={"about": "help", "text": "What is meant?"})
    assert sent.headers["Location"] == f"{site.attempt}#question-2"
    assert "Your question is sent" in site.coach.get(site.attempt).text


def test_of_a_quiz_that_asks_one_question_at_a_time_the_way_back_is_its_page(
    site: Site, ruled: Callable[..., Course]
) -> None:
    ruled(show="one")
    colleague = site.browser_of(site.house.colleague)
    start(colleague)
    page = begin(colleague)
    assert page.endswith("/questions/1")
    assert f'href="{page}/ask"' in colleague.get(page).text
    sent = colleague.post(f"{page}/ask", data={"about": "help", "text": "What is meant?"})
    assert sent.headers["Location"] == page


def test_the_form_gives_no_key_away(site: Site) -> None:
    for number in (1, 2):
        page = site.coach.get(site.question(number)).text
        assert not any(secret in page for secret in SECRETS)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"about": "fault", "text": "  "}, "Write what you want to say"),
        ({"about": "", "text": "Words"}, "Choose what it is about"),
        ({"about": "attempt", "text": "Words"}, "Choose what it is about"),
        ({"about": "help", "text": "x" * (LONGEST + 1)}, "yours has 2001"),
    ],
)
def test_what_is_missing_is_said_and_nothing_typed_is_lost(
    site: Site, fields: dict[str, str], said: str
) -> None:
    sent = site.coach.post(site.question(), data=fields)
    assert sent.status_code == 422
    assert said in sent.text
    assert fields["text"].strip() in sent.text
    assert site.inquiries() == []


def test_the_same_words_sent_twice_are_asked_once(site: Site) -> None:
    site.ask()
    site.ask()
    assert len(site.inquiries()) == 1
    site.ask(text="Something else")
    assert len(site.inquiries()) == 2


def test_whoever_waits_for_many_answers_is_asked_to_wait_for_some_first(site: Site) -> None:
    for number in range(MOST_OPEN):
        site.ask(text=f"Question {number}")
    sent = site.coach.post(site.question(), data={"about": "help", "text": "One more"})
    assert sent.status_code == 422
    assert "20 questions that wait for an answer" in sent.text
    assert "One more" in sent.text
    site.trainer.post(f"/studio/inquiries/{site.inquiries()[0].id}/answer", data={"text": "Yes."})
    site.ask(text="One more")


@pytest.mark.parametrize("who", ["colleague", "stranger", "hr", "manager", "trainer", "admin"])
def test_nobody_asks_from_the_attempt_of_another(site: Site, who: str) -> None:
    other = site.browser_of(getattr(site.house, who))
    start(other)
    begin(other)
    assert other.get(site.question()).status_code == 404
    sent = other.post(site.question(), data={"about": "fault", "text": "Mine?"})
    assert sent.status_code == 404
    assert site.inquiries() == []


@pytest.mark.parametrize("number", ["0", "3", "one", "-1", "99999999999999999999"])
def test_a_question_that_was_not_asked_is_not_found(site: Site, number: str) -> None:
    address = f"{site.attempt}/questions/{number}/ask"
    assert site.coach.get(address).status_code == 404
    assert site.coach.post(address, data={"about": "help", "text": "?"}).status_code == 404


def test_an_attempt_is_found_under_its_own_quiz_only(site: Site) -> None:
    wrong = site.question().replace("/final/", "/walk-on/")
    assert site.coach.get(wrong).status_code == 404


def test_a_person_sees_their_own_questions_with_answers_and_nobody_elses(site: Site) -> None:
    inquiry = site.ask(text="MY WORDS")
    assert "MY WORDS" in site.coach.get("/me/questions").text
    assert "Waits for an answer" in site.coach.get("/me/questions").text
    site.trainer.post(f"/studio/inquiries/{inquiry}/answer", data={"text": "OUR ANSWER"})
    for page in ("/me/questions", site.question()):
        text = site.coach.get(page).text
        assert "MY WORDS" in text
        assert "OUR ANSWER" in text
        assert "Trainer" in text, "who answered is named"
    colleague = site.browser_of(site.house.colleague)
    start(colleague)
    own = f"{begin(colleague)}/questions/1/ask"
    for page in ("/me/questions", own):
        assert "MY WORDS" not in colleague.get(page).text
        assert "OUR ANSWER" not in colleague.get(page).text


def test_words_of_a_learner_are_shown_as_words(site: Site) -> None:
    inquiry = site.ask(text="<script>alert(1)</script>")
    for browser, page in (
        (site.coach, "/me/questions"),
        (site.trainer, "/studio/inquiries"),
        (site.trainer, f"/studio/inquiries/{inquiry}"),
    ):
        text = browser.get(page).text
        assert "<script>alert" not in text
        assert "&lt;script&gt;alert" in text


def test_a_check_of_what_has_stayed_is_no_quiz_to_ask_about(site: Site) -> None:
    with site.app.app_context(), writing():
        db.session.execute(update(Attempt).values(quiz_id="check-4-weeks"))
    address = site.question().replace("/final/", "/check-4-weeks/")
    assert site.coach.get(address).status_code == 404
    sent = site.coach.post(address, data={"about": "help", "text": "What is meant?"})
    assert sent.status_code == 404
