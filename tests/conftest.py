"""Fixtures of all tests: a fresh app on a fresh database, and a municipality to put into it.

INNOCAP_TEST_DATABASE=postgres runs the same tests on a PostgreSQL that is started for them, or on
the server that INNOCAP_TEST_DATABASE_URL names.
"""

import gc
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import (
    Table,
    event,
    insert,
    select,
)

from innocap_lms import clock
from innocap_lms.app import create_app
from innocap_lms.catalogue.publishing import publish_sources
from innocap_lms.catalogue.queries import OfferingView, offering
from innocap_lms.config import Settings
from innocap_lms.extensions import Base, db, writing
from innocap_lms.migrations import steps
from innocap_lms.people import services as people
from innocap_lms.people.queries import viewer_of
from innocap_lms.people.sign_in import open_session
from innocap_lms.people.viewer import Viewer
from tests import reuse
from tests.postgres import Database, Server
from tests.sites import SITES

PLUGINS = Path(__file__).parent / "plugins"
ON_POSTGRES = os.environ.get("INNOCAP_TEST_DATABASE") == "postgres"
FRAME = ("BEGIN", "PRAGMA", "show ", "select pg_catalog", "select current_schema")
ROOM = 1 << 30  # bytes that the data of tests may need
TURN = "innocap.db-turn"  # sites that stay hold it open
KEY = "a-key-that-only-the-tests-know-0123456789"

Until = Callable[..., Any]
SignInAs = Callable[[FlaskClient, str], FlaskClient]

reuse.begin()
# How long an example takes says how busy the machine is, not what is wrong.
hypothesis.settings.register_profile(
    "any machine", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("any machine")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what tells of the other database, and on PostgreSQL what opens none: it would say
    the same again."""
    left_out = {item for item in items if not _is_told_here(item)}
    config.hook.pytest_deselected(items=list(left_out))
    items[:] = [item for item in items if item not in left_out]


def _is_told_here(item: pytest.Item) -> bool:
    marks = (mark.name for mark in item.iter_markers())
    told_of = next((name for name in marks if name in ("sqlite", "postgresql")), None)
    if not ON_POSTGRES:
        return told_of != "postgresql"
    return told_of != "sqlite" and "empty_database" in getattr(item, "fixturenames", ())


def pytest_collection_finish() -> None:
    """A quarter of the time went into looking for garbage among what stays until the end."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
    """With INNOCAP_TEST_NO_SKIP nothing hides: a skip is a failure."""
    report = yield
    if report.skipped and os.environ.get("INNOCAP_TEST_NO_SKIP"):
        report.outcome = "failed"
        report.longrepr = f"skipped where nothing may be skipped: {report.longrepr}"
    return report


@pytest.fixture(scope="session")
def database() -> Iterator[Database | None]:
    """The PostgreSQL of all tests of this process; None on SQLite."""
    if not ON_POSTGRES:
        yield None
        return
    with Server() as server, Database(server) as made:
        yield made
        reuse.ENGINES.let_go()


@pytest.fixture(scope="session")
def empty_database(database: Database | None, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A migrated database without rows, made once: a file to copy, or the address of `database`."""
    folder, address = tmp_path_factory.mktemp("database"), database.address if database else ""
    _migrate(Settings(data_dir=folder, secret_key=KEY, relay=False, database_url=address))
    return address or str(folder / "innocap.db")


def _migrate(settings: Settings) -> None:
    app = create_app(settings)
    with app.app_context():
        steps.upgrade()
        _dispose(app)


def _dispose(app: Flask) -> None:
    with app.app_context():
        for engine in db.engines.values():
            if engine not in reuse.ENGINES:
                engine.dispose()


@pytest.fixture(scope="session")
def data_dir() -> Iterator[Path]:
    """The data folder of one test after another; in memory where there is room."""
    memory = Path("/dev/shm")
    has_room = memory.is_dir() and shutil.disk_usage(memory).free > ROOM
    with tempfile.TemporaryDirectory(
        prefix="innocap-data-", dir=memory if has_room else None
    ) as name:
        yield Path(name)


@pytest.fixture
def settings(empty_database: str, database: Database | None, data_dir: Path) -> Iterator[Settings]:
    """Settings of a site of its own: an empty, migrated database and an empty data folder."""
    if not ON_POSTGRES:
        shutil.copyfile(empty_database, data_dir / "innocap.db")
    yield Settings(
        data_dir=data_dir,
        database_url=empty_database if ON_POSTGRES else "",
        secret_key=KEY,
        relay=False,
        strict_plugins=True,
        plugin_dirs=(PLUGINS,),
        password_memory_kib=64,
        pool_size=4,
    )
    for each in data_dir.iterdir():
        if each.is_dir():
            shutil.rmtree(each)
        elif each.name != TURN:
            each.unlink()
    if database:
        database.empty()


@pytest.fixture
def make_app(settings: Settings) -> Iterator[Callable[..., Flask]]:
    """Makes apps on the test's database; forms need no token unless `csrf=True`."""
    made: list[Flask] = []

    def make(*, csrf: bool = False, using: Settings | None = None) -> Flask:
        made.append(_make(using or settings, csrf))
        return made[-1]

    yield make
    for app in made:
        _dispose(app)


def _make(settings: Settings, csrf: bool = False) -> Flask:
    app = create_app(settings)
    app.config.update(TESTING=True, FORM_TOKENS=csrf)
    app.jinja_env.bytecode_cache = reuse.TEMPLATES
    return app


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    """A site as if it were new. Errors of views are raised, not turned into pages."""
    with SITES.lent(settings, lambda: _make(settings)) as app:
        yield app
        _dispose(app)


@pytest.fixture
def in_app(app: Flask) -> Iterator[Flask]:
    """The site, with its context open: for tests of queries and services."""
    with app.app_context():
        yield app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without cookies."""
    return app.test_client()


@dataclass(frozen=True)
class House:
    """Two organisations. `north` has a unit `care` with a part `home`; ids of people by role.

    coach and colleague learn in `home`, other_coach in `office`; manager leads `care`;
    stranger, stranger_hr and stranger_manager are of the other organisation.
    """

    north: str
    south: str
    care: str
    home: str
    office: str
    far: str
    coach: str
    colleague: str
    other_coach: str
    manager: str
    hr: str
    trainer: str
    admin: str
    stranger: str
    stranger_hr: str
    stranger_manager: str


@pytest.fixture
def house(app: Flask) -> House:
    """The municipality that tests live in: built once by the site's own services, then its rows."""
    with app.app_context():
        if BUILT:
            house, rows = BUILT[0]
            with writing():
                for table, values in rows:
                    db.session.execute(insert(table), values)
            return house
        before = _all_rows()
        with clock.at(datetime.now(UTC)):  # not of the year that its first test tells of
            house = _build_house()
        built = [
            (table, [row for row in rows if row not in before[table]])
            for table, rows in _all_rows().items()
        ]
        BUILT.append((house, [(table, rows) for table, rows in built if rows]))
        return house


BUILT: list[tuple[House, list[tuple[Table, list[dict[str, Any]]]]]] = []


def _all_rows() -> dict[Table, list[dict[str, Any]]]:
    return {
        table: [dict(row) for row in db.session.execute(select(table)).mappings()]
        for table in Base.metadata.sorted_tables
    }


def _build_house() -> House:
    with writing():
        north = people.create_organisation("North")
        south = people.create_organisation("South")
        care = people.create_unit(north, "Care")
        home = people.create_unit(north, "Home care", care)
        office = people.create_unit(north, "Office")
        far = people.create_unit(south, "Far away")

        def person(name: str, role: str, organisation: str | None, unit: str | None = None) -> str:
            return people.invite_person(
                name=name.replace("_", " ").title(),
                email=f"{name}@example.org",
                role=role,
                language="en",
                organisation_id=organisation,
                unit_id=unit,
                send_mail=False,
            )

        return House(
            north,
            south,
            care,
            home,
            office,
            far,
            coach=person("coach", "learner", north, home),
            colleague=person("colleague", "learner", north, home),
            other_coach=person("other_coach", "learner", north, office),
            manager=person("manager", "manager", north, care),
            hr=person("hr", "hr", north),
            trainer=person("trainer", "trainer", north, office),
            admin=person("admin", "admin", None),
            stranger=person("stranger", "learner", south, far),
            stranger_hr=person("stranger_hr", "hr", south),
            stranger_manager=person("stranger_manager", "manager", south, far),
        )


@pytest.fixture
def course(app: Flask) -> OfferingView:
    """The course `first-steps` of the test track, in service."""
    with app.app_context():
        host = app.extensions["innocap_host"]
        files = app.extensions["innocap_settings"].data_dir / "files"
        reports = list(publish_sources(host, files, only=["first-steps"]))
        assert [report.problems for report in reports] == [()]
        found = offering("first-steps")
        assert found is not None
        return found


@pytest.fixture
def sign_in(app: Flask) -> SignInAs:
    """Signs a client in as a person, without a password."""

    def as_person(client: FlaskClient, person_id: str) -> FlaskClient:
        with app.app_context(), writing():
            token = open_session(person_id, 12)
        with client.session_transaction() as session:
            session["_user_id"] = token
        return client

    return as_person


@pytest.fixture
def browser_of(app: Flask, sign_in: SignInAs) -> Callable[[str], FlaskClient]:
    """A client of its own, signed in as the person of that id."""
    return lambda person_id: sign_in(app.test_client(), person_id)


def take_first_steps(
    browser: FlaskClient, begin: str = "start", course: str = "first-steps"
) -> None:
    """Begin the course `first-steps`, or a copy of it, read it and pass its quiz: that completes
    it."""
    assert browser.post(f"/courses/{course}/{begin}").status_code == 303
    for lesson in ("start-walking", "walk-on"):
        browser.get(f"/courses/{course}/{lesson}")
        browser.post(f"/courses/{course}/{lesson}/read")
    attempt = browser.post(f"/courses/{course}/final/attempts").headers["Location"]
    browser.post(attempt, data={"q-one": ["right"], "q-two": ["first", "second"]})


@pytest.fixture
def viewer(app: Flask) -> Callable[[str], Viewer]:
    """A person as queries and services see one."""

    def of(person_id: str) -> Viewer:
        with app.app_context():
            return viewer_of(person_id)

    return of


@pytest.fixture
def clock_at() -> Callable[[datetime], AbstractContextManager[None]]:
    """Sets the clock within a `with`."""
    return clock.at


@pytest.fixture
def statements(app: Flask) -> Iterator[list[str]]:
    """The SQL that runs, without what frames a transaction."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith(FRAME):
            seen.append(statement)

    with app.app_context():
        engines = list(db.engines.values())
    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    yield seen
    for engine in engines:
        event.remove(engine, "before_cursor_execute", note)


@pytest.fixture
def until() -> Until:
    """Waits until something is true, and returns it; fails after half a minute, or `seconds`."""

    def wait(true: Callable[[], Any], seconds: float = 30) -> Any:
        end = time.monotonic() + seconds
        while not (found := true()):
            assert time.monotonic() < end, f"it did not happen within {seconds} seconds"
            time.sleep(0.01)
        return found

    return wait
