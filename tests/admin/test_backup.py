"""Backing up and restoring: row by row, into an empty folder and into the other database."""

import json
import stat
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Integer, create_engine, select, text
from sqlalchemy.engine import make_url

from innocap_lms import clock
from innocap_lms.admin import backup as backups
from innocap_lms.admin import restoring
from innocap_lms.admin.backup import BackupError, backup
from innocap_lms.admin.restoring import key_of, restore
from innocap_lms.authoring.queries import repository
from innocap_lms.catalogue.queries import OfferingView
from innocap_lms.columns import DayNumber
from innocap_lms.config import Settings
from innocap_lms.engines import READING, WRITING
from innocap_lms.extensions import Base, db, writing
from innocap_lms.ledger import services as ledger
from innocap_lms.ledger.verification import verify
from innocap_lms.migrations import plugin_steps, plugin_tables, steps
from innocap_lms.migrations.plugin_tables import kind_of, reflected, written_as
from innocap_lms.people import services as people
from innocap_lms.people.models import FailedSignIn, Organisation
from innocap_lms.people.passwords import hash_password
from innocap_lms.plugin_host.current import plugins
from innocap_lms.requirements.models import KnownDay, StateNumber
from innocap_lms.tasks import storage
from tests.conftest import ON_POSTGRES, House
from tests.plugin_host.conftest import WALKS

PASSWORD = "blue boats in harbour"
KINDS = ["sqlite", "postgresql"] if ON_POSTGRES else ["sqlite"]
MakeApp = Callable[..., Flask]
Elsewhere = Callable[..., Flask]
HALF_PAST = datetime(2026, 3, 1, 8, 0, 0, 500_000, tzinfo=UTC)


@pytest.fixture
def full(app: Flask, house: House, course: OfferingView) -> Flask:
    """A site with people, a course with files, an open attempt's empty fields, a
    ledger, and a day of standings."""
    with app.app_context():
        hashed = hash_password(PASSWORD, 64)
        with writing():
            people.set_password(house.coach, hashed)
            # A unit may be moved under one that was made later.
            people.move_unit(house.care, people.create_unit(house.north, "Åäö – all of it"))
            db.session.add(KnownDay(day=date(2020, 1, 1), place=0))
            db.session.add(FailedSignIn(account_hash="a", address_hash="b", at=clock.utcnow()))
            event = ledger.record(
                "noted",
                person_id=house.coach,
                actor_id=None,
                organisation_id=house.north,
                happened_at=datetime(2026, 2, 28, 23, 59, 59, 123456, tzinfo=UTC),
                content={"text": "Språk “och” \u2028 rader\n", "half": 0.5, "none": None},
            )
            people.suspend_person(house.colleague)
        with writing():
            ledger.seal()
            ledger.dispose([event], "KS 1")
    client = app.test_client()
    client.post("/login", data={"account": "coach@example.org", "password": PASSWORD})
    client.post("/courses/first-steps/start")
    for lesson in ("start-walking", "walk-on"):
        client.post(f"/courses/first-steps/{lesson}/read")
    client.post("/courses/first-steps/final/attempts")
    with app.app_context():
        storage.keep(b"a file of a case")
    return app


@pytest.fixture
def elsewhere(make_app: MakeApp, settings: Settings, tmp_path: Path) -> Iterator[Elsewhere]:
    """Makes a site without tables in an empty folder, on a database of that kind."""
    server = create_engine(settings.database, isolation_level="AUTOCOMMIT") if ON_POSTGRES else None
    made: list[Flask] = []

    def make(kind: str, **others: Any) -> Flask:
        (tmp_path / "elsewhere").mkdir()
        changed = {"data_dir": tmp_path / "elsewhere", "database_url": "", **others}
        if kind == "postgresql":
            assert server is not None
            with server.connect() as connection:
                connection.execute(text("CREATE DATABASE innocap_elsewhere"))
            url = make_url(settings.database).set(
                drivername="postgresql", database="innocap_elsewhere"
            )
            changed["database_url"] = url.render_as_string(hide_password=False)
        made.append(make_app(using=replace(settings, **changed)))
        return made[-1]

    yield make
    for app in made:
        with app.app_context():
            for engine in db.engines.values():
                engine.dispose()
    if server is not None:
        with server.connect() as connection:
            connection.execute(text("DROP DATABASE IF EXISTS innocap_elsewhere WITH (FORCE)"))
        server.dispose()


def rows(app: Flask) -> dict[str, list[Any]]:
    """Every row of every table, as Python sees it, and how its columns are empty."""
    found: dict[str, list[Any]] = {}
    with app.app_context(), db.engines[READING].connect() as connection:
        for table in Base.metadata.sorted_tables:
            nulls = [column.is_(None) for column in table.columns]
            listed = connection.execute(select(table, *nulls).order_by(*table.primary_key))
            found[table.name] = [list(map(str, row)) for row in listed]
    return found


def back_up(app: Flask, file: Path) -> Path:
    with app.app_context():
        backup(file, app.extensions["innocap_settings"])
    return file


def bring_back(app: Flask, file: Path) -> int:
    with app.app_context():
        return restore(file, app.extensions["innocap_settings"])


@pytest.fixture
def saved(full: Flask, tmp_path: Path) -> Path:
    return back_up(full, tmp_path / "backup.zip")


@pytest.mark.parametrize("kind", KINDS)
def test_every_row_and_file_comes_back_on_either_database(
    full: Flask, saved: Path, elsewhere: Elsewhere, kind: str
):
    new = elsewhere(kind)
    count = bring_back(new, saved)
    before, after = rows(full), rows(new)
    assert count == sum(map(len, before.values()))
    assert after == before
    for table in ("person", "unit", "edition", "attempt", "ledger_seal", "failed_sign_in"):
        assert before[table], f"the test has no row in {table}"

    old_files, new_files = (
        {
            path.relative_to(_data(app)): path.read_bytes()
            for folder in ("files", "submissions")
            for path in (_data(app) / folder).iterdir()
        }
        for app in (full, new)
    )
    assert old_files == new_files
    assert {path.parent.name for path in old_files} == {"files", "submissions"}


@pytest.mark.parametrize("stored", [DayNumber(), StateNumber()])
def test_what_is_stored_as_a_number_is_in_a_backup_as_that_number(stored: Any):
    assert kind_of(stored) == "plain"
    assert isinstance(written_as(stored), Integer)


@pytest.mark.parametrize("kind", KINDS)
def test_the_restored_site_works(full: Flask, saved: Path, elsewhere: Elsewhere, kind: str):
    new = elsewhere(kind)
    bring_back(new, saved)
    with new.app_context():
        report = verify()
        assert report.ok
        assert report.disposed == (("KS 1", 1),)
        with writing():  # numbers that the database counts go on
            db.session.add(FailedSignIn(account_hash="c", address_hash="d", at=clock.utcnow()))
            ledger.seal()
        assert verify().ok
    client = new.test_client()
    answer = client.post("/login", data={"account": "coach@example.org", "password": PASSWORD})
    assert answer.status_code in (302, 303)
    assert client.get("/me").status_code == 200
    assert client.get("/courses/first-steps").status_code == 200


def _data(app: Flask) -> Path:
    settings: Settings = app.extensions["innocap_settings"]
    return settings.data_dir


def test_only_its_owner_can_read_a_backup(saved: Path, settings: Settings):
    assert stat.S_IMODE(saved.stat().st_mode) == 0o600
    assert key_of(saved) == settings.secret_key


def test_a_backup_never_overwrites(full: Flask, saved: Path):
    with pytest.raises(FileExistsError):
        back_up(full, saved)


def test_a_backup_that_breaks_off_leaves_no_file(
    full: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def broken(*_arguments: Any) -> int:
        raise OSError("no space left on device")

    monkeypatch.setattr(backups, "_write_rows", broken)
    with pytest.raises(OSError, match="no space"):
        back_up(full, tmp_path / "new" / "backup.zip")
    assert list((tmp_path / "new").iterdir()) == []


def test_a_backup_is_the_site_at_one_moment(
    full: Flask, tmp_path: Path, elsewhere: Elsewhere, monkeypatch: pytest.MonkeyPatch
):
    before, write = rows(full), backups._write_rows

    def meanwhile(connection: Any, table: Any, place: Any) -> int:
        if table.name == "organisation":
            with writing():
                db.session.add(Organisation(name=f"Made meanwhile {clock.utcnow()}"))
        return write(connection, table, place)

    monkeypatch.setattr(backups, "_write_rows", meanwhile)
    file = back_up(full, tmp_path / "backup.zip")
    new = elsewhere("sqlite")
    bring_back(new, file)
    assert rows(new) == before


def test_a_database_with_rows_is_refused_and_stays_as_it_is(full: Flask, saved: Path):
    before = rows(full)
    with pytest.raises(BackupError, match="not empty"):
        bring_back(full, saved)
    assert rows(full) == before


def test_a_migrated_database_without_rows_is_empty(full: Flask, saved: Path, elsewhere: Elsewhere):
    new = elsewhere("sqlite")
    with new.app_context():
        steps.upgrade()
    bring_back(new, saved)
    assert rows(new) == rows(full)


def test_a_failure_in_the_middle_leaves_the_database_empty(
    saved: Path, elsewhere: Elsewhere, monkeypatch: pytest.MonkeyPatch
):
    fill = restoring._fill

    def broken(name: str, *rest: Any) -> int:
        if name == "ledger_seal":
            raise OSError("the disk is gone")
        return fill(name, *rest)

    new = elsewhere(KINDS[-1])
    monkeypatch.setattr(restoring, "_fill", broken)
    with pytest.raises(OSError, match="the disk is gone"):
        bring_back(new, saved)
    assert not any(rows(new).values())
    monkeypatch.undo()
    bring_back(new, saved)
    assert rows(new)["person"]


def rewritten(saved: Path, **changed: Any) -> Path:
    """The same backup, saying something else of itself."""
    file = saved.with_name("rewritten.zip")
    with zipfile.ZipFile(saved) as old, zipfile.ZipFile(file, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "about.json":
                content = json.dumps({**json.loads(content), **changed}).encode()
            new.writestr(name, content)
    return file


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"format": 2, "version": "9.0"}, "made by version 9.0, in a format this one"),
        ({"revision": "9999", "version": "9.0"}, "whose tables this one"),
        ({"tables": {"nothing": {}}}, "no backup of innocap-lms"),
        ({"tables": None}, "no backup of innocap-lms"),
    ],
)
def test_what_this_version_cannot_read_is_refused_with_advice(
    saved: Path, elsewhere: Elsewhere, changed: dict[str, Any], message: str
):
    new = elsewhere("sqlite")
    with pytest.raises(BackupError, match=message):
        bring_back(new, rewritten(saved, **changed))


def test_a_damaged_or_foreign_file_is_refused(saved: Path, elsewhere: Elsewhere, tmp_path: Path):
    new, content = elsewhere("sqlite"), saved.read_bytes()
    damaged = bytearray(content)
    damaged[len(content) // 2] ^= 0xFF
    foreign = tmp_path / "foreign.zip"
    with zipfile.ZipFile(foreign, "w") as archive:
        archive.writestr("holiday.txt", "sun")
    for name, bad in (
        ("cut off", content[: len(content) // 2]),
        ("damaged", bytes(damaged)),
        ("no ZIP", b"hello"),
        ("empty", b""),
        ("foreign", foreign.read_bytes()),
    ):
        file = tmp_path / "bad.zip"
        file.write_bytes(bad)
        with pytest.raises(BackupError):
            bring_back(new, file)
        assert not (_data(new) / "files").exists(), name


def test_courses_that_are_written_in_the_browser_come_back_with_their_versions(
    full: Flask, elsewhere: Elsewhere, tmp_path: Path
):
    said = {"note": "Begin", "author": "someone", "at": clock.utcnow()}
    with full.app_context():
        commit = repository().commit({"a/b/course.md": b"one"}, parent="", **said)
    new = elsewhere("sqlite")
    bring_back(new, back_up(full, tmp_path / "with.zip"))
    with new.app_context():
        assert repository().head() == commit
        kept = repository().files(commit, "a/b")
        assert repository().read([kept["course.md"]]) == [b"one"]


def test_names_in_a_backup_never_become_paths(saved: Path, elsewhere: Elsewhere, tmp_path: Path):
    with zipfile.ZipFile(saved, "a") as archive:
        archive.writestr("files/../../outside", "x")
    new = elsewhere("sqlite")
    bring_back(new, saved)
    assert not (tmp_path / "outside").exists()
    assert not (_data(new).parent / "outside").exists()


def test_tables_of_another_version_are_not_backed_up(
    full: Flask, tmp_path: Path, elsewhere: Elsewhere
):
    with pytest.raises(BackupError, match="db upgrade"):
        back_up(elsewhere("sqlite"), tmp_path / "nothing.zip")


def test_a_large_table_is_written_and_read_in_little_memory(
    app: Flask, tmp_path: Path, elsewhere: Elsewhere
):
    count, now = 5000, clock.utcnow()
    lines = [
        {"account_hash": f"{number:04}" * 250, "address_hash": "b", "at": now + timedelta(number)}
        for number in range(count)
    ]
    with app.app_context(), writing():
        db.session.execute(FailedSignIn.__table__.insert(), lines)
    size = sum(len(line["account_hash"]) for line in lines)
    del lines
    new = elsewhere("sqlite")
    with new.app_context():
        steps.upgrade()
    tracemalloc.start()
    file = back_up(app, tmp_path / "large.zip")
    bring_back(new, file)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(rows(new)["failed_sign_in"]) == count
    assert peak < size, f"{peak} bytes for {size}"
    with new.app_context(), db.engines[WRITING].connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM failed_sign_in")) == count


@pytest.fixture
def walked(make_app: MakeApp, settings: Settings) -> Flask:
    """A site with a plugin that has tables at an older step, and rows in them."""
    app = make_app(using=replace(settings, plugin_dirs=(WALKS.parent,)))
    with app.app_context():
        plugin_steps.upgrade("walk_log", plugins().migrations["walk_log"], "0001")
        with db.engines[WRITING].begin() as connection:
            for walk in (
                "(7, 'kim', '2026-03-01 08:00:00.5+00:00', 2.5, true, '{\"a\": [1]}')",
                "(9, 'åsa', '2026-03-02 08:00:00+00:00', NULL, false, NULL)",
            ):
                connection.execute(text(f"INSERT INTO plugin_walk_log_walk VALUES {walk}"))
    return app


def walks_of(app: Flask) -> list[tuple[Any, ...]]:
    with app.app_context(), db.engines[READING].connect() as connection:
        (walks,) = reflected(connection, "walk_log").sorted_tables
        return [tuple(row) for row in connection.execute(select(walks).order_by(walks.c.id))]


@pytest.mark.parametrize("kind", KINDS)
def test_tables_of_plugins_come_back_at_their_step_on_either_database(
    walked: Flask, tmp_path: Path, elsewhere: Elsewhere, kind: str
):
    file = back_up(walked, tmp_path / "backup.zip")
    new = elsewhere(kind, plugin_dirs=(WALKS.parent,))
    assert bring_back(new, file) == 2
    assert walks_of(new) == walks_of(walked)
    assert walks_of(new)[0][1:] == ("kim", HALF_PAST, 2.5, True, {"a": [1]})
    with new.app_context():
        plugin_steps.upgrade("walk_log", plugins().migrations["walk_log"])
        with db.engines[WRITING].begin() as connection:  # numbers that the database counts go on
            connection.execute(
                text(
                    "INSERT INTO plugin_walk_log_walk (person_id, begun_at, in_rain, title) "
                    "VALUES ('ida', '2026-03-03 08:00:00+00:00', false, 'Home')"
                )
            )
        with db.engines[READING].connect() as connection:
            ids = connection.scalars(text("SELECT id FROM plugin_walk_log_walk ORDER BY id")).all()
    assert ids == [7, 9, 10]


def test_tables_that_a_plugin_left_when_it_went_are_in_the_backup_too(
    walked: Flask, make_app: MakeApp, settings: Settings, tmp_path: Path, elsewhere: Elsewhere
):
    gone = make_app(using=replace(settings, plugin_dirs=()))
    file = back_up(gone, tmp_path / "backup.zip")
    new = elsewhere("sqlite", plugin_dirs=(WALKS.parent,))
    bring_back(new, file)
    assert walks_of(new) == walks_of(walked)


def test_a_site_without_the_plugin_restores_only_what_it_is_told_to_leave_out(
    walked: Flask, tmp_path: Path, elsewhere: Elsewhere
):
    file = back_up(walked, tmp_path / "backup.zip")
    new = elsewhere("sqlite")
    with pytest.raises(BackupError, match=r"plugin walk_log at step 0001.*--without walk_log"):
        bring_back(new, file)
    with new.app_context():
        with pytest.raises(BackupError, match="the backup holds no tables of coast"):
            restore(file, new.extensions["innocap_settings"], ["walk_log", "coast"])
        assert restore(file, new.extensions["innocap_settings"], ["walk_log"]) == 0
        with db.engines[READING].connect() as connection:
            assert plugin_tables.plugins_in(connection) == []


def test_a_table_that_no_backup_can_hold_is_named(walked: Flask, tmp_path: Path):
    with walked.app_context(), db.engines[WRITING].begin() as connection:
        connection.execute(text("ALTER TABLE plugin_walk_log_walk ADD COLUMN fee NUMERIC(9, 2)"))
    with pytest.raises(BackupError, match=r"plugin_walk_log_walk\.fee: "):
        back_up(walked, tmp_path / "backup.zip")
