"""The floor is a page worth comparing with: it reads, records and marks."""

import sqlite3
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from benchmarks.floor import create_floor, floor_cookies, seed_floor
from benchmarks.forms import filled_form
from benchmarks.material import lesson_text, questions


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    file = tmp_path / "floor.db"
    seed_floor(file, users=2, pages=2, html=lesson_text(1, "en"), questions=questions())
    monkeypatch.setenv("FLOOR_DATABASE", str(file))
    monkeypatch.setattr("benchmarks.floor._local", type("Local", (), {})())
    return file


@pytest.fixture
def visitor(database: Path) -> FlaskClient:
    client = create_floor().test_client()
    client.set_cookie("session", floor_cookies(2)[1].removeprefix("session="))
    return client


def test_a_lesson_names_its_reader_and_is_recorded_once(visitor, database):
    pages = [visitor.get("/page/2").get_data(as_text=True) for _time in range(2)]
    assert "Person 2" in pages[0]
    assert "Section 6" in pages[0]
    rows = sqlite3.connect(database).execute("SELECT user, page FROM progress").fetchall()
    assert rows == [(2, 2)]


def test_an_attempt_takes_five_requests_and_marks_ten_questions(visitor):
    start, nothing = filled_form(visitor.get("/quiz/1").get_data(as_text=True), "attempts")
    asked = visitor.post(start, data=nothing).headers["Location"]
    _here, answers = filled_form(visitor.get(asked).get_data(as_text=True), 'type="radio"')
    result = visitor.post(asked, data=answers).headers["Location"]
    assert "10 out of 10" in visitor.get(result).get_data(as_text=True)


def test_another_persons_attempt_is_not_there(visitor, database):
    connection = sqlite3.connect(database)
    connection.execute("INSERT INTO attempt (id, user, quiz) VALUES (7, 1, 1)")
    connection.commit()
    assert visitor.get("/attempts/7").status_code == 404
    assert visitor.post("/attempts/7").status_code == 404
