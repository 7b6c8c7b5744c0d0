"""Equal content has equal fingerprints; any other content has another."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from innocap_lms.content.fingerprints import canonical, fingerprint
from innocap_lms.content.model import Course
from tests.content.courses import Files, changed, read, sound_course

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


def course(files: Files) -> Course:
    found = read(files).course
    assert found is not None
    return found


def test_a_fingerprint_is_64_hexadecimal_digits() -> None:
    assert len(course(sound_course()).fingerprint) == 64
    assert set(course(sound_course()).fingerprint) <= set("0123456789abcdef")


def test_spaces_and_order_of_fields_do_not_count() -> None:
    same = changed(
        {
            "course": ("hours: 2\nlicence: CC-BY-4.0", "licence:   CC-BY-4.0\nhours: 2.0"),
            "01-question.sv": ("minutes: 15\ngoals: [ask]", "goals:\n  - ask\nminutes: 15"),
            "final.quiz.sv": ("use: graded\npass: 80 %", "pass: 80%\nuse: graded"),
        }
    )
    assert course(same).fingerprint == course(sound_course()).fingerprint


def test_the_order_of_files_does_not_count() -> None:
    backwards = dict(reversed(sound_course().items()))
    assert course(backwards).fingerprint == course(sound_course()).fingerprint


def test_notes_for_maintainers_do_not_count() -> None:
    assert course(changed({"course": ("Notes for", "More for")})).fingerprint == (
        course(sound_course()).fingerprint
    )


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("course", "hours: 2", "hours: 3"),
        ("course", "months: 24", "months: 12"),
        ("course", "lessons: all", "lessons: [question]"),
        ("course.en", "A summary.", "A better summary."),
        ("01-question.en", "Words about", "Other words about"),
        ("01-question.sv", "year: 2023", "year: 2024"),
        ("final.quiz.en", "Settle the purpose", "Settle it"),
        ("final.quiz.en", "> Seldom enough.", "> Seldom."),
        ("final.quiz.sv", "points=2", "points=3"),
    ],
)
def test_any_change_of_content_counts(file: str, old: str, new: str) -> None:
    before = sound_course()
    after = changed({file: (old, new)})
    if "points" in old:
        after = changed({file: (old, new), "final.quiz.en": (old, new)})
    assert course(before).fingerprint != course(after).fingerprint


def test_a_changed_picture_changes_the_course_but_no_text() -> None:
    before = course(sound_course())
    after = course(sound_course() | {"images/map.svg": "<svg/>"})
    assert before.fingerprint != after.fingerprint
    assert before.lessons == after.lessons


def test_another_right_option_changes_the_quiz() -> None:
    swap = ("- [ ] Ask", "- [x] Ask")
    before = course(sound_course()).quizzes[0]
    after = course(changed({"final.quiz.sv": swap, "final.quiz.en": swap})).quizzes[0]
    assert before.fingerprint != after.fingerprint


@given(JSON, JSON)
def test_unequal_values_have_unequal_fingerprints(one: object, other: object) -> None:
    assert (canonical(one) == canonical(other)) == (
        fingerprint("x", one) == fingerprint("x", other)
    )


@given(JSON)
def test_unlike_things_with_the_same_content_are_kept_apart(value: object) -> None:
    assert fingerprint("lesson-text", value) != fingerprint("quiz", value)


def test_what_json_cannot_hold_is_refused() -> None:
    with pytest.raises(ValueError, match="JSON"):
        canonical(float("nan"))
    with pytest.raises(TypeError):
        canonical({1, 2})
