"""Handing in: mark outside the transaction, write inside it, by the learner or by the clock."""

import logging
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import bindparam, select, tuple_

from innocap_lms import clock
from innocap_lms.catalogue.queries import EditionView, edition, quiz_keys
from innocap_lms.content.model import Quiz
from innocap_lms.extensions import db, writing
from innocap_lms.learning.attempts import GRACE, AnswerSheet, Page, is_over, submit_attempt, take
from innocap_lms.learning.grading import regrade
from innocap_lms.learning.marking import marked_sheet
from innocap_lms.learning.models import Attempt, Enrolment
from innocap_lms.learning.own_attempts import AttemptView, attempt_of
from innocap_lms.learning.remedies import remedies_of
from innocap_lms.learning.responses import note_responses
from innocap_lms.people.queries import viewer_of
from innocap_lms.people.viewer import Viewer
from innocap_lms.plugin_host.current import plugins

log = logging.getLogger(__name__)

AT_ONCE = 200
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)

_try, _enrolment = Attempt.__table__.c, Enrolment.__table__.c
_over = (
    select(_try.id, _try.due_at, _enrolment.person_id, _try.language)
    .join(Enrolment.__table__, _enrolment.id == _try.enrolment_id)
    .where(
        _try.submitted_at.is_(None),
        _try.due_at.is_not(None),
        _try.due_at < bindparam("latest"),
        tuple_(_try.due_at, _try.id)
        > tuple_(bindparam("after", type_=_try.due_at.type), bindparam("after_id")),
    )
    .order_by(_try.due_at, _try.id)
    .limit(AT_ONCE)
)


def hand_in(
    viewer: Viewer,
    attempt: AttemptView,
    found: EditionView,
    quiz: Quiz,
    sheet: AnswerSheet,
    language: str,
    due: datetime | None = None,
) -> bool:
    """Mark a sheet of answers and hand it in; False when the attempt has changed meanwhile.
    `due` is when its time ended, where the clock hands it in.

    Opens the transaction itself: question kinds are plugins and mark before it.
    """
    ids = [question_id for question_id, _options in attempt.asked]
    keys, remedies = quiz_keys(found.id, quiz.id), remedies_of(found, quiz)
    sheet, marked = marked_sheet(sheet, attempt, found, quiz, keys, language)
    result = regrade(quiz, ids, sheet.answers, replace(marked, passed=None), remedies)
    with writing():
        if not submit_attempt(viewer, attempt, found, quiz, sheet, result, language, due):
            return False
        note_responses(
            attempt,
            found,
            quiz,
            sheet.answers,
            marked,
            language,
            keys=keys,
            kinds=plugins().kinds,
            saved=sheet.saved,
            dropped=[each for each, remedy in remedies.items() if remedy.how == "drop"],
        )
    return True


def close_if_over(viewer: Viewer, attempt_id: str, language: str, now: datetime) -> bool:
    """Hand in an attempt of the viewer's whose time has run out, with the answers it has."""
    while (attempt := attempt_of(viewer.id, attempt_id)) is not None:
        if attempt.submitted_at or not is_over(attempt, now):
            return False
        found = edition(attempt.edition_id)
        quiz = found.course.quiz(attempt.quiz_id)
        sheet, due = take(attempt, (), Page(), now), attempt.due_at
        if hand_in(viewer, attempt, found, quiz, sheet, language, due):
            return True
    return False


def close_what_is_over() -> int:
    """Hand in every attempt whose time has run out; returns how many. A repeating job.

    One that cannot be handed in is logged, and keeps none of those after it waiting.
    """
    now, closed = clock.utcnow(), 0
    after: dict[str, Any] = {"after": LONG_AGO, "after_id": ""}
    while rows := db.session.execute(_over, {"latest": now - GRACE, **after}).all():
        for row in rows:
            try:
                closed += close_if_over(viewer_of(row.person_id), row.id, row.language, now)
            except Exception:
                log.exception("the attempt %s is over and cannot be handed in", row.id)
        after = {"after": rows[-1].due_at, "after_id": rows[-1].id}
    return closed
