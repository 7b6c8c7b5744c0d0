"""Marking an attempt. Pure but for the question kinds, which are plugins and may fail."""

import logging
import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from innocap_lms.content.kinds import Mark, QuestionKind
from innocap_lms.content.model import Quiz
from innocap_lms.learning.corrections import ACCEPTED, DROPPED, Marked, RemedyView, corrected

log = logging.getLogger(__name__)

UNGRADED = "ungraded"
UNASKED = "unasked"  # ungraded, since nobody could see the question


@dataclass(frozen=True)
class Grade:
    """The outcome of an attempt: points, and per question id (points or None, because).

    `passed` is None when it depends on a question that could not be graded.
    """

    points: float
    max_points: float
    passed: bool | None
    marks: Mapping[str, Marked]

    @property
    def share(self) -> float:
        return self.points / self.max_points if self.max_points else 0.0


def grade(
    quiz: Quiz,
    keys: Mapping[str, Mapping[str, Any]],
    kinds: Mapping[str, QuestionKind],
    asked: Sequence[str],
    answers: Mapping[str, Sequence[str]],
    remedies: Mapping[str, RemedyView] = MappingProxyType({}),
    unmarked: Collection[str] = (),
    unasked: Collection[str] = (),
) -> Grade:
    """Mark the questions in `asked`. A kind that raises leaves its question ungraded, never 0; so
    are those in `unmarked`, whose answers could not be read, and `unasked`, which nobody could see.

    `remedies` are those of faulty questions, by question id.
    """
    marks: dict[str, Marked] = {}
    for question_id in asked:
        question, answer = quiz.question(question_id), answers.get(question_id, ())
        mark: Marked = (None, UNASKED if question_id in unasked else UNGRADED)
        if question_id not in {*unmarked, *unasked}:
            mark = _marked(quiz, question_id, kinds, keys, answer)
        marks[question_id] = corrected(remedies.get(question_id), question, answer, mark)
    return _summed(quiz, marks)


def regrade(
    quiz: Quiz,
    asked: Sequence[str],
    answers: Mapping[str, Sequence[str]],
    before: Grade,
    remedies: Mapping[str, RemedyView],
) -> Grade:
    """The grade of an attempt that was marked before, under remedies decided since.

    Marks of other questions stay as they were given, so no kind is called. Whoever had passed
    stays passed. Doing it twice is doing it once.
    """
    marks: dict[str, Marked] = {}
    for question_id in asked:
        question, answer = quiz.question(question_id), answers.get(question_id, ())
        mark = before.marks.get(question_id, (None, UNGRADED))
        marks[question_id] = corrected(remedies.get(question_id), question, answer, mark)
    after = _summed(quiz, marks)
    return replace(after, passed=True) if before.passed else after


def _marked(
    quiz: Quiz,
    question_id: str,
    kinds: Mapping[str, QuestionKind],
    keys: Mapping[str, Mapping[str, Any]],
    answer: Sequence[str],
) -> Marked:
    question = quiz.question(question_id)
    try:
        mark = best_mark(kinds[question.kind], keys[question_id], answer)
    except Exception:
        log.exception("question %s of kind %s could not be graded", question_id, question.kind)
        return None, UNGRADED
    share = min(1.0, max(0.0, mark.share))
    return question.points * share, _word(mark.because, share)


def _word(because: str, share: float) -> str:
    """The word of a kind for its mark, but for those by which the site knows its own decisions."""
    if because not in (ACCEPTED, DROPPED, UNGRADED, UNASKED):
        return because
    return "right" if share == 1.0 else "partly" if share else "wrong"


def _summed(quiz: Quiz, marks: Mapping[str, Marked]) -> Grade:
    """What the marks come to. A question that was dropped counts neither way."""
    points = total = open_points = 0.0
    for question_id, (earned, because) in marks.items():
        if because == DROPPED:
            continue
        worth = quiz.question(question_id).points
        total += worth
        points += earned or 0.0
        open_points += worth if earned is None else 0.0
    passed: bool | None = reaches(quiz, points, total)
    if not passed and reaches(quiz, points + open_points, total):
        passed = None
    return Grade(points, total, passed, marks)


def best_mark(kind: QuestionKind, key: Mapping[str, Any], answer: Sequence[str]) -> Mark:
    """The mark of an answer, in whichever of the course's languages it was given."""
    marks = [kind.grade(each, answer) for each in (key["key"], *key.get("also", {}).values())]
    for mark in marks:
        if not math.isfinite(mark.share):
            raise ValueError(f"a share of {mark.share}")
    return max(marks, key=lambda mark: mark.share)


def reaches(quiz: Quiz, points: float, total: float) -> bool:
    """Whether the points pass; a tenth that binary fractions lose fails nobody."""
    if total <= 0:  # nothing that is marked: without a pass mark there is nothing to fail
        return quiz.pass_mark == 0
    return points / total >= quiz.pass_mark - 1e-9
