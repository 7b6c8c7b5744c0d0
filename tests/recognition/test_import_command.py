"""innocap-lms hr import completions: a dry run, an import, a kill in the middle, and again."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import func, select

from innocap_lms.catalogue.queries import OfferingView
from innocap_lms.cli import hr as commands
from innocap_lms.config import Settings
from innocap_lms.extensions import db
from innocap_lms.learning.models import Completion
from innocap_lms.ledger.models import LedgerEvent
from tests.conftest import House, Until

HEAD = "E-post;Kurs;Dag\n"


@pytest.fixture
def command(
    app: Flask, house: House, course: OfferingView, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Result]:
    """Runs the command on the test's site."""

    @contextmanager
    def opened() -> Iterator[Flask]:
        with app.app_context():
            yield app

    monkeypatch.setattr(commands, "opened", opened)

    def run(*words: str) -> Result:
        return CliRunner().invoke(commands.command, ["import", "completions", *words])

    return run


def completions(app: Flask) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(Completion)) or 0


def test_a_dry_run_says_what_is_wrong_where_and_adds_nothing(
    app: Flask, command: Callable[..., Result], tmp_path: Path
) -> None:
    file, told = tmp_path / "old.csv", tmp_path / "wrong.csv"
    file.write_text(f"{HEAD}coach@example.org;first-steps;2024-03-01\nx@example.org;?;mars\n")
    found = command(str(file), "--by", "hr@example.org", "--dry-run", "--problems", str(told))
    assert found.exit_code == 1
    assert "1 rows to add" in found.output
    assert "row 3, C Dag: “mars” This is not a day" in found.output
    assert len(told.read_text().splitlines()) == 4
    assert completions(app) == 0


def test_the_command_adds_and_adds_nothing_the_second_time(
    app: Flask, command: Callable[..., Result], tmp_path: Path
) -> None:
    file = tmp_path / "old.csv"
    file.write_text("Vem det var;Slutdatum\ncoach@example.org;2024-03-01\n")
    words = (str(file), "--by", "hr@example.org", "--course", "first-steps")
    assert "Choose the column" in command(*words).output
    found = command(*words, "--column", "who=Vem det var")
    assert (found.exit_code, "1 rows added" in found.output) == (0, True)
    again = command(*words, "--column", "who=Vem det var")
    assert "0 rows to add, 1 there already" in again.output
    assert completions(app) == 1
    assert file.exists(), "the file is HR's own"


@pytest.mark.parametrize("by", ["coach@example.org", "nobody@example.org"])
def test_only_hr_answers_for_an_import(
    app: Flask, command: Callable[..., Result], tmp_path: Path, by: str
) -> None:
    file = tmp_path / "old.csv"
    file.write_text(f"{HEAD}coach@example.org;first-steps;2024-03-01\n")
    found = command(str(file), "--by", by)
    assert found.exit_code == 1
    assert "is not HR" in found.output or "nobody has" in found.output
    assert completions(app) == 0


def test_a_killed_import_is_run_again_and_nothing_is_there_twice(
    app: Flask,
    house: House,
    course: OfferingView,
    settings: Settings,
    tmp_path: Path,
    until: Until,
) -> None:
    days = [f"20{year:02}-{month:02}-{day:02}" for year in range(4, 24) for month in range(1, 13)
            for day in (1, 15)]  # fmt: skip
    file = tmp_path / "old.csv"
    file.write_text(HEAD + "".join(f"coach@example.org;first-steps;{day}\n" for day in days))
    environment = {
        **os.environ,
        "INNOCAP_DATA_DIR": str(settings.data_dir),
        "INNOCAP_SECRET_KEY": settings.secret_key or "",
        "INNOCAP_PLUGIN_DIRS": str(settings.plugin_dirs[0]),
        **({"INNOCAP_DATABASE_URL": settings.database_url} if settings.database_url else {}),
    }

    def start() -> subprocess.Popen[Any]:
        words = ["hr", "import", "completions", str(file), "--by", "hr@example.org"]
        program = [sys.executable, "-c", "from innocap_lms.cli import main; main()", *words]
        return subprocess.Popen(program, env=environment)

    first = start()
    until(lambda: completions(app) > 20)
    os.kill(first.pid, signal.SIGKILL)
    assert first.wait() == -signal.SIGKILL
    assert completions(app) < len(days)
    assert start().wait() == 0
    assert completions(app) == len(days)
    with app.app_context():
        events = select(func.count()).where(LedgerEvent.kind == "completed")
        assert db.session.scalar(events) == len(days)
