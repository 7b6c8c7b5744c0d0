"""What holds for every course that a track supplies: sound files, ids that stay."""

from collections.abc import Sequence
from typing import Any

from innocap_lms.content.built_in import BUILT_IN_KINDS
from innocap_lms.content.counted import counted
from innocap_lms.content.dialect import dialect
from innocap_lms.content.kinds import QuestionKind
from innocap_lms.content.model import Course
from innocap_lms.content.problems import Problem
from innocap_lms.content.reader import read_course
from innocap_lms.plugin_host.contract import CourseSource


def problems_of(source: CourseSource, kinds: Sequence[QuestionKind] = ()) -> list[Problem]:
    """Everything that is wrong with a course, warnings included; `kinds` are the plugin's own."""
    return read_course(source.folder, [*BUILT_IN_KINDS, *kinds], banks=source.banks).problems


def read(source: CourseSource, kinds: Sequence[QuestionKind] = ()) -> Course:
    """The course. Raises ValueError when its files hold an error."""
    course = read_course(source.folder, [*BUILT_IN_KINDS, *kinds], banks=source.banks).course
    if course is None:
        raise ValueError(f"the course in {source.folder.name} holds errors: see problems_of")
    return course


def figures_of(source: CourseSource, kinds: Sequence[QuestionKind] = ()) -> str:
    """What `innocap-lms course figures` says of the course, to hold a page to it."""
    return counted(read(source, kinds), dialect()).strip()


def ids_of(course: Course) -> dict[str, Any]:
    """Every id that addresses and records may name, as JSON values: keep them in a file.

    Outcomes and lessons as lists; quiz id → question id → list of ids of terms and options. Where
    there are practical tasks: task id → criterion id → list of level ids.
    """
    lead = course.languages[0]
    return {
        "outcomes": [outcome.id for outcome in course.texts[lead].outcomes],
        "lessons": [lesson.id for lesson in course.lessons],
        "quizzes": {
            quiz.id: {
                question.id: [
                    entry["id"]
                    for name in ("terms", "options")
                    for entry in question.views[lead].get(name, ())
                ]
                for question in quiz.questions
            }
            for quiz in course.quizzes
        },
        **({"tasks": _tasks_of(course)} if course.tasks else {}),
    }


def _tasks_of(course: Course) -> dict[str, dict[str, list[str]]]:
    return {
        task.id: {
            criterion.id: [level.id for level in criterion.levels] for criterion in task.criteria
        }
        for task in course.tasks
    }
