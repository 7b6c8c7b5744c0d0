"""Fingerprints: SHA-256 over canonical JSON, so that equal content always has the same name.

Two texts with the same fingerprint are the same text; spaces, order of fields and order of files
do not count. A quiz's fingerprint covers its keys: it belongs in the ledger, never in a page that a
learner gets before handing in.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from innocap_lms.content.model import (
    Activity,
    Asset,
    Companion,
    Course,
    CourseText,
    Lesson,
    LessonText,
    Question,
    Quiz,
    Task,
)
from innocap_lms.content.programme import Programme


def canonical(value: Any) -> bytes:
    """The one JSON spelling of a value: sorted names, no spaces, ASCII. Raises TypeError or
    ValueError for what JSON cannot hold (not-a-number and infinity included)."""
    return json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False
    ).encode("ascii")


def fingerprint(kind: str, value: Any) -> str:
    """64 hexadecimal digits that name `value`; `kind` keeps unlike things apart."""
    return hashlib.sha256(canonical([kind, value])).hexdigest()


def of_course_text(text: CourseText) -> str:
    """The fingerprint of one language of the front page."""
    return fingerprint("course-text", _without_fingerprint(text))


def of_lesson_text(text: LessonText) -> str:
    """The fingerprint of one language of a lesson."""
    return fingerprint("lesson-text", _without_fingerprint(text))


def of_quiz(quiz: Quiz, keys: Mapping[str, Any]) -> str:
    """The fingerprint of a quiz in all its languages together with its keys and feedback."""
    fields = _without_fingerprint(quiz)
    for question in fields["questions"]:  # moved in its file, a question is the same
        del question["file"], question["line"]
    return fingerprint("quiz", {"quiz": fields, "keys": keys})


def of_question(question: Question, language: str, key: Mapping[str, Any]) -> str:
    """The fingerprint of one language of a question with its key: what answers are pooled by."""
    view = question.views[language]
    return fingerprint("question", [question.id, question.kind, question.points, view, key])


def of_task(task: Task) -> str:
    """The fingerprint of a practical task in all its languages, with its rubric and rules."""
    return fingerprint("task", _without_fingerprint(task))


def of_companion(companion: Companion) -> str:
    """The fingerprint of a text beside the lessons, in all its languages."""
    return fingerprint("companion", _without_fingerprint(companion))


def of_course(course: Course) -> str:
    """The fingerprint of a course: its rules and the fingerprints of all its parts."""
    return fingerprint(
        "course",
        {
            "id": course.id,
            "languages": course.languages,
            "hours": course.hours,
            "licence": course.licence,
            "owner": course.owner,
            "completion": asdict(course.completion),
            "validity": asdict(course.validity) if course.validity else None,
            "reviewed": course.reviewed,
            "texts": {language: text.fingerprint for language, text in course.texts.items()},
            "activities": [_of_activity(item) for item in course.activities],
            "assets": {path: _of_asset(asset) for path, asset in course.assets.items()},
            # Only where there are any: courses from before have the fingerprint they had.
            **({"alignments": list(map(asdict, course.alignments))} if course.alignments else {}),
            **_of_prerequisites(course),
            **_of_companions(course),
            **(_of_steps(course) if isinstance(course, Programme) else {}),
        },
    )


def _of_prerequisites(course: Course) -> dict[str, Any]:
    if not course.prerequisites:
        return {}
    return {"prerequisites": course.prerequisites, "enforce": course.enforce}


def _of_companions(course: Course) -> dict[str, Any]:
    if not course.companions:
        return {}
    return {"companions": [[item.id, item.fingerprint] for item in course.companions]}


def _of_steps(programme: Programme) -> dict[str, Any]:
    return {
        "steps": [asdict(step) for step in programme.steps],
        "task_count": programme.task_count,
        "design": programme.design,
    }


def _of_activity(item: Activity) -> Any:
    if isinstance(item, Lesson):
        return ["lesson", item.id, {name: text.fingerprint for name, text in item.texts.items()}]
    return ["quiz" if isinstance(item, Quiz) else "task", item.id, item.fingerprint]


def _of_asset(asset: Asset) -> list[str]:
    return [asset.sha256, asset.media_type]


def _without_fingerprint(
    thing: CourseText | LessonText | Quiz | Task | Companion,
) -> dict[str, Any]:
    fields = asdict(thing)
    del fields["fingerprint"]
    return fields
