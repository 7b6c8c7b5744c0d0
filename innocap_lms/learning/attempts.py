"""Attempts at a quiz: begin, save answers as they are given, hand in once.

An attempt is one row, and every change replaces it only where its `revision` is still the one that
was read. So two windows, a repeated request and the clock can meet in any order: what was
acknowledged stays, and an attempt is handed in once. Saving needs no key and calls no grading.
Whoever calls `submit_attempt` holds the write transaction; to start one, none is needed.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, exists, select, update

from innocap_lms import clock
from innocap_lms.catalogue.queries import EditionView
from innocap_lms.content.model import Quiz
from innocap_lms.extensions import (
    execute,
    fetch,
    insert_at_once,
    insert_once,
    is_writing,
    save_at_once,
)
from innocap_lms.ids import new_id
from innocap_lms.learning.allowances import AllowanceView, allowance_of, rule_for
from innocap_lms.learning.completing import complete_if_due, named
from innocap_lms.learning.drawing import Asked
from innocap_lms.learning.grading import Grade
from innocap_lms.learning.models import Attempt, Enrolment
from innocap_lms.learning.own_attempts import AttemptView
from innocap_lms.ledger.services import record
from innocap_lms.people.queries import asking, is_asking
from innocap_lms.people.viewer import Viewer

GRACE = timedelta(seconds=10)  # for an answer that was sent in time over a slow network
LONGEST_LOOK = 600  # seconds: whoever is away longer was not thinking about the question

# Built once, of the tables: building a statement costs more than running it.
_try, _enrolment = Attempt.__table__.c, Enrolment.__table__.c
_last_attempt = (
    select(_try.id, _try.number, _try.submitted_at)
    .where(_try.enrolment_id == bindparam("enrolment_id"), _try.quiz_id == bindparam("quiz_id"))
    .order_by(_try.number.desc())
    .limit(1)
)
_as_read = (
    update(Attempt.__table__)  # type: ignore[arg-type]
    .where(
        _try.id == bindparam("attempt_id"),
        _try.revision == bindparam("read"),
        _try.submitted_at.is_(None),
    )
    .returning(_try.id)
)
_as_read_by_its_owner = _as_read.where(
    exists().where(_enrolment.id == _try.enrolment_id, is_asking(_enrolment.person_id))
)
_no_longer_counting = (
    update(Attempt.__table__)  # type: ignore[arg-type]
    .where(
        _try.enrolment_id == bindparam("of"),
        _try.quiz_id == bindparam("at"),
        _try.number < bindparam("before"),
    )
    .values(counting=False)
)


class NoAttemptsLeft(ValueError):
    """The quiz's limit of attempts is reached."""


class BegunBefore(ValueError):
    """The attempt that was to begin has been begun, and handed in."""


class NotYet(ValueError):
    """The waiting time after the last attempt is not over; `until` says when it is."""

    def __init__(self, until: datetime) -> None:
        super().__init__(f"the next attempt opens at {until:%Y-%m-%d %H:%M} UTC")
        self.until = until


def start_attempt(
    enrolment_id: str,
    edition: EditionView,
    quiz: Quiz,
    asked: Asked,
    language: str,
    had: int | None = None,
) -> str:
    """Begin an attempt, or go on with the one that is open; returns its id.

    `had` is how many attempts whoever begins knows of: a request that comes again, after its
    attempt was handed in, begins no other. Raises NoAttemptsLeft (also once the right answers were
    shown), NotYet, BegunBefore. Two starts at once give one attempt: its number is unique.
    """
    at = {"enrolment_id": enrolment_id, "quiz_id": quiz.id}
    now = clock.utcnow()
    last = _last(at)
    if last is not None and last.submitted_at is None:
        return str(last.id)
    number = last.number + 1 if last else 1
    if had is not None and number != had + 1:
        raise BegunBefore(quiz.id)
    asks = quiz.minutes is not None or number > 1
    more = allowance_of(enrolment_id, quiz.id) if asks else AllowanceView()
    over = quiz.attempts is not None and number > quiz.attempts + more.attempts
    if over or more.closed_at is not None:
        raise NoAttemptsLeft(quiz.id)
    if last is not None and now < (opens := next_opens(quiz, last.submitted_at)):
        raise NotYet(opens)
    new = new_id()
    insert = insert_once if is_writing() else insert_at_once
    made = insert(
        Attempt,
        ("enrolment_id", "quiz_id", "number"),
        id=new,
        **at,
        number=number,
        edition_id=edition.id,
        fingerprint=quiz.fingerprint,
        language=language,
        asked=asked,
        started_at=now,
        due_at=now + timedelta(minutes=quiz.minutes + more.minutes) if quiz.minutes else None,
        revision=0,
        counting=number == 1 or rule_for(enrolment_id, quiz).counts != "first",
    )
    return new if made else str(_last(at).id)


def _last(at: Mapping[str, str]) -> Any:
    found = fetch(_last_attempt, at)
    return found[0] if found else None


def next_opens(quiz: Quiz, submitted_at: datetime) -> datetime:
    """When the next attempt may begin after one that was handed in then."""
    return submitted_at + timedelta(hours=quiz.wait_hours)


def is_over(attempt: AttemptView, now: datetime) -> bool:
    """Whether an attempt's time has run out, and nothing more is taken."""
    return attempt.due_at is not None and now > attempt.due_at + GRACE


AS_SENT = "as sent"  # in `saved`, of an answer that its kind could not read


@dataclass(frozen=True)
class Page:
    """The page that sends answers: a random name, and a number that grows with each sending."""

    name: str = ""
    turn: int = 0


@dataclass(frozen=True)
class Given:
    """An answer as a page sent it. `seen` is the revision at which the page knew the question;
    None where it does not say, and the answer is simply the newest. `as_sent` says that its kind
    could not read it: it is what the fields held."""

    question_id: str
    answer: tuple[str, ...]
    seen: int | None = None
    as_sent: bool = False


@dataclass(frozen=True)
class AnswerSheet:
    """The answers of an attempt after a page has sent some; `elsewhere` names the questions that
    another page has answered differently since, which are left as they are."""

    answers: Mapping[str, Sequence[str]]
    saved: Mapping[str, Sequence[Any]]
    changed: bool
    elsewhere: tuple[str, ...] = ()


def take(attempt: AttemptView, given: Iterable[Given], page: Page, now: datetime) -> AnswerSheet:
    """Put what a page sent into the answers of an attempt. Pure.

    An answer counts when nobody has changed the question since that page saw it. Of what one page
    sends, the later counts: an acknowledgement may have been lost, an old request may come late.
    """
    answers, saved = dict(attempt.answers), dict(attempt.saved)
    news = [
        each
        for each in given
        if list(each.answer) != list(answers.get(each.question_id, ()))
        or _is_later(saved.get(each.question_id), page)
    ]
    elsewhere = tuple(
        each.question_id for each in news if not _is_newer(each, saved.get(each.question_id), page)
    )
    news = [each for each in news if each.question_id not in elsewhere]
    since = (now - (attempt.saved_at or attempt.started_at)).total_seconds()
    look = round(min(max(since, 0), LONGEST_LOOK) / max(1, len(news)))
    for each in news:
        _revision, seconds, *_page = saved.get(each.question_id, (0, 0))
        noted = [attempt.revision + 1, seconds + look, page.name, page.turn]
        saved[each.question_id] = [*noted, AS_SENT] if each.as_sent else noted
        answers[each.question_id] = list(each.answer)
    return AnswerSheet(answers, saved, bool(news), elsewhere)


def _is_later(saved: Sequence[Any] | None, page: Page) -> bool:
    """Whether the page that changed a question last has sent it again: also where it says the same,
    so that a request between the two that arrives later still is known to be old."""
    return saved is not None and saved[2] == page.name != "" and page.turn > saved[3]


def _is_newer(given: Given, saved: Sequence[Any] | None, page: Page) -> bool:
    if given.seen is None or saved is None:
        return True
    if saved[2] == page.name != "":
        return _is_later(saved, page)
    return bool(given.seen == saved[0])


def save(attempt: AttemptView, sheet: AnswerSheet, token: str) -> AttemptView | None:
    """Keep a sheet of answers of the person whose session this is; gives the attempt as it is then,
    on the disk when this returns. None when it has changed since it was read, or is not theirs.

    Opens its own transaction, of one statement, which also asks whose session it is.
    """
    now, revision = clock.utcnow(), attempt.revision + 1
    values = {"revision": revision, "saved_at": now, **_of(sheet), **asking(token)}
    if save_at_once(_as_read_by_its_owner, _read(attempt, values)) is None:
        return None
    return replace(
        attempt, revision=revision, saved_at=now, answers=sheet.answers, saved=sheet.saved
    )


def submit_attempt(
    viewer: Viewer,
    attempt: AttemptView,
    edition: EditionView,
    quiz: Quiz,
    sheet: AnswerSheet,
    grade: Grade,
    language: str,
    due: datetime | None = None,
) -> bool:
    """Hand in an attempt with its grade, now or when it was `due`; False when it has changed
    since it was read, or was handed in before: then nothing has happened."""
    now = due or clock.utcnow()
    values = {
        **_of(sheet),
        "revision": attempt.revision + 1,
        "submitted_at": now,
        "language": language,
        "marks": {question: list(mark) for question, mark in grade.marks.items()},
        "points": grade.points,
        "max_points": grade.max_points,
        "passed": grade.passed,
    }
    if execute(_as_read, _read(attempt, values)).first() is None:
        return False
    if quiz.counts == "last" and attempt.number > 1:
        at = {"of": attempt.enrolment_id, "at": quiz.id, "before": attempt.number}
        execute(_no_longer_counting, at)
    home = viewer.home()
    record(
        "attempt.submitted",
        person_id=viewer.id,
        actor_id=viewer.id,
        organisation_id=home.organisation_id if home else None,
        happened_at=now,
        content={
            "attempt": attempt.id,
            "quiz": quiz.id,
            "passed": grade.passed,
            **named(edition, language),
        },
    )
    if grade.passed:
        complete_if_due(viewer, attempt.enrolment_id, language)
    return True


def _of(sheet: AnswerSheet) -> dict[str, Any]:
    return {"answers": dict(sheet.answers), "saved": dict(sheet.saved)}


def _read(attempt: AttemptView, values: Mapping[str, Any]) -> dict[str, Any]:
    return {"attempt_id": attempt.id, "read": attempt.revision, **values}
