"""The page at the trainer's desk: who may open it, and what it says without naming anybody."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from innocap_lms.catalogue.queries import OfferingView
from innocap_lms.extensions import writing
from innocap_lms.learning.responses import release
from innocap_lms.people import services as people
from tests.analysis.conftest import ONE_ONLY, RIGHT, TWO_ONLY, WRONG, Class
from tests.catalogue.conftest import Desk, desk_of
from tests.conftest import House

Browser = Callable[[str], FlaskClient]
PAGE = "/studio/courses/first-steps/analysis"


def page(browser: FlaskClient) -> str:
    with browser.application.app_context():
        release()
    response = browser.get(PAGE)
    assert response.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", response.text).split())


@pytest.mark.parametrize("who", ["coach", "stranger", "hr", "stranger_hr", "manager"])
def test_for_others_the_page_is_not_there(
    course: OfferingView, house: House, browser_of: Browser, who: str
) -> None:
    assert browser_of(getattr(house, who)).get(PAGE).status_code == 404


def test_who_is_not_signed_in_is_asked_to(client: FlaskClient, course: OfferingView) -> None:
    assert client.get(PAGE).headers["Location"] == f"/login?next={PAGE}"


def test_a_trainer_of_the_track_opens_it_and_one_of_another_track_does_not(
    app: Flask, course: OfferingView, house: House, browser_of: Browser
) -> None:
    with app.app_context(), writing():
        people.add_membership(house.coach, "trainer", house.north, track="northern")
        people.add_membership(house.colleague, "trainer", house.north, track="another")
    assert browser_of(house.coach).get(PAGE).status_code == 200
    assert browser_of(house.colleague).get(PAGE).status_code == 404


@pytest.mark.parametrize("who", ["trainer", "admin"])
def test_the_desk_leads_there_once_there_is_an_edition(
    app: Flask, tmp_path: Path, house: House, browser_of: Browser, who: str
) -> None:
    desk: Desk = desk_of(app, tmp_path)
    browser = browser_of(getattr(house, who))
    assert PAGE not in browser.get("/studio/courses/first-steps").text
    assert browser.get(PAGE).status_code == 404
    desk.publish()
    assert PAGE in browser.get("/studio/courses/first-steps").text
    assert browser.get(PAGE).status_code == 200


def test_a_course_that_is_not_there_is_not_found(house: House, browser_of: Browser) -> None:
    assert browser_of(house.admin).get("/studio/courses/nothing/analysis").status_code == 404


def test_four_answers_say_only_that_they_are_too_few(
    pupils: Class, course: OfferingView, house: House, browser_of: Browser
) -> None:
    pupils.answer(RIGHT, 4)
    text = page(browser_of(house.trainer))
    assert "Too few answers yet" in text
    assert "once 5 learners have answered" in text
    assert "%" not in text


def test_the_page_says_earned_and_chosen_with_their_ranges(
    pupils: Class, course: OfferingView, house: House, browser_of: Browser
) -> None:
    for answers, times in ((RIGHT, 9), (WRONG, 6), (ONE_ONLY, 3), (TWO_ONLY, 2)):
        pupils.answer(answers, times)
    text = page(browser_of(house.trainer))
    assert "60% 39% to 78%" in text
    assert "Right one Right 60% 39% to 78%" in text
    assert "Wrong one Wrong 40% 22% to 61%" in text
    assert "Nothing stands out so far." in text
    assert "Too few answers, or too few other questions, to judge 2 questions" in text
    assert "from about 44 answers on" in text
    assert "No question needs a look." not in text


def test_the_all_clear_is_given_once_a_wrong_key_would_have_been_found(
    pupils: Class, course: OfferingView, house: House, browser_of: Browser
) -> None:
    for answers, times in ((RIGHT, 24), (WRONG, 10), (ONE_ONLY, 5), (TWO_ONLY, 5)):
        pupils.answer(answers, times)
    text = page(browser_of(house.trainer))
    assert "No question needs a look." in text
    assert "Too few answers" not in text


def test_a_question_that_the_able_miss_is_named_with_file_and_line(
    pupils: Class, course: OfferingView, house: House, browser_of: Browser
) -> None:
    pupils.answer(ONE_ONLY, 12)
    pupils.answer(TWO_ONLY, 13)
    pupils.answer(RIGHT, 1)
    text = page(browser_of(house.trainer))
    assert "2 questions of 2 need a look." in text
    assert "final.quiz.sv.md:8 Slutprov" not in text, "titles are in the reader's language"
    assert "final.quiz.sv.md:8 Final quiz 1: One? Check the key" in text
    assert "the connection is -0.93 (-0.97 to -0.84)" in text
    assert "choose “Wrong one” more often" in text


def test_a_harder_translation_is_named(
    pupils: Class, course: OfferingView, house: House, browser_of: Browser
) -> None:
    pupils.answer(RIGHT, 12, language="sv")
    pupils.answer(ONE_ONLY, 3, language="sv")
    pupils.answer(TWO_ONLY, 14, language="en")
    text = page(browser_of(house.trainer))
    assert "Look at the translation" in text
    assert "Readers in English earn 100 percentage points less than those in Swedish" in text


def test_no_name_and_no_id_of_a_learner_or_an_attempt_is_on_the_page(
    pupils: Class, course: OfferingView, house: House, browser_of: Browser
) -> None:
    pupils.answer(RIGHT, 8, language="sv")
    pupils.answer(WRONG, 8)
    attempt = pupils.again(pupils.members[0], WRONG)
    pupils.released()
    html = browser_of(house.trainer).get(PAGE).text
    assert "60%" not in html
    assert "50%" in html
    for secret in ("Member", "Number", attempt, *pupils.members):
        assert secret not in html


def test_the_picture_needs_no_script_and_has_the_table_beside_it(
    pupils: Class, course: OfferingView, house: House, browser_of: Browser
) -> None:
    for answers, times in ((RIGHT, 9), (WRONG, 6), (ONE_ONLY, 3), (TWO_ONLY, 2)):
        pupils.answer(answers, times)
    pupils.released()
    html = browser_of(house.trainer).get(PAGE).text
    (picture,) = re.findall(r'<svg viewBox="0 0 400 340".*?</svg>', html, re.DOTALL)
    assert '<title id="picture-final">' in picture
    assert '<desc id="picture-final-says">' in picture
    assert picture.count('class="spot"') == 2
    assert "style=" not in picture
    leads = re.findall(r'<a class="mark[^"]*" href="#([^"]+)" aria-label="Question \d', picture)
    assert sorted(leads) == ["question-final-1", "question-final-2"]
    assert all(f'<tr id="{row}">' in html for row in leads), "each mark leads to its row"
    assert "question by question" in html
