"""A server that is killed in the middle of 500 attempts: what it acknowledged is there."""

import http.client
import itertools
import os
import re
import signal
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest
from flask import Flask
from sqlalchemy import Connection, event, func, select, text

from innocap_lms import clock
from innocap_lms.catalogue.queries import OfferingView
from innocap_lms.engines import SAVING, WRITING
from innocap_lms.extensions import db, writing
from innocap_lms.learning import services as learning
from innocap_lms.learning.attempts import start_attempt
from innocap_lms.learning.drawing import draw
from innocap_lms.learning.models import Attempt
from innocap_lms.ledger.models import LedgerContent, LedgerEvent
from innocap_lms.people import services as people
from innocap_lms.people.queries import viewer_of
from innocap_lms.people.sign_in import open_session
from tests.cli.conftest import Start, page
from tests.conftest import ON_POSTGRES, PLUGINS, Until

LEARNERS = 500
ENOUGH = 1500  # answers acknowledged before the server is killed
ANSWERS = {"one": (["right"], ["wrong"]), "two": (["first"], ["first", "second"], ["second"])}


@dataclass
class Learner:
    """Somebody in an attempt: what was acknowledged, and what was on its way."""

    attempt: str
    cookie: str
    hasty: bool  # hands in soon
    numbers: dict[str, int] = field(default_factory=dict)  # question: its number on the page
    fields: dict[str, str] = field(default_factory=dict)
    acknowledged: dict[str, list[str]] = field(default_factory=dict)
    under_way: dict[str, list[str]] = field(default_factory=dict)
    sent: bool = False  # the server said that the attempt is handed in
    sending: bool = False
    connection: http.client.HTTPConnection | None = None

    def ask(self, site: str, method: str, form: list[tuple[str, str]] = [], at: str = "") -> bytes:  # noqa: B006
        """One request; raises OSError or HTTPException when the server is gone."""
        if self.connection is None:
            self.connection = http.client.HTTPConnection(urlsplit(site).netloc, timeout=60)
        headers = {"Cookie": self.cookie, "Accept": "application/json"}
        if method == "POST":
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        body = urlencode([*self.fields.items(), *form]) if method == "POST" else None
        self.connection.request(method, self.attempt + at, body, headers)
        response = self.connection.getresponse()
        found = response.read()
        assert response.status in (200, 303), (response.status, found[:300])
        if cookie := response.headers.get("Set-Cookie"):
            self.cookie = cookie.split(";")[0]
        return found

    def open(self, site: str) -> None:
        said = self.ask(site, "GET").decode()
        for number, question in re.findall(r'id="question-(\d+)" data-question="q-(\w+)"', said):
            self.numbers[question] = int(number)
        for name in ("csrf_token", "page"):
            self.fields[name] = re.search(rf'name="{name}" value="([^"]+)"', said)[1]  # type: ignore[index]

    def answer(self, site: str, turn: int) -> None:
        question = ("one", "two")[turn % 2]
        options = ANSWERS[question]
        values = options[turn // 2 % len(options)]
        self.under_way = {question: values}
        form = [("turn", str(turn + 1)), *((f"q-{question}", value) for value in values)]
        self.ask(site, "POST", form, f"/questions/{self.numbers[question]}")
        self.acknowledged[question] = values
        self.under_way = {}

    def send(self, site: str) -> None:
        self.sending = True
        self.ask(site, "POST", [("incomplete", "yes")])
        self.sent = True

    def leave(self) -> None:
        if self.connection is not None:
            self.connection.close()
            self.connection = None


@pytest.fixture
def learners(app: Flask, course: OfferingView) -> list[Learner]:
    """Five hundred people in an attempt, signed in in the database."""
    edition = course.edition
    quiz, found = edition.course.quiz("final"), []
    kinds = app.extensions["innocap_host"].kinds
    with app.app_context():
        draws = [draw(quiz, kinds, "en") for _each in range(LEARNERS)]
        with writing():
            home = people.create_organisation("Kiruna")
            for number, asked in enumerate(draws):
                person = people.invite_person(
                    name=f"Coach {number}",
                    email=f"coach{number}@example.org",
                    role="learner",
                    language="en",
                    organisation_id=home,
                    send_mail=False,
                )
                enrolment = learning.enrol(viewer_of(person), edition, "en")
                attempt = start_attempt(enrolment, edition, quiz, asked, "en")
                found.append((open_session(person, 12), attempt))
    signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    return [
        Learner(
            f"/courses/first-steps/final/attempts/{attempt}",
            f"innocap={signer.dumps({'_user_id': token})}",
            hasty=number % 2 == 0,
        )
        for number, (token, attempt) in enumerate(found)
    ]


def all_at_once(learners: list[Learner], work: object) -> list[threading.Thread]:
    threads = [
        threading.Thread(target=work, args=(learner,), daemon=True)  # type: ignore[arg-type]
        for learner in learners
    ]
    for thread in threads:
        thread.start()
    return threads


def kill(process: "subprocess.Popen[str]") -> None:
    """The whole server at once, as a power cut would: its own process first, then the workers."""
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    for pid in (process.pid, *map(int, children)):
        os.kill(pid, signal.SIGKILL)
    assert process.wait(30) == -signal.SIGKILL


def test_no_acknowledged_answer_is_lost_and_none_is_graded_twice(
    app: Flask,
    learners: list[Learner],
    environ: dict[str, str],
    start: Start,
    until: Until,
) -> None:
    environ["INNOCAP_PLUGIN_DIRS"] = str(PLUGINS)
    process, site = start("run")
    assert page(f"{site}/healthz")[0] == 200
    acknowledged, killed = itertools.count(1), threading.Event()
    enough = threading.Event()

    def take_part(learner: Learner) -> None:
        try:
            learner.open(site)
            for turn in itertools.count():
                learner.answer(site, turn)
                if next(acknowledged) >= ENOUGH:
                    enough.set()
                if turn == 2 and learner.hasty:
                    learner.send(site)
                    return
        except (OSError, http.client.HTTPException):
            assert killed.is_set(), "the server went before it was killed"
        finally:
            learner.leave()

    threads = all_at_once(learners, take_part)
    assert enough.wait(120), "too few answers were acknowledged"
    killed.set()
    kill(process)
    for thread in threads:
        thread.join(60)
    assert any(learner.under_way for learner in learners)
    assert any(learner.sent for learner in learners)

    again, site = start("run")
    assert page(f"{site}/healthz")[0] == 200
    for learner, (answers, submitted_at) in zip(learners, _rows(app, learners), strict=True):
        for question, values in learner.acknowledged.items():
            allowed = [values, learner.under_way.get(question, values)]
            assert (answers or {}).get(question) in allowed, learner
        assert not learner.sent or submitted_at is not None

    def finish(learner: Learner) -> None:
        for _twice in range(2):
            learner.send(site)
        learner.leave()

    for thread in all_at_once(learners, finish):
        thread.join(120)
    assert _graded(app) == [1] * LEARNERS
    with app.app_context():
        rows = db.session.execute(select(Attempt.answers, Attempt.points)).all()
    assert [points for _answers, points in rows] == [_worth(answers or {}) for answers, _p in rows]
    again.send_signal(signal.SIGTERM)
    assert again.wait(60) == 0


def _rows(app: Flask, learners: list[Learner]) -> Iterator[tuple[dict[str, list[str]], object]]:
    with app.app_context():
        found = {
            row.id: (row.answers, row.submitted_at)
            for row in db.session.execute(select(Attempt.id, Attempt.answers, Attempt.submitted_at))
        }
    for learner in learners:
        yield found[learner.attempt.rpartition("/")[2]]


def _worth(answers: dict[str, list[str]]) -> int:
    one = 1 if answers.get("one") == ["right"] else 0
    return one + (2 if sorted(answers.get("two", [])) == ["first", "second"] else 0)


def _graded(app: Flask) -> list[int]:
    """How often each attempt was handed in, by the ledger."""
    with app.app_context():
        contents = db.session.scalars(
            select(LedgerContent.content)
            .join(LedgerEvent, LedgerEvent.id == LedgerContent.event_id)
            .where(LedgerEvent.kind == "attempt.submitted")
        )
        each: dict[str, int] = {}
        for content in contents:
            assert content is not None
            each[content["attempt"]] = each.get(content["attempt"], 0) + 1
    return list(each.values())


def test_what_is_acknowledged_is_on_the_disk(app: Flask, learners: list[Learner]) -> None:
    """SIGKILL leaves the system's memory whole; a power cut does not. So the connections that
    save and hand in wait for the disk, and the response follows the write."""
    told: list[str] = []
    with app.app_context():
        saving = db.engines[SAVING]
        for engine in (saving, db.engines[WRITING]):
            with engine.connect() as connection:
                if ON_POSTGRES:
                    setting = connection.scalar(text("SHOW synchronous_commit"))
                    assert setting not in ("off", "local"), setting
                else:
                    assert connection.scalar(text("PRAGMA synchronous")) == 2, "not FULL"
                    assert connection.scalar(text("PRAGMA journal_mode")) == "wal"
    app.after_request(lambda response: (told.append("answered"), response)[1])
    learner = learners[0]
    client = app.test_client()
    name, value = learner.cookie.split("=", 1)
    client.set_cookie(name, value)
    with client.get(learner.attempt) as shown:
        number = re.search(r'id="question-(\d+)" data-question="q-one"', shown.text)[1]  # type: ignore[index]
    told.clear()

    @event.listens_for(saving, "after_cursor_execute")
    def look(connection: Connection, *_given: object) -> None:
        """Outside a transaction a statement is one: the driver returns once it is on the disk."""
        driver = connection.connection.driver_connection
        open_still = not driver.autocommit if ON_POSTGRES else driver.in_transaction  # type: ignore[union-attr]
        told.append("waits for a commit" if open_still else "on the disk")

    for answer in ("right", "wrong"):
        response = client.post(
            f"{learner.attempt}/questions/{number}",
            data={"q-one": answer},
            headers={"Accept": "application/json"},
        )
        assert response.status_code == 200
    assert told == ["on the disk", "answered"] * 2
    with app.app_context():
        saved = select(func.count()).where(Attempt.revision == 2, Attempt.saved_at < clock.utcnow())
        assert db.session.scalar(saved) == 1
