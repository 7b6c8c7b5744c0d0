"""innocap-lms course export: courses leave as a ZIP, or as a plugin that another site loads."""

import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from innocap_lms.catalogue.sources import course_id_of
from innocap_lms.cli import cli
from innocap_lms.config import Settings
from innocap_lms.plugin_host.host import PluginHost
from tests.archived import files_of
from tests.conftest import PLUGINS

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
def test_a_folder_that_takes_nothing_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    done = export("first-steps", "--to", tmp_path / "file" / "out")
    assert done.exit_code == 1
    assert f"it cannot be written to {tmp_path / 'file' / 'out'}" in done.output
