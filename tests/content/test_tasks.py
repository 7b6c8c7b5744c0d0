"""Reading practical tasks: the brief, the rubric, and what completion may ask."""

import json
from dataclasses import replace

import pytest

from innocap_lms.content.model import Course, Lesson, Quiz, Task
from innocap_lms.content.snapshot import from_snapshot, to_snapshot
from tests.content.courses import Files, codes, read
from tests.content.task_cases import HEAD, RUBRIC, lead, required, translation, with_task


def course(files: Files) -> Course:
    reading = read(files)
    assert reading.course is not None, reading.problems
    assert reading.problems == []
    return reading.course


def test_a_task_has_its_brief_its_rules_and_its_rubric_in_each_language() -> None:
    (task,) = course(with_task()).tasks
    assert (task.id, task.minutes, task.answer_days, task.assessors) == ("real-case", 120, 10, 2)
    assert task.goals == ("ask",)
    assert task.titles == {"sv": "Ett ärende", "en": "A real case"}
    assert task.briefs["en"] == "Write about a case."
    question, evidence = task.criteria
    assert question.titles["sv"] == "Open question"
    assert question.texts["sv"] == "What the question is about."
    assert [level.id for level in question.levels] == ["disguised", "open-enough", "whom"]
    assert question.levels[2].texts["en"] == "Open, and names *whom*"
    assert (question.meets, evidence.meets) == ("open-enough", "some")


def test_a_level_is_enough_from_the_marked_one_upwards() -> None:
    question = course(with_task()).tasks[0].criteria[0]
    assert [question.is_met_by(level.id) for level in question.levels] == [False, True, True]
    with pytest.raises(ValueError, match="other"):
        question.is_met_by("other")


def test_a_task_is_answered_within_two_weeks_by_two_people_unless_it_says_otherwise() -> None:
    (task,) = course(lead("answer_days: 10\n", "")).tasks
    assert (task.answer_days, task.assessors) == (14, 2)
    (task,) = course(lead("answer_days: 10", "assessors: 1")).tasks
    assert task.assessors == 1


def test_a_translation_may_put_the_levels_in_another_order_and_leave_the_marks_out() -> None:
    turned = translation(
        "1. None {#none}\n2. Some {#some .meets}", "1. Some {#some}\n2. None {#none}"
    )
    evidence = course(turned).tasks[0].criteria[1]
    assert [(level.id, level.texts["en"]) for level in evidence.levels] == [
        ("none", "None"),
        ("some", "Some"),
    ]


def test_a_task_stands_after_the_lesson_and_the_quiz_of_its_number_and_last_without_one() -> None:
    files = with_task()
    for language in ("sv", "en"):
        files[f"02-case.task.{language}.md"] = files.pop(f"03-case.task.{language}.md")
        files[f"02-try.quiz.{language}.md"] = str(files[f"final.quiz.{language}.md"]).replace(
            "id: final", "id: try"
        )
    kinds = [type(item) for item in course(files).activities]
    assert kinds == [Lesson, Lesson, Quiz, Task, Quiz]
    for language in ("sv", "en"):
        files[f"case.task.{language}.md"] = files.pop(f"02-case.task.{language}.md")
    assert [item.id for item in course(files).activities][-2:] == ["final", "real-case"]


def test_completion_may_require_tasks_and_asks_none_unless_it_names_them() -> None:
    assert course(with_task()).completion.tasks == ()
    assert course(required("real-case")).completion.tasks == ("real-case",)


def test_a_course_with_a_task_comes_back_equal_from_its_snapshot() -> None:
    found = course(required("real-case"))
    stored = json.loads(json.dumps(to_snapshot(found)))
    assert from_snapshot(stored) == replace(found, keys={})


def test_an_edition_from_before_there_were_tasks_can_still_be_read() -> None:
    stored = to_snapshot(course(with_task()))
    del stored["completion"]["tasks"]
    assert from_snapshot(stored).completion.tasks == ()


def test_a_word_of_the_rubric_changes_the_fingerprint_of_task_and_course() -> None:
    before, after = course(with_task()), course(lead("Some {", "Several {"))
    assert before.tasks[0].fingerprint != after.tasks[0].fingerprint
    assert before.fingerprint != after.fingerprint
    same = course(with_task(RUBRIC, HEAD.replace("answer_days: 10\n", "answer_days:   10\n")))
    assert same.tasks[0].fingerprint == before.tasks[0].fingerprint


def test_a_missing_translation_is_a_warning_and_a_lone_fault_has_one_problem() -> None:
    files = with_task()
    del files["03-case.task.en.md"]
    assert codes(read(files)) == {"C003"}
    assert codes(read(with_task(""))) == {"C090"}


def test_a_misspelt_mark_gets_advice() -> None:
    found = read(lead(".meets}\n3", ".meet}\n3")).problems
    assert "did you mean .meets?" in [each.advice for each in found]
