"""The courses are sound in both languages, keep their ids, and cannot be passed by guessing."""

import json
from pathlib import Path

import pytest

from innocap_lms.plugin_api import CourseSource, Learner
from innocap_lms.testing.courses import guesses, ids_of, problems_of, read
from plugins import service_design as track

# Ids are for ever: add new ones here, never change or take out any.
IDS = json.loads((Path(__file__).parent / "ids.json").read_text(encoding="utf-8"))
COURSES = {source.folder.name: source for source in track.register_courses()}
EACH = pytest.mark.parametrize("source", COURSES.values(), ids=COURSES)


def test_every_course_is_there() -> None:
    assert set(COURSES) == set(IDS)


@EACH
def test_a_course_has_no_problem_and_is_there_in_swedish_and_english(source: CourseSource) -> None:
    assert problems_of(source) == []
    course = read(source)
    assert set(course.languages) == {"sv", "en"}
    for lesson in course.lessons:
        assert set(lesson.texts) == {"sv", "en"}


@EACH
def test_ids_stay(source: CourseSource) -> None:
    course = read(source)
    assert ids_of(course) == IDS[course.id]


@EACH
def test_guessing_earns_less_than_two_fifths(source: CourseSource) -> None:
    assert [guess for guess in guesses(read(source)) if guess[-1] >= 0.4] == []


@pytest.mark.parametrize("language", ["sv", "en"])
def test_a_card_to_practise_leads_to_a_lesson_of_the_completed_course(language: str) -> None:
    assert track.dashboard_cards(Learner(language, frozenset())) == []
    for source in COURSES.values():
        course = read(source)
        (card,) = track.dashboard_cards(Learner(language, frozenset({course.id})))
        lessons = [f"/courses/{course.id}/{lesson.id}" for lesson in course.lessons]
        assert card.url in lessons


def test_a_card_in_a_language_that_the_track_lacks_is_in_english() -> None:
    for course in IDS:
        completed = frozenset({course})
        asked = [track.dashboard_cards(Learner(language, completed)) for language in ("fi", "en")]
        assert asked[0] == asked[1] != []
