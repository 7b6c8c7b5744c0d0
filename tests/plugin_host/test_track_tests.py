"""What plugins test their tracks with finds what it is there to find."""

import shutil
from pathlib import Path

import pytest

from innocap_lms.content.model import Course
from innocap_lms.plugin_api import CourseSource
from innocap_lms.testing.courses import guesses, ids_of, problems_of, read
from innocap_lms.testing.tracks import TrackTests
from tests.catalogue.conftest import ORIGINAL


@pytest.fixture
def source(tmp_path: Path) -> CourseSource:
    folder = tmp_path / "first-steps"
    shutil.copytree(ORIGINAL, folder)
    return CourseSource("northern", folder)


def write(source: CourseSource, name: str, old: str, new: str) -> None:
    file = Path(str(source.folder)) / name
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def test_a_sound_course_has_no_problems_and_these_ids(source: CourseSource) -> None:
    assert problems_of(source) == []
    assert ids_of(read(source)) == {
        "outcomes": ["step"],
        "lessons": ["start-walking", "walk-on"],
        "quizzes": {"final": {"one": ["right", "wrong"], "two": ["first", "not", "second"]}},
    }


def test_a_changed_id_changes_the_ids(source: CourseSource) -> None:
    before = ids_of(read(source))
    for language in ("sv", "en"):
        write(source, f"final.quiz.{language}.md", "{#wrong}", "{#other}")
    assert ids_of(read(source)) != before


def test_a_course_that_holds_errors_cannot_be_read(source: CourseSource) -> None:
    write(source, "02-walk-on.en.md", "minutes: 5", "minutes: five")
    assert [problem.line for problem in problems_of(source)] == [4]
    with pytest.raises(ValueError, match="first-steps holds errors"):
        read(source)


def test_a_guess_that_pays_is_found(source: CourseSource) -> None:
    found = {
        (language, guess): round(share, 2)
        for _quiz, language, guess, share in guesses(read(source))
    }
    assert found["en", "the first"] == 0.33
    assert found["sv", "the last"] == found["en", "all"] == 0
    write(source, "final.quiz.en.md", "Wrong one", "A longer and wrong one")
    assert ("final", "en", "the longest", 0.0) in guesses(read(source))


def test_the_ids_to_be_written_down_are_told_as_the_file_takes_them(
    source: CourseSource, tmp_path: Path
) -> None:
    class Track(TrackTests):
        ids = tmp_path / "ids.json"

        def courses(self) -> list[Course]:
            return [read(source)]

    Track.ids.write_text("{}", encoding="utf-8")
    with pytest.raises(AssertionError) as told:
        Track().test_ids_stay()
    line = next(line for line in str(told.value).splitlines() if "after a comma: " in line)
    Track.ids.write_text(f"{{{line.partition('after a comma: ')[2]}}}", encoding="utf-8")
    Track().test_ids_stay()
    for language in ("sv", "en"):
        write(source, f"final.quiz.{language}.md", "{#wrong}", "{#other}")
    with pytest.raises(AssertionError, match="where ids are new, and none is gone"):
        Track().test_ids_stay()
