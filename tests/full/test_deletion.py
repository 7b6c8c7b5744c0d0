"""Each plugin folder deleted in turn: the core's tests pass, every other course opens.

The site had its courses before the plugin went, so what was published stays readable as well.
"""

import json
import os
import shutil
import subprocess
import sysconfig
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PLUGINS = sorted(path.parent.name for path in ROOT.glob("plugins/*/__init__.py"))
LEFT_OUT = shutil.ignore_patterns(
    ".git", ".venv*", ".*_cache", "var", "build", "dist", "*.egg-info", "__pycache__"
)
COMMAND = "from innocap_lms.cli import main; main()"
# Says which code ran, what became of the plugins, and how each page of tracks, courses and
# programmes answers.
LOOK = """
import json, os
from innocap_lms import __file__ as code
from innocap_lms.app import create_app
from innocap_lms.catalogue.queries import everything
from innocap_lms.config import load_settings
app = create_app(load_settings(os.environ))
host = app.extensions["innocap_host"]
with app.app_context():
    owners = {f"{item.edition.kind}s/{item.course_id}": item.plugin for item in everything()}
browser = app.test_client()
pages = [f"/tracks/{slug}" for slug in host.tracks] + [f"/{address}" for address in owners]
print(json.dumps({
    "code": code,
    "states": {status.name: status.state for status in host.statuses},
    "owners": owners,
    "answers": {page: browser.get(page).status_code for page in pages},
}))
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of the repository whose site has all its courses in service.

    Its Python has the libraries of this one and the copy, but not this checkout: an editable
    install would put what was deleted back from here.
    """
    place = tmp_path / "checkout"
    shutil.copytree(ROOT, place, ignore=LEFT_OUT)
    venv.create(place / ".venv", with_pip=False)
    (site_packages,) = (place / ".venv").glob("lib/python*/site-packages")
    paths = f"{place}\n{sysconfig.get_path('purelib')}\n"
    (site_packages / "checkout.pth").write_text(paths, encoding="utf-8")
    command = place / ".venv" / "bin" / "innocap-lms"
    command.write_text(f"#!{command.parent / 'python'}\n{COMMAND}\n", encoding="utf-8")
    command.chmod(0o755)
    for verbs in (["db", "upgrade"], ["course", "publish"]):
        run(place, "-c", COMMAND, *verbs)
    return place


def run(checkout: Path, *words: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    """Python in the checkout, on the site in its `var`."""
    environ = {
        name: text
        for name, text in os.environ.items()
        if not name.startswith(("INNOCAP_", "COVERAGE_", "PYTEST_"))
    }
    return subprocess.run(
        [str(checkout / ".venv" / "bin" / "python"), *words],
        cwd=checkout,
        env={**environ, "INNOCAP_RELAY": "off"},
        capture_output=True,
        text=True,
        check=check,
    )


@pytest.mark.slow
@pytest.mark.parametrize("name", PLUGINS)
def test_without_a_plugin_the_others_courses_open_and_its_own_can_still_be_read(
    checkout: Path, name: str
) -> None:
    before = json.loads(run(checkout, "-c", LOOK).stdout)
    assert Path(before["code"]).is_relative_to(checkout)
    assert {before["states"][plugin] for plugin in PLUGINS} == {"loaded"}
    shutil.rmtree(checkout / "plugins" / name)
    after = json.loads(run(checkout, "-c", LOOK).stdout)
    assert after["states"] == {**before["states"], name: "missing"}
    assert after["owners"] == before["owners"]
    assert set(after["answers"].values()) == {200}
    again = run(checkout, "-c", COMMAND, "course", "publish")
    kept = [address for address, owner in before["owners"].items() if owner != name]
    assert sorted(again.stdout.splitlines()) == sorted(
        f"{address.rpartition('/')[2]}: unchanged, edition 1" for address in kept
    )


@pytest.mark.slow
@pytest.mark.parametrize("name", PLUGINS)
def test_without_a_plugin_the_cores_tests_pass(checkout: Path, name: str) -> None:
    shutil.rmtree(checkout / "plugins" / name)
    words = ["-m", "pytest", "tests", "-m", "not slow and not browser", "-n", "auto"]
    done = run(checkout, *words, check=False)
    assert done.returncode == 0, done.stdout[-8000:]
