"""innocap-lms course export: courses leave as a ZIP, or as a plugin that another site loads."""

import errno
import os
import shutil
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask

from innocap_lms import clock
from innocap_lms.authoring import services
from innocap_lms.authoring.models import AuthoredCourse
from innocap_lms.catalogue.sources import course_id_of, whole_of
from innocap_lms.cli import cli
from innocap_lms.config import Settings
from innocap_lms.content.built_in import BUILT_IN_KINDS
from innocap_lms.content.model import Quiz
from innocap_lms.content.reader import read_course
from innocap_lms.extensions import db, writing
from innocap_lms.plugin_host.contract import CourseSource
from innocap_lms.plugin_host.host import PluginHost
from innocap_lms.plugin_host.loading import LOCAL
from innocap_lms.studio.bench import held
from tests.archived import files_of
from tests.conftest import PLUGINS, House

pytestmark = pytest.mark.sqlite  # the commands run on a database of their own

COURSE = PLUGINS / "northern_track" / "courses" / "first-steps"


@pytest.fixture
def at_site(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("INNOCAP_DATA_DIR", str(settings.data_dir))
    monkeypatch.setenv("INNOCAP_PLUGIN_DIRS", str(PLUGINS))
    if settings.database_url:
        monkeypatch.setenv("INNOCAP_DATABASE_URL", settings.database_url)
    return settings


def export(*words: object) -> Result:
    return CliRunner().invoke(cli, ["course", "export", *map(str, words)])


@pytest.mark.usefixtures("app", "at_site")
def test_a_course_leaves_as_a_zip(tmp_path: Path) -> None:
    done = export("first-steps", "--to", tmp_path / "out")
    assert done.exit_code == 0, done.output
    files = files_of((tmp_path / "out" / "first-steps.zip").read_bytes())
    assert files["course.md"] == (COURSE / "course.md").read_bytes()
    assert str(tmp_path / "out" / "first-steps.zip") in done.output


@pytest.mark.usefixtures("app", "at_site")
def test_a_track_leaves_as_a_wheel_that_another_site_loads(tmp_path: Path) -> None:
    done = export("--track", "northern", "--wheel", "--version", "2.1", "--to", tmp_path)
    assert done.exit_code == 0, done.output
    (wheel,) = tmp_path.glob("*.whl")
    assert wheel.name == "innocap_northern_courses-2.1-py3-none-any.whl"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "site")
    host = PluginHost(strict=True)
    host.load({}, [tmp_path / "site"])
    assert {each.name: each.version for each in host.statuses}["northern_courses"] == "2.1"
    own = [source for name, source in host.courses if name == "northern_courses"]
    assert "first-steps" in map(course_id_of, own)
    assert {source.track for source in own} == {"northern"}


BANK = """---
id: walks
title: Walks
use: graded
---
## Where? {#where}

- [x] Here {#here}
- [ ] There {#there}
"""


def draws(course: Path) -> None:
    """Let the quiz of a course draw from the bank of that plugin."""
    quiz = course / "final.quiz.sv.md"
    text = quiz.read_text(encoding="utf-8")
    text = text.replace("attempts: 3", "attempts: 3\ndraw: {from: walks, count: 1}")
    quiz.write_text(text, encoding="utf-8")


def quiz_in(site: Path, plugin: str) -> Quiz:
    """The quiz of the one course of a plugin in that folder, which has no problems."""
    host = PluginHost(strict=True)
    host.load({}, [site])
    (source,) = [each for name, each in host.courses if name == plugin]
    reading = read_course(source.folder, BUILT_IN_KINDS, banks=source.banks)
    assert [each for each in reading.problems if each.severity == "error"] == []
    assert reading.course is not None
    return reading.course.quiz("final")


@pytest.mark.usefixtures("app", "at_site")
def test_the_banks_of_a_plugin_leave_with_a_course_that_draws_from_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "plugins"
    supply(place, "hills", "hills", BANK)
    (place / "hills_files" / "_banks" / "other.bank.sv.md").write_text("not drawn from")
    monkeypatch.setenv("INNOCAP_PLUGIN_DIRS", f"{PLUGINS}{os.pathsep}{place}")
    export("hills", "--to", tmp_path)
    assert not [path for path in files_of((tmp_path / "hills.zip").read_bytes()) if "bank" in path]
    draws(place / "hills_files" / "hills")
    assert export("hills", "--to", tmp_path).exit_code == 0
    files = files_of((tmp_path / "hills.zip").read_bytes())
    assert files["_banks/walks.bank.sv.md"] == BANK.encode()
    assert "_banks/other.bank.sv.md" not in files


@pytest.mark.usefixtures("at_site")
def test_a_course_that_is_written_here_finds_its_banks_in_a_wheel(
    app: Flask, house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "plugins"
    supply(place, "hills", "hills", BANK)
    draws(place / "hills_files" / "hills")
    monkeypatch.setenv("INNOCAP_PLUGIN_DIRS", f"{PLUGINS}{os.pathsep}{place}")
    assert export("hills", "--wheel", "--to", tmp_path / "first").exit_code == 0
    source = CourseSource("northern", place / "hills_files" / "hills", place / "hills_files/_banks")
    with app.test_request_context(), writing():
        files = {path: held(path, data) for path, data in whole_of(source).items()}
        services.begin("hills", "northern", "hills", files, "Adopted", house.trainer)
    app.extensions["innocap_relay"].run_due()
    shutil.rmtree(place / "hills_files" / "_banks")
    assert export("hills", "--wheel", "--to", tmp_path / "second").exit_code == 0
    for number, own in (("first", False), ("second", True)):
        (wheel,) = (tmp_path / number).glob("*.whl")
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(tmp_path / number / "site")
            banks = [name for name in archive.namelist() if name.endswith(".bank.sv.md")]
        assert [name.split("/")[2:-1] == ["hills", "_banks"] for name in banks] == [own]
        quiz = quiz_in(tmp_path / number / "site", "hills_courses")
        assert quiz.question("where").bank == "walks"


@pytest.mark.usefixtures("app", "at_site")
@pytest.mark.parametrize(
    ("words", "banks"),
    [(("hills",), {"walks"}), (("first-steps", "hills"), {"walks"}), ((), {"walks", "other"})],
)
def test_a_wheel_of_named_courses_brings_no_bank_of_another_and_that_of_a_track_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], banks: set[str]
) -> None:
    place = tmp_path / "plugins"
    supply(place, "hills", "hills", BANK)
    draws(place / "hills_files" / "hills")
    (place / "hills_files" / "_banks" / "other.bank.sv.md").write_text("kept for another course")
    monkeypatch.setenv("INNOCAP_PLUGIN_DIRS", f"{PLUGINS}{os.pathsep}{place}")
    done = export(*(words or ("--track", "northern")), "--wheel", "--to", tmp_path)
    assert done.exit_code == 0, done.output
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = [name.rpartition("/")[2] for name in archive.namelist()]
    assert {name.partition(".")[0] for name in names if ".bank." in name} == banks


PLUGIN = """
from pathlib import Path
from innocap_lms.plugin_api import CourseSource, Plugin, hookimpl

plugin = Plugin(name="{name}", version="1")
HERE = Path(__file__).parent / "{name}_files"


@hookimpl
def register_courses():
    return [CourseSource("northern", HERE / "{course}", HERE / "_banks")]
"""


def supply(place: Path, name: str, course: str, bank: str) -> None:
    """A plugin in that folder with a copy of the course under another id, and a bank."""
    files = place / f"{name}_files"
    shutil.copytree(COURSE, files / course)
    rules = (files / course / "course.md").read_text(encoding="utf-8")
    rules = rules.replace("id: first-steps", f"id: {course}")
    (files / course / "course.md").write_text(rules, encoding="utf-8")
    (files / "_banks").mkdir()
    (files / "_banks" / "walks.bank.sv.md").write_text(bank, encoding="utf-8")
    place.joinpath(f"{name}.py").write_text(PLUGIN.format(name=name, course=course))


@pytest.mark.usefixtures("app", "at_site")
def test_no_bank_of_one_plugin_takes_the_place_of_anothers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "plugins"
    supply(place, "hills", "3d-hills", "one")
    supply(place, "lakes", "lakes", "another")
    monkeypatch.setenv("INNOCAP_PLUGIN_DIRS", f"{PLUGINS}{os.pathsep}{place}")
    done = export("--track", "northern", "--wheel", "--to", tmp_path / "out")
    assert done.exit_code == 2, done.output
    assert "different banks of one name, walks.bank.sv.md" in done.output
    done = export("3d-hills", "--wheel", "--to", tmp_path / "out")
    assert done.exit_code == 0, done.output
    assert "innocap_from_3d_hills_courses-1.0-py3-none-any.whl" in done.output


@pytest.mark.usefixtures("course", "at_site")
def test_of_two_plugins_the_one_that_a_course_belongs_to_supplies_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "plugins"
    supply(place, "zebras", "first-steps", "one")
    place.joinpath("zebras_files", "first-steps", "course.sv.md").write_text("Mine")
    monkeypatch.setenv("INNOCAP_PLUGIN_DIRS", f"{PLUGINS}{os.pathsep}{place}")
    done = export("first-steps", "--to", tmp_path / "out")
    assert done.exit_code == 0, done.output
    files = files_of((tmp_path / "out" / "first-steps.zip").read_bytes())
    assert files["course.sv.md"] == (COURSE / "course.sv.md").read_bytes()
    monkeypatch.setenv("INNOCAP_PLUGIN_DIRS", str(place))
    assert export("first-steps", "--to", tmp_path / "out").exit_code == 0, "its owner is gone"
    files = files_of((tmp_path / "out" / "first-steps.zip").read_bytes())
    assert files["course.sv.md"] == b"Mine"


@pytest.mark.usefixtures("at_site")
def test_a_course_whose_files_cannot_be_read_leaves_no_empty_archive(
    app: Flask, house: House, tmp_path: Path
) -> None:
    with app.app_context(), writing():
        begun = {"begun_by": house.trainer, "begun_at": clock.utcnow()}
        db.session.add(AuthoredCourse(course_id="coast", track="northern", plugin=LOCAL, **begun))
    done = export("coast", "--to", tmp_path / "out")
    assert done.exit_code == 1, done.output
    assert "coast: its first files are still on their way" in done.output
    assert not (tmp_path / "out" / "coast.zip").exists()


@pytest.mark.usefixtures("app", "at_site")
@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "name courses, or a track"),
        (("none",), "there is no course “none”: "),
        (("--track", "none"), "no courses of a track “none”"),
        (("first-steps", "--wheel", "--version", "x; rm"), "is no version"),
    ],
)
def test_what_cannot_leave_is_named(words: tuple[str, ...], said: str) -> None:
    done = export(*words)
    assert done.exit_code == 2
    assert said in done.output


@pytest.mark.usefixtures("app", "at_site")
@pytest.mark.parametrize("words", [("first-steps",), ("--track", "northern", "--wheel")])
def test_on_a_full_disk_no_cut_file_is_left_and_the_one_from_before_stays(
    words: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert export(*words, "--to", tmp_path).exit_code == 0
    (before,) = tmp_path.iterdir()
    whole = before.read_bytes()

    def full(_file: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as disk:
        disk.setattr("os.fsync", full)
        done = export(*words, "--to", tmp_path)
    assert done.exit_code == 1
    assert f"it cannot be written to {tmp_path}" in done.output
    assert "No space left on device" in done.output
    assert list(tmp_path.iterdir()) == [before]
    assert before.read_bytes() == whole


@pytest.mark.usefixtures("app", "at_site")
def test_a_folder_that_takes_nothing_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    done = export("first-steps", "--to", tmp_path / "file" / "out")
    assert done.exit_code == 1
    assert f"it cannot be written to {tmp_path / 'file' / 'out'}" in done.output
