"""Marking an attempt. Pure but for the question kinds, which are plugins and may fail."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from innocap_lms.content.kinds import QuestionKind
from innocap_lms.content.model import Quiz

log = logging.getLogger(__name__)

UNGRADED = "ungraded"


@dataclass(frozen=True)
class Grade:
    """The outcome of an attempt: points, and per question id (points or None, because).

    `passed` is None when a question could not be graded and the rest does not reach the pass mark.
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
    points = total = 0.0
    for question_id in asked:
        question = quiz.question(question_id)
        total += question.points
        try:
            kind = kinds[question.kind]
            mark = kind.grade(keys[question_id]["key"], answers.get(question_id, ()))
        except Exception:
            log.exception("question %s of kind %s could not be graded", question_id, question.kind)
            marks[question_id] = (None, UNGRADED)
            continue
        earned = question.points * min(1.0, max(0.0, mark.share))
        marks[question_id] = (earned, mark.because)
        points += earned
    passed: bool | None = total > 0 and points / total >= quiz.pass_mark - 1e-9
    if not passed and any(earned is None for earned, _ in marks.values()):
        passed = None
    return Grade(points, total, passed, marks)
