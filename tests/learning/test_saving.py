"""Answers are saved as they are given: on any device, whatever the network and the windows do."""

import errno
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from innocap_lms.catalogue.queries import OfferingView
from innocap_lms.extensions import db
from innocap_lms.learning.models import Attempt, Response
from innocap_lms.learning.recent import forget_all
from innocap_lms.ledger.models import LedgerEvent
from tests.conftest import House
from tests.learning.conftest import Ruled
from tests.learning.test_a_course import RIGHT, SECRETS, begin, start

Browser = Callable[[str], FlaskClient]
JSON = {"Accept": "application/json"}


def number_of(page: str, question: str) -> int:
    """The number under which a page asks the question."""
    found = re.search(rf'id="question-(\d+)" data-question="q-{question}"', page)
    assert found, question
    return int(found[1])


class Window:
    """A page of an attempt as a browser holds it: what it has seen, and its own name."""

    def __init__(self, browser: FlaskClient, attempt: str) -> None:
        self.browser, self.attempt, self.turn = browser, attempt, 0
        page = browser.get(attempt).text
        self.page = re.search(r'name="page" value="([^"]+)"', page)[1]  # type: ignore[index]
        self.seen = dict(re.findall(r'name="s-([\w-]+)" value="(\d+)"', page))
        self.text = page

    def fields(self, question: str, *values: str) -> dict[str, Any]:
        self.turn += 1
        return {
            f"q-{question}": list(values),
            f"s-{question}": self.seen[question],
            "page": self.page,
            "turn": str(self.turn),
        }

    def send(self, question: str, fields: dict[str, Any]) -> Any:
        place = f"{self.attempt}/questions/{number_of(self.text, question)}"
        return self.browser.post(place, data=fields, headers=JSON)

    def save(self, question: str, *values: str) -> Any:
        answer = self.send(question, self.fields(question, *values))
        if answer.status_code == 200:
            self.seen[question] = str(answer.json["revision"])
        return answer


def answers(app: Flask) -> dict[str, list[str]]:
    with app.app_context():
        return db.session.scalars(select(Attempt.answers)).one() or {}


@pytest.fixture
def coach(house: House, course: OfferingView, browser_of: Browser) -> FlaskClient:
    """The coach, who has started the course."""
    browser = browser_of(house.coach)
    start(browser)
    return browser


def test_an_answer_is_saved_as_it_is_given_and_is_there_on_another_device(
    app: Flask, house: House, coach: FlaskClient, browser_of: Browser
) -> None:
    attempt = begin(coach)
    window = Window(coach, attempt)
    assert window.save("one", "right").json == {"revision": 1}
    assert window.save("two", "first", "second").json == {"revision": 2}
    assert answers(app) == {"one": ["right"], "two": ["first", "second"]}
    telephone = browser_of(house.coach)
    page = telephone.get(attempt).text
    assert page.count(" checked") == 3
    assert telephone.post(attempt, data={}).status_code == 303
    assert "3 out of 3" in telephone.get(attempt).text


def test_a_changed_mind_and_a_withdrawn_answer_are_saved_too(
    app: Flask, coach: FlaskClient
) -> None:
    window = Window(coach, begin(coach))
    window.save("two", "first")
    window.save("two", "first", "second")
    assert answers(app)["two"] == ["first", "second"]
    window.save("two")
    assert answers(app)["two"] == []


def test_a_window_that_is_behind_does_not_undo_the_other(app: Flask, coach: FlaskClient) -> None:
    attempt = begin(coach)
    behind, ahead = Window(coach, attempt), Window(coach, attempt)
    assert ahead.save("one", "right").status_code == 200
    refused = behind.save("one", "wrong")
    assert refused.status_code == 409
    assert "another window" in refused.json["why"]
    assert answers(app) == {"one": ["right"]}
    # What it says of a question that nobody else has touched is taken.
    assert behind.save("two", "first").status_code == 200
    # Handing in from there does not undo it either, and says so.
    page = coach.post(attempt, data=behind.fields("one", "wrong"))
    assert page.status_code == 422
    assert "changed in another window" in page.text
    assert answers(app) == {"one": ["right"], "two": ["first"]}


def test_saying_the_same_again_changes_nothing(app: Flask, coach: FlaskClient) -> None:
    window = Window(coach, begin(coach))
    fields = window.fields("one", "right")
    assert [window.send("one", fields).json for _again in range(3)] == [{"revision": 1}] * 3


def test_an_acknowledgement_that_was_lost_costs_nothing(app: Flask, coach: FlaskClient) -> None:
    window = Window(coach, begin(coach))
    late = window.fields("one", "wrong")
    assert window.send("one", late).status_code == 200  # the window never hears of it
    assert window.save("one", "right").status_code == 200
    # The first request comes once more, long after: it was older.
    assert window.send("one", late).status_code == 409
    assert answers(app) == {"one": ["right"]}


def test_answers_sent_at_the_same_moment_are_all_kept(
    app: Flask, house: House, ruled: Ruled, coach: FlaskClient, browser_of: Browser
) -> None:
    attempt = begin(coach)
    windows = [Window(browser_of(house.coach), attempt) for _each in range(4)]

    def both(window: Window) -> list[int]:
        return [
            window.save(question, value).status_code
            for question, value in (("one", "right"), ("two", "first"))
        ]

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(both, windows)) == [[200, 200]] * 4
    assert answers(app) == {"one": ["right"], "two": ["first"]}


def test_answers_that_come_back_because_one_is_missing_are_saved(
    app: Flask, coach: FlaskClient
) -> None:
    attempt = begin(coach)
    sent = {"q-one": "right", "s-one": "0", "s-two": "0", "page": "a", "turn": "1"}
    back = coach.post(attempt, data=sent)
    assert back.status_code == 422
    assert "Your other answers are saved" in back.text
    assert answers(app) == {"one": ["right"]}
    assert re.search(r'value="right"[^>]*checked', coach.get(attempt).text)


def test_answers_beside_one_that_another_window_changed_are_saved(
    app: Flask, coach: FlaskClient
) -> None:
    attempt = begin(coach)
    one, other = Window(coach, attempt), Window(coach, attempt)
    one.save("one", "right")
    sent = other.fields("one", "wrong") | {"q-two": ["first"], "s-two": "0"}
    assert coach.post(attempt, data=sent).status_code == 422
    assert answers(app) == {"one": ["right"], "two": ["first"]}


def test_handing_in_twice_at_once_is_once(
    app: Flask, house: House, coach: FlaskClient, browser_of: Browser
) -> None:
    attempt = begin(coach)
    browsers = [browser_of(house.coach) for _each in range(6)]
    with ThreadPoolExecutor(6) as pool:
        sent = pool.map(lambda browser: browser.post(attempt, data=RIGHT).status_code, browsers)
        assert set(sent) == {303}
    with app.app_context():
        kinds = select(func.count()).where(LedgerEvent.kind == "attempt.submitted")
        assert db.session.scalar(kinds) == 1
        assert db.session.scalars(select(Attempt.points)).one() == 3


def test_after_handing_in_nothing_is_saved_any_more(app: Flask, coach: FlaskClient) -> None:
    attempt = begin(coach)
    window = Window(coach, attempt)
    coach.post(attempt, data=RIGHT)
    late = window.save("one", "wrong")
    assert (late.status_code, late.json) == (410, {"over": True})
    assert coach.post(attempt, data={"q-one": "wrong"}).status_code == 303
    assert answers(app)["one"] == ["right"]
    assert "3 out of 3" in coach.get(attempt).text


def test_what_is_no_answer_is_refused_with_a_reason(app: Flask, coach: FlaskClient) -> None:
    window = Window(coach, begin(coach))
    window.save("one", "right")
    for values in (["no-such-option"], ["right", "\x1f" * 9], ["é" * 50_000]):
        refused = window.save("one", *values)
        assert refused.status_code == 422
        assert "does not fit" in refused.json["why"]
        assert len(refused.text) < 500
    assert answers(app) == {"one": ["right"]}
    for number in (0, 3, 999):
        place = f"{window.attempt}/questions/{number}"
        assert coach.post(place, data={"q-one": "right"}, headers=JSON).status_code == 404


@pytest.mark.parametrize("who", ["colleague", "stranger", "hr", "trainer", "admin"])
def test_nobody_else_can_read_or_write_an_attempt(
    app: Flask, house: House, coach: FlaskClient, browser_of: Browser, who: str
) -> None:
    attempt = begin(coach)
    window = Window(coach, attempt)
    window.save("one", "right")
    other = browser_of(getattr(house, who))
    for place in (attempt, f"{attempt}/questions/1"):
        assert other.get(place).status_code == 404
        assert other.post(place, data={"q-one": "wrong"}, headers=JSON).status_code == 404
    assert answers(app) == {"one": ["right"]}
    assert app.test_client().post(f"{attempt}/questions/1", headers=JSON).status_code == 302


def test_a_session_that_has_ended_saves_nothing_however_recent_its_last_answer(
    app: Flask, house: House, coach: FlaskClient
) -> None:
    """Saving does not read who asks first: the write itself must."""
    attempt = begin(coach)
    window = Window(coach, attempt)
    window.save("one", "right")
    token = coach.get_cookie("innocap")
    assert token is not None
    coach.post("/logout")
    coach.set_cookie("innocap", token.value)
    assert window.save("one", "wrong").status_code == 302
    assert answers(app) == {"one": ["right"]}


def test_an_answer_costs_one_statement_and_two_in_another_process(
    app: Flask, coach: FlaskClient, statements: list[str]
) -> None:
    window = Window(coach, begin(coach))
    for answer, most in (("right", 1), ("wrong", 1), ("right", 2), ("wrong", 1)):
        statements.clear()
        if most == 2:
            forget_all(app)
        assert window.save("one", answer).status_code == 200
        assert len(statements) == most, statements


def test_saving_grades_nothing_and_tells_nothing(
    app: Flask, coach: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither a kind's grade nor a key is touched, so neither answer nor time tells anything."""
    attempt = begin(coach)
    window = Window(coach, attempt)

    def never(*_given: object) -> Any:
        raise AssertionError("saving an answer asked for its mark or its key")

    kinds = app.extensions["innocap_host"].kinds
    for name, kind in list(kinds.items()):
        monkeypatch.setitem(kinds, name, replace(kind, grade=never))
    monkeypatch.setattr("innocap_lms.learning.closing.quiz_keys", never)
    monkeypatch.setattr("innocap_lms.learning.marking.grade", never)
    right, wrong = window.save("one", "right"), window.save("one", "wrong")
    assert right.status_code == wrong.status_code == 200
    assert dict(right.headers) == dict(wrong.headers)
    assert len(right.data) == len(wrong.data)
    for response in (right, wrong, coach.get(attempt)):
        assert not any(secret in response.text for secret in SECRETS)


def test_the_seconds_spent_on_a_question_are_kept(app: Flask, coach: FlaskClient) -> None:
    window = Window(coach, begin(coach))
    window.save("one", "wrong")
    window.save("one", "right")
    with app.app_context():
        saved = db.session.scalars(select(Attempt.saved)).one()
    assert saved is not None
    revision, seconds, page, turn = saved["one"]
    assert (revision, page, turn) == (2, window.page, 2)
    assert 0 <= seconds <= 60


def test_item_analysis_hears_of_the_seconds(app: Flask, coach: FlaskClient) -> None:
    attempt = begin(coach)
    Window(coach, attempt).save("one", "right")
    coach.post(attempt, data=RIGHT)
    with app.app_context():
        seconds = db.session.scalars(select(Response.seconds)).all()
    assert len(seconds) == 2
    assert all(value is not None and 0 <= value <= 60 for value in seconds)


def test_an_older_request_of_the_same_page_that_comes_late_counts_for_nothing(
    app: Flask, coach: FlaskClient
) -> None:
    """A mind that was changed and changed back: the request between the two was on its way."""
    window = Window(coach, begin(coach))
    assert window.save("one", "right").status_code == 200
    late = window.fields("one", "wrong")
    assert window.save("one", "right").status_code == 200
    assert window.send("one", late).status_code == 409
    assert window.send("one", {**late, "turn": str(window.turn)}).status_code == 409
    assert answers(app) == {"one": ["right"]}


def test_an_answer_that_cannot_be_saved_is_not_acknowledged(
    coach: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    attempt = begin(coach)
    window = Window(coach, attempt)
    monkeypatch.setattr("innocap_lms.learning.attempts.save", lambda *_given: None)
    monkeypatch.setattr("innocap_lms.learning.attempt_views.hand_in", lambda *_given: False)
    assert window.save("one", "right").status_code == 503
    assert coach.post(attempt, data=RIGHT).status_code == 503


def test_on_a_full_disk_the_page_hears_that_there_is_no_room(
    app: Flask, coach: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By a status of its own: what waits in the page is no matter of the connection then."""
    app.config.update(TESTING=False, PROPAGATE_EXCEPTIONS=False)
    window = Window(coach, begin(coach))

    def full(*_given: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as disk:
        disk.setattr("innocap_lms.learning.attempts.save", full)
        assert window.save("one", "right").status_code == 507
    assert window.save("one", "right").status_code == 200


def test_an_attempt_is_found_under_its_own_quiz_and_course_alone(coach: FlaskClient) -> None:
    attempt = begin(coach)
    for part, other in (("/final/", "/start-walking/"), ("/first-steps/", "/no-such-course/")):
        place = attempt.replace(part, other)
        assert coach.get(place).status_code == 404
        assert coach.post(f"{place}/questions/1", data={"q-one": "right"}).status_code == 404
