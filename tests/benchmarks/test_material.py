"""The courses that are measured are courses like any other."""

from pathlib import Path

import pytest

from benchmarks import answers
from benchmarks.forms import filled_form
from benchmarks.material import COURSES, LESSONS, QUESTIONS, write_plugin
from innocap_lms.content.built_in import BUILT_IN_KINDS
from innocap_lms.content.reader import read_course


def test_a_course_to_measure_with_has_no_problem(tmp_path: Path):
    write_plugin(tmp_path)
    reading = read_course(tmp_path / "bench" / "courses" / COURSES[0], BUILT_IN_KINDS)
    assert reading.problems == []
    course = reading.course
    assert [lesson.id for lesson in course.lessons] == list(LESSONS)
    assert [question.id for question in course.activity("final").questions] == list(QUESTIONS)


def test_the_quiz_of_a_million_answers_has_no_problem(tmp_path: Path):
    write_plugin(tmp_path)
    folder = tmp_path / "bench" / "courses" / answers.COURSE
    for language in ("sv", "en"):
        file = folder / f"final.quiz.{language}.md"
        file.write_text(answers.quiz_text(language), encoding="utf-8")
    reading = read_course(folder, BUILT_IN_KINDS)
    assert reading.problems == []
    assert len(reading.course.activity("final").questions) == answers.QUESTIONS


def test_a_form_is_filled_in_with_hidden_fields_and_first_options():
    page = """
    <form action="/search"><input type="search" name="q"></form>
    <form method="post" action="/quiz?a=1&amp;b=2">
      <input type="hidden" name="csrf_token" value="abc">
      <input type="radio" name="one" value="x"><input type="radio" name="one" value="y">
      <input type="checkbox" name="two" value="z">
    </form>"""
    assert filled_form(page, "radio") == ("/quiz?a=1&b=2", {"csrf_token": "abc", "one": "x"})


def test_a_page_without_the_form_says_so():
    with pytest.raises(LookupError, match="no form with 'radio'"):
        filled_form("<form></form>", "radio")
