"""Checks of what has stayed: a few questions some weeks after a completion, for the learner alone.

To recall something makes it last longer than to read it again (Roediger and Karpicke,
"Test-enhanced learning", Psychological Science 17, 2006), most of all after a while: for what is to
last a year the best gap is some 5 to 10 per cent of it, about four weeks, and longer for longer
(Cepeda et al., "Spacing effects in learning: a temporal ridgeline of optimal retention",
Psychological Science 19, 2008). Hence 4 and 12 weeks.

A check is voluntary and private: no mail, nothing in the ledger, nothing for HR or trainers. It is
kept as an attempt at a quiz that no course has; `passed` says that it is behind the learner, and an
attempt that asked nothing is a check that was put aside.
"""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, select, update

from innocap_lms import clock
from innocap_lms.catalogue.queries import EditionView, quiz_keys
from innocap_lms.content.identifiers import CHECK_IDS
from innocap_lms.content.kinds import QuestionKind
from innocap_lms.content.model import Question, Quiz
from innocap_lms.extensions import db, insert_once
from innocap_lms.ids import new_id
from innocap_lms.learning.attempts import AnswerSheet
from innocap_lms.learning.corrections import RemedyView
from innocap_lms.learning.drawing import Asked, chance, put
from innocap_lms.learning.grading import Grade
from innocap_lms.learning.models import Attempt
from innocap_lms.learning.own_attempts import AttemptView
from innocap_lms.learning.queries import MyCourse
from innocap_lms.learning.remedies import remedies_of

Kinds = Mapping[str, QuestionKind]


@dataclass(frozen=True)
class Check:
    """A check; it is due so many weeks after the completion, and offered for `open_for`."""

    id: str
    weeks: int
    open_for: timedelta

    def is_open(self, completed_at: datetime, now: datetime) -> bool:
        since = now - completed_at - timedelta(weeks=self.weeks)
        return timedelta(0) <= since < self.open_for


# Never two at once: the first is offered until the second is due, the second for half a year.
CHECKS = (
    Check(CHECK_IDS[0], 4, timedelta(weeks=8)),
    Check(CHECK_IDS[1], 12, timedelta(weeks=26)),
)
QUESTIONS = 3
ONCE = ("enrolment_id", "quiz_id", "number")

_try = Attempt.__table__.c
_asked_and_passed = select(_try.quiz_id, _try.asked).where(
    _try.enrolment_id == bindparam("enrolment_id"),
    _try.passed.is_(True),
    _try.quiz_id.not_in(CHECK_IDS),
)


def check_to_offer(mine: MyCourse, edition: EditionView, kinds: Kinds) -> Check | None:
    """The check that the learner may take now, if it is not behind them. No statement."""
    if mine.completed_at is None:
        return None
    now = clock.utcnow()
    check = next((each for each in CHECKS if each.is_open(mine.completed_at, now)), None)
    if check is None or check.id in mine.progress.checked:
        return None
    return check if _has_questions(mine, edition, kinds) else None


def _has_questions(mine: MyCourse, edition: EditionView, kinds: Kinds) -> bool:
    return any(
        _is_graded(question, kinds)
        for quiz in edition.course.quizzes
        if quiz.use == "practice" or quiz.id in mine.progress.passed
        for question in quiz.questions
    )


def draw_check(mine: MyCourse, edition: EditionView, kinds: Kinds) -> Asked:
    """The questions of a check, drawn by chance. Called before the transaction."""
    every = [f"{quiz.id}.{each.id}" for quiz in edition.course.quizzes for each in quiz.questions]
    faulty = remedies_in(edition, every)
    dropped = {name for name, remedy in faulty.items() if remedy.how == "drop"}
    names = pick(edition, asked_and_passed(mine.enrolment_id), kinds, dropped)
    quiz = quiz_of(edition, CHECK_IDS[0], names)
    return put(quiz.questions, kinds, edition.course.languages[0])


def asked_and_passed(enrolment_id: str) -> dict[str, set[str]]:
    """Ids of questions by quiz, from attempts that passed: the learner has seen their keys."""
    found: dict[str, set[str]] = {}
    for row in db.session.execute(_asked_and_passed, {"enrolment_id": enrolment_id}):
        found.setdefault(row.quiz_id, set()).update(question for question, _order in row.asked)
    return found


def remedies_in(edition: EditionView, names: Sequence[str]) -> dict[str, RemedyView]:
    """What was decided of faulty questions, by those of the names that have one. A statement for
    each quiz that is named."""
    quizzes = {name.partition(".")[0] for name in names}
    found = {
        f"{quiz.id}.{question_id}": remedy
        for quiz in edition.course.quizzes
        if quiz.id in quizzes
        for question_id, remedy in remedies_of(edition, quiz).items()
    }
    return {name: found[name] for name in names if name in found}


def pick(
    edition: EditionView,
    known: Mapping[str, set[str]],
    kinds: Kinds,
    dropped: Set[str] = frozenset(),
) -> list[str]:
    """Names of at most three questions, `quiz.question`: of practice first, then of what has been
    passed; of different outcomes as far as there are, those first that some lesson teaches. Without
    those that were `dropped`."""
    course = edition.course
    practice, passed = [], []
    for quiz in course.quizzes:
        for question in quiz.questions:
            if not _is_graded(question, kinds) or f"{quiz.id}.{question.id}" in dropped:
                continue
            if quiz.use == "practice":
                practice.append((f"{quiz.id}.{question.id}", question.outcome))
            elif question.id in known.get(quiz.id, ()):
                passed.append((f"{quiz.id}.{question.id}", question.outcome))
    chance.shuffle(practice)
    chance.shuffle(passed)
    lead = course.languages[0]
    taught = {goal for lesson in course.lessons for goal in lesson.texts[lead].goals}
    return _of_different_outcomes([*practice, *passed], taught)[:QUESTIONS]


def _is_graded(question: Question, kinds: Kinds) -> bool:
    kind = kinds.get(question.kind)
    return kind is not None and kind.graded


def _of_different_outcomes(ranked: Sequence[tuple[str, str]], taught: set[str]) -> list[str]:
    """The same names in their order, but first one of each outcome that is taught."""
    first, rest, met = [], [], set[str]()
    for name, outcome in ranked:
        if outcome in taught and outcome not in met:
            met.add(outcome)
            first.append(name)
        else:
            rest.append(name)
    return first + rest


def quiz_of(edition: EditionView, check_id: str, names: Iterable[str]) -> Quiz:
    """The quiz that a check is, so that it is asked, graded and reviewed like any other. Its
    questions are named `quiz.question`: two quizzes may use the same id."""
    questions = []
    for name in names:
        quiz_id, _, question_id = name.partition(".")
        quiz = next(quiz for quiz in edition.course.quizzes if quiz.id == quiz_id)
        questions.append(replace(quiz.question(question_id), id=name))
    course = edition.course
    return Quiz(check_id, "practice", 0.0, 1, {}, tuple(questions), course.fingerprint)


def keys_of(edition: EditionView, names: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Keys and feedback by the names of a check's questions."""
    parts = {name: name.partition(".") for name in names}
    return {
        name: quiz_keys(edition.id, quiz_id)[question_id]
        for name, (quiz_id, _, question_id) in parts.items()
    }


def begin(mine: MyCourse, edition: EditionView, check: Check, asked: Asked, language: str) -> None:
    """Begin a check; to do so again goes on with it."""
    insert_once(Attempt, ONCE, **_row(mine, edition, check, asked, language))


def put_aside(mine: MyCourse, edition: EditionView, check: Check, language: str) -> None:
    """Do without a check, also one that was begun; it is not offered again."""
    now = clock.utcnow()
    row = _row(mine, edition, check, [], language)
    if not insert_once(Attempt, ONCE, **row, submitted_at=now, passed=True):
        db.session.execute(
            update(Attempt)
            .where(
                Attempt.enrolment_id == mine.enrolment_id,
                Attempt.quiz_id == check.id,
                Attempt.submitted_at.is_(None),
            )
            .values(asked=[], answers={}, saved={}, submitted_at=now, passed=True)
        )


def hand_in(attempt: AttemptView, sheet: AnswerSheet, grade: Grade, language: str) -> bool:
    """Hand in a check with its grade; False where it has changed since it was read, or was handed
    in before: then nothing has happened."""
    done = db.session.execute(
        update(Attempt)
        .where(
            Attempt.id == attempt.id,
            Attempt.revision == attempt.revision,
            Attempt.submitted_at.is_(None),
        )
        .values(
            submitted_at=clock.utcnow(),
            revision=attempt.revision + 1,
            language=language,
            answers={name: list(values) for name, values in sheet.answers.items()},
            saved=dict(sheet.saved),
            marks={name: list(mark) for name, mark in grade.marks.items()},
            points=grade.points,
            max_points=grade.max_points,
            passed=True,
        )
        .returning(Attempt.id),
        execution_options={"synchronize_session": False},
    )
    return done.first() is not None


def _row(
    mine: MyCourse, edition: EditionView, check: Check, asked: Asked, language: str
) -> dict[str, Any]:
    return {
        "id": new_id(),
        "enrolment_id": mine.enrolment_id,
        "quiz_id": check.id,
        "number": 1,
        "edition_id": edition.id,
        "fingerprint": edition.course.fingerprint,
        "language": language,
        "asked": asked,
        "started_at": clock.utcnow(),
    }
