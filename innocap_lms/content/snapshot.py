"""A course as plain JSON and back: what an edition stores. Keys and feedback are kept apart."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from innocap_lms.content.model import (
    Activity,
    Alignment,
    Asset,
    Companion,
    CompletionRule,
    Course,
    CourseText,
    Criterion,
    Draw,
    Lesson,
    LessonText,
    Level,
    Outcome,
    Question,
    Quiz,
    Source,
    Task,
    Validity,
)
from innocap_lms.content.programme import Programme, Step

SNAPSHOT_FORMAT = 1
TYPES: dict[type, str] = {Lesson: "lesson", Quiz: "quiz", Task: "task"}


def to_snapshot(course: Course) -> dict[str, Any]:
    """The course as JSON values, without any key or feedback."""
    fields = asdict(course)
    del fields["keys"]
    fields["activities"] = [
        {"type": TYPES[type(item)], **asdict(item)} for item in course.activities
    ]
    return {"format": SNAPSHOT_FORMAT, **_plain(fields)}


def keys_of(course: Course) -> dict[str, Any]:
    """Quiz id → question id → {"key": …, "feedback": {language: …}}, as JSON values."""
    keys: dict[str, Any] = _plain(course.keys)
    return keys


def from_snapshot(snapshot: Mapping[str, Any]) -> Course:
    """The course of a snapshot, without keys. Raises ValueError for another snapshot format."""
    if snapshot.get("format") != SNAPSHOT_FORMAT:
        raise ValueError(f"snapshot format {snapshot.get('format')!r}, expected {SNAPSHOT_FORMAT}")
    fields = {name: value for name, value in snapshot.items() if name != "format"}
    steps = tuple(Step(**_tuples(step)) for step in fields.get("steps", ()))
    kind, more = (Programme, {"steps": steps}) if "steps" in fields else (Course, {})
    return kind(
        **{
            **fields,
            **more,
            "prerequisites": tuple(fields.get("prerequisites", ())),
            "languages": tuple(fields["languages"]),
            "completion": CompletionRule(**_tuples(fields["completion"])),
            "alignments": tuple(Alignment(**each) for each in fields.get("alignments", ())),
            "validity": Validity(**fields["validity"]) if fields["validity"] else None,
            "texts": {language: _course_text(text) for language, text in fields["texts"].items()},
            "activities": tuple(_activity(item) for item in fields["activities"]),
            "companions": tuple(Companion(**each) for each in fields.get("companions", ())),
            "assets": {path: Asset(**asset) for path, asset in fields["assets"].items()},
        }
    )


def _plain(value: Any) -> Any:
    """JSON values only: tuples become lists, and nothing is shared with the course."""
    return json.loads(json.dumps(value))


def _tuples(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: tuple(value) if isinstance(value, list) else value for name, value in fields.items()
    }


def _course_text(fields: Mapping[str, Any]) -> CourseText:
    return CourseText(
        **{**fields, "outcomes": tuple(Outcome(**outcome) for outcome in fields["outcomes"])}
    )


def _activity(fields: Mapping[str, Any]) -> Activity:
    rest = {name: value for name, value in fields.items() if name != "type"}
    if fields["type"] == "quiz":
        questions = tuple(Question(**_tuples(question)) for question in rest["questions"])
        draw = Draw(**rest["draw"]) if rest.get("draw") else None
        return Quiz(**{**rest, "questions": questions, "draw": draw})
    if fields["type"] == "task":
        criteria = tuple(_criterion(criterion) for criterion in rest["criteria"])
        return Task(**{**_tuples(rest), "criteria": criteria})
    return Lesson(
        **{**rest, "texts": {lang: _lesson_text(text) for lang, text in rest["texts"].items()}}
    )


def _criterion(fields: Mapping[str, Any]) -> Criterion:
    return Criterion(**{**fields, "levels": tuple(Level(**level) for level in fields["levels"])})


def _lesson_text(fields: Mapping[str, Any]) -> LessonText:
    sources = tuple(Source(**source) for source in fields["sources"])
    return LessonText(**{**_tuples(fields), "sources": sources})
