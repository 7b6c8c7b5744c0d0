"""innocap-lms course new: a course with an example of everything, sound as it stands."""

import os
import pty
import re
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from innocap_lms.cli import cli
from innocap_lms.content.built_in import BUILT_IN_KINDS
from innocap_lms.content.model import Course
from innocap_lms.content.reader import read_course
from tests.cli.conftest import PROGRAM

pytestmark = pytest.mark.sqlite  # the commands run on a database of their own

ROOT = Path(__file__).parents[2]


def new(*words: object) -> Result:
    return CliRunner().invoke(cli, ["course", "new", *map(str, words)])


def sound(folder: Path) -> Course:
    reading = read_course(folder, BUILT_IN_KINDS)
    assert reading.problems == []
    assert reading.course is not None
    return reading.course


def test_a_new_course_is_sound_and_shows_everything(tmp_path: Path) -> None:
    folder = tmp_path / "my-track" / "first-interviews"
    done = new(folder)
    assert done.exit_code == 0, done.output
    course = sound(folder)
    assert (course.id, course.owner) == ("first-interviews", "my-track")
    assert course.languages == ("sv", "en")
    assert course.texts["en"].title == "First interviews"
    kinds = {question.kind for question in course.quiz("final").questions}
    assert kinds == {kind.name for kind in BUILT_IN_KINDS}
    final = course.quiz("final")
    assert final.asked_count < len(final.questions), "some are drawn from a bank of its own"
    assert course.tasks
    assert course.assets
    for file in folder.rglob("*.*"):
        assert str(file) in done.output, "it says what it wrote"
        assert "@" not in file.read_text(encoding="utf-8")


def test_what_the_guide_shows_fits_into_a_new_course(tmp_path: Path) -> None:
    guide = (ROOT / "docs" / "first-course.md").read_text(encoding="utf-8")
    lesson, question = re.findall(r"```markdown\n(.*?)```", guide, re.DOTALL)
    new(tmp_path / "walk", "--languages", "en,sv")
    for language in ("en", "sv"):
        first = tmp_path / "walk" / f"01-first-lesson.{language}.md"
        head = "---".join(first.read_text(encoding="utf-8").split("---")[:2])
        first.write_text(f"{head}---\n{lesson}", encoding="utf-8")
        final = tmp_path / "walk" / f"final.quiz.{language}.md"
        text = final.read_text(encoding="utf-8").replace("\n## ", f"\n{question}\n## ", 1)
        final.write_text(text, encoding="utf-8")
    assert sound(tmp_path / "walk").quiz("final").question("first").outcome == "listen"


@pytest.mark.parametrize(
    ("languages", "title"),
    [("en", "Plain"), ("fi,sv", 'A "quoted": title # of Åland'), ("sma", "- [x] {#odd}")],
)
def test_any_languages_and_any_title_will_do(tmp_path: Path, languages: str, title: str) -> None:
    folder = tmp_path / "new"
    assert new(folder, "--languages", languages, "--title", title).exit_code == 0
    course = sound(folder)
    assert course.languages == tuple(languages.split(","))
    assert {text.title for text in course.texts.values()} == {title}


@pytest.mark.parametrize(
    ("folder", "options", "said"),
    [
        ("Första kursen", (), "name the folder forsta-kursen"),
        ("full", (), "there is something in"),
        ("new", ("--languages", "sv,Svenska"), "“Svenska” is no language"),
        ("new", ("--languages", ","), "is no language"),
    ],
)
def test_what_cannot_be_begun_writes_nothing_and_says_why(
    tmp_path: Path, folder: str, options: tuple[str, ...], said: str
) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "course.md").write_text("mine", encoding="utf-8")
    done = new(tmp_path / folder, *options)
    assert done.exit_code == 2
    assert said in " ".join(done.output.split())
    assert [file.name for file in tmp_path.rglob("*.*")] == ["course.md"]
    assert (tmp_path / "full" / "course.md").read_text(encoding="utf-8") == "mine"


def test_without_a_folder_a_script_is_told_and_a_person_is_asked(tmp_path: Path) -> None:
    assert "name the folder" in new().output
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [*PROGRAM, "course", "new"], stdin=theirs, stdout=subprocess.PIPE, text=True, cwd=tmp_path
    ) as asking:
        os.close(theirs)
        os.write(ours, b"coast/first-walk\nA walk\nen\n")
        said, _error = asking.communicate(timeout=60)
    os.close(ours)
    assert asking.returncode == 0, said
    course = sound(tmp_path / "coast" / "first-walk")
    assert (course.texts["en"].title, course.languages) == ("A walk", ("en",))
