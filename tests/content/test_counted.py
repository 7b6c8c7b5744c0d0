"""What a course holds, as tables that a trainer reads before a review."""

from innocap_lms.content.counted import counted
from innocap_lms.content.dialect import dialect
from tests.content.courses import Files, changed, lesson, read, sound_course

PLAIN = "Du frågar en kollega. Ni går dit och ser hur de gör. Skriv ner vad du ser. "


def tables(files: Files) -> str:
    course = read(files).course
    assert course is not None
    return counted(course, dialect())


def test_each_lesson_is_told_with_its_minutes_sources_and_words_in_each_language() -> None:
    told = tables(sound_course())
    heads = "Minutes | Practice | Sources | Review by | Words (sv) | Words (en) | Index (sv)"
    assert heads in told
    assert "| Needs | ask | 15 | – | 1 | 2027-11-01 |" in told


def test_the_index_is_that_of_the_language_and_left_out_of_a_short_text() -> None:
    assert "LIX" not in tables(sound_course())
    assert "| LIX 1" in tables(lesson(PLAIN * 20))


def test_each_outcome_is_told_with_the_questions_that_test_it() -> None:
    assert "| Listen (`listen`) | 0 | 1 | – |" in tables(sound_course())


def test_a_bar_in_a_title_keeps_the_table_whole() -> None:
    told = tables(changed({"01-question.en": ("title: Needs", 'title: "Ask | listen"')}))
    assert "| Ask \\| listen |" in told
