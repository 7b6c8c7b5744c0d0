"""innocap-lms course check and publish: what they print, and the exit status that scripts read."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from innocap_lms.cli import cli
from tests.cli.conftest import Command
from tests.conftest import PLUGINS

pytestmark = pytest.mark.sqlite  # the commands run on a database of their own

ORIGINAL = PLUGINS / "northern_track" / "courses" / "first-steps"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of courses with one sound course in it."""
    place = tmp_path / "courses"
    shutil.copytree(ORIGINAL, place / "first-steps")
    return place


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache of this test alone."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache"


def check(*words: str, **environ: str) -> Result:
    return CliRunner().invoke(cli, ["course", "check", *words], env=environ)


def spoil(folder: Path) -> None:
    file = folder / "first-steps" / "02-walk-on.en.md"
    file.write_text(file.read_text().replace("minutes: 5", "minutes: five"), encoding="utf-8")


def copy(folder: Path, name: str) -> None:
    """Put a copy of the course beside it, under an id of its own."""
    shutil.copytree(folder / "first-steps", folder / name)
    rules = folder / name / "course.md"
    text = rules.read_text(encoding="utf-8").replace("id: first-steps", f"id: {name}")
    rules.write_text(text, encoding="utf-8")


def test_a_sound_course_has_no_problems_and_ends_with_0(folder: Path) -> None:
    done = check(str(folder))
    assert (done.exit_code, done.output) == (0, "no problems\n")


def test_an_error_ends_with_1_and_names_file_line_column_and_advice(folder: Path) -> None:
    spoil(folder)
    done = check(str(folder))
    assert done.exit_code == 1
    assert f"{folder}/first-steps/02-walk-on.en.md:4:10: error" in done.output
    assert "  4 | minutes: five" in done.output
    assert "advice: " in done.output
    assert done.output.endswith("1 error\n")


def test_a_warning_alone_ends_with_0(folder: Path) -> None:
    (folder / "first-steps" / "images" / "unused.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg"/>', encoding="utf-8"
    )
    done = check(str(folder))
    assert done.exit_code == 0
    assert "1 warning" in done.output


def draw_from_a_broken_bank(folder: Path) -> None:
    bank = "---\nid: walks\ntitle: Walks\nuse: graded\n---\n## One? {#b}\n\n- [x] A {#a}\n"
    (folder / "_banks").mkdir()
    for language in ("sv", "en"):
        (folder / "_banks" / f"walks.bank.{language}.md").write_text(bank, encoding="utf-8")
    quiz = folder / "first-steps" / "final.quiz.sv.md"
    text = quiz.read_text(encoding="utf-8")
    text = text.replace("pass: 80 %", "pass: 80 %\ndraw: {from: walks, count: 1}")
    quiz.write_text(text, encoding="utf-8")


def test_a_problem_of_a_bank_is_told_once_at_the_banks_own_place(folder: Path) -> None:
    draw_from_a_broken_bank(folder)
    copy(folder, "second-steps")
    (folder / "_drafts").mkdir()
    (folder / "_drafts" / "course.md").write_text("no course", encoding="utf-8")
    done = check(str(folder))
    assert done.exit_code == 1
    assert f"{folder}/_banks/walks.bank.sv.md:6:1: error C041" in done.output
    assert "  6 | ## One? {#b}" in done.output
    assert done.output.endswith("1 error\n")


def test_banks_are_found_from_within_the_folder_of_a_course(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw_from_a_broken_bank(folder)
    monkeypatch.chdir(folder / "first-steps")
    assert "../_banks/walks.bank.sv.md:6:1: error C041" in check(".").output


def test_a_problem_of_a_courses_own_bank_is_told_in_the_course(folder: Path) -> None:
    draw_from_a_broken_bank(folder)
    (folder / "_banks").rename(folder / "first-steps" / "_banks")
    (folder / "first-steps" / "_banks" / "walks.bank.en.md").unlink()
    done = check(str(folder))
    own = f"{folder}/first-steps/_banks"
    assert f"{own}/walks.bank.sv.md:6:1: error C041" in done.output
    assert "  6 | ## One? {#b}" in done.output
    assert f"{own}/walks.bank.en.md:1:1: warning C003" in done.output


def test_json_holds_the_same_for_programs(folder: Path) -> None:
    spoil(folder)
    done = check(str(folder), "--format", "json")
    assert done.exit_code == 1
    found = json.loads(done.output)
    (fault,) = found
    assert fault["file"] == f"{folder}/first-steps/02-walk-on.en.md"
    assert (fault["line"], fault["column"], fault["severity"]) == (4, 10, "error")
    assert json.loads(check(str(ORIGINAL), "--format", "json").output) == []


def test_several_courses_are_checked_in_one_run(folder: Path) -> None:
    copy(folder, "second")
    spoil(folder)
    shutil.copy(folder / "first-steps" / "02-walk-on.en.md", folder / "second")
    done = check(str(folder / "first-steps"), str(folder))
    assert done.output.endswith("2 errors\n")


def test_a_folder_without_a_course_ends_with_2_and_says_what_to_do(tmp_path: Path) -> None:
    done = check(str(tmp_path))
    assert done.exit_code == 2
    assert f"there is no course.md below {tmp_path}: name the folder of a course" in done.output


def test_a_folder_that_is_not_there_ends_with_2(tmp_path: Path) -> None:
    done = check(str(tmp_path / "nowhere"))
    assert done.exit_code == 2
    assert "nowhere" in done.output


def test_a_plugin_that_cannot_be_loaded_ends_with_2_and_is_named(
    folder: Path, tmp_path: Path
) -> None:
    plugins = tmp_path / "plugins"
    plugins.mkdir()
    (plugins / "broken.py").write_text("raise OSError('no disk')", encoding="utf-8")
    done = check(str(folder), INNOCAP_PLUGIN_DIRS=str(plugins))
    assert done.exit_code == 2
    assert "plugin broken" in done.output
    assert "no disk" in done.output


def test_a_question_kind_of_a_plugin_is_understood(folder: Path, tmp_path: Path) -> None:
    for language in ("sv", "en"):
        quiz = folder / "first-steps" / f"final.quiz.{language}.md"
        quiz.write_text(
            quiz.read_text(encoding="utf-8") + "\n## A puzzle {#riddle .puzzle outcome=step}\n",
            encoding="utf-8",
        )
    plugins = tmp_path / "plugins"
    plugins.mkdir()
    (plugins / "puzzles.py").write_text(
        "from innocap_lms.plugin_api import *\n"
        "plugin = Plugin('puzzles', '1.0')\n"
        "def order(view, shuffle): return []\n"
        "def grade(key, answer): return Mark(1.0, 'right')\n"
        "def parse(block): return Parsed({'text': block.text}, {}, {})\n"
        "def claims(block): return 'puzzle' in block.classes\n"
        "@hookimpl\n"
        "def register_question_kinds():\n"
        "    views = dict.fromkeys(('ask', 'review', 'print'), 'learning/kinds/choice.html')\n"
        "    return [QuestionKind('puzzle', claims, parse, grade, order, views)]\n",
        encoding="utf-8",
    )
    assert "no kind of question understands" in check(str(folder)).output
    done = check(str(folder), INNOCAP_PLUGIN_DIRS=str(plugins))
    assert (done.exit_code, done.output) == (0, "no problems\n")


def test_checking_needs_neither_the_web_framework_nor_the_database(folder: Path) -> None:
    program = (
        "import sys\n"
        "from innocap_lms.cli import cli\n"
        "try: cli(['course', 'check', sys.argv[1]])\n"
        "except SystemExit as end: assert end.code == 0\n"
        "print(sorted({'flask', 'sqlalchemy', 'werkzeug', 'jinja2'} & sys.modules.keys()))\n"
    )
    words = [sys.executable, "-c", program, str(folder)]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    assert done.stdout == "no problems\n[]\n"


def test_publishing_says_which_edition_is_in_service(innocap: Command) -> None:
    for word in ("published", "unchanged,"):
        done = innocap("course", "publish", "first-steps", INNOCAP_PLUGIN_DIRS=str(PLUGINS))
        assert (done.returncode, done.stdout) == (0, f"first-steps: {word} edition 1\n")


def test_publishing_what_no_plugin_supplies_ends_with_1_and_names_it(innocap: Command) -> None:
    done = innocap("course", "publish", "first-stesp", INNOCAP_PLUGIN_DIRS=str(PLUGINS))
    assert done.returncode == 1
    assert "no plugin supplies: first-stesp" in done.stderr


def test_each_verb_shows_an_example() -> None:
    for words in (["course"], ["course", "check"], ["course", "publish"], ["plugin", "list"]):
        done = CliRunner().invoke(cli, [*words, "--help"])
        assert done.exit_code == 0
        assert f"Example: innocap-lms {' '.join(words)}" in " ".join(done.output.split())
