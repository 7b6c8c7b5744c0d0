"""The floor: what bare Flask costs on this machine for the same kind of page.

A signed cookie, one indexed read of the user, one read of the page, one insert of progress, a Jinja
page; and a quiz of ten questions in the same five requests as the app's. No roles, CSRF, ledger,
languages or sessions: the least an honest page can do. `FLOOR_DATABASE` names its SQLite file.
"""

import json
import os
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flask import Flask, abort, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

try:  # the same SQLite as the app's
    import pysqlite3 as sqlite
except ImportError:
    import sqlite3 as sqlite

SQLITE_VERSION: str = sqlite.sqlite_version
SECRET = "floor"  # of a site that lives for one run, on loopback
SCHEMA = """
CREATE TABLE user (id INTEGER PRIMARY KEY, login TEXT NOT NULL UNIQUE, name TEXT NOT NULL);
CREATE TABLE page (id INTEGER PRIMARY KEY, title TEXT NOT NULL, html TEXT NOT NULL);
CREATE TABLE progress (user INTEGER, page INTEGER, opened TEXT, PRIMARY KEY (user, page));
CREATE TABLE quiz (id INTEGER PRIMARY KEY, title TEXT NOT NULL, questions TEXT NOT NULL);
CREATE TABLE attempt (
    id INTEGER PRIMARY KEY, user INTEGER, quiz INTEGER, answers TEXT, points INTEGER
);
"""

_local = threading.local()


def _database() -> Any:
    """This thread's connection."""
    if not hasattr(_local, "connection"):
        _local.connection = _connect(Path(os.environ["FLOOR_DATABASE"]))
    return _local.connection


def _connect(path: Path) -> Any:
    connection = sqlite.connect(path, isolation_level=None, timeout=5)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")
    return connection


def _one(sql: str, *values: Any) -> Any:
    row = _database().execute(sql, values).fetchone()
    return row if row is not None else abort(404)


def _user() -> tuple[int, str]:
    found: tuple[int, str] = _one("SELECT id, name FROM user WHERE login = ?", session["login"])
    return found


def create_floor() -> Flask:
    """The floor as a WSGI application."""
    app = Flask(__name__)
    app.secret_key = SECRET
    app.add_url_rule("/healthz", view_func=lambda: "ok")
    app.add_url_rule("/page/<int:page>", view_func=lesson)
    app.add_url_rule("/quiz/<int:quiz>", view_func=front)
    app.add_url_rule("/quiz/<int:quiz>/attempts", view_func=start, methods=["POST"])
    app.add_url_rule("/attempts/<int:attempt>", view_func=show)
    app.add_url_rule("/attempts/<int:attempt>", view_func=submit, methods=["POST"])
    return app


def lesson(page: int) -> str:
    """A lesson; opening it is recorded."""
    user, name = _user()
    title, html = _one("SELECT title, html FROM page WHERE id = ?", page)
    _database().execute(
        "INSERT OR IGNORE INTO progress VALUES (?, ?, ?)",
        (user, page, datetime.now(UTC).isoformat()),
    )
    return render_template("floor/lesson.html", name=name, title=title, html=html)


def front(quiz: int) -> str:
    """The page with the button that starts an attempt."""
    _id, name = _user()
    (title,) = _one("SELECT title FROM quiz WHERE id = ?", quiz)
    return render_template("floor/quiz.html", name=name, title=title, quiz=quiz)


def start(quiz: int) -> ResponseReturnValue:
    """Begin an attempt."""
    user, _name = _user()
    made = _database().execute("INSERT INTO attempt (user, quiz) VALUES (?, ?)", (user, quiz))
    return redirect(url_for("show", attempt=made.lastrowid), 303)


def show(attempt: int) -> str:
    """The ten questions, or, once they are answered, the result."""
    user, name = _user()
    title, text, points = _one(
        "SELECT title, questions, points FROM attempt JOIN quiz ON quiz.id = attempt.quiz "
        "WHERE attempt.id = ? AND user = ?",
        attempt,
        user,
    )
    return render_template(
        "floor/attempt.html", name=name, title=title, questions=json.loads(text), points=points
    )


def submit(attempt: int) -> ResponseReturnValue:
    """Mark the answers."""
    user, _name = _user()
    (text,) = _one(
        "SELECT questions FROM attempt JOIN quiz ON quiz.id = attempt.quiz "
        "WHERE attempt.id = ? AND user = ?",
        attempt,
        user,
    )
    answers = request.form.to_dict()
    points = sum(answers.get(question["id"]) == question["key"] for question in json.loads(text))
    _database().execute(
        "UPDATE attempt SET answers = ?, points = ? WHERE id = ? AND points IS NULL",
        (json.dumps(answers), points, attempt),
    )
    return redirect(url_for("show", attempt=attempt), 303)


def seed_floor(
    path: Path, *, users: int, pages: int, html: str, questions: list[dict[str, Any]]
) -> None:
    """Make the floor's database: users `user1`…, pages that all hold `html`, one quiz."""
    connection = _connect(path)
    connection.executescript(SCHEMA)
    connection.execute("BEGIN")
    connection.executemany(
        "INSERT INTO user VALUES (?, ?, ?)",
        ((n, f"user{n}", f"Person {n}") for n in range(1, users + 1)),
    )
    connection.executemany(
        "INSERT INTO page VALUES (?, ?, ?)", ((n, f"Lesson {n}", html) for n in range(1, pages + 1))
    )
    connection.execute("INSERT INTO quiz VALUES (1, 'Final quiz', ?)", (json.dumps(questions),))
    connection.execute("COMMIT")
    connection.close()


def floor_cookies(users: int) -> list[str]:
    """The signed cookies of `user1`…"""
    app = create_floor()
    signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    return [f"session={signer.dumps({'login': f'user{n}'})}" for n in range(1, users + 1)]
