"""The page of a faulty question: whose it is, what it asks for, what it shows before it acts."""

from dataclasses import replace

import pytest
from sqlalchemy import func, select

from innocap_lms.catalogue.queries import OfferingView
from innocap_lms.extensions import db, writing
from innocap_lms.learning.models import Remedy
from innocap_lms.people import services as people
from tests.inquiries.conftest import Site
from tests.learning.conftest import Ruled
from tests.learning.test_a_course import RIGHT, WRONG, begin, start

LIST = "/studio/courses/first-steps/questions"
PAGE = "/studio/courses/first-steps/final/questions/one/remedy"
ALL = {"how": "accept_all", "reason": "The two options mean the same."}


@pytest.fixture
def failed(site: Site) -> Site:
    site.coach.post(site.attempt, data={"q-one": ["wrong"], "q-two": ["first", "second"]})
    return site


def rows(site: Site, model: type = Remedy) -> int:
    with site.app.app_context():
        return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_the_list_of_questions_says_where_each_stands_and_what_is_reported(site: Site) -> None:
    site.ask(1)
    page = site.own_trainer.get(LIST).text
    assert "final.quiz.sv.md:" in page
    assert page.count("1 open report") == 1
    assert f'href="{PAGE}"' in page
    site.trainer.post(PAGE, data={**ALL, "step": "apply"})
    assert "every answer accepted" in site.own_trainer.get(LIST).text


@pytest.mark.parametrize("who", ["coach", "colleague", "hr", "manager", "stranger"])
def test_for_others_the_pages_are_not_there(site: Site, who: str) -> None:
    for browser in (site.browser_of(getattr(site.house, who)), site.other_trainer):
        for page in (LIST, PAGE):
            assert browser.get(page).status_code == 404
        assert browser.post(PAGE, data={**ALL, "step": "apply"}).status_code == 404
    assert rows(site) == 0


@pytest.mark.parametrize(
    "address",
    [
        PAGE.replace("/one/", "/nothing/"),
        PAGE.replace("/final/", "/walk-on/"),
        PAGE.replace("first-steps", "nothing"),
        f"{PAGE}?edition=2",
        f"{PAGE}?edition=one",
        f"{PAGE}?edition=99999999999999",
    ],
)
def test_what_is_not_there_is_not_found(site: Site, address: str) -> None:
    assert site.trainer.get(address).status_code == 404
    assert site.trainer.post(address, data={**ALL, "step": "apply"}).status_code == 404


def test_a_preview_names_who_passes_and_writes_nothing(failed: Site) -> None:
    page = failed.own_trainer.post(PAGE, data={**ALL, "step": "preview"})
    assert page.status_code == 200
    assert "1 of them passes from now on" in page.text
    assert "Coach" in page.text
    assert "2 out of 3" in page.text
    assert "3 out of 3" in page.text
    assert ALL["reason"] in page.text, "what was filled in is still there"
    assert rows(failed) == 0
    ((person, actor, content),) = failed.noted("question.previewed")
    assert person is None
    assert actor is not None
    assert (content["question_id"], content["how"]) == ("one", "accept_all")
    assert "2 out of 3" in failed.coach.get(failed.attempt).text


def test_applying_changes_results_and_says_so_afterwards(failed: Site) -> None:
    sent = failed.own_trainer.post(PAGE, data={**ALL, "step": "apply"})
    assert sent.headers["Location"] == f"{PAGE}?edition=1"
    failed.relay()
    assert "3 out of 3" in failed.coach.get(failed.attempt).text
    page = failed.trainer.get(PAGE).text
    assert "It is decided" in page
    assert "Trainer northern" in page
    assert "<textarea" not in page


def test_a_second_decision_is_refused_in_words(failed: Site) -> None:
    failed.trainer.post(PAGE, data={**ALL, "step": "apply"})
    again = failed.own_trainer.post(
        PAGE, data={**ALL, "how": "drop", "step": "apply"}, follow_redirects=True
    )
    assert "decided already" in again.text
    assert rows(failed) == 1


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"how": "", "reason": "why"}, "Choose what to do with the question"),
        ({"how": "mend", "reason": "why"}, "Choose what to do with the question"),
        ({"how": "drop", "reason": "  "}, "Write the reason"),
        ({"how": "drop", "reason": "x" * 501}, "at most 500 characters"),
        ({"how": "accept", "reason": "why"}, "Choose at least one option"),
        ({"how": "accept", "reason": "why", "option": "nothing"}, "Choose at most 6 options"),
    ],
)
@pytest.mark.parametrize("step", ["preview", "apply"])
def test_what_is_missing_is_said_and_nothing_is_decided(
    site: Site, fields: dict[str, str], said: str, step: str
) -> None:
    sent = site.trainer.post(PAGE, data={**fields, "step": step})
    assert sent.status_code == 422
    assert said in sent.text
    assert rows(site) == 0


def test_further_options_of_one_and_of_several_are_stored_as_answers(site: Site) -> None:
    two = PAGE.replace("/one/", "/two/")
    one_page, two_page = site.trainer.get(PAGE).text, site.trainer.get(two).text
    assert 'value="right"' not in one_page, "it is right already"
    assert 'value="first"' in two_page, "of several, a right one may be left out"
    fields = {"how": "accept", "reason": "why", "step": "apply"}
    site.trainer.post(PAGE, data={**fields, "option": "wrong"})
    site.trainer.post(two, data={**fields, "option": "not"})
    with site.app.app_context():
        found = db.session.execute(select(Remedy.question_id, Remedy.accepted)).all()
    assert {row[0]: row[1] for row in found} == {
        "one": [["wrong"]],
        "two": [["first", "not", "second"], ["first", "second"]],
    }


def test_a_protected_person_is_not_named_in_a_preview(failed: Site) -> None:
    with failed.app.app_context(), writing():
        people.set_protected(failed.house.coach, protected=True)
    page = failed.trainer.post(PAGE, data={**ALL, "step": "preview"}).text
    assert "Protected identity" in page
    assert ">Coach<" not in page


def test_where_nobody_changes_the_page_says_so(site: Site) -> None:
    site.coach.post(site.attempt, data={**WRONG, "q-one": ["right"]})
    page = site.trainer.post(PAGE, data={**ALL, "step": "preview"}).text
    assert "No result would change" in page


FURTHER = {"how": "accept", "option": "wrong", "reason": "why", "step": "preview"}
CHOSE = {"q-one": ["wrong"], "q-two": ["first", "second"]}
FOUR = ("colleague", "other_coach", "manager", "hr")


def test_a_preview_of_further_answers_names_nobody_below_five_choosers(failed: Site) -> None:
    """Else it would be a way to read what a named learner answered."""
    for who in FOUR[:3]:
        hand_in(failed, who, CHOSE)
    page = failed.trainer.post(PAGE, data=FURTHER).text
    assert "Fewer than five would change" in page
    assert ">Coach<" not in page
    assert "4 of them" not in page
    hand_in(failed, FOUR[3], CHOSE)
    page = failed.trainer.post(PAGE, data=FURTHER).text
    assert "5 of them pass from now on" in page
    assert "Coach" in page
    (first, _second) = failed.noted("question.previewed")
    assert first[2]["accepted"] == [["wrong"]]


def test_an_answer_of_few_cannot_be_had_by_adding_it_to_one_of_many(site: Site) -> None:
    two = PAGE.replace("/one/", "/two/")
    for who in FOUR:
        hand_in(site, who, {"q-one": ["right"], "q-two": ["first", "not", "second"]})
    hand_in(site, "trainer", {"q-one": ["right"], "q-two": ["first", "not", "second"]})
    site.coach.post(site.attempt, data={"q-one": ["right"], "q-two": ["first"]})
    page = site.own_trainer.post(two, data={**FURTHER, "option": ["not", "second"]}).text
    assert "5 of them pass from now on" in page
    assert ">Coach<" not in page


def hand_in(site: Site, who: str, answers: dict[str, list[str]]) -> None:
    browser = site.browser_of(getattr(site.house, who))
    start(browser)
    browser.post(begin(browser), data=answers)


def test_a_trainer_who_has_not_passed_the_quiz_themselves_decides_nothing_of_it(
    failed: Site,
) -> None:
    hand_in(failed, "trainer", CHOSE)
    for step in ("preview", "apply"):
        sent = failed.trainer.post(PAGE, data={**ALL, "step": step})
        assert sent.status_code == 422
        assert "another trainer decides" in sent.text
    assert rows(failed) == 0
    failed.trainer.post(begin(failed.trainer), data=RIGHT)
    assert failed.trainer.post(PAGE, data={**ALL, "step": "apply"}).status_code == 303


def test_the_last_question_that_counts_is_refused_in_words(failed: Site) -> None:
    drop = {"how": "drop", "reason": "why", "step": "apply"}
    assert failed.trainer.post(PAGE, data=drop).status_code == 303
    for step in ("preview", "apply"):
        two = PAGE.replace("/one/", "/two/")
        sent = failed.trainer.post(two, data={**drop, "step": step})
        assert sent.status_code == 422
        assert "nobody could pass it" in sent.text
    assert rows(failed) == 1


def test_a_question_without_points_has_nothing_to_correct(
    site: Site, course: OfferingView, ruled: Ruled
) -> None:
    one, two = course.edition.course.quizzes[0].questions
    ruled(questions=(replace(one, points=0.0), two))
    page = site.trainer.get(PAGE).text
    assert "there is nothing to correct" in page
    assert "<textarea" not in page
    for step in ("preview", "apply"):
        sent = site.trainer.post(PAGE, data={**ALL, "step": step})
        assert sent.status_code == 422
        assert "there is nothing to correct" in sent.text
    assert rows(site) == 0


def test_a_decision_is_ended_by_those_who_may_decide(failed: Site) -> None:
    end = f"{PAGE}/end"
    assert failed.trainer.post(end).status_code == 404, "nothing is decided yet"
    failed.trainer.post(PAGE, data={**ALL, "step": "apply"})
    for browser in (failed.coach, failed.other_trainer, failed.browser_of(failed.house.hr)):
        assert browser.post(end).status_code == 404
    assert 'action="' + end in failed.own_trainer.get(PAGE).text
    assert failed.own_trainer.post(f"{end}?edition=1").status_code == 303
    page = failed.own_trainer.get(PAGE).text
    assert "It was ended" in page
    assert 'action="' + end not in page
    assert "every answer accepted" not in failed.trainer.get(LIST).text


def test_the_question_is_shown_with_its_key_as_its_kind_prints_it(
    site: Site, course: OfferingView
) -> None:
    inquiry = site.ask(1)
    for page in (PAGE, f"/studio/inquiries/{inquiry}"):
        text = site.trainer.get(page).text
        assert 'class="on-paper"' in text
        assert text.count("ring filled") == 1
        assert "FEEDBACK-RIGHT-ONE" in text
