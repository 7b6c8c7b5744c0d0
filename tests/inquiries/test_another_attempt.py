"""After the last attempt: asking for another, having it given, or not."""

import re
from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update

from innocap_lms.catalogue.queries import edition
from innocap_lms.extensions import db, writing
from innocap_lms.inquiries.models import Inquiry
from innocap_lms.learning.allowances import allowance_of, grant_attempt, show_answers
from innocap_lms.learning.attempts import NoAttemptsLeft, start_attempt
from innocap_lms.learning.models import Enrolment
from tests.inquiries.conftest import Site
from tests.learning.conftest import Ruled
from tests.learning.test_a_course import RIGHT, WRONG, begin, start

PAGE = "/courses/first-steps/final/another-attempt"
QUIZ = "/courses/first-steps/final"


def allowed(site: Site) -> tuple[int, int]:
    with site.app.app_context():
        enrolment = db.session.query(Enrolment).filter_by(person_id=site.house.coach).one()
        return allowance_of(enrolment.id, "final")[:2]


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


ANSWERS = "/courses/first-steps/final/right-answers"
KEY = "FEEDBACK-RIGHT-ONE"


def result(site: Site) -> str:
    """The page of the last of three attempts."""
    quiz = site.coach.get(QUIZ).text
    return site.coach.get(quiz.split("Attempt 3</a>")[0].rsplit('href="', 1)[1].split('"')[0]).text


def test_after_the_last_attempt_its_learner_chooses_between_another_and_the_answers(
    site: Site,
) -> None:
    site.fail()
    page = result(site)
    assert KEY not in page
    assert f'href="{PAGE}"' in page
    assert f'action="{ANSWERS}"' in page
    assert "no other attempt can be asked for or given" in page
    assert KEY not in site.coach.get(site.attempt).text
    sent = site.coach.post(ANSWERS, follow_redirects=True)
    assert KEY in sent.text
    assert f'action="{ANSWERS}"' not in sent.text
    ((person, actor, _content),) = site.noted("answers.shown")
    assert person == actor == site.house.coach
    assert site.coach.post(PAGE).headers["Location"] == QUIZ
    site.coach.post(ANSWERS)
    assert len(site.noted("answers.shown")) == 1
    assert PAGE not in site.coach.get(QUIZ).text
    assert begin(site.coach) == QUIZ
    assert site.inquiries() == []


def test_whoever_has_seen_the_answers_gets_no_other_attempt(site: Site) -> None:
    site.fail()
    site.coach.post(PAGE)
    site.coach.post(ANSWERS)
    grant = f"/studio/inquiries/{site.inquiries()[0].id}/grant"
    sent = site.trainer.post(grant)
    assert sent.status_code == 422
    assert "another attempt cannot be given" in sent.text
    assert allowed(site)[0] == 0
    assert site.inquiries()[0].answered_at is None, "and the trainer can still answer in words"
    assert begin(site.coach) == QUIZ


def test_the_answers_wait_until_a_granted_attempt_is_used(site: Site) -> None:
    site.fail()
    site.coach.post(PAGE)
    site.trainer.post(f"/studio/inquiries/{site.inquiries()[0].id}/grant")
    assert site.coach.post(ANSWERS).headers["Location"] == QUIZ
    assert KEY not in result(site)
    fourth = begin(site.coach)
    assert site.coach.post(ANSWERS).headers["Location"] == QUIZ, "while it is under way, too"
    site.coach.post(fourth, data=WRONG)
    assert KEY in site.coach.post(ANSWERS, follow_redirects=True).text


def test_nobody_opens_the_answers_with_tries_left_or_for_others(site: Site) -> None:
    site.coach.post(site.attempt, data=WRONG)
    assert site.coach.post(ANSWERS).headers["Location"] == QUIZ
    assert KEY not in site.coach.get(site.attempt).text
    assert site.browser_of(site.house.colleague).post(ANSWERS).status_code == 404
    assert site.coach.post(ANSWERS.replace("final", "walk-on")).status_code == 404
    assert site.noted("answers.shown") == []


def test_an_attempt_that_was_given_at_that_moment_keeps_the_answers_shut(site: Site) -> None:
    site.fail()
    with site.app.app_context():
        enrolment = db.session.query(Enrolment).filter_by(person_id=site.house.coach).one().id
        read = allowance_of(enrolment, "final")
        with writing():
            assert grant_attempt(site.house.trainer, enrolment, "final")
        with writing():
            assert not show_answers(site.house.coach, enrolment, "final", read)
        with writing():
            read = allowance_of(enrolment, "final")
            assert show_answers(site.house.coach, enrolment, "final", read)
        with writing():
            assert not grant_attempt(site.house.trainer, enrolment, "final")


def test_after_a_no_another_attempt_can_be_asked_for_again_once_at_a_time(site: Site) -> None:
    site.fail()
    for number in (1, 2):
        for _twice in range(2):
            site.coach.post(PAGE, data={"text": f"PLEASE-{number}"})
        assert len(site.inquiries()) == number
        assert "<textarea" not in site.coach.get(PAGE).text
        answer = f"/studio/inquiries/{site.inquiries()[-1].id}/answer"
        site.trainer.post(answer, data={"text": f"NO-{number}"})
        page = site.coach.get(PAGE).text
        assert f"NO-{number}" in page
        assert "<textarea" in page


def test_a_trainer_neither_gives_nor_answers_what_they_asked_themselves(site: Site) -> None:
    site.fail()
    site.coach.post(PAGE)
    with site.app.app_context(), writing():
        db.session.execute(update(Inquiry).values(person_id=site.house.trainer))
    inquiry = f"/studio/inquiries/{site.inquiries()[0].id}"
    assert f'action="{inquiry}/grant"' not in site.trainer.get("/studio/inquiries").text
    assert "<textarea" not in site.trainer.get(inquiry).text
    for door, data in (("grant", {}), ("answer", {"text": "Yes."})):
        sent = site.trainer.post(f"{inquiry}/{door}", data=data)
        assert sent.status_code == 422
        assert "Another trainer decides" in sent.text
    assert allowed(site) == (0, 0)
    assert site.own_trainer.post(f"{inquiry}/grant").status_code == 303
    assert allowed(site)[0] == 1


def test_whose_last_attempt_counts_can_ask_though_an_earlier_one_passed(
    site: Site, ruled: Ruled
) -> None:
    ruled(counts="last")
    colleague = of_three(site, RIGHT, WRONG, WRONG)
    assert PAGE in colleague.get(QUIZ).text
    assert "You have used all your 3 attempts" in colleague.get(PAGE).text


def test_where_the_first_attempt_counts_no_other_is_offered(site: Site, ruled: Ruled) -> None:
    ruled(counts="first")
    colleague = of_three(site, WRONG, RIGHT, WRONG)
    assert PAGE not in colleague.get(QUIZ).text
    assert colleague.post(PAGE).headers["Location"] == QUIZ
    assert KEY in colleague.post(ANSWERS, follow_redirects=True).text


def of_three(site: Site, *tries: dict[str, list[str]]) -> FlaskClient:
    colleague = site.browser_of(site.house.colleague)
    start(colleague)
    for answers in tries:
        colleague.post(begin(colleague), data=answers)
    return colleague


def test_whoever_has_seen_the_answers_begins_no_attempt_whatever_the_rule_becomes(
    site: Site,
) -> None:
    """A later edition may have no limit: its questions are those whose answers were shown."""
    site.fail()
    site.coach.post(ANSWERS)
    with site.app.app_context():
        mine = db.session.query(Enrolment).filter_by(person_id=site.house.coach).one()
        found = edition(mine.edition_id)
        free = replace(found.course.quiz("final"), attempts=None)
        with pytest.raises(NoAttemptsLeft), writing():
            start_attempt(mine.id, found, free, [("one", ["right", "wrong"])], "en")


def test_a_beginning_that_is_sent_again_begins_no_other_attempt(site: Site) -> None:
    page = site.coach.get(QUIZ).text
    assert 'name="had"' not in page, "an attempt is under way"
    site.coach.post(site.attempt, data=WRONG)
    had = re.search(r'name="had" value="([0-9]+)"', site.coach.get(QUIZ).text)
    assert had
    sent = [site.coach.post(f"{QUIZ}/attempts", data={"had": had[1]}) for _time in range(2)]
    assert sent[0].headers["Location"] == sent[1].headers["Location"], "one is under way: that one"
    site.coach.post(sent[0].headers["Location"], data=WRONG)
    again = site.coach.post(f"{QUIZ}/attempts", data={"had": had[1]})
    assert again.headers["Location"] == QUIZ
