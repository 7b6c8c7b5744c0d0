"""Faulty questions: which wording a remedy is for, and what was decided of it.

A remedy holds for each attempt that asked the question in the same words, whatever the edition; a
mended wording, in any language, is another question. There is one remedy for one wording.
Nothing here writes.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select

from innocap_lms.catalogue.queries import EditionView, editions_of, quiz_keys
from innocap_lms.content.fingerprints import fingerprint as fingerprint_of
from innocap_lms.content.model import Question, Quiz
from innocap_lms.extensions import db, fetch
from innocap_lms.learning.corrections import ACCEPTED, DROPPED, RemedyView
from innocap_lms.learning.models import Attempt, Enrolment, Remedy
from innocap_lms.learning.own_attempts import AttemptView
from innocap_lms.people.models import Person

_table = Remedy.__table__.c
_at_quiz = select(
    _table.id,
    _table.question_id,
    _table.fingerprint,
    _table.how,
    _table.accepted,
    _table.reason,
    _table.ended_at,
).where(_table.course_id == bindparam("course_id"), _table.quiz_id == bindparam("quiz_id"))


@dataclass(frozen=True)
class Wording:
    """A question in the same words, as one edition and others ask it, by id of the edition."""

    course_id: str
    quiz_id: str
    question: Question
    fingerprint: str
    edition: EditionView
    quizzes: dict[str, Quiz]


class Decided(NamedTuple):
    """A remedy, who decided it and when, and when it was ended for attempts to come."""

    remedy: RemedyView
    by: str
    at: datetime
    ended_at: datetime | None


class Remedied(NamedTuple):
    """An attempt that a remedy has changed: whose it is, where, and why."""

    person_id: str
    edition_id: str
    quiz_id: str
    reason: str


def wording(
    course_id: str,
    quiz_id: str,
    question_id: str,
    *,
    number: int | None = None,
    fingerprint: str = "",
) -> Wording | None:
    """The question as the newest edition has it, or the one of that number or fingerprint."""
    every = [
        (edition, *found)
        for edition in editions_of(course_id)
        if (found := _asked_in(edition, quiz_id, question_id))
    ]
    for edition, _quiz, question, mark in every:
        if number in (None, edition.number) and fingerprint in ("", mark):
            same = {each.id: quiz for each, quiz, _question, other in every if other == mark}
            return Wording(course_id, quiz_id, question, mark, edition, same)
    return None


def _asked_in(
    edition: EditionView, quiz_id: str, question_id: str
) -> tuple[Quiz, Question, str] | None:
    try:
        quiz = edition.course.activity(quiz_id)
        question = quiz.question(question_id) if isinstance(quiz, Quiz) else None
    except KeyError:
        return None
    if not isinstance(quiz, Quiz) or question is None:
        return None
    return quiz, question, _fingerprint(edition, quiz, question)


def _fingerprint(edition: EditionView, quiz: Quiz, question: Question) -> str:
    """What names a wording: the question in all its languages, with the key of each. So a mended
    translation is another question, too."""
    key = quiz_keys(edition.id, quiz.id)[question.id]
    words = [question.id, question.kind, question.points, dict(question.views)]
    return fingerprint_of("wording", [*words, key["key"], key.get("also", {})])


def remedies_of(edition: EditionView, quiz: Quiz) -> dict[str, RemedyView]:
    """The remedies that hold for a quiz as an edition words it, by question id. One statement.

    Read when an attempt is handed in, and never kept: a decision holds at once, in each process.
    """
    return {
        name: remedy_view(row) for name, row in _rows(edition, quiz).items() if not row.ended_at
    }


def _rows(edition: EditionView, quiz: Quiz) -> dict[str, Any]:
    """The remedies of a quiz as an edition words it, ended ones too, by question id."""
    rows = fetch(_at_quiz, {"course_id": edition.course.id, "quiz_id": quiz.id})
    asked = {question.id: question for question in quiz.questions} if rows else {}
    return {
        row.question_id: row
        for row in rows
        if row.question_id in asked
        and _fingerprint(edition, quiz, asked[row.question_id]) == row.fingerprint
    }


def corrections_of(attempt: AttemptView, edition: EditionView, quiz: Quiz) -> dict[str, RemedyView]:
    """The remedies that changed marks of an attempt, by question id. Reads only where any did."""
    touched = {
        question_id
        for question_id, (_points, because) in attempt.marks.items()
        if because in (ACCEPTED, DROPPED)
    }
    found = _rows(edition, quiz) if touched else {}
    return {name: remedy_view(row) for name, row in found.items() if name in touched}


def decided(found: Wording) -> Decided | None:
    """The remedy of a question in these words, if there is one."""
    row = db.session.execute(
        select(*Remedy.__table__.columns, Person.name)
        .join(Person, Person.id == Remedy.decided_by)
        .where(
            Remedy.course_id == found.course_id,
            Remedy.quiz_id == found.quiz_id,
            Remedy.question_id == found.question.id,
            Remedy.fingerprint == found.fingerprint,
        )
    ).first()
    return Decided(remedy_view(row), row.name, row.decided_at, row.ended_at) if row else None


def remedied_attempt(attempt_id: str, remedy_id: str) -> Remedied:
    """For the mail about it. Raises NoResultFound."""
    row = db.session.execute(
        select(Enrolment.person_id, Attempt.edition_id, Attempt.quiz_id, Remedy.reason)
        .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
        .join(Remedy, Remedy.id == remedy_id)
        .where(Attempt.id == attempt_id)
    ).one()
    return Remedied(*row)


def remedy_view(row: Any) -> RemedyView:
    """A row of the table as others see it."""
    accepted = tuple(tuple(answer) for answer in row.accepted)
    return RemedyView(row.id, row.how, accepted, row.reason)
