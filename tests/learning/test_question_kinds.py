"""A quiz with a question of every kind: asked without its keys, answered, reviewed, printed."""

import html
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from innocap_lms.catalogue.publishing import publish_sources
from innocap_lms.catalogue.queries import OfferingView, offering, quiz_keys
from innocap_lms.config import Settings
from innocap_lms.extensions import db, writing
from innocap_lms.learning.asking import one_on_paper
from innocap_lms.learning.models import Attempt
from innocap_lms.learning.question_html import asked_html
from innocap_lms.people.services import add_membership
from tests.answers import THOUGHT, answer_of
from tests.conftest import House

Browser = Callable[[str], FlaskClient]
PLUGINS = Path(__file__).parents[1] / "browser" / "plugins"
QUIZ = "/courses/every-kind/final"
# Words that are right and stand nowhere on the page unless they are given away.
SECRETS = ("pilot", "GDPR", "IMY", "110", "Privacy Protection", "A need", "correct", "±")
SECRETS_OF_FEEDBACK = ("They let people tell", "The map shows", "The need first", "controller")


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, plugin_dirs=(PLUGINS,))


@pytest.fixture
def every_kind(app: Flask) -> OfferingView:
    with app.app_context():
        host = app.extensions["innocap_host"]
        files = app.extensions["innocap_settings"].data_dir / "files"
        list(publish_sources(host, files, only=["every-kind"]))
        found = offering("every-kind")
        assert found is not None
        return found


def begin(browser: FlaskClient) -> str:
    browser.post("/courses/every-kind/start")
    response = browser.post(f"{QUIZ}/attempts")
    assert response.status_code == 303
    return str(response.headers["Location"])


def fields(page: str) -> dict[str, list[str]]:
    """What a browser would send of the page as it stands: the values of its fields, by name."""
    sent: dict[str, list[str]] = {}
    pattern = (
        r'<input type="(?:radio|checkbox)" name="(q-[^"]+)" value="([^"]+)"( checked)?'
        r'|<input class="[^"]*"[^>]*? name="(q-[^"]+)" value="([^"]*)"'
        r'|<select[^>]*? name="(q-[^"]+)"[^>]*>(.*?)</select>'
        r'|<textarea[^>]*? name="(q-[^"]+)"[^>]*>(.*?)</textarea>'
    )
    for found in re.finditer(pattern, page, re.DOTALL):
        tick, ticked, checked, typed, text, chosen, choices, area, long = found.groups()
        if tick and checked:
            sent.setdefault(tick, []).append(ticked)
        elif typed:
            sent.setdefault(typed, []).append(html.unescape(text))
        elif chosen:
            picked = re.search(r'value="([^"]+)" selected', choices)
            sent.setdefault(chosen, []).append(picked[1] if picked else "")
        elif area:
            sent.setdefault(area, []).append(html.unescape(long))
    return sent


def sent_for(app: Flask, found: OfferingView, right: bool = True) -> dict[str, list[str]]:
    """What the fields of the one attempt send for right answers, or for half right ones."""
    quiz, sent = found.edition.course.quizzes[0], {}
    with app.app_context():
        keys = quiz_keys(found.edition.id, "final")
        asked = db.session.scalars(select(Attempt.asked)).one()
    for question_id, order in asked:
        question, key = quiz.question(question_id), keys[question_id]["key"]
        answer = answer_of(question.kind, key, order, right)
        view = question.views["sv"]
        if question.kind == "ordering":
            answer = [f"{order.index(name) + 1}.{place}" for name, place in _split(answer)]
        elif question.kind == "matching":
            terms = [term["id"] for term in view["terms"]]
            answer = [f"{terms.index(a) + 1}.{order.index(b) + 1}" for a, b in _split(answer)]
        elif question.kind == "cloze":
            choices = [name for name in order if name.startswith("2.")]
            answer[1] = str(choices.index(answer[1]) + 1)
        sent[f"q-{question_id}"] = answer
    return sent


def _split(answer: list[str]) -> list[list[str]]:
    return [value.split(":") for value in answer]


def answers(app: Flask) -> Any:
    with app.app_context():
        return db.session.scalars(select(Attempt.answers)).one()


def test_no_page_before_the_hand_in_gives_a_key_away(
    app: Flask, house: House, every_kind: OfferingView, browser_of: Browser
) -> None:
    coach = browser_of(house.coach)
    attempt = begin(coach)
    pages = [coach.get(QUIZ).text, coach.get(attempt).text]
    pages.append(coach.post(attempt, data={"q-thought": "Mine."}).text)
    for page in pages:
        main = page.partition("<main")[2]
        for secret in (*SECRETS, *SECRETS_OF_FEEDBACK):
            assert secret not in main.replace("A need is a goal", ""), secret
    values = fields(pages[1])
    assert re.findall(r'<option value="([^"]*)"', pages[1]).count("") == 4 + 3 + 1
    sent = re.findall(r'<option value="([^"]+)"', pages[1])
    assert all(re.fullmatch(r"[0-9](\.[0-9])?", value) for value in sent), "positions, no ids"
    assert set(values) == {
        f"q-{name}" for name in ("distance", "prototype", "steps", "tools", "law", "thought")
    }


def test_a_question_kept_for_others_is_that_of_the_same_order_number_language_and_no_answer(
    app: Flask, every_kind: OfferingView
) -> None:
    """Fields send places: with another learner's order, a right answer would be marked as wrong."""
    edition = every_kind.edition
    with app.test_request_context():
        steps = one_on_paper(edition, edition.course.quizzes[0], "en", "steps")
        turned = replace(steps, options=steps.options[::-1])
        answered = replace(steps, given=(f"{steps.options[0].id}:2",))
        shown = [asked_html(each, 8, "en") for each in (steps, turned, answered)]
        shown += [asked_html(steps, 9, "en"), asked_html(steps, 8, "en", "It is too long.")]
        assert len(set(shown)) == 5
        assert asked_html(replace(steps, origin=("other",)), 8, "en") == shown[0]
        assert [asked_html(each, 8, "en") for each in (steps, turned, answered)] == shown[:3]
    with app.test_request_context(headers={"Accept-Language": "sv"}):
        assert asked_html(steps, 8, "sv") not in shown


def test_right_answers_to_every_kind_earn_all_points_but_a_reflection_earns_none(
    app: Flask, house: House, every_kind: OfferingView, browser_of: Browser
) -> None:
    coach = browser_of(house.coach)
    attempt = begin(coach)
    assert coach.post(attempt, data=sent_for(app, every_kind)).status_code == 303
    page = coach.get(attempt).text
    assert "12 out of 12" in page
    assert "You have answered questions of every kind. <em>Well done.</em>" in page
    assert page.count("Recorded") == 1
    assert "Not right" not in page
    assert "Not marked yet" not in page


def test_answers_are_kept_in_a_form_that_no_page_decides(
    app: Flask, house: House, every_kind: OfferingView, browser_of: Browser
) -> None:
    coach = browser_of(house.coach)
    attempt = begin(coach)
    coach.post(attempt, data=sent_for(app, every_kind))
    kept = answers(app)
    assert kept["steps"] == ["frame:1", "explore:2", "focus:3", "test:4"]
    assert kept["tools"] == ["m-frame:map", "m-explore:talk", "m-test:paper"]
    assert kept["law"] == ["dataskyddsförordningen", "2.2", "IMY"]
    assert kept["thought"] == [THOUGHT]


def test_half_right_answers_earn_their_part_and_say_so_without_the_key(
    app: Flask, house: House, every_kind: OfferingView, browser_of: Browser
) -> None:
    coach = browser_of(house.coach)
    attempt = begin(coach)
    coach.post(attempt, data=sent_for(app, every_kind, right=False))
    page = coach.get(attempt).text
    main = page.partition("<main")[2]
    assert "Read the lesson again" in page
    assert page.count("Partly right") == 4
    assert "The right answers are shown once you have passed" in page
    for shown in ("twelve", "experiment", "lagen", "Final report", "hold two interviews"):
        assert shown in main, shown
    for secret in ("pilot", "GDPR", "110", "Privacy", "Right order", *SECRETS_OF_FEEDBACK):
        assert secret not in main, secret


def test_a_review_that_is_due_shows_every_key_and_feedback(
    app: Flask, house: House, every_kind: OfferingView, browser_of: Browser
) -> None:
    coach = browser_of(house.coach)
    attempt = begin(coach)
    coach.post(attempt, data=sent_for(app, every_kind))
    page = coach.get(attempt).text
    for shown in ("110 ± 5 km", "prototype", "pilot", "Right order", *SECRETS_OF_FEEDBACK):
        assert shown in page, shown


def test_an_answer_in_one_language_counts_when_the_page_is_in_another(
    app: Flask, house: House, every_kind: OfferingView, browser_of: Browser
) -> None:
    coach = browser_of(house.coach)
    attempt = begin(coach)
    sent = sent_for(app, every_kind)
    sent["q-prototype"] = ["prototype"]  # English; the lead language says prototyp, with one typo
    sent["q-law"][0] = "general data protection regulation"
    sent["q-law"][2] = "the Swedish authority for privacy protection"
    coach.get("/language/sv")
    coach.post(attempt, data=sent)
    assert "12" in coach.get(attempt).text
    with app.app_context():
        assert db.session.scalars(select(Attempt.points)).one() == 12


def test_a_page_with_missing_answers_shows_the_others_as_they_were_given(
    app: Flask, house: House, every_kind: OfferingView, browser_of: Browser
) -> None:
    coach = browser_of(house.coach)
    attempt = begin(coach)
    sent = sent_for(app, every_kind)
    del sent["q-picture"]
    again = coach.post(attempt, data=sent)
    assert again.status_code == 422
    shown = fields(again.text)
    assert {name: sorted(values) for name, values in shown.items()} == {
        name: sorted(values) for name, values in sent.items()
    }
    assert shown["q-law"] == sent["q-law"]


FORGED = {
    "q-picture": ["bridge.1", "../../x"],
    "q-need": ["maybe"],
    "q-distance": ["1" * 100_000],
    "q-prototype": ["a" * 501],
    "q-steps": ["1.1", "1.2", "frame:1", "9.9"],
    "q-tools": ["1.99", "m-frame:map"],
    "q-law": ["only one"],
    "q-thought": ["x" * 10_001],
}


@pytest.mark.parametrize("name", FORGED)
def test_what_no_page_offers_earns_nothing_and_breaks_nothing(
    app: Flask, house: House, every_kind: OfferingView, browser_of: Browser, name: str
) -> None:
    coach = browser_of(house.coach)
    attempt = begin(coach)
    response = coach.post(attempt, data={name: FORGED[name], "incomplete": "yes"})
    assert response.status_code in (303, 422)
    assert coach.get(attempt).status_code == 200
    with app.app_context():
        assert db.session.scalars(select(Attempt.points)).one() in (None, 0)


@pytest.mark.parametrize("who", ["hr", "manager", "admin"])
def test_nobody_who_looks_at_completion_reads_a_reflection(
    app: Flask, house: House, every_kind: OfferingView, browser_of: Browser, who: str
) -> None:
    coach = browser_of(house.coach)
    coach.post("/courses/every-kind/start")
    coach.post("/courses/every-kind/before/read")
    attempt = begin(coach)
    coach.post(attempt, data=sent_for(app, every_kind))
    other = browser_of(getattr(house, who))
    for page in (
        "/hr",
        "/hr/reports/completions",
        "/hr/reports/completions.csv",
        f"/hr/people/{house.coach}",
    ):
        assert "interviews\nbefore" not in other.get(page).text
    assert other.get(attempt).status_code == 404


def test_a_quiz_is_printed_with_answers_or_without(
    app: Flask, house: House, every_kind: OfferingView, browser_of: Browser
) -> None:
    trainer = browser_of(house.trainer)
    address = "/studio/courses/every-kind/final/print"
    assert address in trainer.get("/studio/courses/every-kind").text
    plain, answered = trainer.get(address).text, trainer.get(f"{address}?answers=yes").text
    for question in ("What does the picture show?", "Fill in what is missing.", "2 points"):
        assert question in plain
        assert question in answered
    for secret in (
        "pilot",
        "GDPR",
        "110",
        "Privacy Protection",
        'filled" role',
        *SECRETS_OF_FEEDBACK,
    ):
        assert secret not in plain, secret
    for shown in ("pilot", "GDPR", "110 ± 5 km", 'filled" role', *SECRETS_OF_FEEDBACK):
        assert shown in answered, shown


@pytest.mark.parametrize("who", ["coach", "colleague", "stranger", "hr", "manager"])
def test_for_others_there_is_no_quiz_to_print(
    app: Flask, house: House, every_kind: OfferingView, browser_of: Browser, who: str
) -> None:
    browser = browser_of(getattr(house, who))
    assert browser.get("/studio/courses/every-kind/final/print?answers=yes").status_code == 404


def test_a_trainer_prints_the_quizzes_of_the_own_track_alone(
    app: Flask, house: House, every_kind: OfferingView, browser_of: Browser
) -> None:
    with app.app_context(), writing():
        add_membership(house.coach, "trainer", house.north, track="every-kind")
        add_membership(house.colleague, "trainer", house.north, track="another")
    own, other = browser_of(house.coach), browser_of(house.colleague)
    address = "/studio/courses/every-kind/{}/print"
    assert own.get(address.format("final")).status_code == 200
    assert other.get(address.format("final")).status_code == 404
    assert own.get(address.format("before")).status_code == 404, "a lesson is no quiz"
    assert own.get("/studio/courses/nothing/final/print").status_code == 404


def test_a_kind_that_is_gone_leaves_the_pages_standing(
    app: Flask, house: House, every_kind: OfferingView, browser_of: Browser
) -> None:
    coach, trainer = browser_of(house.coach), browser_of(house.trainer)
    attempt = begin(coach)
    for name in ("ordering", "matching", "cloze"):
        app.extensions["innocap_host"].kinds.pop(name)
    assert coach.get(attempt).text.count("This question cannot be shown right now") == 3
    assert coach.post(attempt, data={"q-need": "true", "incomplete": "yes"}).status_code == 303
    assert coach.get(attempt).status_code == 200
    assert trainer.get("/studio/courses/every-kind/final/print?answers=yes").status_code == 200
