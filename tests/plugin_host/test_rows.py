"""A plugin reads and writes the rows of its own tables, and reaches nothing else by it."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from innocap_lms.config import Settings
from innocap_lms.engines import WRITING
from innocap_lms.extensions import db, writing
from innocap_lms.migrations import plugin_rows, plugin_steps
from innocap_lms.plugin_api import AddRow, Card, ChangeRows, RemoveRows, own_rows, write_rows
from innocap_lms.plugin_host.calling import called
from innocap_lms.plugin_host.host import PluginHost
from innocap_lms.plugin_host.rows import TablesNotReady
from innocap_lms.plugin_host.watch import STRIKES
from innocap_lms.testing.calls import called_as
from tests.conftest import House, SignInAs
from tests.plugin_host.conftest import WALKS, Folder, state_of
from tests.plugin_host.plugins import walk_log
from tests.plugin_host.test_isolation import LEARNER

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
WALK = {"id": 1, "person_id": "kim", "begun_at": NOON, "in_rain": False}
CARD = """
plugin = Plugin("{name}", "1")
@hookimpl
def dashboard_cards(learner):
    {does}
    return [Card("{name}", "is well")]
"""


@pytest.fixture
def site(settings: Settings, make_app: Callable[..., Flask], folder: Folder) -> Flask:
    """A site with the plugin of the tests, its tables made, and others in the folder."""
    shutil.copytree(WALKS, folder.path / "walk_log")
    app = make_app(using=replace(settings, plugin_dirs=(folder.path,), strict_plugins=False))
    with app.app_context():
        plugin_steps.upgrade("walk_log", folder.path / "walk_log" / "migrations" / "walk_log")
    return app


@pytest.fixture
def walks(site: Flask) -> Iterator[Flask]:
    """The same, while the site calls its plugin."""
    with site.app_context(), called("walk_log", site.extensions["innocap_host"]):
        yield site


def test_what_is_written_is_read_with_its_days_and_moments_as_they_were(walks: Flask) -> None:
    in_tokyo = NOON.astimezone(timezone(timedelta(hours=9)))
    walk = {**WALK, "begun_at": in_tokyo, "length": 2, "notes": {"wind": ["north"]}}
    assert write_rows(AddRow("walk", walk)) == [1]
    (found,) = own_rows("walk", {"person_id": "kim"})
    assert found == {
        **WALK, "begun_at": NOON, "length": 2.0, "notes": {"wind": ["north"]}, "title": "A walk",
    }  # fmt: skip
    assert found["begun_at"].tzinfo is not None


def test_what_equals_is_found_also_nothing_and_in_the_order_that_is_asked_for(walks: Flask) -> None:
    lengths = {1: 3.5, 2: None, 3: 1.0, 4: 3.5}
    write_rows(*[AddRow("walk", {**WALK, "id": key, "length": of}) for key, of in lengths.items()])

    def ids(*given: Any, **more: Any) -> list[int]:
        return [row["id"] for row in own_rows("walk", *given, **more)]

    assert ids({"length": None}) == [2]
    assert ids({"length": 3.5, "person_id": "kim"}) == [1, 4]
    assert ids(order_by=["length"]) == [3, 1, 4, 2]
    assert ids(order_by=["-length", "-id"]) == [4, 1, 3, 2]
    assert ids(order_by=["-id"], most=2) == [4, 3]
    assert ids({"person_id": "nobody"}) == []


def test_a_row_that_is_there_is_not_added_again_and_the_count_says_so(walks: Flask) -> None:
    assert write_rows(AddRow("walk", WALK), AddRow("walk", {**WALK, "in_rain": True})) == [1, 0]
    assert [row["in_rain"] for row in own_rows("walk")] == [False]


def test_changing_says_how_many_rows_so_that_two_at_once_can_take_turns(walks: Flask) -> None:
    write_rows(AddRow("walk", {**WALK, "length": 1.0}))
    longer = ChangeRows("walk", {"id": 1, "length": 1.0}, {"length": 2.0})
    assert write_rows(longer) == [1]
    assert write_rows(longer) == [0]  # whoever read it before comes too late
    assert write_rows(ChangeRows("walk", {"id": 1}, {"notes": [1], "length": None})) == [1]
    assert write_rows(ChangeRows("walk", {"length": None}, {"notes": None})) == [1]
    (walk,) = own_rows("walk")
    assert (walk["length"], walk["notes"]) == (None, None)


def test_all_is_written_or_nothing(walks: Flask) -> None:
    stop = {"walk_id": 1, "place": "The bridge"}
    assert write_rows(AddRow("walk", WALK), AddRow("stop", stop), AddRow("stop", stop)) == [1, 1, 1]
    assert write_rows(RemoveRows("stop", {"place": "The bridge"})) == [2]
    with pytest.raises(ValueError, match="plugin_walk_log_stop does not take it"):
        write_rows(RemoveRows("walk", {}), AddRow("stop", {"walk_id": 1}))
    assert len(own_rows("walk")) == 1
    assert write_rows() == []


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("id", "1", "id holds whole numbers of 64 bits, not this str"),
        ("id", True, "id holds whole numbers of 64 bits, not this bool"),
        ("id", 2**63, "id holds whole numbers of 64 bits, not this int"),
        ("person_id", "a\0b", "person_id holds text, not this str"),
        ("person_id", "\ud800", "person_id holds text, not this str"),
        ("person_id", str, "person_id holds text, not this type"),
        ("begun_at", NOON.replace(tzinfo=None), "begun_at holds moments with a zone"),
        ("begun_at", datetime.max.replace(tzinfo=timezone(timedelta(hours=-9))), "with a zone"),
        ("begun_at", date(2026, 3, 1), "begun_at holds moments with a zone, not this date"),
        ("length", float("nan"), "length holds numbers, not this float"),
        ("in_rain", 1, "in_rain holds True or False, not this int"),
        ("notes", {1, 2}, "notes holds what JSON can say, not this set"),
        ("notes", [float("inf")], "notes holds what JSON can say"),
    ],
)
def test_a_value_that_the_column_does_not_hold_is_refused_on_every_database(
    walks: Flask, column: str, value: object, said: str
) -> None:
    with pytest.raises(ValueError, match=said):
        write_rows(AddRow("walk", {**WALK, column: value}))
    if column != "notes":
        with pytest.raises(ValueError, match=said):
            own_rows("walk", {column: value})
    assert own_rows("walk") == []


@pytest.mark.parametrize(
    ("does", "error", "said"),
    [
        (lambda: own_rows("account"), LookupError, "plugin_walk_log_account is no table"),
        (lambda: own_rows('walk"; DROP TABLE account; --'), LookupError, "is no table"),
        (lambda: own_rows("version"), LookupError, "plugin_walk_log_version is no table"),
        (lambda: own_rows("walk", {"id OR 1=1": 1}), LookupError, "has no column id OR 1=1"),
        (lambda: own_rows("walk", order_by=["id; --"]), LookupError, "has no column id; --"),
        (lambda: own_rows("walk", {"notes": "x"}), ValueError, "JSON, which cannot be compared"),
        (lambda: own_rows("walk", most=1001), ValueError, "from 1 to 1000 rows"),
        (lambda: own_rows("walk", most=0), ValueError, "from 1 to 1000 rows"),
        (lambda: write_rows(AddRow("walk", {})), ValueError, "no values for"),
        (lambda: write_rows("DROP TABLE account"), TypeError, "str is no AddRow, ChangeRows"),  # type: ignore[arg-type]
        (lambda: write_rows(*[RemoveRows("walk", {})] * 1001), ValueError, "at most 1000 changes"),
        (lambda: write_rows(AddRow("walk", {"title": "x" * 10**6})), ValueError, "and 1 MB"),
    ],
)  # fmt: skip
def test_what_is_not_the_plugins_or_too_much_is_refused_and_named(
    walks: Flask, does: Callable[[], object], error: type[Exception], said: str
) -> None:
    with pytest.raises(error, match=said):
        does()


def test_more_than_a_page_could_hold_is_not_read_at_once(walks: Flask) -> None:
    for key in (1, 2):
        write_rows(AddRow("walk", {**WALK, "id": key, "title": "x" * 600_000}))
    assert len(own_rows("walk", most=1)) == 1
    with pytest.raises(ValueError, match="more than 1 MB: ask for fewer rows"):
        own_rows("walk")


def test_outside_a_call_and_where_there_is_no_database_it_says_so(folder: Folder) -> None:
    with pytest.raises(LookupError, match="answers while the site calls"):
        own_rows("walk")
    with (
        called("walk_log", PluginHost()),
        pytest.raises(LookupError, match="walk_log are not here: there is no database"),
    ):
        write_rows(AddRow("walk", WALK))


def test_a_plugin_whose_tables_are_not_made_yet_is_left_out_and_the_log_says_what_to_do(
    site: Flask, folder: Folder, make_app: Callable[..., Flask], settings: Settings,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    folder.write("early", CARD.format(name="early", does="own_rows('walk')"))
    folder.write("other", CARD.format(name="other", does="pass"))
    app = make_app(using=replace(settings, plugin_dirs=(folder.path,), strict_plugins=False))
    host: PluginHost = app.extensions["innocap_host"]
    with app.app_context():
        for _ in range(STRIKES + 1):
            found = host.call("dashboard_cards", learner=LEARNER)
    assert found == [("other", [Card("other", "is well")])]
    assert state_of(host, "early").state == "loaded", "it is the operator's to upgrade"
    assert "plugin_early_walk is no table of the plugin, or not there yet" in caplog.text
    assert "`innocap-lms plugin upgrade early`" in caplog.text


def test_on_a_full_disk_what_a_plugin_would_write_is_no_fault_of_the_plugin(
    walks: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    @contextmanager
    def full() -> Iterator[None]:
        raise OperationalError("INSERT …", {}, OSError("database or disk is full"))
        yield

    monkeypatch.setattr(plugin_rows, "writing_beside", full)
    with pytest.raises(TablesNotReady, match="cannot be read or written now: OSError: database or"):
        write_rows(AddRow("walk", WALK))


def test_a_step_that_is_taken_meanwhile_is_seen_at_once(site: Flask, folder: Folder) -> None:
    steps = folder.path / "walk_log" / "migrations" / "walk_log"
    with site.app_context():
        plugin_steps.downgrade("walk_log", steps, "0001")
        with called("walk_log", site.extensions["innocap_host"]):
            write_rows(AddRow("walk", WALK))
            assert "title" not in own_rows("walk")[0]
            plugin_steps.upgrade("walk_log", steps)
            assert own_rows("walk")[0]["title"] == "A walk"


def test_no_code_of_a_plugin_runs_while_it_holds_up_who_else_writes(walks: Flask) -> None:
    """Its values are of plain types before the transaction begins: a zone of its own is code."""
    under_way: list[bool] = []

    class Zone(tzinfo):
        def utcoffset(self, at: datetime | None) -> timedelta:
            under_way.append(bool(open_now))
            return timedelta()

        def dst(self, at: datetime | None) -> timedelta:
            return timedelta()

    class Odd(dict[str, object]):
        def items(self) -> Any:
            under_way.append(bool(open_now))
            return super().items()

    open_now: list[object] = []
    event.listen(db.engines[WRITING], "begin", open_now.append)
    event.listen(db.engines[WRITING], "commit", open_now.remove)
    moment = NOON.replace(tzinfo=Zone())
    assert write_rows(AddRow("walk", {**WALK, "begun_at": moment, "notes": Odd(a=1)})) == [1]
    assert under_way
    assert not any(under_way)


def test_in_a_write_transaction_of_the_core_nothing_is_written(walks: Flask) -> None:
    with writing(), pytest.raises(RuntimeError, match="already open"):
        write_rows(AddRow("walk", WALK))
    assert own_rows("walk") == []


def test_two_that_add_the_same_at_once_add_it_once(site: Flask) -> None:
    counts: list[int] = []

    def add() -> None:
        with site.app_context(), called("walk_log", site.extensions["innocap_host"]):
            counts.extend(write_rows(AddRow("walk", WALK)))

    threads = [Thread(target=add) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(counts) == [0, 0, 0, 1]


@pytest.mark.parametrize(
    "does",
    [
        'own_rows("walk", {"person_id": "\\0"})',
        'own_rows("walk", {"id": 10**30})',
        'own_rows("account")',
        'write_rows(AddRow("walk", {"id": 1}))',
        'write_rows(AddRow("stop", {"walk_id": 7, "place": "x"}))',
    ],
)
def test_a_plugin_that_misuses_its_tables_takes_nothing_else_from_the_page(
    site: Flask, folder: Folder, make_app: Callable[..., Flask], settings: Settings, house: House,
    sign_in: SignInAs, does: str,
) -> None:  # fmt: skip
    (folder.path / "walk_log" / "__init__.py").write_text(
        "from innocap_lms.plugin_api import *\n" + CARD.format(name="walk_log", does=does)
    )
    folder.write("other", CARD.format(name="other", does="pass"))
    app = make_app(using=replace(settings, plugin_dirs=(folder.path,), strict_plugins=False))
    page = sign_in(app.test_client(), house.coach).get("/me")
    assert page.status_code == 200
    assert page.text.count("is well") == 1


def test_in_a_test_a_plugin_has_empty_tables_made_by_its_own_steps() -> None:
    steps = Path(WALKS) / "migrations" / "walk_log"
    for _ in range(2):
        with called_as(walk_log.plugin, steps):
            assert own_rows("walk") == []
            assert write_rows(AddRow("walk", WALK)) == [1]
    with called_as(walk_log.plugin), pytest.raises(LookupError, match="there is no database"):
        own_rows("walk")
