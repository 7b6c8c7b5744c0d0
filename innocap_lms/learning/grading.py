"""Marking an attempt. Pure but for the question kinds, which are plugins and may fail."""

import logging
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from innocap_lms.content.kinds import Mark, QuestionKind
from innocap_lms.content.model import Quiz

log = logging.getLogger(__name__)

UNGRADED = "ungraded"


@dataclass(frozen=True)
class Grade:
    """The outcome of an attempt: points, and per question id (points or None, because).

    `passed` is None when it depends on a question that could not be graded.
    """

    points: float
    max_points: float
    passed: bool | None
    marks: Mapping[str, tuple[float | None, str]]

    @property
    def share(self) -> float:
        return self.points / self.max_points if self.max_points else 0.0


def grade(
    quiz: Quiz,
    keys: Mapping[str, Mapping[str, Any]],
    kinds: Mapping[str, QuestionKind],
    asked: Sequence[str],
    answers: Mapping[str, Sequence[str]],
) -> Grade:
    """Mark the questions in `asked`. A kind that raises leaves its question ungraded, never 0."""
    marks: dict[str, tuple[float | None, str]] = {}
    points = total = open_points = 0.0
    for question_id in asked:
        question = quiz.question(question_id)
        total += question.points
        try:
            kind = kinds[question.kind]
            mark = best_mark(kind, keys[question_id], answers.get(question_id, ()))
        except Exception:
            log.exception("question %s of kind %s could not be graded", question_id, question.kind)
            marks[question_id] = (None, UNGRADED)
            open_points += question.points
            continue
        earned = question.points * min(1.0, max(0.0, mark.share))
        marks[question_id] = (earned, mark.because)
        points += earned
    passed: bool | None = _reaches(quiz, points, total)
    if not passed and _reaches(quiz, points + open_points, total):
        passed = None
    return Grade(points, total, passed, marks)


def best_mark(kind: QuestionKind, key: Mapping[str, Any], answer: Sequence[str]) -> Mark:
    """The mark of an answer, in whichever of the course's languages it was given."""
    marks = [kind.grade(each, answer) for each in (key["key"], *key.get("also", {}).values())]
    for mark in marks:
        if not math.isfinite(mark.share):
            raise ValueError(f"a share of {mark.share}")
    return max(marks, key=lambda mark: mark.share)


def _reaches(quiz: Quiz, points: float, total: float) -> bool:
    """Whether the points pass; a tenth that binary fractions lose fails nobody."""
    if total <= 0:  # nothing but reflections: without a pass mark there is nothing to fail
        return quiz.pass_mark == 0
    return points / total >= quiz.pass_mark - 1e-9
