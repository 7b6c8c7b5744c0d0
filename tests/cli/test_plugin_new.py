"""innocap-lms plugin new: a track that loads, passes its own tests and can be published."""

import subprocess
import sys
from pathlib import Path

import pytest

from innocap_lms.content.built_in import BUILT_IN_KINDS
from innocap_lms.content.naming import BANKS
from innocap_lms.content.reader import read_course
from tests.cli.conftest import Command

pytestmark = pytest.mark.sqlite  # the commands run on a database of their own


def test_a_new_plugin_passes_its_tests_and_is_published(innocap: Command, tmp_path: Path) -> None:
    folder = tmp_path / "my-coast"
    made = innocap("plugin", "new", folder, "--name", "coast", "--title", 'The "coast"')
    assert made.returncode == 0, made.stderr
    tests = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-W", "error"],
        cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert tests.returncode == 0, tests.stdout + tests.stderr
    plugins = {"INNOCAP_PLUGIN_DIRS": str(folder)}
    assert "no problems" in innocap("course", "check", folder / "coast", **plugins).stdout
    assert "loaded       coast " in innocap("plugin", "list", **plugins).stdout
    assert innocap("plugin", "upgrade", "coast", **plugins).stdout.endswith("are at 0001\n")
    published = innocap("course", "publish", "first-interviews", **plugins)
    assert "first-interviews: published edition 1" in published.stdout


def test_a_new_plugin_is_a_wheel_that_brings_its_courses_and_the_steps_of_its_table(
    innocap: Command, tmp_path: Path
) -> None:
    folder = tmp_path / "my-coast"
    assert innocap("plugin", "new", folder).returncode == 0
    built = subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "-w",
         str(tmp_path / "wheels"), str(folder)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert built.returncode == 0, built.stderr
    (wheel,) = (tmp_path / "wheels").glob("*.whl")
    names = subprocess.run(
        [sys.executable, "-m", "zipfile", "-l", str(wheel)], capture_output=True, text=True,
        check=True,
    ).stdout  # fmt: skip
    assert "my_coast/courses/first-interviews/01-first-lesson.sv.md" in names
    assert "my_coast/courses/first-interviews/images/talk.svg" in names
    assert "my_coast/courses/_banks/interviews.bank.sv.md" in names
    assert "my_coast/migrations/my_coast/0001_suggested.py" in names
    assert "entry_points.txt" in names


def test_the_quiz_of_a_new_plugin_draws_from_a_bank(innocap: Command, tmp_path: Path) -> None:
    assert innocap("plugin", "new", tmp_path / "new", "--name", "coast").returncode == 0
    courses = tmp_path / "new" / "coast" / "courses"
    reading = read_course(courses / "first-interviews", BUILT_IN_KINDS, banks=courses / BANKS)
    assert reading.problems == []
    assert reading.course is not None
    final = reading.course.quiz("final")
    assert final.draw is not None, "the example of everything has a draw"
    assert (final.draw.bank, final.draw.total) == ("interviews", 2)
    assert final.asked_count < len(final.questions), "so that two attempts differ"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("full",), "there is something in full already"),
        (("new", "--name", "My track"), "is no name of a package"),
        (("new", "--name", "import"), "is no name of a package"),
        (("new", "--name", "json"), "is no name of a package"),
        (("new", "--name", "innocap_lms"), "is installed here already"),
        (("new", "--name", "service_design"), "is installed here already"),
        ((), "name the folder"),
    ],
)
def test_what_cannot_be_begun_writes_nothing_and_says_why(
    innocap: Command, tmp_path: Path, words: tuple[str, ...], said: str
) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine").write_text("mine", encoding="utf-8")
    before = set(tmp_path.rglob("*"))
    done = innocap("plugin", "new", *words)
    assert done.returncode == 2
    assert said in done.stderr
    assert set(tmp_path.rglob("*")) == before
