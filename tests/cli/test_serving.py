"""The site as a process: it serves, its relay works, it ends within seconds."""

import json
import signal
import sqlite3
import time
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from innocap_lms.catalogue.queries import OfferingView, everything, offerings
from innocap_lms.cli.run import keep_compiled, read_ahead
from innocap_lms.cli.site import database_words
from innocap_lms.config import Settings
from innocap_lms.credentials.queries import signed_forms
from innocap_lms.extensions import db
from innocap_lms.tasks.models import Assessment, Submission
from tests.cli.conftest import Command, Start, page


def until_ready(address: str) -> None:
    end = time.monotonic() + 30
    while page(f"{address}/readyz")[0] != 200:
        assert time.monotonic() < end, "nobody relays"
        time.sleep(0.05)


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT])
def test_the_site_serves_relays_and_ends_within_seconds(start: Start, ending: signal.Signals):
    process, address = start("run")
    assert page(address)[0] == 200
    until_ready(address)
    began = time.monotonic()
    process.send_signal(ending)
    said, _nothing = process.communicate(timeout=30)
    assert process.returncode == 0, said
    assert time.monotonic() - began < 15
    assert "serves on http://127.0.0.1:" in said
    assert "Traceback" not in said


def test_processes_find_the_courses_read_when_they_part(
    app: Flask, course: OfferingView, statements: list[str]
):
    with app.app_context():
        read_ahead()
        statements.clear()
        assert [each.edition.id for each in everything()] == [course.edition.id]
        assert len(statements) == 1, "what is in service; its editions are there"


def test_compiled_templates_are_kept_where_nobody_else_may_write(
    start: Start, environ: dict[str, str]
):
    _process, address = start("run")
    assert page(f"{address}/login")[0] == 200
    folder = Path(environ["INNOCAP_DATA_DIR"], "cache", "templates")
    kept = list(folder.iterdir())
    assert kept
    assert {file.stat().st_mode & 0o077 for file in (folder, *kept)} == {0}


def test_a_folder_that_takes_no_more_compiled_templates_costs_only_time(
    app: Flask, client: FlaskClient, tmp_path: Path
):
    keep_compiled(app, tmp_path / "templates")
    app.jinja_env.cache.clear()
    (tmp_path / "templates").rmdir()  # whatever is written there fails, as on a full disk
    assert client.get("/login").status_code == 200


def test_the_start_says_which_database_serves_and_shows_no_secret(
    start: Start, environ: dict[str, str]
):
    process, address = start("run")
    page(address)
    process.send_signal(signal.SIGTERM)
    said, _nothing = process.communicate(timeout=30)
    assert "PostgreSQL" in said if environ["INNOCAP_DATABASE_URL"] else "SQLite 3." in said
    assert environ["INNOCAP_SECRET_KEY"] not in said
    assert "warning" not in said


def test_a_sqlite_that_can_harm_the_database_is_warned_about(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("innocap_lms.engines.sqlite_module", sqlite3)
    monkeypatch.setattr("sqlite3.sqlite_version", "3.51.2")
    name, warning = database_words(Settings())
    assert name == "SQLite 3.51.2"
    assert "WAL-reset" in warning
    monkeypatch.setattr("sqlite3.sqlite_version", "3.51.3")
    assert database_words(Settings()) == ("SQLite 3.51.3", "")
    assert database_words(Settings(database_url="postgresql://u:p@h/n")) == ("PostgreSQL", "")


def test_the_demo_loads_once_serves_and_describes_itself(
    app: Flask, start: Start, innocap: Command
):
    process, address = start("demo", "--serve")
    assert page(address)[0] == 200
    process.send_signal(signal.SIGTERM)
    said, _nothing = process.communicate(timeout=30)
    assert process.returncode == 0, said
    assert "loading the demo municipality" in said

    first = innocap("demo", "--describe")
    assert (first.returncode, first.stderr) == (0, "")
    told = json.loads(first.stdout)
    assert set(told) == {"people", "courses", "certificate"}
    for person in told["people"]:
        assert list(person) == ["role", "email", "password", "organisation", "unit", "name"]
        assert person["email"] in said
        assert all(isinstance(value, str) for value in person.values())
    roles = {person["role"] for person in told["people"]}
    assert roles == {"admin", "assessor", "coordinator", "hr", "manager", "trainer", "learner"}
    assert len(told["courses"]) >= 1
    with app.app_context():
        forms = signed_forms(told["certificate"])
    assert forms is not None
    assert f"{address}/certificates/" in forms.credential, "it names where the site is served"

    began = time.monotonic()
    again = innocap("demo")
    assert again.returncode == 0
    assert time.monotonic() - began < 30
    assert "loading" not in again.stdout
    assert innocap("demo", "--describe").stdout == first.stdout

    with app.app_context():
        # The track with the practical task may have been taken away.
        practical = any(item.edition.course.tasks for item in offerings())
        cases, assessors = (["handed_in"] * 2, 3) if practical else ([], 0)
        assert db.session.scalars(select(Submission.state)).all() == cases
        assert len(set(db.session.scalars(select(Assessment.assessor_id)))) == assessors

    for person in told["people"]:
        client = app.test_client()
        answer = client.post(
            "/login", data={"account": person["email"], "password": person["password"]}
        )
        assert answer.status_code == 303, person["email"]
    assert app.test_client().get(f"/verify/{told['certificate']}").status_code == 200
    assert innocap("ledger", "verify").returncode == 0
