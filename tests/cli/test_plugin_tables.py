"""Tables of plugins: up and down by commands, each plugin alone, kept when it goes."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import inspect, select, text

from innocap_lms.config import Settings
from innocap_lms.engines import READING, WRITING
from innocap_lms.extensions import db
from innocap_lms.ledger.models import LedgerContent, LedgerEvent
from innocap_lms.migrations.plugin_steps import PluginStepFailed, upgrade, waiting
from innocap_lms.migrations.plugin_tables import names_of, revision_of
from innocap_lms.plugin_host.host import PluginHost
from innocap_lms.preview.tables import faults_of_tables
from tests.cli.conftest import Command
from tests.plugin_host.conftest import WALKS

WALK = (
    "INSERT INTO plugin_walk_log_walk (id, person_id, begun_at, length, in_rain, notes) "
    "VALUES (7, 'kim', '2026-03-01 08:00:00+00:00', 2.5, true, '{\"wind\": \"north\"}')"
)
STEP = """
import sqlalchemy as sa
from alembic import op
revision, down_revision = "{number}", {before!r}
def upgrade():
    {up}
def downgrade():
    {down}
"""


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder of plugins with the one of the tests in it."""
    shutil.copytree(WALKS, tmp_path / "plugins" / "walk_log")
    return tmp_path / "plugins"


@pytest.fixture
def command(innocap: Command, place: Path) -> Command:
    """Runs innocap-lms with these plugins."""
    return lambda *words: innocap(*words, shipped=False, INNOCAP_PLUGIN_DIRS=str(place))


def add_step(folder: Path, up: str, *, down: str = "pass", after: str | None = None) -> None:
    number = f"{int(after or 0) + 1:04}"
    folder.mkdir(parents=True, exist_ok=True)
    text = STEP.format(number=number, before=after, up=up, down=down)
    (folder / f"{number}_step.py").write_text(text, encoding="utf-8")


def add_plugin(place: Path, name: str, up: str, *, down: str = "pass") -> Path:
    """A plugin with one step; gives the folder of its steps."""
    (place / name).mkdir(parents=True)
    (place / name / "__init__.py").write_text(
        f"from innocap_lms.plugin_api import Plugin\nplugin = Plugin({name!r}, '1')\n"
    )
    folder = place / name / "migrations" / name
    add_step(folder, up, down=down)
    return folder


def table(name: str, column: str = 'sa.Column("x", sa.Integer)') -> str:
    return f'op.create_table("{name}", {column})'


def tables(app: Flask, plugin: str = "walk_log") -> list[str]:
    with app.app_context(), db.engines[READING].connect() as connection:
        return names_of(connection, plugin)


def step(app: Flask, plugin: str = "walk_log") -> str | None:
    with app.app_context(), db.engines[READING].connect() as connection:
        return revision_of(connection, plugin)


def run(app: Flask, statement: str) -> None:
    with app.app_context(), db.engines[WRITING].begin() as connection:
        connection.execute(text(statement))


def walks(app: Flask) -> list[int]:
    with app.app_context(), db.engines[READING].connect() as connection:
        return list(connection.scalars(text("SELECT id FROM plugin_walk_log_walk")))


BOTH = ["plugin_walk_log_stop", "plugin_walk_log_walk"]


def test_db_upgrade_brings_the_tables_of_plugins_and_plugin_list_says_at_which_step(
    command: Command, app: Flask
) -> None:
    assert "no tables yet; 0001, 0002 to come: `innocap-lms plugin upgrade walk_log`" in (
        command("plugin", "list").stdout
    )
    done = command("db", "upgrade")
    assert (done.returncode, done.stdout) == (0, "the database is up to date\n"), done.stderr
    assert tables(app) == BOTH
    assert "tables at 0002\n" in command("plugin", "list").stdout


def test_one_plugins_tables_go_up_and_down_step_by_step_and_rows_stay(
    command: Command, app: Flask
) -> None:
    said = command("plugin", "upgrade", "walk_log", "0001").stdout
    assert said == "the tables of walk_log are at 0001\n"
    assert tables(app) == BOTH[1:]
    run(app, WALK)
    assert command("plugin", "upgrade", "walk_log").stdout.endswith("are at 0002\n")
    assert walks(app) == [7]
    assert command("plugin", "downgrade", "walk_log", "0001").stdout.endswith("are at 0001\n")
    assert walks(app) == [7]
    assert command("plugin", "downgrade", "walk_log", "base").stdout.endswith("are at base\n")
    assert tables(app) == []


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("upgrade", "walk_log", "0009"), "the tables of plugin walk_log: CommandError: "),
        (("upgrade", "nobody"), "nobody is not loaded, or brings no tables"),
        (("downgrade", "northern", "base"), "northern is not loaded, or brings no tables"),
        (("purge", "nobody"), "nobody has left nothing"),
        (("purge", "walk_log", "--yes"), "walk_log is loaded: take it away first, or empty its"),
    ],
)
def test_what_cannot_be_done_is_told_in_one_line(
    command: Command, words: tuple[str, ...], reason: str
) -> None:
    done = command("plugin", *words)
    assert done.returncode == 1
    assert reason in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_plugin_whose_step_fails_is_named_and_the_others_are_upgraded(
    command: Command, place: Path, app: Flask
) -> None:
    half = table("plugin_a_first_x") + "; raise ZeroDivisionError('half way')"
    add_plugin(place, "a_first", half)
    done = command("db", "upgrade")
    assert done.returncode == 1
    assert done.stderr == ("Error: the tables of plugin a_first: ZeroDivisionError: half way\n")
    assert tables(app, "a_first") == []
    assert step(app, "a_first") is None
    assert tables(app) == BOTH


REFUSED = {
    "another name": (table("walks"), "walks; the plugin's own begin with plugin_coast_"),
    "a table of the core": ("op.drop_table('plugin_setting')", "drop plugin_setting; the plugin's"),
    "a column of the core": (
        "op.add_column('person', sa.Column('shoe_size', sa.Integer()))",
        "change or drop person; the plugin's",
    ),
    "an index of the core": (
        "op.create_index('ix_shoe', 'person', ['name'])",
        "change or drop person; the plugin's",
    ),
    "another plugin's": (
        "op.add_column('plugin_walk_log_walk', sa.Column('x', sa.Integer()))",
        "change or drop plugin_walk_log_walk; the plugin's",
    ),
    "among another plugin's": (table("plugin_walk_log_x"), "drop plugin_walk_log_x; the plugin's"),
    "a version table": (table("plugin_coast_walk_version"), "drop plugin_coast_walk_version;"),
    "bytes": (
        table("plugin_coast_x", 'sa.Column("x", sa.LargeBinary)'),
        "plugin_coast_x.x: ",
    ),
    "exact numbers": (table("plugin_coast_x", 'sa.Column("x", sa.Numeric(9, 2))'), "none of text,"),
    "a key to the core": (
        table("plugin_coast_x", 'sa.Column("x", sa.String, sa.ForeignKey("person.id"))'),
        "plugin_coast_x refers to person: keep the id alone",
    ),
    "no way": ("raise SystemExit(3)", "SystemExit: 3"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_a_step_that_reaches_beyond_its_own_tables_leaves_nothing_behind(
    plugged: Flask, place: Path, what: str
) -> None:
    up, reason = REFUSED[what]
    folder = add_plugin(place, "coast", up)
    with plugged.app_context():
        upgrade("walk_log", place / "walk_log" / "migrations" / "walk_log")
        before = shapes()
        with pytest.raises(PluginStepFailed, match="the tables of plugin coast: ") as raised:
            upgrade("coast", folder)
        assert reason in str(raised.value)
        assert shapes() == before


def shapes() -> dict[str, list[str]]:
    """Every table but version tables, and its columns."""
    inspector = inspect(db.engines[WRITING])
    return {
        name: [each["name"] for each in inspector.get_columns(name)]
        for name in inspector.get_table_names()
        if not name.endswith("_version")
    }


@pytest.fixture
def plugged(make_app: Callable[..., Flask], settings: Settings, place: Path) -> Flask:
    return make_app(using=replace(settings, plugin_dirs=(place,)))


def test_a_plugin_does_not_take_over_tables_that_another_has_under_its_name(
    app: Flask, tmp_path: Path
) -> None:
    walk = add_plugin(tmp_path / "one", "walk", table("plugin_walk_log_x"))
    log = add_plugin(tmp_path / "two", "walk_log", table("plugin_walk_log_y"))
    with app.app_context():
        upgrade("walk", walk)
        with pytest.raises(PluginStepFailed, match="plugin_walk_log_x is there already"):
            upgrade("walk_log", log)
    assert tables(app, "walk") == ["plugin_walk_log_x"]


def test_a_name_that_begins_with_anothers_keeps_its_tables_when_that_one_is_purged(
    command: Command, place: Path, app: Flask
) -> None:
    add_plugin(place, "walk", table("plugin_walk_x"))
    command("db", "upgrade")
    shutil.rmtree(place / "walk")
    assert command("plugin", "purge", "walk", "--yes").returncode == 0
    assert tables(app, "walk") == []
    assert tables(app) == BOTH


def test_tables_of_a_plugin_that_is_gone_stay_are_told_and_go_on_when_it_returns(
    command: Command, place: Path, app: Flask, tmp_path: Path
) -> None:
    command("plugin", "upgrade", "walk_log", "0001")
    run(app, WALK)
    shutil.move(place / "walk_log", tmp_path / "away")
    assert command("db", "upgrade").returncode == 0
    told = command("plugin", "list").stdout
    assert "kept         walk_log" in told
    assert "left 1 table, 1 row, 0 settings; `innocap-lms plugin purge walk_log` drops" in told
    shutil.move(tmp_path / "away", place / "walk_log")
    assert command("db", "upgrade").returncode == 0
    assert (walks(app), step(app)) == ([7], "0002")
    assert "kept " not in command("plugin", "list").stdout


def test_purging_asks_drops_and_is_kept_in_the_ledger(
    command: Command, place: Path, app: Flask
) -> None:
    command("db", "upgrade")
    run(app, WALK)
    run(
        app,
        "INSERT INTO plugin_setting (plugin, name, value, changed_at) "
        "VALUES ('walk_log', 'x', '1', '2026-03-01 08:00:00+00:00')",
    )
    shutil.rmtree(place / "walk_log")
    asked = command("plugin", "purge", "walk_log")
    assert asked.returncode == 1
    assert "Drop 2 tables, 1 row, 1 setting for good?" in asked.stdout
    assert walks(app) == [7]
    done = command("plugin", "purge", "walk_log", "--yes")
    assert done.stdout == "dropped: 2 tables, 1 row, 1 setting\n"
    assert tables(app) == []
    assert "walk_log" not in command("plugin", "list").stdout
    with app.app_context():
        (content,) = db.session.scalars(
            select(LedgerContent.content)
            .join(LedgerEvent, LedgerEvent.id == LedgerContent.event_id)
            .where(LedgerEvent.kind == "plugin.purged")
        )
    assert content == {"plugin": "walk_log", "tables": BOTH, "rows": 1}


@pytest.mark.parametrize(
    ("down", "fault"),
    [
        ("pass", "going down to base leaves plugin_coast_x"),
        ("raise KeyError('no way back')", "no way back"),
    ],
)
def test_the_doctor_names_a_plugin_whose_tables_do_not_go_down(
    command: Command, place: Path, down: str, fault: str
) -> None:
    add_plugin(place, "coast", table("plugin_coast_x"), down=down)
    told = command("plugin", "doctor").stdout
    assert fault in told
    assert "not well  coast" in told
    assert "\nwell      walk_log" in told


def test_up_down_and_up_again_must_give_the_same_tables(plugged: Flask, place: Path) -> None:
    up = table("plugin_coast_x", 'sa.Column(f"x{len(TIMES)}", sa.Integer)') + "; TIMES.append(1)"
    folder = add_plugin(place, "coast", up, down='op.drop_table("plugin_coast_x")')
    file = folder / "0001_step.py"
    file.write_text("import sys\nTIMES = vars(sys).setdefault('times', [])\n" + file.read_text())
    with plugged.app_context():
        assert faults_of_tables("coast", folder) == ["up, down and up again gives other tables"]
        walk_log = place / "walk_log" / "migrations" / "walk_log"
        assert faults_of_tables("walk_log", walk_log) == []


def test_starting_the_site_runs_no_step(place: Path, tmp_path: Path) -> None:
    """Whoever serves pages never runs the code of a plugin's migrations."""
    folder = add_plugin(tmp_path / "one", "loud", "pass")
    (folder / "0001_step.py").write_text("raise SystemExit('a step was imported')")
    host = PluginHost(strict=True)
    host.load({}, [tmp_path / "one"])
    assert host.migrations == {"loud": folder}


def test_steps_that_wait_are_told_in_their_order(place: Path, plugged: Flask) -> None:
    walk_log = place / "walk_log" / "migrations" / "walk_log"
    assert waiting("walk_log", walk_log, None) == ["0001", "0002"]
    assert waiting("walk_log", walk_log, "0001") == ["0002"]
    assert waiting("walk_log", walk_log, "0002") == []
    with pytest.raises(PluginStepFailed, match="0009"):
        waiting("walk_log", walk_log, "0009")
