"""After the last attempt: asking for another, having it given, or not."""

import pytest

from innocap_lms.extensions import db
from innocap_lms.learning.allowances import allowance_of
from innocap_lms.learning.models import Enrolment
from tests.inquiries.conftest import Site
from tests.learning.test_a_course import RIGHT, WRONG, begin, start

PAGE = "/courses/first-steps/final/another-attempt"
QUIZ = "/courses/first-steps/final"


def allowed(site: Site) -> tuple[int, int]:
    with site.app.app_context():
        enrolment = db.session.query(Enrolment).filter_by(person_id=site.house.coach).one()
        return allowance_of(enrolment.id, "final")


def test_after_the_last_attempt_the_quiz_leads_to_asking_for_another(site: Site) -> None:
    assert PAGE not in site.coach.get(QUIZ).text
    site.fail()
    assert f'href="{PAGE}"' in site.coach.get(QUIZ).text
    assert "You have used all your 3 attempts" in site.coach.get(PAGE).text


def test_another_attempt_is_asked_for_once_for_each_number_of_attempts_had(site: Site) -> None:
    site.fail()
    assert site.coach.post(PAGE, data={"text": "I was ill."}).status_code == 303
    assert site.coach.post(PAGE, data={"text": "Please?"}).status_code == 303
    (asked,) = site.inquiries()
    assert (asked.about, asked.text, asked.question_id) == ("attempt", "I was ill.", None)
    page = site.coach.get(PAGE).text
    assert "I was ill." in page
    assert "<textarea" not in page


def test_while_attempts_are_left_and_after_a_pass_there_is_nothing_to_ask_for(site: Site) -> None:
    for answers in (None, WRONG, RIGHT):
        if answers:
            site.coach.post(site.attempt, data=answers)
        for sent in (site.coach.get(PAGE), site.coach.post(PAGE)):
            assert sent.headers["Location"] == QUIZ
    site.coach.post(begin(site.coach), data=WRONG)
    site.coach.post(begin(site.coach), data=RIGHT)
    assert PAGE not in site.coach.get(QUIZ).text
    assert site.coach.post(PAGE).headers["Location"] == QUIZ
    assert site.inquiries() == []


def test_a_trainer_gives_another_attempt_with_one_click_and_its_learner_is_told(
    site: Site,
) -> None:
    site.fail()
    site.coach.post(PAGE)
    (asked,) = site.inquiries()
    grant = f"/studio/inquiries/{asked.id}/grant"
    assert f'action="{grant}"' in site.trainer.get("/studio/inquiries").text
    assert site.trainer.post(grant).status_code == 303
    assert allowed(site) == (1, 0)
    ((person, actor, content),) = site.noted("attempt.granted")
    assert (person, actor) == (site.house.coach, site.house.trainer)
    assert (content["course"], content["quiz"]) == ("first-steps", "final")
    (mail,) = site.post()
    assert mail["To"] == "coach@example.org"
    assert "You have another attempt" in mail.get_content()
    assert "Another attempt given" in site.coach.get("/me/questions").text
    assert site.coach.get(PAGE).headers["Location"] == QUIZ, "there is one left now"
    fourth = begin(site.coach)
    assert "/attempts/" in fourth
    site.coach.post(fourth, data=WRONG)
    assert begin(site.coach) == QUIZ, "and only one"
    assert site.coach.post(PAGE).status_code == 303, "it can be asked for again"
    assert len(site.inquiries()) == 2


def test_giving_it_twice_gives_one(site: Site) -> None:
    site.fail()
    site.coach.post(PAGE)
    grant = f"/studio/inquiries/{site.inquiries()[0].id}/grant"
    site.trainer.post(grant)
    again = site.own_trainer.post(grant, follow_redirects=True)
    assert "Somebody has answered already" in again.text
    assert allowed(site) == (1, 0)
    assert len(site.noted("attempt.granted")) == 1


def test_declining_needs_a_reason_and_gives_nothing(site: Site) -> None:
    site.fail()
    site.coach.post(PAGE)
    answer = f"/studio/inquiries/{site.inquiries()[0].id}/answer"
    assert site.trainer.post(answer, data={"text": " "}).status_code == 422
    assert site.trainer.post(answer, data={"text": "READ FIRST"}).status_code == 303
    assert allowed(site) == (0, 0)
    assert site.noted("attempt.granted") == []
    assert "READ FIRST" in site.coach.get(PAGE).text
    assert "READ FIRST" in site.post()[0].get_content()


def test_a_question_about_something_else_gives_no_attempt(site: Site) -> None:
    inquiry = site.ask()
    assert site.trainer.post(f"/studio/inquiries/{inquiry}/grant").status_code == 404
    assert allowed(site) == (0, 0)


@pytest.mark.parametrize("who", ["coach", "colleague", "hr", "manager", "stranger"])
def test_nobody_else_gives_attempts(site: Site, who: str) -> None:
    site.fail()
    site.coach.post(PAGE)
    grant = f"/studio/inquiries/{site.inquiries()[0].id}/grant"
    assert site.browser_of(getattr(site.house, who)).post(grant).status_code == 404
    assert site.other_trainer.post(grant).status_code == 404
    assert allowed(site) == (0, 0)


def test_a_long_text_is_refused_and_kept_in_the_form(site: Site) -> None:
    site.fail()
    sent = site.coach.post(PAGE, data={"text": "y" * 2001})
    assert sent.status_code == 422
    assert "y" * 2001 in sent.text


def test_whoever_is_not_in_the_course_or_asks_at_no_quiz_finds_nothing(site: Site) -> None:
    colleague = site.browser_of(site.house.colleague)
    assert colleague.get(PAGE).status_code == 404
    start(colleague)
    assert colleague.post(PAGE).headers["Location"] == QUIZ
    assert colleague.get("/courses/first-steps/walk-on/another-attempt").status_code == 404
    assert colleague.get("/courses/nothing/final/another-attempt").status_code == 404
