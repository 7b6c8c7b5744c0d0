"""What is in the wheel, and what is not. That it serves the tracks is `make wheel`."""

import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LEFT_OUT = shutil.ignore_patterns(
    ".*", "var", "build", "dist", "*.egg-info", "__pycache__", "benchmarks"
)
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The files in a wheel of this checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    shutil.copytree(ROOT, folder / "source", ignore=LEFT_OUT)
    words = ["-m", "pip", "--quiet", "--disable-pip-version-check", "wheel", "--no-deps"]
    subprocess.run(
        [sys.executable, *words, "--no-build-isolation", "-w", str(folder), str(folder / "source")],
        check=True, capture_output=True,
    )  # fmt: skip
    (wheel,) = folder.glob("innocap_lms-*.whl")
    return set(zipfile.ZipFile(wheel).namelist())


def tracked(pattern: str) -> set[str]:
    return {
        path.relative_to(ROOT).as_posix()
        for top in ("innocap_lms", "plugins", "courses")
        for path in (ROOT / top).rglob(pattern)
        if path.is_file() and "tests" not in path.parts and "__pycache__" not in path.parts
    }


@pytest.mark.parametrize(
    "pattern",
    ["*.py", "*.html", "*.txt", "*.css", "*.js", "*.typ", "*.po", "*.mo", "*.md", "*.svg"],
)
def test_all_that_the_site_reads_is_in_the_wheel(names: set[str], pattern: str):
    assert tracked(pattern) - names == set()


@pytest.mark.parametrize(
    "name",
    [
        "innocap_lms/migrations/script.py.mako",
        "innocap_lms/migrations/versions/0001_first_tables.py",
        "innocap_lms/py.typed",
        "innocap_lms/web/templates/web/base.html",
        "innocap_lms/web/static/web/innocap.css",
        "innocap_lms/credentials/templates/credentials/certificate.typ",
        "courses/__init__.py",
    ],
)
def test_one_of_each_kind_is_there_by_name(names: set[str], name: str):
    assert name in names


def test_no_test_or_check_is_in_the_wheel(names: set[str]):
    strange = {name for name in names if re.search(r"(^|/)(tests|benchmarks|docs|var)/", name)}
    assert strange == set()
    tops = {name.split("/")[0] for name in names if ".dist-info/" not in name}
    assert tops == {"innocap_lms", "plugins", "courses"}


def test_what_the_operating_system_or_an_editor_left_is_not_either(names: set[str]):
    assert {name for name in names if re.search(r"\.(pyc|swp|orig)$|~$|\.DS_Store", name)} == set()
