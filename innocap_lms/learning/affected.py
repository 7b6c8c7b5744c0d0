"""The attempts that a remedy concerns, and what it would make of each. Nothing here writes."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Row, exists, select
from sqlalchemy.orm import aliased

from innocap_lms.catalogue.queries import edition
from innocap_lms.content.draws import may_count_nothing
from innocap_lms.content.model import Quiz
from innocap_lms.extensions import db
from innocap_lms.learning.corrections import Answers, How, RemedyView, canonical
from innocap_lms.learning.grading import Grade, reaches, regrade
from innocap_lms.learning.models import Attempt, Enrolment
from innocap_lms.learning.remedies import Wording, remedies_of
from innocap_lms.people.models import Person

BATCH = 500  # attempts read at a time
LISTED = 100
FEWEST = 5  # persons who gave an answer, before a preview says anything of it

_other = aliased(Attempt)
_DROP = RemedyView("", "drop", (), "")


class Tried(NamedTuple):
    """An attempt that asked the question, with its person. No name where that is protected.

    `decides` says whether the person's result hangs on it: it counts by the quiz's rule, and no
    other attempt that counts has passed.
    """

    id: str
    enrolment_id: str
    person_id: str
    organisation_id: str | None
    name: str
    number: int
    edition_id: str
    language: str
    revision: int
    asked: list[str]
    answers: dict[str, list[str]]
    grade: Grade
    decides: bool


@dataclass(frozen=True)
class Change:
    """What a remedy makes of one attempt."""

    attempt: Tried
    after: Grade

    @property
    def before(self) -> Grade:
        return self.attempt.grade

    @property
    def passes(self) -> bool:
        """Whether its person passes the quiz by it."""
        return bool(self.attempt.decides and self.after.passed and not self.before.passed)

    @property
    def differs(self) -> bool:
        """Whether the result of the attempt is another, not only the mark of the question."""
        before, after = self.before, self.after
        was = (before.points, before.max_points, before.passed)
        return was != (after.points, after.max_points, after.passed)


@dataclass
class Preview:
    """What a remedy would change: counts of all, and the first hundred of those it lists.

    `passing` would pass the quiz from now on, each person once; `keeping` would fall below the
    mark, and keep their pass. Of further answers, those that fewer than FEWEST persons gave are
    left out of everything but `asked`: else a preview would tell who answered what.
    """

    asked: int = 0
    changed: int = 0
    passing_count: int = 0
    keeping_count: int = 0
    passing: list[Change] = field(default_factory=list)
    keeping: list[Change] = field(default_factory=list)
    passed: set[str] = field(default_factory=set)  # enrolments that are counted as passing


def preview(found: Wording, how: How, accepted: Answers) -> Preview:
    """What a remedy would change. Writes nothing."""
    would, shown = RemedyView("", how, accepted, ""), Preview()
    by_answer: dict[tuple[str, ...], list[Change]] = defaultdict(list)
    for attempts, _last in tried(found):
        for attempt in attempts:
            shown.asked += 1
            change = change_of(attempt, found, would)
            if change is None:
                continue
            if how == "accept":
                by_answer[_answer(found, attempt)].append(change)
            else:
                _list(shown, change, found.quizzes[attempt.edition_id])
    for changes in by_answer.values():
        if len({change.attempt.person_id for change in changes}) >= FEWEST:
            for change in changes:
                _list(shown, change, found.quizzes[change.attempt.edition_id])
    return shown


def _answer(found: Wording, attempt: Tried) -> tuple[str, ...]:
    return canonical(found.question, attempt.answers.get(found.question.id, ()))


def _list(shown: Preview, change: Change, quiz: Quiz) -> None:
    shown.changed += 1
    if change.passes and change.attempt.enrolment_id not in shown.passed:
        shown.passed.add(change.attempt.enrolment_id)
        shown.passing_count += 1
        if len(shown.passing) < LISTED:
            shown.passing.append(change)
    elif _would_fall(change, quiz):
        shown.keeping_count += 1
        if len(shown.keeping) < LISTED:
            shown.keeping.append(change)


def _would_fall(change: Change, quiz: Quiz) -> bool:
    points, total = change.after.points, change.after.max_points
    passed = change.attempt.decides and change.before.passed
    return bool(passed) and not reaches(quiz, points, total)


def change_of(attempt: Tried, found: Wording, remedy: RemedyView) -> Change | None:
    """What a remedy makes of an attempt; None where nothing changes."""
    quiz, remedies = found.quizzes[attempt.edition_id], {found.question.id: remedy}
    after = regrade(quiz, attempt.asked, attempt.answers, attempt.grade, remedies)
    return None if after.marks == attempt.grade.marks else Change(attempt, after)


_tried = (
    select(
        Attempt.id,
        Attempt.enrolment_id,
        Enrolment.person_id,
        Enrolment.organisation_id,
        Person.name,
        Person.protected,
        Attempt.number,
        Attempt.edition_id,
        Attempt.language,
        Attempt.revision,
        Attempt.asked,
        Attempt.answers,
        Attempt.marks,
        Attempt.points,
        Attempt.max_points,
        Attempt.passed,
        Attempt.counting,
        exists()
        .where(
            _other.enrolment_id == Attempt.enrolment_id,
            _other.quiz_id == Attempt.quiz_id,
            _other.id != Attempt.id,
            _other.counting,
            _other.passed.is_(True),
        )
        .label("passed_otherwise"),
    )
    .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
    .join(Person, Person.id == Enrolment.person_id)
    .where(Attempt.submitted_at.is_not(None))
    .order_by(Attempt.id)
    .limit(BATCH)
)


def leaves_nothing(found: Wording) -> bool:
    """Whether without the question an attempt, handed in or to come, could have nothing that
    counts: nobody could pass it."""
    return may_come_empty(found) or any(
        change.after.max_points <= 0
        for attempts, _last in tried(found)
        for attempt in attempts
        if (change := change_of(attempt, found, _DROP))
        and found.quizzes[attempt.edition_id].pass_mark > 0
    )


def may_come_empty(found: Wording) -> bool:
    """Whether without the question the quiz could ask a set in which nothing counts."""
    for edition_id, quiz in found.quizzes.items():
        remedies = remedies_of(edition(edition_id), quiz)
        dropped = {name for name, each in remedies.items() if each.how == "drop"}
        if may_count_nothing(quiz, dropped | {found.question.id}):
            return True
    return False


def tried(
    found: Wording, after: str = "", until: datetime | None = None
) -> Iterator[tuple[list[Tried], str]]:
    """The attempts handed in that asked the question in these words, by id, from one id on; with
    `until`, those handed in by then.

    In batches, each with the id of the last attempt that was looked at.
    """
    wanted = _tried.where(
        Attempt.quiz_id == found.quiz_id, Attempt.edition_id.in_(sorted(found.quizzes))
    )
    if until is not None:
        wanted = wanted.where(Attempt.submitted_at <= until)
    while rows := db.session.execute(wanted.where(Attempt.id > after)).all():
        after = rows[-1].id
        yield [_tried_of(row) for row in rows if found.question.id in dict(row.asked)], after


def _tried_of(row: Row[*tuple[Any, ...]]) -> Tried:
    marks = {question: (mark[0], mark[1]) for question, mark in (row.marks or {}).items()}
    return Tried(
        row.id,
        row.enrolment_id,
        row.person_id,
        row.organisation_id,
        "" if row.protected else row.name,
        row.number,
        row.edition_id,
        row.language,
        row.revision,
        [question_id for question_id, _options in row.asked],
        row.answers or {},
        Grade(row.points or 0.0, row.max_points or 0.0, row.passed, marks),
        row.counting and not row.passed_otherwise,
    )
