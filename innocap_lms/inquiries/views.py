"""What a learner asks, over HTTP: about a question of their own attempt, for another attempt."""

from collections.abc import Mapping

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from innocap_lms.catalogue.queries import EditionView, edition
from innocap_lms.content.identifiers import CHECK_IDS
from innocap_lms.content.model import Quiz
from innocap_lms.extensions import writing
from innocap_lms.inquiries import services
from innocap_lms.inquiries.pages import quiz_of, shown
from innocap_lms.inquiries.queries import own_about, own_inquiries
from innocap_lms.inquiries.services import LONGEST, Place, TooManyOpenError
from innocap_lms.learning.addresses import activity_address, attempt_url, question_url
from innocap_lms.learning.allowances import (
    AllowanceView,
    allowance_of,
    is_used_up,
    may_ask_for_more,
    rule_for,
    show_answers,
)
from innocap_lms.learning.asking import asked
from innocap_lms.learning.outline import course_head, text_language
from innocap_lms.learning.own_attempts import AttemptLine, AttemptView, attempt_of, attempts_at
from innocap_lms.learning.queries import place_in, progress_of
from innocap_lms.people.language import request_language
from innocap_lms.people.policy import require_viewer, signed_in

views = Blueprint("inquiries", __name__, template_folder="templates")

QUESTION = "/courses/<course_id>/<quiz_id>/attempts/<attempt_id>/questions/<int:number>/ask"


@views.get("/me/questions")
@signed_in
def mine() -> ResponseReturnValue:
    own, language = own_inquiries(require_viewer().id), request_language()
    return render_template("inquiries/mine.html", rows=[shown(each, language) for each in own])


@views.get(QUESTION)
@signed_in
def ask(course_id: str, quiz_id: str, attempt_id: str, number: int) -> ResponseReturnValue:
    return _question_page(_own_attempt(course_id, quiz_id, attempt_id, number), number)


@views.post(QUESTION)
@signed_in
def send(course_id: str, quiz_id: str, attempt_id: str, number: int) -> ResponseReturnValue:
    mine = _own_attempt(course_id, quiz_id, attempt_id, number)
    about, text = request.form.get("about", ""), request.form.get("text", "").strip()
    errors = _faults_of(text, needed=True)
    if about not in ("fault", "help"):
        errors = {"about": _("Choose what it is about."), **errors}
    if errors:
        return _question_page(mine, number, errors)
    found = edition(mine.edition_id)
    quiz = quiz_of(found, quiz_id)
    question = quiz.question(mine.asked[number - 1][0])
    place = _place(mine.enrolment_id, found, quiz)
    try:
        with writing():
            services.ask(place, mine.id, question, about, text)
    except TooManyOpenError:
        return _question_page(mine, number, {"": _too_many()})
    flash(_sent(), "success")
    return redirect(_back(mine, quiz, number), 303)


def _own_attempt(course_id: str, quiz_id: str, attempt_id: str, number: int) -> AttemptView:
    """The viewer's own attempt, if it asked that many questions; else 404. A check of what has
    stayed is an attempt too, at no quiz of the course: nobody is asked about it.
    """
    found = attempt_of(require_viewer().id, attempt_id)
    if found is None or (found.course_id, found.quiz_id) != (course_id, quiz_id):
        abort(404)
    if not 1 <= number <= len(found.asked) or quiz_id in CHECK_IDS:
        abort(404)
    return found


def _back(mine: AttemptView, quiz: Quiz, number: int) -> str:
    """Where the question stands: on a page of its own, or among the others."""
    if quiz.show == "one" and mine.submitted_at is None:
        return question_url(mine.course_id, mine.quiz_id, mine.id, number)
    return f"{attempt_url(mine.course_id, mine.quiz_id, mine.id)}#question-{number}"


def _place(enrolment_id: str, found: EditionView, quiz: Quiz) -> Place:
    language = text_language(quiz, found, request_language())
    return Place(require_viewer().id, enrolment_id, found, quiz.id, language)


def _faults_of(text: str, *, needed: bool) -> Mapping[str, str]:
    if needed and not text:
        return {"text": _("Write what you want to say.")}
    if len(text) > LONGEST:
        return {
            "text": _(
                "The text is too long: at most %(most)s characters, yours has %(has)s.",
                most=LONGEST,
                has=len(text),
            )
        }
    return {}


def _too_many() -> str:
    return ngettext(
        "You have asked %(num)s question that waits for an answer. Wait for it first.",
        "You have asked %(num)s questions that wait for an answer. Wait for some of them first.",
        services.MOST_OPEN,
    )


def _sent() -> str:
    return _("Your question is sent. The answer comes to your questions here, and by mail.")


def _question_page(
    mine: AttemptView, number: int, errors: Mapping[str, str] = {}
) -> ResponseReturnValue:
    found, language = edition(mine.edition_id), request_language()
    quiz = quiz_of(found, mine.quiz_id)
    language_of_text = text_language(quiz, found, language)
    question = asked(mine, found, quiz, language_of_text, {})[number - 1]
    earlier = own_about(require_viewer().id, mine.course_id, mine.quiz_id, question.id)
    page = render_template(
        "inquiries/ask.html",
        course=course_head(found, language),
        quiz={"title": quiz.titles[language_of_text], "url": _back(mine, quiz, number)},
        question=question,
        total=len(mine.asked),
        body_lang=language_of_text,
        earlier=earlier,
        about=request.form.get("about", request.args.get("about", "")),
        text=request.form.get("text", ""),
        errors=errors,
        longest=LONGEST,
        send_url=request.path,
    )
    return page, 422 if errors else 200


@views.route("/courses/<course_id>/<quiz_id>/another-attempt", methods=["GET", "POST"])
@signed_in
def another_attempt(course_id: str, quiz_id: str) -> ResponseReturnValue:
    """After the last attempt, for whoever has not passed; others are led to the quiz."""
    enrolment_id, found, quiz = _own_quiz(course_id, quiz_id)
    had, more = (
        attempts_at(require_viewer().id, course_id, quiz_id),
        allowance_of(enrolment_id, quiz_id),
    )
    if not (_used_up(quiz, enrolment_id, had, more) and may_ask_for_more(quiz, more)):
        return redirect(activity_address(course_id, quiz_id), 303)
    if request.method != "POST":
        return _attempt_page(found, quiz, had)
    text = request.form.get("text", "").strip()
    if errors := _faults_of(text, needed=False):
        return _attempt_page(found, quiz, had, errors)
    try:
        with writing():
            services.ask_for_attempt(_place(enrolment_id, found, quiz), len(had), text)
    except TooManyOpenError:
        return _attempt_page(found, quiz, had, {"": _too_many()})
    flash(_sent(), "success")
    return redirect(url_for(".another_attempt", course_id=course_id, quiz_id=quiz_id), 303)


@views.post("/courses/<course_id>/<quiz_id>/right-answers")
@signed_in
def right_answers(course_id: str, quiz_id: str) -> ResponseReturnValue:
    """After the last attempt: show the right answers, and give up asking for another."""
    enrolment_id, found, quiz = _own_quiz(course_id, quiz_id)
    had = attempts_at(require_viewer().id, course_id, quiz_id)
    more = allowance_of(enrolment_id, quiz_id)
    if not _used_up(quiz, enrolment_id, had, more):
        return redirect(activity_address(course_id, quiz_id), 303)
    with writing():
        shown = show_answers(require_viewer().id, enrolment_id, quiz_id, more)
    if not shown and allowance_of(enrolment_id, quiz_id).closed_at is None:
        return redirect(activity_address(course_id, quiz_id), 303)  # an attempt was given
    return redirect(attempt_url(found.course.id, quiz.id, had[-1].id), 303)


def _own_quiz(course_id: str, quiz_id: str) -> tuple[str, EditionView, Quiz]:
    """The viewer's enrolment in a course, its edition and that quiz of it; else 404."""
    place = place_in(require_viewer().id, course_id)
    if place is None:
        abort(404)
    found = edition(place[1])
    try:
        return place[0], found, rule_for(place[0], quiz_of(found, quiz_id))
    except KeyError:
        abort(404)


def _used_up(quiz: Quiz, enrolment_id: str, had: list[AttemptLine], more: AllowanceView) -> bool:
    """Whether the viewer has handed in every attempt there is without passing the quiz."""
    if any(each.submitted_at is None for each in had):
        return False
    passed = quiz.id in progress_of(enrolment_id).passed
    return is_used_up(quiz, more, len(had), passed=passed)


def _attempt_page(
    found: EditionView,
    quiz: Quiz,
    had: list[AttemptLine],
    errors: Mapping[str, str] = {},
) -> ResponseReturnValue:
    language = request_language()
    earlier = own_about(require_viewer().id, found.course.id, quiz.id, None)
    page = render_template(
        "inquiries/another_attempt.html",
        course=course_head(found, language),
        quiz={
            "title": quiz.titles[text_language(quiz, found, language)],
            "url": activity_address(found.course.id, quiz.id),
        },
        had=len(had),
        asked=earlier[0] if earlier else None,
        waits=any(each.answered_at is None for each in earlier),
        text=request.form.get("text", ""),
        errors=errors,
        longest=LONGEST,
        send_url=request.path,
    )
    return page, 422 if errors else 200
