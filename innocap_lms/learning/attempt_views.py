"""Attempts over HTTP: begin, look, hand in. An attempt is its owner's alone; else 404."""

from flask import Blueprint, abort, flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import ServiceUnavailable

from innocap_lms import clock
from innocap_lms.catalogue.queries import EditionView, edition
from innocap_lms.content.model import Quiz
from innocap_lms.learning import attempts
from innocap_lms.learning.addresses import activity_address, attempt_url, question_url
from innocap_lms.learning.answering import Sent, read_form
from innocap_lms.learning.attempt_pages import (
    ask_page,
    overview_page,
    question_page,
    trouble_with,
)
from innocap_lms.learning.closing import close_if_over, hand_in
from innocap_lms.learning.drawing import draw
from innocap_lms.learning.outline import text_language
from innocap_lms.learning.own_attempts import AttemptView, attempt_of
from innocap_lms.learning.queries import place_in
from innocap_lms.learning.question_html import asked_html, question_html
from innocap_lms.learning.quiz_pages import result_page
from innocap_lms.learning.recent import remember
from innocap_lms.people.language import request_language
from innocap_lms.people.policy import (
    require_viewer,
    session_token,
    signed_in,
)
from innocap_lms.plugin_host.current import plugins

views = Blueprint("attempts", __name__, template_folder="templates")
views.add_app_template_global(asked_html)
views.add_app_template_global(question_html)

BASE = "/courses/<course_id>/<quiz_id>/attempts"
ONE = BASE + "/<attempt_id>"
TRIES = 20  # an attempt that changes between reading and writing is read again


@views.post(BASE)
@signed_in
def begin(course_id: str, quiz_id: str) -> ResponseReturnValue:
    place = place_in(require_viewer().id, course_id)
    if place is None:
        abort(404)
    enrolment_id, found = place[0], edition(place[1])
    quiz = quiz_or_404(found, quiz_id)
    shown = text_language(quiz, found, request_language())
    asked = draw(quiz, plugins().kinds, found.course.languages[0])
    sent = request.form.get("had", "")
    had = int(sent) if sent.isdecimal() and len(sent) < 9 else None
    try:
        attempt_id = attempts.start_attempt(enrolment_id, found, quiz, asked, shown, had)
    except (attempts.NoAttemptsLeft, attempts.NotYet, attempts.BegunBefore):
        return redirect(activity_address(course_id, quiz_id), 303)  # which says why
    return redirect(_way_in(found, quiz, attempt_id), 303)


def _way_in(found: EditionView, quiz: Quiz, attempt_id: str) -> str:
    if quiz.show == "one":
        return question_url(found.course.id, quiz.id, attempt_id, 1)
    return attempt_url(found.course.id, quiz.id, attempt_id)


@views.get(ONE)
@signed_in
def attempt(course_id: str, quiz_id: str, attempt_id: str) -> ResponseReturnValue:
    mine, found, quiz = _own(course_id, quiz_id, attempt_id)
    if not mine.submitted_at and attempts.is_over(mine, clock.utcnow()):
        _closed(mine, found, quiz)
        mine, found, quiz = _own(course_id, quiz_id, attempt_id)
    if mine.submitted_at:
        return result_page(mine, found, quiz)
    remember(mine)
    if quiz.show == "one":
        return overview_page(mine, found, quiz)
    return ask_page(mine, found, quiz, mine.answers)


@views.post(ONE)
@signed_in
def submit(course_id: str, quiz_id: str, attempt_id: str) -> ResponseReturnValue:
    for _again in range(TRIES):
        mine, found, quiz = _own(course_id, quiz_id, attempt_id)
        if mine.submitted_at:
            break
        if _closed(mine, found, quiz):
            flash(_("The time was over. What was saved before counts."), "warn")
            break
        sent = sent_to(mine, found, quiz)
        sheet = attempts.take(mine, sent.given, sent.page, clock.utcnow())
        incomplete = "incomplete" in request.form
        trouble = trouble_with(mine, sent, sheet, incomplete=incomplete)
        if trouble:
            kept = attempts.save(mine, sheet, session_token()) if sheet.changed else mine
            if kept is None:
                continue
            if quiz.show == "one":
                return overview_page(kept, found, quiz, trouble), 422
            answers = {**sheet.answers, **sent.as_sent}
            return ask_page(kept, found, quiz, answers, trouble), 422
        shown = text_language(quiz, found, request_language())
        if hand_in(require_viewer(), mine, found, quiz, sheet, shown):
            break
    else:
        raise ServiceUnavailable
    return redirect(attempt_url(found.course.id, quiz_id, attempt_id), 303)


@views.get(ONE + "/questions/<int:number>")
@signed_in
def question(course_id: str, quiz_id: str, attempt_id: str, number: int) -> ResponseReturnValue:
    mine, found, quiz = _own(course_id, quiz_id, attempt_id)
    if mine.submitted_at or _closed(mine, found, quiz):
        return redirect(attempt_url(found.course.id, quiz_id, attempt_id))
    if quiz.show != "one":
        return redirect(f"{attempt_url(found.course.id, quiz_id, attempt_id)}#question-{number}")
    if not 1 <= number <= len(mine.asked):
        abort(404)
    remember(mine)
    return question_page(mine, found, quiz, number, mine.answers)


def _own(course_id: str, quiz_id: str, attempt_id: str) -> tuple[AttemptView, EditionView, Quiz]:
    mine = attempt_of(require_viewer().id, attempt_id)
    if mine is None or (mine.course_id, mine.quiz_id) != (course_id, quiz_id):
        abort(404)
    found = edition(mine.edition_id)
    return mine, found, quiz_or_404(found, quiz_id)


def quiz_or_404(found: EditionView, quiz_id: str) -> Quiz:
    """The quiz of that id; else the page does not exist."""
    try:
        return found.course.quiz(quiz_id)
    except KeyError:
        abort(404)


def sent_to(mine: AttemptView, found: EditionView, quiz: Quiz, only: str = "") -> Sent:
    """What the form of this request says of the attempt's questions, or of question `only`."""
    kinds, lead = plugins().kinds, found.course.languages[0]
    return read_form(request.form, mine, quiz, lead, kinds, (only,) if only else ())


def _closed(mine: AttemptView, found: EditionView, quiz: Quiz) -> bool:
    """Whether the attempt's time was over, and it is handed in now as it stood."""
    now = clock.utcnow()
    if mine.submitted_at or not attempts.is_over(mine, now):
        return False
    shown = text_language(quiz, found, request_language())
    return close_if_over(require_viewer(), mine.id, shown, now)
