"""Learners' questions at the trainer's desk, and more time for attempts under way, over HTTP."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from innocap_lms.catalogue.queries import OfferingView, edition, editions, offering, quiz_keys
from innocap_lms.extensions import writing
from innocap_lms.inquiries import services
from innocap_lms.inquiries.pages import quiz_of, shown
from innocap_lms.inquiries.queries import InquiryView, inquiries, inquiry_of, waiting
from innocap_lms.inquiries.services import LONGEST
from innocap_lms.learning.allowances import (
    ONE_STEP,
    TimedAttempt,
    extend_time,
    timed_attempts,
)
from innocap_lms.learning.asking import one_on_paper
from innocap_lms.learning.outline import course_head, text_language
from innocap_lms.people.language import request_language
from innocap_lms.people.policy import allow, require_viewer
from innocap_lms.people.viewer import keeps_track

views = Blueprint("studio_inquiries", __name__, template_folder="templates")


@views.get("/studio/inquiries")
@allow("trainer", "admin")
def overview() -> ResponseReturnValue:
    viewer, language = require_viewer(), request_language()
    answered, after = request.args.get("show") == "answered", request.args.get("after", "")
    rows, more = inquiries(viewer, answered=answered, after=after)
    if after and not rows:  # past the end: those on the last page have been answered meanwhile
        after, (rows, more) = "", inquiries(viewer, answered=answered)
    show = "answered" if answered else None
    return render_template(
        "inquiries/overview.html",
        rows=[shown(each, language) for each in rows],
        answered=answered,
        own=viewer.id,
        waiting=waiting(viewer),
        next_url=url_for(".overview", show=show, after=rows[-1].id) if more else "",
        first_url=url_for(".overview", show=show) if after else "",
    )


@views.get("/studio/inquiries/<inquiry_id>")
@allow("trainer", "admin")
def inquiry(inquiry_id: str) -> ResponseReturnValue:
    return _page(_inquiry(inquiry_id))


@views.post("/studio/inquiries/<inquiry_id>/answer")
@allow("trainer", "admin")
def answer(inquiry_id: str) -> ResponseReturnValue:
    """Answer a question, or decline another attempt: both in words."""
    found, text = _inquiry(inquiry_id), request.form.get("text", "").strip()
    if _is_own(found.person_id):
        return _page(found, _not_yourself())
    if not text:
        return _page(found, _("Write an answer first."))
    if len(text) > LONGEST:
        return _page(found, _("The answer is too long: at most %(most)s characters.", most=LONGEST))
    with writing():
        first = services.answer(require_viewer().id, found.id, text)
    return _answered(found, _("The answer is sent."), first=first)


@views.post("/studio/inquiries/<inquiry_id>/grant")
@allow("trainer", "admin")
def grant(inquiry_id: str) -> ResponseReturnValue:
    found = _inquiry(inquiry_id)
    if found.about != "attempt":
        abort(404)
    if _is_own(found.person_id):
        return _page(found, _not_yourself())
    try:
        with writing():
            first = services.grant(require_viewer().id, found)
    except services.AnswersShownError:
        message = _("The right answers have been shown: another attempt cannot be given.")
        return _page(found, message)
    return _answered(found, _("Another attempt is given, and its learner is told."), first=first)


def _inquiry(inquiry_id: str) -> InquiryView:
    found = inquiry_of(require_viewer(), inquiry_id)
    if found is None:
        abort(404)
    return found


def _is_own(person_id: str) -> bool:
    """Whether a trainer would decide on what they have asked or answered as a learner."""
    return person_id == require_viewer().id


def _not_yourself() -> str:
    return _("This is your own. Another trainer decides on it.")


def _answered(found: InquiryView, done: str, *, first: bool) -> Response:
    if first:
        flash(done, "success")
        return redirect(url_for(".overview"), 303)
    flash(_("Somebody has answered already. Your answer was not sent."), "warning")
    return redirect(url_for(".inquiry", inquiry_id=found.id), 303)


def _page(found: InquiryView, error: str = "") -> ResponseReturnValue:
    asked_in, language = edition(found.edition_id), request_language()
    quiz, paper = quiz_of(asked_in, found.quiz_id), None
    if found.question_id:
        keys = quiz_keys(asked_in.id, quiz.id)
        paper = one_on_paper(asked_in, quiz, found.language, found.question_id, keys)
    page = render_template(
        "inquiries/inquiry.html",
        row=shown(found, language),
        inquiry=found,
        own=_is_own(found.person_id),
        edition=asked_in,
        paper=paper,
        body_lang=found.language,
        text=request.form.get("text", ""),
        error=error,
        longest=LONGEST,
    )
    return page, 422 if error else 200


@views.get("/studio/courses/<course_id>/attempts")
@allow("trainer", "admin")
def attempts(course_id: str) -> ResponseReturnValue:
    course, language = own_course(course_id), request_language()
    under_way = timed_attempts(course_id)
    found = editions(each.edition_id for each in under_way)
    rows = []
    for each in under_way:
        quiz = quiz_of(found[each.edition_id], each.quiz_id)
        title = quiz.titles[text_language(quiz, found[each.edition_id], language)]
        rows.append((each, title))
    return render_template(
        "inquiries/attempts.html",
        course=course_head(course.edition, language),
        rows=rows,
        minutes=ONE_STEP,
        own=require_viewer().id,
    )


@views.post("/studio/courses/<course_id>/attempts/<attempt_id>/time")
@allow("trainer", "admin")
def extend(course_id: str, attempt_id: str) -> ResponseReturnValue:
    own_course(course_id)
    found = next((each for each in timed_attempts(course_id) if each.id == attempt_id), None)
    if found is not None and _is_own(found.person_id):
        flash(_not_yourself(), "warning")
    elif found is not None and _extended(found):
        flash(_("The attempt has %(minutes)s minutes more.", minutes=ONE_STEP), "success")
    else:
        flash(
            _("That attempt has been handed in or given time meanwhile. Nothing was changed."),
            "warning",
        )
    return redirect(url_for(".attempts", course_id=course_id), 303)


def _extended(found: TimedAttempt) -> bool:
    """Whether the attempt got more time: only where its end is still the one the page showed."""
    if request.form.get("end", "") != found.due_at.isoformat():
        return False
    with writing():
        return extend_time(require_viewer().id, found, ONE_STEP) is not None


def own_course(course_id: str) -> OfferingView:
    """The course in service, if its track is one that the viewer keeps; else 404."""
    found = offering(course_id)
    if found is None or not keeps_track(require_viewer(), found.track):
        abort(404)
    return found
