"""What plugins test their tracks with finds what it is there to find."""

import shutil
from pathlib import Path
from types import ModuleType

import pytest

from innocap_lms.content.model import Course
from innocap_lms.plugin_api import CourseSource
from innocap_lms.testing.courses import ids_of, problems_of, read
from innocap_lms.testing.guessing import guesses
from innocap_lms.testing.tracks import TrackTests
from innocap_lms.testing.whole_tracks import WholeTrackTests
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


@pytest.mark.parametrize(
    ("guess", "old", "new"),
    [
        ("the one that is hedged", "- [ ] Wrong one", "- [ ] Always the other"),
        ("the one that sounds like the question", "## One?", "## Which is the right?"),
    ],
)
def test_a_right_answer_that_its_words_give_away_is_found(
    source: CourseSource, guess: str, old: str, new: str
) -> None:
    assert ("final", "en", guess, 0.0) in guesses(read(source))
    write(source, "final.quiz.en.md", old, new)
    assert ("final", "en", guess, pytest.approx(1 / 3)) in guesses(read(source))


def test_practice_quizzes_are_guessed_together(source: CourseSource) -> None:
    for name in ("final.quiz.sv.md", "final.quiz.en.md"):
        file = Path(str(source.folder)) / name
        practice = file.read_text(encoding="utf-8").replace("use: graded", "use: practice")
        for number in ("01", "02"):
            text = practice.replace("id: final", f"id: practice-{number}")
            file.with_name(name.replace("final", f"{number}-practice")).write_text(text, "utf-8")
    assert {quiz for quiz, *_ in guesses(read(source))} == {"practice", "final"}


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


def thin(source: CourseSource) -> WholeTrackTests:
    """What a whole track is held to, of one with this course alone."""

    class Track(WholeTrackTests):
        track = ModuleType("thin")

    vars(Track.track)["register_courses"] = lambda: [source]
    return Track()


@pytest.mark.parametrize(
    "lacking",
    [
        "test_each_lesson_is_read_in_one_sitting",
        "test_each_lesson_is_followed_by_practice_of_what_it_is_for",
        "test_another_attempt_at_the_final_quiz_asks_something_else",
        "test_each_outcome_is_tested_by_several_questions",
        "test_each_option_says_why",
        "test_each_course_leads_to_work_that_others_assess",
        "test_each_course_has_a_drawing_that_says_in_words_what_it_shows",
        "test_each_course_has_templates_a_pocket_guide_and_a_facilitators_guide",
        "test_each_lesson_gives_slides",
        "test_each_lesson_has_something_to_try_common_mistakes_and_a_summary",
        "test_each_source_has_an_address_and_a_year",
    ],
)
def test_what_a_thin_course_lacks_is_named(source: CourseSource, lacking: str) -> None:
    with pytest.raises(AssertionError, match="first-steps"):
        getattr(thin(source), lacking)()


def test_a_marked_question_that_says_nothing_afterwards_is_found(source: CourseSource) -> None:
    thin(source).test_each_marked_question_teaches_afterwards()
    for name in ("final.quiz.sv.md", "final.quiz.en.md"):
        file = Path(str(source.folder)) / name
        lines = file.read_text(encoding="utf-8").split("\n")
        said = (line for line in lines if not line.lstrip().startswith(">"))
        file.write_text("\n".join(said), encoding="utf-8")
    with pytest.raises(AssertionError, match=r"first-steps: .*final/one"):
        thin(source).test_each_marked_question_teaches_afterwards()


def test_an_option_that_is_the_sum_of_the_others_is_found(source: CourseSource) -> None:
    thin(source).test_no_option_is_the_sum_of_the_others()
    write(source, "final.quiz.en.md", "{#wrong}", "None of the others {#wrong}")
    with pytest.raises(AssertionError, match=r"first-steps/final/one: .*None of the others"):
        thin(source).test_no_option_is_the_sum_of_the_others()


def test_a_practice_question_that_is_also_in_the_final_quiz_is_found(source: CourseSource) -> None:
    thin(source).test_no_practice_gives_a_question_of_the_final_quiz_away()
    for name in ("final.quiz.sv.md", "final.quiz.en.md"):
        file = Path(str(source.folder)) / name
        text = file.read_text(encoding="utf-8").replace("use: graded", "use: practice")
        text = text.replace("id: final", "id: same")
        file.with_name(name.replace("final", "02-same")).write_text(text, encoding="utf-8")
    with pytest.raises(AssertionError, match="first-steps/same"):
        thin(source).test_no_practice_gives_a_question_of_the_final_quiz_away()


def test_a_pocket_guide_of_two_pages_is_found(source: CourseSource) -> None:
    guide = Path(str(source.folder)) / "pocket-guide.sv.md"
    guide.write_text("---\ntitle: Kort\n---\nOrd.\n", encoding="utf-8")
    thin(source).test_templates_and_pocket_guides_are_one_printed_page()
    guide.write_text(f"---\ntitle: Lång\n---\n{'Ord om något. ' * 900}\n", encoding="utf-8")
    with pytest.raises(AssertionError, match=r"first-steps/pocket-guide \(sv\): 2 pages"):
        thin(source).test_templates_and_pocket_guides_are_one_printed_page()
