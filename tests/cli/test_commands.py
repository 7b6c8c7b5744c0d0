"""Commands do what they say, say what to do when they cannot, and end with an honest status."""

import re
import socket
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from flask import Flask

from innocap_lms import clock
from innocap_lms.cli import cli
from innocap_lms.config import Settings
from innocap_lms.extensions import db, writing
from innocap_lms.jobs.outbox import enqueue
from innocap_lms.ledger.models import LedgerContent
from innocap_lms.ledger.services import record
from innocap_lms.ledger.verification import verify
from innocap_lms.people.queries import list_accounts
from tests.cli.conftest import Command
from tests.conftest import House

MISSING = "/nowhere/at/all"


def verbs(group: click.Group, way: str = "innocap-lms") -> Iterator[tuple[str, click.Command]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group):
            yield from verbs(command, f"{way} {name}")
        else:
            yield f"{way} {name}", command


@pytest.mark.parametrize(("way", "command"), list(verbs(cli)))
def test_each_help_has_an_example_of_itself(way: str, command: click.Command):
    assert re.search(rf"Example: .*{way}", command.help or ""), way


def test_help_lists_every_noun(innocap: Command):
    done = innocap("--help")
    assert done.returncode == 0
    for noun in cli.list_commands(click.Context(cli)):
        assert re.search(rf"^  {noun} ", done.stdout, re.MULTILINE)


def test_an_unknown_setting_stops_each_command_with_one_line(innocap: Command):
    done = innocap("worker", "--once", INNOCAP_DATADIR="/srv")
    assert done.returncode == 2
    assert done.stderr == (
        "innocap-lms: INNOCAP_DATADIR is not a setting; did you mean INNOCAP_DATA_DIR?\n"
    )


def test_a_data_folder_that_cannot_be_written_is_named(innocap: Command, tmp_path: Path):
    (tmp_path / "file").write_text("")
    done = innocap("db", "upgrade", INNOCAP_DATA_DIR=str(tmp_path / "file" / "below"))
    assert done.returncode == 2
    assert "cannot be written" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "words",
    [
        ("user", "add", "Maja", "maja@example.org"),
        ("ledger", "verify"),
        ("demo", "--describe"),
        ("run", "--port", "8377"),
        ("worker", "--once"),
        ("worker",),
    ],
)
def test_without_tables_a_command_says_how_to_make_them(
    innocap: Command, tmp_path: Path, words: tuple[str, ...]
):
    done = innocap(*words, INNOCAP_DATA_DIR=str(tmp_path / "new"), INNOCAP_DATABASE_URL="")
    assert done.returncode == 1
    assert done.stderr.strip() == (
        "Error: the database has no tables yet: run `innocap-lms db upgrade`"
    )


def test_a_database_that_does_not_answer_is_one_line_without_the_password(innocap: Command):
    address = "postgresql://someone:hemlig@127.0.0.1:9/nothing"
    done = innocap("ledger", "verify", INNOCAP_DATABASE_URL=address)
    assert done.returncode == 1
    assert "the database refuses" in done.stderr
    assert "hemlig" not in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


# ------------------------------------------------------------------ db


def test_upgrade_makes_tables_and_a_key_and_may_be_run_again(innocap: Command, tmp_path: Path):
    for _time in range(2):
        done = innocap(
            "db",
            "upgrade",
            INNOCAP_DATA_DIR=str(tmp_path / "new"),
            INNOCAP_DATABASE_URL="",
            INNOCAP_SECRET_KEY=None,
        )
        assert (done.returncode, done.stdout) == (0, "the database is up to date\n"), done.stderr
    assert sorted(path.name for path in (tmp_path / "new").iterdir())[-1] == "secret-key"


def test_backup_and_restore_carry_people_and_the_key(
    innocap: Command, house: House, tmp_path: Path, settings: Settings
):
    file = tmp_path / "backup.zip"
    done = innocap("db", "backup", file)
    assert done.returncode == 0, done.stderr
    assert re.match(r"\d+ rows written to ", done.stdout)
    again = innocap("db", "backup", file)
    assert again.returncode == 1
    assert "is there already: name a new file" in again.stderr

    new = {"INNOCAP_DATA_DIR": str(tmp_path / "new"), "INNOCAP_DATABASE_URL": ""}
    done = innocap("db", "restore", file, **new, INNOCAP_SECRET_KEY=None)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "new" / "secret-key").read_text().strip() == settings.secret_key
    done = innocap("db", "restore", file, **new, INNOCAP_SECRET_KEY=None)
    assert done.returncode == 1
    assert "the database is not empty" in done.stderr


def test_a_restore_that_fails_leaves_no_key_behind(innocap: Command, tmp_path: Path):
    (tmp_path / "bad.zip").write_bytes(b"hello")
    new = {"INNOCAP_DATA_DIR": str(tmp_path / "new"), "INNOCAP_DATABASE_URL": ""}
    done = innocap("db", "restore", "bad.zip", **new, INNOCAP_SECRET_KEY=None)
    assert done.returncode == 1
    assert "no backup" in done.stderr
    assert not (tmp_path / "new" / "secret-key").exists()
    assert innocap("db", "restore", MISSING).returncode == 2


# ------------------------------------------------------------------ user


def test_the_first_administrator_gets_a_link_to_choose_a_password(app: Flask, innocap: Command):
    done = innocap(
        "user",
        "add",
        "Maja Åström",
        "Maja@Kommun.example",
        INNOCAP_PUBLIC_URL="https://lms.example",
    )
    assert done.returncode == 0, done.stderr
    link = done.stdout.strip().splitlines()[-1]
    assert link.startswith("https://lms.example/")
    with app.app_context():
        assert [account.email for account in list_accounts()] == ["maja@kommun.example"]
    page = app.test_client().get(link.removeprefix("https://lms.example"), follow_redirects=True)
    assert page.status_code == 200


@pytest.mark.parametrize("words", [("", "a@b.example"), ("Maja", "no address")])
def test_a_person_that_cannot_be_added_is_refused_with_the_reason(
    innocap: Command, words: tuple[str, ...]
):
    done = innocap("user", "add", *words)
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith("Error: ")  # a busy machine warns before it
    assert "Traceback" not in done.stderr
    assert innocap("user", "add", "Maja", "a@b.example", "--language", "xx").returncode == 2


# ------------------------------------------------------------------ ledger


def noted(app: Flask) -> str:
    with app.app_context(), writing():
        return record(
            "noted", person_id="p", actor_id=None, organisation_id=None,
            happened_at=clock.utcnow(), content={"text": "x"},
        )  # fmt: skip


def test_verify_and_dispose(app: Flask, innocap: Command):
    event = noted(app)
    assert innocap("worker", "--once").returncode == 0  # seals
    done = innocap("ledger", "verify")
    assert (done.returncode, done.stdout.splitlines()[0]) == (
        0,
        "1 events sealed, an unsealed tail of 0",
    )
    head = done.stdout.splitlines()[1].removeprefix("head ")
    assert innocap("ledger", "verify", "--head", head).returncode == 0
    done = innocap("ledger", "dispose", "--decision", "KS 2027:14", event)
    assert (done.returncode, done.stdout) == (0, "1 events emptied under KS 2027:14\n")
    done = innocap("ledger", "verify")
    assert done.returncode == 0
    assert "1 disposed of under KS 2027:14" in done.stdout


def test_disposing_of_what_is_not_there_is_refused(innocap: Command):
    done = innocap("ledger", "dispose", "--decision", "KS 1", "nothing")
    assert done.returncode == 1
    assert "there is no event nothing; nothing was disposed of" in done.stderr
    assert innocap("ledger", "dispose", "x").returncode == 2


def test_a_changed_event_is_named_and_the_status_says_so(app: Flask, innocap: Command):
    event = noted(app)
    with app.app_context():
        with writing():
            db.session.execute(db.update(LedgerContent).values(content={"text": "y"}))
        assert verify().changed == event
    done = innocap("ledger", "verify")
    assert done.returncode == 1
    assert f"CHANGED: event {event}" in done.stderr
    assert "ok" not in done.stdout.splitlines()


# ------------------------------------------------------------------ worker, explain, run


def test_the_worker_says_what_it_did_and_whether_something_failed(app: Flask, innocap: Command):
    done = innocap("worker", "--once")
    assert (done.returncode, done.stdout) == (0, "0 carried out, 0 failed\n")
    with app.app_context(), writing():
        enqueue("nobody.knows", "one", {})
    done = innocap("worker", "--once")
    assert (done.returncode, done.stdout) == (1, "0 carried out, 1 failed\n")


def test_explain_tells_what_a_code_means(innocap: Command):
    done = innocap("explain", "c001")
    assert done.returncode == 0
    assert "course.md" in done.stdout
    done = innocap("explain", "Q999")
    assert done.returncode == 1
    assert "no problem code Q999" in done.stderr


@pytest.mark.parametrize("command", [("run",), ("demo", "--serve")])
def test_a_used_port_is_one_clear_line_before_anything_is_done(
    innocap: Command, command: tuple[str, ...]
):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = innocap(*command, PORT=str(port))
    assert done.returncode == 1
    assert done.stdout == ""
    assert re.fullmatch(
        rf"Error: cannot listen on 127.0.0.1:{port} \(.*\): name another port, such as PORT=\d+\n",
        done.stderr,
    )


@pytest.mark.parametrize("port", ["eight", "0", "70000"])
def test_a_port_that_is_none_is_refused(innocap: Command, port: str):
    for command in (("run",), ("demo", "--serve")):
        done = innocap(*command, PORT=port)
        assert done.returncode == 2
        assert "PORT" in done.stderr
