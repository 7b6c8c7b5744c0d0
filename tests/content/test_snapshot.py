"""A snapshot holds everything of a course but its keys, and comes back equal."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from innocap_lms.content import model
from innocap_lms.content.snapshot import from_snapshot, keys_of, to_snapshot
from tests.content.courses import read, sound_course

WORDS = st.text(max_size=12)
LANGUAGES = st.sampled_from(["sv", "en", "fi"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | WORDS,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(WORDS, inner, max_size=2),
    max_leaves=4,
)


def by_language(values: st.SearchStrategy[object]) -> st.SearchStrategy[dict[str, object]]:
    return st.dictionaries(LANGUAGES, values, max_size=3)


def tuples(values: st.SearchStrategy[object]) -> st.SearchStrategy[tuple[object, ...]]:
    return st.lists(values, max_size=3).map(tuple)


NUMBERS = st.floats(0, 100, allow_nan=False)
LESSON_TEXTS = st.builds(
    model.LessonText,
    title=WORDS,
    minutes=st.integers(1, 600),
    goals=tuples(WORDS),
    sources=tuples(st.builds(model.Source, WORDS, year=st.none() | st.integers(1000, 2999))),
    review_by=WORDS,
    body=WORDS,
    fingerprint=WORDS,
)
QUESTIONS = st.builds(
    model.Question,
    WORDS,
    WORDS,
    NUMBERS,
    WORDS,
    st.booleans(),
    by_language(st.dictionaries(WORDS, JSON, max_size=2)),
    tuples(WORDS),
    WORDS,
    WORDS,
    st.integers(0, 99),
)
QUIZZES = st.builds(
    model.Quiz,
    id=WORDS,
    use=st.sampled_from(["graded", "practice"]),
    pass_mark=NUMBERS,
    attempts=st.none() | st.integers(1, 9),
    titles=by_language(WORDS),
    questions=tuples(QUESTIONS),
    fingerprint=WORDS,
    draw=st.none()
    | st.builds(model.Draw, WORDS, st.dictionaries(WORDS, st.integers(1, 9)), st.integers(0, 9)),
)
COURSES = st.builds(
    model.Course,
    id=WORDS,
    languages=tuples(LANGUAGES),
    hours=NUMBERS,
    licence=WORDS,
    owner=WORDS,
    completion=st.builds(model.CompletionRule, tuples(WORDS), tuples(WORDS)),
    validity=st.none() | st.builds(model.Validity, st.integers(), st.integers()),
    reviewed=WORDS,
    texts=by_language(
        st.builds(
            model.CourseText,
            WORDS,
            WORDS,
            tuples(st.builds(model.Outcome, WORDS, WORDS)),
            WORDS,
            WORDS,
        )
    ),
    activities=tuples(st.builds(model.Lesson, WORDS, by_language(LESSON_TEXTS)) | QUIZZES),
    assets=st.dictionaries(
        WORDS, st.builds(model.Asset, WORDS, WORDS, WORDS, st.integers()), max_size=2
    ),
    fingerprint=WORDS,
    keys=st.just({"q": {"one": {"key": {"correct": ["SECRET"]}, "feedback": {}}}}),
)


@given(COURSES)
def test_a_course_comes_back_equal_without_its_keys(course: model.Course) -> None:
    stored = json.loads(json.dumps(to_snapshot(course)))
    assert from_snapshot(stored) == replace(course, keys={})


@given(COURSES)
def test_a_snapshot_never_holds_a_key(course: model.Course) -> None:
    assert "SECRET" not in json.dumps(to_snapshot(course))


def test_a_real_course_comes_back_equal() -> None:
    course = read(sound_course()).course
    assert course is not None
    assert from_snapshot(to_snapshot(course)) == replace(course, keys={})


def test_neither_right_options_nor_feedback_are_in_a_snapshot() -> None:
    course = read(sound_course()).course
    assert course is not None
    stored = json.dumps(to_snapshot(course))
    for secret in ("correct", "Seldom enough", "Purpose comes first"):
        assert secret not in stored


def test_keys_are_json_of_their_own() -> None:
    course = read(sound_course()).course
    assert course is not None
    keys = keys_of(course)
    assert json.loads(json.dumps(keys)) == keys
    assert keys["final"]["two"]["key"] == {"correct": ["one", "two"]}


def test_a_snapshot_shares_nothing_with_the_course() -> None:
    course = read(sound_course()).course
    assert course is not None
    snapshot = to_snapshot(course)
    snapshot["texts"]["sv"]["title"] = "changed"
    assert course.texts["sv"].title == "Behov"


def test_a_snapshot_of_another_format_is_refused() -> None:
    with pytest.raises(ValueError, match="snapshot format 99"):
        from_snapshot({"format": 99})
