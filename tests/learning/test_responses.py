"""What is kept of a first attempt for item analysis, and of which attempts nothing is kept."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from innocap_lms.catalogue.queries import OfferingView, offering, quiz_keys
from innocap_lms.content.choice import MULTIPLE, SINGLE
from innocap_lms.extensions import db, writing
from innocap_lms.learning.calls import call_for_renewal
from innocap_lms.learning.corrections import How
from innocap_lms.learning.grading import grade
from innocap_lms.learning.models import Attempt, Response
from innocap_lms.learning.own_attempts import attempt_of
from innocap_lms.learning.regrading import decide
from innocap_lms.learning.remedies import wording
from innocap_lms.learning.responses import LONGEST_CHOICE, item_of, note_responses, release
from tests.catalogue.conftest import Desk, desk
from tests.conftest import House, take_first_steps
from tests.learning.test_a_course import read_all, start
from tests.learning.test_renewing import BEGAN, OPEN

__all__ = ["desk"]

Browser = Callable[[str], FlaskClient]
KINDS = {"single": SINGLE, "multiple": MULTIPLE}


def begin(browser: FlaskClient) -> str:
    browser.post("/courses/first-steps/start")
    return browser.post("/courses/first-steps/final/attempts").headers["Location"]


def kept(app: Flask) -> list[Any]:
    with app.app_context():
        return list(db.session.scalars(select(Response).order_by(Response.position)))


def noted(
    app: Flask, browser: FlaskClient, person: str, course: OfferingView, **changed: Any
) -> list[Any]:
    """The rows of an attempt that is noted with some of its circumstances changed."""
    attempt_id = begin(browser).rpartition("/")[2]
    edition = course.edition
    with app.app_context():
        attempt = attempt_of(person, attempt_id)
        assert attempt is not None
        (quiz,) = edition.course.quizzes
        keys = quiz_keys(edition.id, quiz.id)
        answers = changed.pop("answers", {"one": ["right"], "two": ["second", "first"]})
        kinds = changed.pop("kinds", KINDS)
        saved = changed.pop("saved", {})
        mark_with = changed.pop("mark_with", KINDS)
        quiz = replace(quiz, **changed.pop("quiz", {}))
        result = grade(quiz, keys, mark_with, ["one", "two"], answers)
        with writing():
            note_responses(
                replace(attempt, **changed),
                edition,
                quiz,
                answers,
                result,
                "en",
                keys=keys,
                kinds=kinds,
                saved=saved,
            )
    return kept(app)


def test_a_first_attempt_leaves_what_was_chosen_and_earned(
    app: Flask, house: House, course: OfferingView, browser_of: Browser
) -> None:
    coach = browser_of(house.coach)
    coach.post(begin(coach), data={"q-one": ["right"], "q-two": ["second"]})
    assert [(row.position, row.chosen, row.share, row.rest) for row in kept(app)] == [
        (0, '["right"]', 1.0, 0.0),
        (1, '["second"]', 0.0, 1.0),
    ]


def test_a_row_names_no_person(
    app: Flask, house: House, course: OfferingView, browser_of: Browser
) -> None:
    columns = set(Response.__table__.columns.keys())
    assert columns == {"attempt_id", "position", "item", "chosen", "share", "rest", "seconds"}


def test_a_later_attempt_leaves_nothing(
    app: Flask, house: House, course: OfferingView, browser_of: Browser
) -> None:
    coach = browser_of(house.coach)
    for _time in range(2):
        coach.post(begin(coach), data={"q-one": ["wrong"], "q-two": ["not"]})
    assert len(kept(app)) == 2


def test_who_takes_the_course_again_is_not_counted_again(
    app: Flask,
    house: House,
    course: OfferingView,
    browser_of: Browser,
    clock_at: Callable[[datetime], AbstractContextManager[None]],
) -> None:
    for moment, how in ((BEGAN, "start"), (OPEN, "renew")):
        with clock_at(moment):
            take_first_steps(browser_of(house.coach), how)
    assert len(kept(app)) == 2
    with app.app_context():
        assert [each.number for each in db.session.scalars(select(Attempt))] == [1, 1]


def test_who_first_tries_a_quiz_when_they_take_the_course_again_is_counted(
    app: Flask, desk: Desk, house: House, browser_of: Browser
) -> None:
    for language in ("en", "sv"):
        desk.write(f"final.quiz.{language}.md", "use: graded", "use: practice")
    desk.write("course.md", "pass: [final]", "pass: []")
    desk.publish()
    coach = browser_of(house.coach)
    start(coach)
    read_all(coach)
    with app.app_context():
        found = offering("first-steps")
        assert found is not None
        with writing():
            call_for_renewal(found.edition, house.trainer)
    assert coach.post("/courses/first-steps/renew").status_code == 303
    coach.post(begin(coach), data={"q-one": ["right"], "q-two": ["not"]})
    assert len(kept(app)) == 2


def test_handing_in_twice_leaves_it_once(
    app: Flask, house: House, course: OfferingView, browser_of: Browser
) -> None:
    coach = browser_of(house.coach)
    attempt = begin(coach)
    for _time in range(2):
        coach.post(attempt, data={"q-one": ["wrong"], "q-two": ["not"]})
    assert len(kept(app)) == 2


def test_a_practice_quiz_counts_too(
    app: Flask, desk: Desk, house: House, browser_of: Browser
) -> None:
    for language in ("en", "sv"):
        desk.write(f"final.quiz.{language}.md", "use: graded", "use: practice")
    desk.write("course.md", "pass: [final]", "pass: []")
    report = desk.publish()
    assert report.problems == ()
    coach = browser_of(house.coach)
    coach.post(begin(coach), data={"q-one": ["right"], "q-two": ["not"]})
    assert len(kept(app)) == 2


def test_a_retention_check_is_not_counted(
    app: Flask, house: House, course: OfferingView, browser_of: Browser
) -> None:
    coach = browser_of(house.coach)
    assert noted(app, coach, house.coach, course, quiz_id="check-final") == []


def test_the_order_of_ticks_does_not_count(
    app: Flask, house: House, course: OfferingView, browser_of: Browser
) -> None:
    rows = noted(app, browser_of(house.coach), house.coach, course)
    assert rows[1].chosen == '["first","second"]'


def test_words_of_the_learners_own_are_never_kept(
    app: Flask, house: House, course: OfferingView, browser_of: Browser
) -> None:
    kinds = {**KINDS, "single": replace(SINGLE, counted=False)}
    rows = noted(app, browser_of(house.coach), house.coach, course, kinds=kinds)
    assert [row.chosen for row in rows] == ["", '["first","second"]']
    assert rows[0].share == 1.0


def test_a_choice_too_long_to_count_is_left_out(
    app: Flask, house: House, course: OfferingView, browser_of: Browser
) -> None:
    answers = {"one": ["x" * LONGEST_CHOICE]}
    rows = noted(app, browser_of(house.coach), house.coach, course, answers=answers)
    assert [row.chosen for row in rows] == ["", "[]"]


def test_a_question_that_is_only_recorded_leaves_no_row_and_no_part_in_the_rest(
    app: Flask, house: House, course: OfferingView, browser_of: Browser
) -> None:
    kinds = {**KINDS, "multiple": replace(MULTIPLE, graded=False)}
    (row,) = noted(app, browser_of(house.coach), house.coach, course, kinds=kinds)
    assert (row.position, row.share, row.rest) == (0, 1.0, None)


def test_a_kind_that_is_gone_leaves_no_row(
    app: Flask, house: House, course: OfferingView, browser_of: Browser
) -> None:
    kinds = {"single": SINGLE}
    rows = noted(app, browser_of(house.coach), house.coach, course, kinds=kinds, mark_with=kinds)
    assert [row.position for row in rows] == [0]


def test_what_could_not_be_marked_has_no_share_and_no_part_in_the_rest(
    app: Flask, house: House, course: OfferingView, browser_of: Browser
) -> None:
    mark_with = {"single": SINGLE}  # the other kind fails when it is to mark
    rows = noted(app, browser_of(house.coach), house.coach, course, mark_with=mark_with)
    assert [(row.share, row.rest) for row in rows] == [(1.0, None), (None, None)]


def test_seconds_are_those_that_were_saved(
    app: Flask, house: House, course: OfferingView, browser_of: Browser
) -> None:
    rows = noted(app, browser_of(house.coach), house.coach, course, saved={"two": [3, 41]})
    assert [row.seconds for row in rows] == [None, 41]


def test_a_question_that_was_not_drawn_leaves_no_row(
    app: Flask, house: House, course: OfferingView, browser_of: Browser
) -> None:
    asked = [("two", ["first", "not", "second"])]
    (row,) = noted(app, browser_of(house.coach), house.coach, course, asked=asked)
    assert (row.position, row.chosen, row.rest) == (0, '["first","second"]', None)


def test_no_question_kind_is_called_when_responses_are_noted(
    app: Flask, house: House, course: OfferingView, browser_of: Browser
) -> None:
    def refuse(*_given: Any) -> Any:
        raise AssertionError("a plugin was called in a write transaction")

    kinds = {
        name: replace(kind, claims=refuse, parse=refuse, grade=refuse, order=refuse, read=refuse)
        for name, kind in KINDS.items()
    }
    assert len(noted(app, browser_of(house.coach), house.coach, course, kinds=kinds)) == 2


def test_an_item_is_one_wording_in_one_language(app: Flask, desk: Desk) -> None:
    desk.publish()
    before = items(desk)
    assert len(set(before.values())) == 4, "word for word alike, two languages are told apart"
    desk.write("final.quiz.en.md", "Wrong one", "Not this one")
    desk.write("final.quiz.en.md", "FEEDBACK-ON-TWO", "Said after the answer")
    desk.publish()
    after = items(desk)
    changed = {name for name, item in after.items() if item != before[name]}
    assert changed == {("one", "en")}
    assert all(0 <= item < 2**63 for item in after.values())


def items(desk: Desk) -> dict[tuple[str, str], int]:
    with desk.app.app_context():
        found = offering("first-steps")
        assert found is not None
        edition = found.edition
        (quiz,) = edition.course.quizzes
        keys = quiz_keys(edition.id, quiz.id)
        return {
            (question.id, language): item_of(edition, quiz, question, language, keys[question.id])
            for question in quiz.questions
            for language in edition.course.languages
        }


@pytest.mark.parametrize(
    ("how", "expected"),
    [
        ("drop", [(1, 0.0, None)]),
        ("accept_all", [(0, 0.0, 0.0), (1, 0.0, 0.0)]),
        ("accept", [(0, 0.0, 0.0), (1, 0.0, 0.0)]),
    ],
)
def test_a_faulty_question_is_judged_by_its_key_and_a_dropped_one_not_at_all(
    app: Flask,
    house: House,
    course: OfferingView,
    browser_of: Browser,
    how: How,
    expected: list[tuple[int, float, float | None]],
) -> None:
    found = remedied(app, house, course, how)
    coach = browser_of(house.coach)
    attempt = begin(coach)
    coach.post(attempt, data={"q-one": ["wrong"], "q-two": ["not"]})
    assert [(row.position, row.share, row.rest) for row in kept(app)] == expected
    with app.app_context():
        result = attempt_of(house.coach, attempt.rpartition("/")[2])
        assert result is not None
        assert result.marks[found][1] == ("dropped" if how == "drop" else "accepted")


def test_a_dropped_question_has_no_part_in_what_the_others_say_of_a_newcomer(
    app: Flask, house: House, course: OfferingView, browser_of: Browser
) -> None:
    remedied(app, house, course, "drop")
    coach = browser_of(house.coach)
    coach.post(begin(coach), data={"q-one": ["right"], "q-two": ["first", "second"]})
    assert [(row.position, row.share, row.rest) for row in kept(app)] == [(1, 1.0, None)]


def remedied(app: Flask, house: House, course: OfferingView, how: How) -> str:
    """Decide a remedy of the first question, which also accepts the wrong option; its id."""
    with app.app_context(), writing():
        found = wording("first-steps", "final", "one")
        assert found is not None
        assert decide(house.trainer, found, how, (("wrong",),), "It can be read in two ways.")
    return "one"


def test_the_site_itself_lets_waiting_answers_through(app: Flask) -> None:
    jobs = {job.name: job.run for job in app.extensions["innocap_relay"].repeating}
    assert jobs["responses.release"] is release
