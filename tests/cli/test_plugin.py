"""innocap-lms plugin list: what is loaded, and why the rest is not."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from innocap_lms.catalogue.publishing import publish_sources
from innocap_lms.plugin_host.contract import PLUGIN_API
from tests.cli.conftest import Command
from tests.conftest import PLUGINS

pytestmark = pytest.mark.sqlite  # the commands run on a database of their own

List = Callable[..., list[str]]


@pytest.fixture
def listed(innocap: Command, tmp_path: Path) -> List:
    """The lines of `plugin list`, with these plugins in a folder: name to text, or a folder."""

    def run(plugins: dict[str, str | Path], **environ: str) -> list[str]:
        folder = tmp_path / "plugins"
        folder.mkdir()
        for name, text in plugins.items():
            if isinstance(text, Path):
                shutil.copytree(text, folder / name)
            else:
                (folder / f"{name}.py").write_text(text, encoding="utf-8")
        done = innocap("plugin", "list", **{"INNOCAP_PLUGIN_DIRS": str(folder), **environ})
        assert done.returncode == 0, done.stderr
        return done.stdout.splitlines()

    return run


def after(lines: list[str], start: str) -> str:
    """The line below the one that starts so."""
    return lines[next(i for i, line in enumerate(lines) if line.split()[:2] == start.split()) + 1]


def test_what_is_loaded_stands_with_version_and_origin(listed: List, tmp_path: Path) -> None:
    lines = listed({"northern_track": PLUGINS / "northern_track"})
    assert lines[0].split() == ["loaded", "question_kinds", lines[0].split()[2], "built", "in"]
    place = str(tmp_path / "plugins" / "northern_track")
    assert lines[-1].split() == ["loaded", "northern_track", "1.0.0", place]


@pytest.mark.parametrize("strict", ["on", "off"])
def test_what_is_not_loaded_has_its_reason_below_it(listed: List, strict: str) -> None:
    lines = listed(
        {
            "broken": "raise OSError('no disk')",
            "later": "from innocap_lms.plugin_api import *\nplugin = Plugin('later', '1', '7.0')",
        },
        INNOCAP_STRICT_PLUGINS=strict,
    )
    reason = after(lines, "rejected broken").strip()
    assert re.fullmatch(r"OSError\('no disk'\), /.*/plugins/broken.py line 1", reason)
    refused = f"it needs plugin API 7.0, this is {PLUGIN_API}"
    assert after(lines, "rejected later").strip() == refused


def test_of_two_claims_to_a_course_the_refused_one_names_both(
    listed: List, make_app: Callable[[], Flask]
) -> None:
    app = make_app()
    with app.app_context():
        host, files = app.extensions["innocap_host"], app.extensions["innocap_settings"].data_dir
        assert [r.refused for r in publish_sources(host, files, only=["first-steps"])] == [""]
    file = PLUGINS / "northern_track" / "__init__.py"
    text = file.read_text(encoding="utf-8")
    lines = listed(
        {
            "a_rival": text.replace('"northern_track"', '"a_rival"')
            .replace('"northern"', '"rival"')
            .replace("Path(__file__).parent", f'Path("{file.parent}")'),
            "northern_track": PLUGINS / "northern_track",
        }
    )
    assert after(lines, "loaded a_rival").strip() == (
        "the course first-steps belongs to plugin northern_track; a_rival claims it too"
    )


def test_before_there_is_a_database_the_list_still_comes(listed: List, tmp_path: Path) -> None:
    lines = listed({}, INNOCAP_DATA_DIR=str(tmp_path / "empty"), INNOCAP_DATABASE_URL="")
    assert lines[0].startswith("loaded       question_kinds")


def test_what_a_plugin_uses_and_is_to_go_stands_below_it_and_it_is_well(
    innocap: Command, tmp_path: Path
) -> None:
    """The plugin marks the hook itself, since nothing of the contract is to go as it stands."""
    (tmp_path / "old.py").write_text(
        "from innocap_lms.plugin_api import *\n"
        "from innocap_lms.plugin_host import contract\n"
        "mark = contract.dashboard_cards.innocap_lms_spec\n"
        "mark['warn_on_impl'] = contract.Deprecated('1.2', 'nothing is better')\n"
        "plugin = Plugin('old', '1')\n"
        "@hookimpl\ndef dashboard_cards(learner): return []\n",
        encoding="utf-8",
    )
    note = "the hook dashboard_cards is deprecated since 1.2: nothing is better"
    for word, state in (("list", "loaded"), ("doctor", "well")):
        done = innocap("plugin", word, shipped=False, INNOCAP_PLUGIN_DIRS=str(tmp_path))
        lines = done.stdout.splitlines()
        found = next(i for i, line in enumerate(lines) if line.split()[:2] == [state, "old"])
        assert lines[found + 1].strip() == note
