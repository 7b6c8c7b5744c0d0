"""Marking a sheet of answers with what is known of it: before any transaction, since question kinds
are plugins."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from innocap_lms.catalogue.queries import EditionView
from innocap_lms.content.model import Quiz
from innocap_lms.learning.answering import read_again
from innocap_lms.learning.attempts import AnswerSheet
from innocap_lms.learning.corrections import RemedyView
from innocap_lms.learning.grading import Grade, grade
from innocap_lms.learning.own_attempts import AttemptView
from innocap_lms.learning.question_html import unasked
from innocap_lms.plugin_host.current import plugins


def marked_sheet(
    sheet: AnswerSheet,
    attempt: AttemptView,
    edition: EditionView,
    quiz: Quiz,
    keys: Mapping[str, Mapping[str, Any]],
    language: str,
    remedies: Mapping[str, RemedyView] = MappingProxyType({}),
) -> tuple[AnswerSheet, Grade]:
    """The answers as their kinds read them, and the grade they earn. Nobody is marked down for a
    question whose kind could not ask it, nor for an answer that it could not read; what it reads
    and takes for none is marked as no answer."""
    kinds = plugins().kinds
    ids = [question_id for question_id, _order in attempt.asked]
    read, unread, refused = read_again(sheet, attempt, quiz, edition.course.languages[0], kinds)
    unseen = unasked(attempt, edition, quiz, language, read.answers)
    answers = {name: given for name, given in read.answers.items() if name not in refused}
    return read, grade(quiz, keys, kinds, ids, answers, remedies, unread, unseen)
