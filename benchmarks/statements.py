"""SQL statements of a page: counted in this process, once the page has been shown before."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, event

from benchmarks.forms import filled_form, questions_of
from innocap_lms.learning import recent

FRAME = re.compile(r"(BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE|PRAGMA)\b")


@contextmanager
def counted() -> Iterator[list[str]]:
    """A list that grows by each statement sent; what only frames a transaction is left out."""
    sent: list[str] = []

    def note(_conn: Any, _cursor: Any, sql: str, *_rest: Any) -> None:
        if not FRAME.match(sql):
            sent.append(sql)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def client(app: Flask, cookie: str) -> FlaskClient:
    """A client with the cookie of somebody who is signed in."""
    name, _equals, value = cookie.partition("=")
    made = app.test_client()
    made.set_cookie(name, value)
    return made


def of_page(app: Flask, path: str, first: str, then: str) -> int:
    """Statements of a page for the person `then`, after `first` has opened it."""
    _get(client(app, first), path)
    with counted() as sent:
        _get(client(app, then), path)
    return len(sent)


def of_submit(app: Flask, quiz: str, first: str, then: str) -> int:
    """Statements of handing in an attempt, the redirect's page left out."""
    _submit(client(app, first), quiz)
    return _submit(client(app, then), quiz)


def of_save(app: Flask, quiz: str, first: str, then: str) -> int:
    """Statements of saving one answer, by a process that did not show the page it was given on."""
    _save(client(app, first), quiz)
    return _save(client(app, then), quiz)


def _save(person: FlaskClient, quiz: str) -> int:
    asked, answers = _questions(person, quiz)
    number, question = questions_of(_get(person, asked))[0]
    recent.forget_all(person.application)
    with counted() as sent:
        answer = person.post(
            f"{asked}/questions/{number}", data=answers, headers={"Accept": "application/json"}
        )
    if answer.status_code != 200:
        raise RuntimeError(f"{answer.status_code} when saving {question} of {quiz}")
    return len(sent)


def _questions(person: FlaskClient, quiz: str) -> tuple[str, dict[str, str]]:
    start, token = filled_form(_get(person, quiz), "/attempts")
    asked = person.post(start, data=token).headers["Location"]
    return asked, filled_form(_get(person, asked), 'type="radio"')[1]


def _get(person: FlaskClient, path: str) -> str:
    answer = person.get(path)
    if answer.status_code != 200:
        raise RuntimeError(f"{answer.status_code} at {path}")
    return answer.get_data(as_text=True)


def _submit(person: FlaskClient, quiz: str) -> int:
    asked, answers = _questions(person, quiz)
    with counted() as sent:
        answer = person.post(asked, data=answers)
    if answer.status_code != 303:
        raise RuntimeError(f"{answer.status_code} when handing in {quiz}")
    return len(sent)
