"""Checks of what has stayed over HTTP: there for their learner alone."""

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import ServiceUnavailable

from innocap_lms import clock
from innocap_lms.catalogue.queries import edition
from innocap_lms.extensions import writing
from innocap_lms.learning import retention
from innocap_lms.learning.addresses import course_address
from innocap_lms.learning.answering import read_form
from innocap_lms.learning.attempt_pages import trouble_with
from innocap_lms.learning.attempt_views import TRIES
from innocap_lms.learning.attempts import save, take
from innocap_lms.learning.check_pages import invitation_page, kinds, questions_page, result_page
from innocap_lms.learning.marking import marked_sheet
from innocap_lms.learning.own_attempts import AttemptView, attempt_of, attempts_at
from innocap_lms.learning.queries import MyCourse, my_course
from innocap_lms.learning.retention import CHECKS, Check
from innocap_lms.people.language import request_language
from innocap_lms.people.policy import require_viewer, session_token, signed_in

views = Blueprint("retention", __name__, template_folder="templates")

ADDRESS = "/courses/<course_id>/check-<int:weeks>-weeks"


def _own(course_id: str, weeks: int) -> tuple[MyCourse, Check, AttemptView | None]:
    """The viewer's own check: offered now, or begun or put aside before."""
    viewer = require_viewer()
    mine = my_course(viewer.id, course_id)
    found = next((each for each in CHECKS if each.weeks == weeks), None)
    if mine is None or found is None:
        abort(404)
    attempts = attempts_at(viewer.id, course_id, found.id)
    if attempts:
        return mine, found, attempt_of(viewer.id, attempts[0].id)
    if retention.check_to_offer(mine, edition(mine.edition_id), kinds()) != found:
        abort(404)
    return mine, found, None


def _to_check(course_id: str, weeks: int) -> ResponseReturnValue:
    return redirect(url_for(".check", course_id=course_id, weeks=weeks), 303)


@views.get(ADDRESS)
@signed_in
def check(course_id: str, weeks: int) -> ResponseReturnValue:
    mine, found, attempt = _own(course_id, weeks)
    if attempt is None:
        return invitation_page(found, edition(mine.edition_id))
    if not attempt.asked:  # put aside
        return redirect(course_address(course_id))
    if attempt.submitted_at:
        return result_page(attempt, found)
    return questions_page(attempt, found, attempt.answers)


@views.post(f"{ADDRESS}/start")
@signed_in
def begin(course_id: str, weeks: int) -> ResponseReturnValue:
    mine, found, attempt = _own(course_id, weeks)
    if attempt is None:
        inside = edition(mine.edition_id)
        asked = retention.draw_check(mine, inside, kinds())
        language = inside.course.language(request_language())
        with writing():
            if asked:
                retention.begin(mine, inside, found, asked, language)
            else:  # what they have passed is not asked any more: an empty check helps nobody
                retention.put_aside(mine, inside, found, language)
    return _to_check(course_id, weeks)


@views.post(ADDRESS)
@signed_in
def send(course_id: str, weeks: int) -> ResponseReturnValue:
    for _again in range(TRIES):
        _mine, found, attempt = _own(course_id, weeks)
        if attempt is None or attempt.submitted_at:
            break
        inside = edition(attempt.edition_id)
        names = [name for name, _order in attempt.asked]
        quiz = retention.quiz_of(inside, found.id, names)
        sent = read_form(request.form, attempt, quiz, inside.course.languages[0], kinds())
        sheet = take(attempt, sent.given, sent.page, clock.utcnow())
        trouble = trouble_with(attempt, sent, sheet, incomplete="incomplete" in request.form)
        if trouble:
            kept = save(attempt, sheet, session_token()) if sheet.changed else attempt
            if kept is None:
                continue
            answers = {**sheet.answers, **sent.as_sent}
            return questions_page(kept, found, answers, trouble), 422
        # Question kinds are plugins: they mark before the transaction opens, never within it.
        language = inside.course.language(request_language())
        keys = retention.keys_of(inside, names)
        remedies = retention.remedies_in(inside, names)
        sheet, result = marked_sheet(sheet, attempt, inside, quiz, keys, language, remedies)
        with writing():
            done = retention.hand_in(attempt, sheet, result, language)
        if done:
            break
    else:
        raise ServiceUnavailable
    return _to_check(course_id, weeks)


@views.post(f"{ADDRESS}/aside")
@signed_in
def put_aside(course_id: str, weeks: int) -> ResponseReturnValue:
    mine, found, attempt = _own(course_id, weeks)
    if attempt is None or attempt.submitted_at is None:
        inside = edition(mine.edition_id)
        language = inside.course.language(request_language())
        with writing():
            retention.put_aside(mine, inside, found, language)
        flash(_("The questions are put aside. Nothing else changes."))
    return redirect(course_address(course_id), 303)
