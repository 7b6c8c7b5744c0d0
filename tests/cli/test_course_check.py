"""innocap-lms course check, beyond one look: memory, mending, watching, the edition in service."""

import json
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from innocap_lms.cli import checking, cli
from innocap_lms.cli.remembered import state_of
from tests.cli.conftest import PROGRAM, Command
from tests.conftest import PLUGINS, Until
from tests.programmes import FRONT, RULES

pytestmark = pytest.mark.sqlite  # the commands run on a database of their own

ORIGINAL = PLUGINS / "northern_track" / "courses" / "first-steps"
LESSON = "02-walk-on.sv.md"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with one sound course, saved long ago; a cache and a site of this test alone."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("INNOCAP_DATA_DIR", str(tmp_path / "data"))
    place = tmp_path / "mine"
    shutil.copytree(ORIGINAL, place / "first-steps")
    for file in place.rglob("*"):
        os.utime(file, (1e9, 1e9))
    return place


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Each time that the courses are really looked at."""
    found: list[Path] = []
    look = checking.check_below

    def counted(places: tuple[Path, ...], *rest: object, **named: object) -> object:
        found.extend(places)
        return look(places, *rest, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(checking, "check_below", counted)
    return found


def check(*words: object, **environ: str) -> Result:
    return CliRunner().invoke(cli, ["course", "check", *map(str, words)], env=environ)


def write(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")
    os.utime(file, (1.1e9, 1.1e9))


# ------------------------------------------------------------------ memory


def test_what_has_not_changed_is_not_looked_at_again(folder: Path, looks: list[Path]) -> None:
    write(folder / "first-steps" / LESSON, "minutes: 5", "minutes: five")
    first, again, as_json = check(folder), check(folder), check(folder, "--format", "json")
    assert len(looks) == 1
    assert (first.output, first.exit_code) == (again.output, again.exit_code)
    assert "  4 | minutes: five" in again.output
    assert [each["code"] for each in json.loads(as_json.output)] == ["C027"]
    assert as_json.exit_code == 1


def changes() -> dict[str, Callable[[Path], object]]:
    return {
        "a text": lambda folder: write(folder / "first-steps" / LESSON, "minutes: 5", "minutes: 6"),
        "a new file": lambda folder: (folder / "first-steps" / "new.txt").write_text("x"),
        "a file gone": lambda folder: (folder / "first-steps" / LESSON).unlink(),
        "a new bank": lambda folder: (folder / "_banks").mkdir(),
        "a plugin": lambda folder: (folder.parent / "plugins" / "more.py").write_text(
            "from innocap_lms.plugin_api import Plugin\nplugin = Plugin('more', '1')\n"
        ),
    }


@pytest.mark.parametrize("change", changes())
def test_whatever_changes_is_looked_at_again(
    folder: Path, looks: list[Path], change: str, tmp_path: Path
) -> None:
    (tmp_path / "plugins").mkdir()
    plugins = {"INNOCAP_PLUGIN_DIRS": str(tmp_path / "plugins")}
    check(folder, **plugins)
    changes()[change](folder)
    check(folder, **plugins)
    assert len(looks) == 2


def test_the_first_bank_beside_a_course_that_is_checked_alone_is_found(
    folder: Path, looks: list[Path]
) -> None:
    check(folder / "first-steps")
    (folder / "_banks").mkdir()
    (folder / "_banks" / "walks.bank.sv.md").write_text("x")
    check(folder / "first-steps")
    assert len(looks) == 2


def test_a_changed_plugin_is_asked_again(folder: Path, looks: list[Path], tmp_path: Path) -> None:
    plugin = tmp_path / "plugins" / "asks.py"
    plugin.parent.mkdir()
    body = (
        "from innocap_lms.plugin_api import *\n"
        "plugin = Plugin('asks', '1')\n"
        "@hookimpl\n"
        "def check_course(course, texts):\n"
        "    return [Problem('course.md', 1, 1, 'A001', 'm', 'a', 'warning')]\n"
    )
    plugin.write_text(body, encoding="utf-8")
    plugins = {"INNOCAP_PLUGIN_DIRS": str(plugin.parent)}
    assert "A001" in check(folder, **plugins).output
    os.utime(plugin, (1.2e9, 1.2e9))
    check(folder, **plugins)
    assert len(looks) == 2
    assert "A001" not in check(folder).output, "another setting is another check"


def test_a_memory_that_cannot_be_read_or_written_costs_only_time(
    folder: Path, looks: list[Path], tmp_path: Path
) -> None:
    check(folder)
    (kept,) = (tmp_path / "cache").rglob("*.json")
    kept.write_text("{", encoding="utf-8")
    assert check(folder).exit_code == 0
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert check(folder, XDG_CACHE_HOME=str(tmp_path / "file")).exit_code == 0
    assert len(looks) == 3


def test_a_file_that_was_saved_a_moment_ago_is_not_remembered(
    folder: Path, looks: list[Path]
) -> None:
    soon = time.time() + 60  # however long a check takes
    os.utime(folder / "first-steps" / LESSON, (soon, soon))
    check(folder)
    check(folder)
    assert len(looks) == 2


def test_a_check_from_memory_loads_neither_the_parser_nor_the_database(folder: Path) -> None:
    check(folder)
    heavy = ("markdown_it", "sqlalchemy", "flask", "yaml", "pluggy")
    code = (
        "import sys; from innocap_lms.cli import cli\n"
        f"try: cli(['course', 'check', {str(folder)!r}])\n"
        f"except SystemExit: print([name for name in {heavy} if name in sys.modules])"
    )
    first, second = (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        for _time in range(2)
    )
    assert "no problems" in first.stdout
    assert second.stdout.endswith("[]\n"), second.stdout


# ------------------------------------------------------------------ mending, watching


def test_fix_mends_says_what_and_checks_the_rest(folder: Path) -> None:
    write(folder / "first-steps" / "02-walk-on.en.md", "id: walk-on\n", "")
    done = check(folder, "--fix")
    assert done.exit_code == 0
    assert "02-walk-on.en.md: wrote id: walk-on" in done.stderr
    assert done.stdout == "no problems\n"


def test_watch_tells_again_at_each_save(folder: Path) -> None:
    command = [*PROGRAM, "course", "check", "--watch", str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as watcher:
        try:
            assert watcher.stdout is not None
            said = iter(watcher.stdout.readline, "")
            assert next(said) == "no problems\n"
            write(folder / "first-steps" / LESSON, "minutes: 5", "minutes: five")
            assert any("C027" in line for line in said)
            assert any(line == "1 error\n" for line in said)
            write(folder / "first-steps" / LESSON, "minutes: five", "minutes: 5")
            assert any(line == "no problems\n" for line in said)
        finally:
            watcher.kill()


def test_watch_waits_while_a_file_is_away_and_says_nothing_of_the_course(
    folder: Path, tmp_path: Path, until: Until
) -> None:
    command = [*PROGRAM, "course", "check", "--watch", str(folder)]
    shared, away, said = folder / "first-steps" / "course.md", tmp_path / "away", tmp_path / "said"
    with (
        said.open("w") as err,
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=err, text=True) as watcher,
    ):
        try:
            assert watcher.stdout is not None
            assert watcher.stdout.readline() == "no problems\n"
            shared.rename(away)
            until(lambda: "there is no course.md below" in said.read_text())
            away.rename(shared)
            write(folder / "first-steps" / LESSON, "minutes: 5", "minutes: five")
            assert any("C027" in line for line in iter(watcher.stdout.readline, "no problems\n"))
        finally:
            watcher.kill()


def test_a_folder_that_is_named_twice_is_checked_once(folder: Path) -> None:
    write(folder / "first-steps" / LESSON, "minutes: 5", "minutes: five")
    done = check(folder, folder / "first-steps", folder / ".." / folder.name)
    assert done.stdout.endswith("1 error\n")


def test_a_copied_course_or_programme_that_kept_its_id_is_told(folder: Path) -> None:
    shutil.copytree(folder / "first-steps", folder / "second-steps")
    for track in ("one", "two"):
        (folder / track).mkdir()
        rules = RULES.format(id="walker", way="steps: [first-steps]")
        (folder / track / "walker.programme.md").write_text(rules, encoding="utf-8")
    checked = check(folder)
    assert checked.exit_code == 1
    first, second = folder / "first-steps", folder / "second-steps"
    said = f"error C031: {first} has the id “first-steps” too\n  2 | id: first-steps"
    assert f"{second}{os.sep}course.md:2:5: {said}" in checked.output
    said = f"error C031: {folder / 'one'} has the id “walker” too"
    assert f"{folder / 'two' / 'walker.programme.md'}:2:5: {said}" in checked.output
    assert check(first).exit_code == check(second).exit_code == 0


def test_what_cannot_be_written_is_named_and_the_check_goes_on(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_folder: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("innocap_lms.content.fixing.fix_course", refuse)
    done = check(folder, "--fix")
    assert (
        f"{folder / 'first-steps'}: nothing can be written there: Permission denied" in done.stderr
    )
    assert done.stdout == "no problems\n"


def test_what_a_plugin_prints_is_no_part_of_the_report(folder: Path, tmp_path: Path) -> None:
    place = tmp_path / "loud"
    place.mkdir()
    (place / "loud.py").write_text(
        "from innocap_lms.plugin_api import *\n"
        "plugin = Plugin('loud', '1')\n"
        "print('while it is imported')\n"
        "@hookimpl\n"
        "def register_tracks():\n    print('while it registers')\n    return []\n"
        "@hookimpl\n"
        "def check_course(course):\n    print('while it checks')\n    return []\n",
        encoding="utf-8",
    )
    done = check(folder, "--format", "json", INNOCAP_PLUGIN_DIRS=str(place))
    assert json.loads(done.stdout) == []
    assert [line for line in done.stderr.splitlines() if line.startswith("while")] == [
        "while it is imported", "while it registers", "while it checks",
    ]  # fmt: skip


def test_the_addresses_of_sarif_lead_to_the_files(folder: Path) -> None:
    file = folder / "first-steps" / LESSON
    write(file, "minutes: 5", "minutes: five")
    (run,) = json.loads(check(folder, "--format", "sarif").stdout)["runs"]
    place = run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert place == file.as_uri()


def test_what_is_watched_is_every_file_below(folder: Path) -> None:
    before = state_of([str(folder)])
    assert str(folder / "first-steps" / "images" / "path.svg") in before
    (folder / "first-steps" / "images" / "path.svg").touch()
    assert state_of([str(folder)]) != before


def test_of_what_is_no_file_of_the_course_nothing_is_read(
    innocap: Command, folder: Path, tmp_path: Path
) -> None:
    (tmp_path / "secret.md").write_text("the secret\n", encoding="utf-8")
    (folder / "first-steps" / "08-link.en.md").symlink_to(tmp_path / "secret.md")
    os.mkfifo(folder / "first-steps" / "09-pipe.en.md")  # who opens it waits for ever
    done = innocap("course", "check", str(folder))
    assert "08-link.en.md:1:1: error C009" in done.stdout
    assert "09-pipe.en.md:1:1: warning C005" in done.stdout
    assert "the secret" not in done.stdout


# ------------------------------------------------------------------ the edition in service


def test_an_id_that_is_in_service_is_kept(innocap: Command, folder: Path) -> None:
    plugins = {"INNOCAP_PLUGIN_DIRS": str(PLUGINS)}
    assert innocap("course", "publish", "first-steps", **plugins).returncode == 0
    for language in ("sv", "en"):
        file = folder / "first-steps" / f"02-walk-on.{language}.md"
        write(file, "id: walk-on", "id: go-on")
    done = innocap("course", "check", folder, XDG_CACHE_HOME=str(folder.parent / "cache"))
    assert done.returncode == 1
    assert "02-walk-on.sv.md:2:5: error C012" in done.stdout
    assert "write the id walk-on again" in done.stdout


def test_an_id_of_an_earlier_edition_is_not_given_away(innocap: Command, folder: Path) -> None:
    course, published = folder / "first-steps", folder.parent / "plugins" / "northern_track"
    shutil.copytree(PLUGINS / "northern_track", published)
    plugins = {"INNOCAP_PLUGIN_DIRS": str(published.parent)}
    assert innocap("course", "publish", "first-steps", **plugins).returncode == 0
    for language in ("sv", "en"):
        name = f"02-walk-on.{language}.md"
        write(published / "courses" / "first-steps" / name, "id: walk-on", "id: run-on")
        write(published / "courses" / "first-steps" / name, "title:", "title: Spring och")
        write(course / name, "title:", "title: Vila och")
    # The files still say what the edition in service says: that is remembered.
    cache = {"XDG_CACHE_HOME": str(folder.parent / "cache")}
    assert "C014" not in innocap("course", "check", folder, **cache).stdout
    assert innocap("course", "publish", "first-steps", **plugins).returncode == 0
    done = innocap("course", "check", folder, **cache)
    assert done.returncode == 1
    assert "02-walk-on.sv.md:2:5: error C014" in done.stdout
    assert "give this lesson an id that none had before" in done.stdout


# ------------------------------------------------------------------ translations, addresses


def test_a_translation_is_noted_as_compared_and_told_once_its_sister_changes(folder: Path) -> None:
    course = folder / "first-steps"
    runner = CliRunner()
    done = runner.invoke(cli, ["course", "compared", str(course / "02-walk-on.en.md")])
    assert done.exit_code == 0, done.output
    assert check(folder).output == "no problems\n"
    with (course / LESSON).open("a", encoding="utf-8") as file:
        file.write("\nEn mening till.\n")
    assert "02-walk-on.en.md" in check(folder).output
    assert "C013" in check(folder).output
    lead = runner.invoke(cli, ["course", "compared", str(course / LESSON)])
    assert lead.exit_code == 1
    assert "is no translation" in lead.output


class Pages(BaseHTTPRequestHandler):
    """A site with one page, one that is gone, and one that knows no HEAD."""

    def do_HEAD(self) -> None:
        self.send_response({"/here": 200, "/gone": 404}.get(self.path, 501))
        self.end_headers()

    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/old" else 404)
        self.end_headers()

    def log_message(self, *_words: object) -> None:
        pass


def test_online_tells_of_addresses_without_a_page(folder: Path) -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), Pages) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        site = f"http://127.0.0.1:{server.server_port}"
        with (folder / "first-steps" / LESSON).open("a", encoding="utf-8") as file:
            file.write(f"\n[A]({site}/here), [B]({site}/gone), [C]({site}/old).\n")
        told = check(folder, "--online", "--format", "json")
        offline = check(folder, "--format", "json")
        server.shutdown()
    (found,) = json.loads(told.output)
    assert (found["code"], found["severity"]) == ("C088", "warning")
    assert f"{site}/gone cannot be reached: 404" in found["message"]
    assert json.loads(offline.output) == []


def test_a_programme_is_checked_with_the_courses_and_told_by_its_own_file(folder: Path) -> None:
    add = {"coach.programme.md": RULES.format(id="coach", way="steps: [first-steps, third-steps]")}
    add |= {f"coach.programme.{name}.md": FRONT.format(title="A coach") for name in ("sv", "en")}
    for name, text in add.items():
        (folder / name).write_text(text, encoding="utf-8")
    found = check(folder)
    assert found.exit_code == 1
    assert f"{folder}/coach.programme.md:7:22: error C132" in found.output
    write(
        folder / "coach.programme.md", "steps: [first-steps, third-steps]", "steps: [first-steps]"
    )
    write(folder / "coach.programme.md", "hours: 3", "hours: 1.5")
    assert check(folder).exit_code == 0, check(folder).output


def test_a_programme_is_checked_by_the_name_of_its_file_alone(folder: Path) -> None:
    file = folder / "coach.programme.md"
    file.write_text(RULES.format(id="coach", way="steps: [fourth-steps]"), encoding="utf-8")
    found = check(str(file))
    assert found.exit_code == 1
    assert f"{file}:7:9: error C132" in found.output
    assert "the file of a programme" in check(str(folder / "first-steps" / "course.md")).output


def test_a_folder_with_a_programme_alone_is_checked_too(tmp_path: Path, folder: Path) -> None:
    shutil.rmtree(folder / "first-steps")
    (folder / "coach.programme.md").write_text("no front matter", encoding="utf-8")
    found = check(folder)
    assert found.exit_code == 1
    assert "coach.programme.md:1:1: error C020" in found.output
