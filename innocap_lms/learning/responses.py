"""Responses: what item analysis keeps of an attempt, written as it is handed in.

Only a person's first attempt at a quiz counts: later ones, also of who takes the course again, know
the questions, and one person's answers are not independent of each other. A row waits until others
to the same words have come, so that no one's answer is the difference of two looks at the figures.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from sqlalchemy import bindparam, func, insert, select, update

from innocap_lms.catalogue.queries import EditionView
from innocap_lms.content.fingerprints import canonical, fingerprint, of_question
from innocap_lms.content.kinds import QuestionKind
from innocap_lms.content.model import Question, Quiz
from innocap_lms.extensions import db, execute, fetch, writing
from innocap_lms.learning.grading import Grade
from innocap_lms.learning.models import Attempt, Enrolment, Response
from innocap_lms.learning.own_attempts import AttemptView

FEWEST = 5  # answers to the same words that are seen, and that come to be seen together
STRATA = 2**16  # numbers that an item leaves for the quizzes which ask it
LONGEST_CHOICE = 400  # characters of an answer that is counted
Keys = Mapping[str, Mapping[str, Any]]
Saved = Mapping[str, Sequence[int]]  # question id: [revision, seconds, page, turn]

_insert = insert(Response.__table__)  # type: ignore[arg-type]
_this, _before = Enrolment.__table__.alias("this").c, Enrolment.__table__.alias("before").c
_tried = Attempt.__table__.c
_tried_before = select(_tried.id).where(
    _this.id == bindparam("enrolment_id"),
    _before.person_id == _this.person_id,
    _before.course_id == _this.course_id,
    _before.enrolled_at < _this.enrolled_at,
    _tried.enrolment_id == _before.id,
    _tried.quiz_id == bindparam("quiz_id"),
)
_item_of_row = Response.__table__.c.item
_words = (-1 - _item_of_row) // STRATA
_release = (
    update(Response.__table__)  # type: ignore[arg-type]
    .where(
        _item_of_row < 0,
        _words.in_(
            select(_words)
            .where(_item_of_row < 0)
            .group_by(_words)
            .having(func.count() >= FEWEST)
            .scalar_subquery()
        ),
    )
    .values(item=-1 - _item_of_row)
)


def note_responses(
    attempt: AttemptView,
    edition: EditionView,
    quiz: Quiz,
    answers: Mapping[str, Sequence[str]],
    grade: Grade,
    language: str,
    *,
    keys: Keys,
    kinds: Mapping[str, QuestionKind],
    saved: Saved,
    dropped: Collection[str] = (),
) -> None:
    """Keep a row, still waiting, for each question of a first attempt; none of a later one, or of
    a retention check. Called in the transaction that hands the attempt in. Calls no question kind.

    `grade` is what the keys gave, before any remedy: figures are to show a fault, not its repair.
    `dropped` are the questions that do not count any more: no row, and no part in any rest.
    """
    if all(attempt.quiz_id != own.id for own in edition.course.quizzes) or not _is_first(attempt):
        return
    asked = [
        None if question in dropped else quiz.question(question)
        for question, _options in attempt.asked
    ]
    stratum = stratum_of(quiz, dropped)
    rows = [
        {
            "attempt_id": attempt.id,
            "position": position,
            "item": -1 - stratum - item_of(edition, quiz, question, language, keys[question.id]),
            "chosen": _chosen(answers.get(question.id, ())) if kind.counted else "",
            "share": share,
            "rest": rest,
            "seconds": saved[question.id][1] if question.id in saved else None,
        }
        for position, question, kind, share, rest in _marked(asked, kinds, grade)
    ]
    if rows:
        execute(_insert, rows)


def _is_first(attempt: AttemptView) -> bool:
    """Attempts are counted anew in each enrolment, people are not."""
    at = {"enrolment_id": attempt.enrolment_id, "quiz_id": attempt.quiz_id}
    if attempt.number > 1:
        return False
    return not (attempt.anew and fetch(_tried_before, at))


def release() -> int:
    """Let the waiting answers be seen, where FEWEST or more are to the same words; returns how
    many. A repeating job: two at once could let a single one through."""
    with writing():
        return int(db.session.execute(_release).rowcount)  # type: ignore[attr-defined]


def _marked(
    asked: Sequence[Question | None], kinds: Mapping[str, QuestionKind], grade: Grade
) -> Iterator[tuple[int, Question, QuestionKind, float | None, float | None]]:
    """Position, question, kind, share and rest of each question that is meant to be marked; None
    in `asked` stands for one that is not.

    The rest is what the other marked questions earned of their points, from 0 to 1; None where
    there is none, or where this one could not be marked.
    """
    scored = [
        (position, question, kind, grade.marks[question.id][0])
        for position, question in enumerate(asked)
        if question is not None
        and (kind := kinds.get(question.kind)) is not None
        and kind.graded
        and question.points > 0
    ]
    points = sum(question.points for _at, question, _kind, mark in scored if mark is not None)
    earned = sum(mark for _at, _question, _kind, mark in scored if mark is not None)
    for position, question, kind, mark in scored:
        if mark is None:
            yield position, question, kind, None, None
            continue
        others = points - question.points
        rest = (earned - mark) / others if others > 0 else None
        yield position, question, kind, mark / question.points, rest


def _chosen(answer: Sequence[str]) -> str:
    """An answer in the one spelling by which equal ones are counted, whatever their order."""
    text = canonical(sorted(answer)).decode("ascii")
    return text if len(text) <= LONGEST_CHOICE else ""


def item_of(
    edition: EditionView, quiz: Quiz, question: Question, language: str, key: Mapping[str, Any]
) -> int:
    """The number that pools answers: 47 bits of a fingerprint of question, language and key, and
    room for `stratum_of` below STRATA.

    `key` is the question's part of `quiz_keys`; its feedback does not count, since it comes after
    the answer. A question without a translation is asked in the lead language.
    """
    shown = language if language in question.views else edition.course.languages[0]
    return _item(_Asked(edition.id, quiz.id, question.id, shown, question, key))


@dataclass(frozen=True)
class _Asked:
    """A question in one language. The first four fields decide its fingerprint."""

    edition_id: str
    quiz_id: str
    question_id: str
    language: str
    question: Question = field(compare=False)
    key: Mapping[str, Any] = field(compare=False)


@lru_cache(maxsize=10_000)
def _item(asked: _Asked) -> int:
    marks = {"key": asked.key["key"], "also": asked.key.get("also", {})}
    # The language too: a translation may say the same, word for word, and is told apart.
    named = [asked.language, of_question(asked.question, asked.language, marks)]
    return (int(fingerprint("item", named)[:12], 16) >> 1) * STRATA


def stratum_of(quiz: Quiz, dropped: Collection[str] = ()) -> int:
    """The number, below STRATA, of a quiz as it stands and without its dropped questions.

    What was earned on the other questions is comparable within it, and not beyond: one quiz is
    harder than another.
    """
    held = [quiz.fingerprint, sorted(dropped)]
    return int(fingerprint("stratum", held)[:16], 16) % STRATA
