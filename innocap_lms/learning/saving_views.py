"""Saving an answer over HTTP, as it is given: the request that an attempt makes most often.

As a rule it costs one statement: from what this process remembers of the attempt, its row is
replaced where nobody has changed it and the session is its owner's. In any other case the attempt
is read, and what that says is the answer.
"""

from dataclasses import dataclass

from flask import Blueprint, abort, flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import ServiceUnavailable

from innocap_lms import clock
from innocap_lms.catalogue.queries import EditionView, edition
from innocap_lms.content.model import Quiz
from innocap_lms.learning import attempts
from innocap_lms.learning.addresses import attempt_url, question_url
from innocap_lms.learning.answering import Sent
from innocap_lms.learning.attempt_pages import Trouble, ask_page, question_page
from innocap_lms.learning.attempt_views import ONE, TRIES, quiz_or_404, sent_to
from innocap_lms.learning.own_attempts import AttemptView, attempt_of_session
from innocap_lms.learning.recent import recall, remember
from innocap_lms.people.policy import holder_of_session, nothing_of_theirs, session_token

views = Blueprint("saving", __name__)


@dataclass(frozen=True)
class _Place:
    """Which question of which attempt was answered, as its address says."""

    course_id: str
    quiz_id: str
    number: int

    def is_of(self, mine: AttemptView) -> bool:
        return (mine.course_id, mine.quiz_id) == (self.course_id, self.quiz_id)


@dataclass(frozen=True)
class _Saving:
    """An attempt, and its sheet with the answer that was sent."""

    mine: AttemptView
    found: EditionView
    quiz: Quiz
    question_id: str
    sent: Sent
    sheet: attempts.AnswerSheet

    @property
    def is_over(self) -> bool:
        return self.mine.submitted_at is not None or attempts.is_over(self.mine, clock.utcnow())

    @property
    def is_taken(self) -> bool:
        return not (self.sent.refused or self.sheet.elsewhere)


@views.post(ONE + "/questions/<int:number>")
@holder_of_session
def answer(course_id: str, quiz_id: str, attempt_id: str, number: int) -> ResponseReturnValue:
    """Save the answer to one question. A page that runs a script gets JSON, another the next."""
    place, token = _Place(course_id, quiz_id, number), session_token()
    kept = recall(attempt_id)
    if kept is not None and place.is_of(kept):
        saving = _saving(kept, place)
        if (
            saving.is_taken
            and saving.sheet.changed
            and not saving.is_over
            and _saved(saving, token)
        ):
            return _next(saving, place)
    for _again in range(TRIES):
        mine = attempt_of_session(token, attempt_id)
        if mine is None or not place.is_of(mine):
            return nothing_of_theirs()
        saving = _saving(mine, place)
        if saving.is_over:
            return _too_late(saving)
        if not saving.is_taken:
            return _not_saved(saving, place)
        if not saving.sheet.changed or _saved(saving, token):
            return _next(saving, place)
    raise ServiceUnavailable


def _saving(mine: AttemptView, place: _Place) -> _Saving:
    found = edition(mine.edition_id)
    quiz = quiz_or_404(found, place.quiz_id)
    if not 1 <= place.number <= len(mine.asked):
        abort(404)
    question_id = mine.asked[place.number - 1][0]
    sent = sent_to(mine, found, quiz, question_id)
    sheet = attempts.take(mine, sent.given, sent.page, clock.utcnow())
    return _Saving(mine, found, quiz, question_id, sent, sheet)


def _saved(saving: _Saving, token: str) -> bool:
    saved = attempts.save(saving.mine, saving.sheet, token)
    if saved is not None:
        remember(saved)
    return saved is not None


def _wants_json() -> bool:
    return request.headers.get("Accept") == "application/json"  # the script asks for nothing else


def _too_late(saving: _Saving) -> ResponseReturnValue:
    if _wants_json():
        return {"over": True}, 410
    flash(_("This attempt is handed in; nothing more can be saved."), "warn")
    return redirect(_attempt_url(saving), 303)


def _not_saved(saving: _Saving, place: _Place) -> ResponseReturnValue:
    mine, found, quiz, sent = saving.mine, saving.found, saving.quiz, saving.sent
    trouble = Trouble((), saving.sheet.elsewhere, tuple(sent.refused))
    status = 422 if sent.refused else 409
    if _wants_json():
        return {"why": trouble.at(saving.question_id)}, status
    answers = {**saving.sheet.answers, **sent.as_sent}
    if quiz.show != "one":
        return ask_page(mine, found, quiz, answers, trouble), status
    return question_page(mine, found, quiz, place.number, answers, trouble), status


def _next(saving: _Saving, place: _Place) -> ResponseReturnValue:
    if _wants_json():
        return {"revision": saving.sheet.saved.get(saving.question_id, (0,))[0]}
    towards = request.form.get("towards", "")
    at = int(towards) if towards.isascii() and towards.isdigit() and len(towards) < 6 else 0
    if saving.quiz.show == "one" and 1 <= at <= len(saving.mine.asked):
        return redirect(question_url(place.course_id, place.quiz_id, saving.mine.id, at), 303)
    return redirect(_attempt_url(saving), 303)


def _attempt_url(saving: _Saving) -> str:
    return attempt_url(saving.mine.course_id, saving.mine.quiz_id, saving.mine.id)
