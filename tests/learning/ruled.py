"""A course whose quizzes are other than their files say: for an edition of its own."""

from dataclasses import replace
from typing import Any

from innocap_lms.catalogue.queries import EditionView, quiz_keys
from innocap_lms.content.fingerprints import of_course, of_quiz
from innocap_lms.content.model import Course, Quiz


def ruled_course(edition: EditionView, **rules: Any) -> Course:
    """The course of that edition, with keys, its quizzes under `rules` (fields of Quiz)."""
    keys = {quiz.id: quiz_keys(edition.id, quiz.id) for quiz in edition.course.quizzes}
    activities = []
    for item in edition.course.activities:
        if isinstance(item, Quiz):
            item = replace(item, **rules)
            item = replace(item, fingerprint=of_quiz(item, keys[item.id]))
        activities.append(item)
    course = replace(edition.course, activities=tuple(activities), keys=keys)
    return replace(course, fingerprint=of_course(course))


def ticked_course(edition: EditionView, many: int = 10) -> Course:
    """The course of that edition, with keys: its lessons, and a last quiz that asks each learner
    the same questions, of `many` at most, all with options to tick."""
    last = edition.course.quizzes[-1]
    asked = [each for each in last.questions if each.kind in ("single", "multiple")][:many]
    own = tuple(replace(each, bank="") for each in asked)
    every = quiz_keys(edition.id, last.id)
    keys = {each.id: every[each.id] for each in own}
    quiz = replace(last, questions=own, draw=None)
    quiz = replace(quiz, fingerprint=of_quiz(quiz, keys))
    activities = (*edition.course.lessons, quiz)
    course = replace(edition.course, activities=activities, keys={last.id: keys})
    return replace(course, fingerprint=of_course(course))
