"""innocap-lms plugin doctor: every plugin tried before it can hurt anybody."""

import re
import shutil
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from innocap_lms.config import Settings
from tests.cli.conftest import Command
from tests.cli.test_plugin_tables import add_plugin
from tests.conftest import PLUGINS

pytestmark = pytest.mark.sqlite  # the commands run on a database of their own

MANIFEST = "from innocap_lms.plugin_api import *\nplugin = Plugin(name={name!r}, version='0.1')\n\n"
HOOKS = {
    "raises at start": "@hookimpl\ndef register_tracks():\n    raise ValueError('no map')\n",
    "ends the process at start": "@hookimpl\ndef register_tracks():\n    raise SystemExit(3)\n",
    "gives something else at start": "@hookimpl\ndef register_tracks():\n    return 'a track'\n",
    "is misspelt": "@hookimpl\ndef register_track():\n    return []\n",
    "raises at work": "@hookimpl\ndef dashboard_cards(learner):\n    raise KeyError('card')\n",
    "ends the process at work": "@hookimpl\ndef dashboard_cards(learner):\n    raise SystemExit\n",
    "never ends calling itself": (
        "@hookimpl\ndef dashboard_cards(learner):\n    return dashboard_cards(learner)\n"
    ),
    "gives something else at work": "@hookimpl\ndef dashboard_cards(learner):\n    return [1]\n",
    "fails where courses are checked": (
        "@hookimpl\ndef check_course(course, texts):\n    raise RuntimeError('spelling')\n"
    ),
}
SAID = {
    "raises at start": "no map",
    "ends the process at start": "SystemExit(3)",
    "gives something else at start": "register_tracks",
    "is misspelt": "register_tracks",
    "raises at work": "dashboard_cards: KeyError('card')",
    "ends the process at work": "dashboard_cards",
    "never ends calling itself": "RecursionError",
    "gives something else at work": "dashboard_cards",
    "fails where courses are checked": "spelling",
}


@pytest.fixture
def plugins(tmp_path: Path) -> Path:
    """A folder of plugins; the one of the tests, with its course, is in it and well."""
    shutil.copytree(PLUGINS / "northern_track", tmp_path / "plugins" / "northern_track")
    return tmp_path / "plugins"


@pytest.fixture
def doctor(innocap: Command, plugins: Path) -> Command:
    """Runs the doctor, with more words, on the plugins of that folder alone."""
    return lambda *words: innocap(
        "plugin", "doctor", *words, shipped=False, INNOCAP_PLUGIN_DIRS=str(plugins)
    )


def test_plugins_that_are_well_are_told_so_with_what_was_tried(
    innocap: Command, plugins: Path
) -> None:
    done = innocap("plugin", "doctor", INNOCAP_PLUGIN_DIRS=str(plugins))
    gone = done.stdout.count("missing: ")  # a track that ships may have been taken away
    assert done.returncode == (1 if gone else 0), done.stdout
    assert done.stdout.count("not well  ") == gone
    assert re.search(
        r"^well      northern_track 1\.0\.0: 1 course, [0-9]+ pages", done.stdout, re.M
    )
    assert gone or "plugins: all well" in done.stdout
    assert done.stderr == ""


@pytest.mark.parametrize("fault", HOOKS)
def test_a_faulty_plugin_is_named_with_its_fault_and_the_others_are_well(
    doctor: Command, plugins: Path, fault: str
) -> None:
    text = MANIFEST.format(name="broken") + HOOKS[fault]
    (plugins / "broken.py").write_text(text, encoding="utf-8")
    done = doctor()
    assert done.returncode == 1, done.stdout
    assert "not well  broken" in done.stdout
    assert SAID[fault] in done.stdout
    assert "well      northern_track" in done.stdout
    assert re.search(r"^[0-9]+ plugins: not well: .*\bbroken\b", done.stdout, re.M)
    assert "Traceback" not in done.stderr


def test_a_course_with_an_error_is_named_with_file_and_line(doctor: Command, plugins: Path) -> None:
    file = plugins / "northern_track" / "courses" / "first-steps" / "02-walk-on.en.md"
    file.write_text(file.read_text().replace("minutes: 5", "minutes: five"), encoding="utf-8")
    done = doctor()
    assert done.returncode == 1
    assert "course first-steps: 02-walk-on.en.md:4:10: C027" in done.stdout


def test_a_template_that_cannot_be_rendered_is_told(doctor: Command, plugins: Path) -> None:
    """A question kind of a plugin whose template cannot be rendered, in a course of another."""
    (plugins / "broken").mkdir()
    kind = Path(__file__).with_name("broken_kind.txt").read_text(encoding="utf-8")
    (plugins / "broken" / "__init__.py").write_text(kind, encoding="utf-8")
    templates = plugins / "broken" / "templates" / "broken"
    templates.mkdir(parents=True)
    (templates / "kind.html").write_text("{% macro ask(question, lang) %}{{ 1 / 0 }}{% endmacro %}")
    quiz = plugins / "northern_track" / "courses" / "first-steps"
    for language in ("sv", "en"):
        file = quiz / f"final.quiz.{language}.md"
        file.write_text(
            file.read_text() + "\n## Odd? {#odd .odd outcome=step}\n\n- [x] A {#a}\n- [ ] B {#b}\n"
        )
    done = doctor()
    assert done.returncode == 1
    assert "failed in ask of question kind odd: ZeroDivisionError" in done.stdout


def test_the_site_is_not_touched(doctor: Command, innocap: Command, plugins: Path) -> None:
    doctor()
    again = innocap("course", "publish", "--dry-run", INNOCAP_PLUGIN_DIRS=str(plugins))
    assert "first-steps: would be published for the first time" in again.stdout


@pytest.mark.parametrize("address", ["sqlite:///x.db", "nonsense", "postgresql://127.0.0.1:1/x"])
def test_a_server_that_cannot_be_used_is_an_error_in_one_line(
    doctor: Command, address: str
) -> None:
    done = doctor("--database", address)
    assert done.returncode == 1
    assert done.stderr.startswith("Error: --database: ")
    assert done.stderr.count("\n") == 1


@pytest.mark.postgresql
def test_what_fails_on_postgresql_alone_is_told_and_nothing_is_left_there(
    doctor: Command, plugins: Path, settings: Settings
) -> None:
    table = 'op.create_table("plugin_walks_a", sa.Column("x", sa.Integer))'
    rows = 'op.execute("INSERT OR IGNORE INTO plugin_walks_a VALUES (1)")'
    add_plugin(plugins, "walks", f"{table}; {rows}", down='op.drop_table("plugin_walks_a")')
    done = doctor("--database", settings.database_url)
    assert done.returncode == 1, done.stderr
    sqlite, postgres = done.stdout.split("on PostgreSQL\n")
    assert "well      walks" in sqlite
    assert "not well" not in sqlite
    assert "not well  walks" in postgres
    assert "syntax error" in postgres
    assert "well      northern_track" in postgres
    engine = create_engine(settings.database)
    with engine.connect() as connection:
        named = "SELECT datname FROM pg_database WHERE datname LIKE 'innocap_scratch%'"
        assert connection.execute(text(named)).all() == []
    engine.dispose()
