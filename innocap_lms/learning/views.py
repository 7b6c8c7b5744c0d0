"""Lessons and quizzes over HTTP. A learner's own enrolment is the way in; without one, 404."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from innocap_lms.catalogue.pages import lesson_page, markup
from innocap_lms.catalogue.queries import EditionView, edition, offering, quiz_keys
from innocap_lms.content.model import Lesson, Quiz
from innocap_lms.extensions import writing
from innocap_lms.learning import services
from innocap_lms.learning.asking import answers_from, asked, reviewed
from innocap_lms.learning.grading import grade
from innocap_lms.learning.outline import (
    Stop,
    course_head,
    neighbours,
    outline,
    text_language,
    title_and_minutes,
)
from innocap_lms.learning.queries import (
    AttemptLine,
    AttemptView,
    MyCourse,
    attempt_of,
    attempts_at,
    my_course,
)
from innocap_lms.people.language import request_language
from innocap_lms.people.policy import require_viewer, signed_in
from innocap_lms.plugin_host.host import PluginHost

EARLIER = 10  # attempts that the page of a quiz lists

views = Blueprint("learning", __name__, template_folder="templates")


@views.post("/courses/<course_id>/start")
@signed_in
def start(course_id: str) -> ResponseReturnValue:
    found = offering(course_id)
    if found is None:
        abort(404)
    language = found.edition.course.language(request_language())
    with writing():
        services.enrol(require_viewer(), found.edition, language)
    first = found.edition.course.activities[0]
    return redirect(url_for(".activity", course_id=course_id, activity_id=first.id), 303)


@views.get("/courses/<course_id>/<activity_id>")
@signed_in
def activity(course_id: str, activity_id: str) -> ResponseReturnValue:
    mine = my_course(require_viewer().id, course_id)
    if mine is None:
        return _to_front_page(course_id, activity_id)
    found = edition(mine.edition_id)
    item = _activity(found, activity_id)
    if isinstance(item, Lesson):
        return _lesson(mine, found, item)
    return _quiz(mine, found, item)


def _to_front_page(course_id: str, activity_id: str) -> ResponseReturnValue:
    found = offering(course_id)
    if found is None:
        abort(404)
    _activity(found.edition, activity_id)
    flash(_("Start the course first: then this page opens."))
    return redirect(url_for("web.course", course_id=course_id))


def _activity(found: EditionView, activity_id: str) -> Lesson | Quiz:
    try:
        return found.course.activity(activity_id)
    except KeyError:
        abort(404)


def _quiz_of(found: EditionView, quiz_id: str) -> Quiz:
    item = _activity(found, quiz_id)
    if not isinstance(item, Quiz):
        abort(404)
    return item


def _lesson(mine: MyCourse, found: EditionView, lesson: Lesson) -> ResponseReturnValue:
    language = request_language()
    shown = text_language(lesson, found, language)
    if lesson.id not in mine.progress.opened:
        with writing(light=True):
            services.open_lesson(mine.enrolment_id, lesson, shown)
    text = lesson.texts[shown]
    page = lesson_page(found, lesson.id, shown)
    stops = outline(found, mine.progress, language, lesson.id)
    before, after = neighbours(stops)
    course_text = found.course.texts[found.course.language(shown)]
    goals = {outcome.id: outcome.text for outcome in course_text.outcomes}
    return render_template(
        "learning/lesson.html",
        course=course_head(found, language),
        lesson=text,
        goals=tuple(goals[goal] for goal in text.goals),
        body_html=markup(page),
        body_lang=shown,
        shown_in_other_language=shown != language,
        contents=page.headings,
        sources=text.sources,
        outline=stops,
        previous=before,
        next=after,
        done=lesson.id in mine.progress.read,
        read_url=url_for(".read", course_id=found.course.id, lesson_id=lesson.id),
        edition=found,
    )


@views.post("/courses/<course_id>/<lesson_id>/read")
@signed_in
def read(course_id: str, lesson_id: str) -> ResponseReturnValue:
    viewer = require_viewer()
    mine = my_course(viewer.id, course_id)
    if mine is None:
        abort(404)
    found = edition(mine.edition_id)
    lesson = _activity(found, lesson_id)
    if not isinstance(lesson, Lesson):
        abort(404)
    language = request_language()
    shown = text_language(lesson, found, language)
    with writing():
        completed = services.read_lesson(viewer, mine.enrolment_id, found, lesson, shown)
    if completed:
        return redirect(url_for("web.course", course_id=course_id), 303)
    _before, after = neighbours(outline(found, mine.progress, language, lesson.id))
    return redirect(after.url if after else url_for("web.course", course_id=course_id), 303)


def _quiz(mine: MyCourse, found: EditionView, quiz: Quiz) -> ResponseReturnValue:
    language = request_language()
    shown = text_language(quiz, found, language)
    attempts = attempts_at(require_viewer().id, found.course.id, quiz.id)
    sent = [attempt for attempt in attempts if attempt.submitted_at]
    under_way = next((attempt for attempt in attempts if not attempt.submitted_at), None)
    left = None if quiz.attempts is None else max(0, quiz.attempts - len(attempts))
    may_start = under_way is None and left != 0
    return render_template(
        "learning/quiz.html",
        course=course_head(found, language),
        quiz={"title": quiz.titles[shown], "questions": len(quiz.questions)},
        rule=_rule(quiz),
        attempts=[_attempt_row(found, quiz.id, attempt) for attempt in sent[-EARLIER:]],
        attempts_used=len(sent),
        attempts_left=left,
        passed=quiz.id in mine.progress.passed,
        resume_url=_attempt_url(found, quiz.id, under_way.id) if under_way else "",
        start_url=url_for(".begin", course_id=found.course.id, quiz_id=quiz.id)
        if may_start
        else "",
        outline=outline(found, mine.progress, language, quiz.id),
    )


def _rule(quiz: Quiz) -> str:
    share = round(quiz.pass_mark * 100)
    if quiz.attempts is None:
        return _("You pass with %(share)s per cent. You can try as often as you like.", share=share)
    return ngettext(
        "You pass with %(share)s per cent. You have %(num)s attempt.",
        "You pass with %(share)s per cent. You have %(num)s attempts.",
        quiz.attempts,
        share=share,
    )


def _attempt_url(found: EditionView, quiz_id: str, attempt_id: str) -> str:
    return url_for(".attempt", course_id=found.course.id, quiz_id=quiz_id, attempt_id=attempt_id)


def _attempt_row(found: EditionView, quiz_id: str, attempt: AttemptLine) -> Mapping[str, Any]:
    return {
        "number": attempt.number,
        "url": _attempt_url(found, quiz_id, attempt.id),
        "sent": attempt.submitted_at,
        "points": f"{attempt.points:g}",
        "total": f"{attempt.max_points:g}",
        "passed": attempt.passed,
    }


@views.post("/courses/<course_id>/<quiz_id>/attempts")
@signed_in
def begin(course_id: str, quiz_id: str) -> ResponseReturnValue:
    mine = my_course(require_viewer().id, course_id)
    if mine is None:
        abort(404)
    found = edition(mine.edition_id)
    quiz = _quiz_of(found, quiz_id)
    shown = text_language(quiz, found, request_language())
    draw = services.draw(quiz, _host().kinds, found.course.languages[0])
    try:
        with writing():
            attempt_id = services.start_attempt(mine.enrolment_id, found, quiz, draw, shown)
    except services.NoAttemptsLeft:
        return redirect(url_for(".activity", course_id=course_id, activity_id=quiz_id), 303)
    return redirect(_attempt_url(found, quiz_id, attempt_id), 303)


def _own_attempt(course_id: str, quiz_id: str, attempt_id: str) -> AttemptView:
    found = attempt_of(require_viewer().id, attempt_id)
    if found is None or (found.course_id, found.quiz_id) != (course_id, quiz_id):
        abort(404)
    return found


@views.get("/courses/<course_id>/<quiz_id>/attempts/<attempt_id>")
@signed_in
def attempt(course_id: str, quiz_id: str, attempt_id: str) -> ResponseReturnValue:
    mine = _own_attempt(course_id, quiz_id, attempt_id)
    found = edition(mine.edition_id)
    quiz = _quiz_of(found, quiz_id)
    if mine.submitted_at:
        return _result(mine, found, quiz)
    return _ask(mine, found, quiz, {}, ())


@views.post("/courses/<course_id>/<quiz_id>/attempts/<attempt_id>")
@signed_in
def submit(course_id: str, quiz_id: str, attempt_id: str) -> ResponseReturnValue:
    viewer = require_viewer()
    mine = _own_attempt(course_id, quiz_id, attempt_id)
    found = edition(mine.edition_id)
    quiz = _quiz_of(found, quiz_id)
    answers = answers_from(request.form, quiz)
    ids = [question_id for question_id, _options in mine.asked]
    missing = [question_id for question_id in ids if question_id not in answers]
    if missing and not mine.submitted_at and "incomplete" not in request.form:
        return _ask(mine, found, quiz, answers, missing), 422
    if not mine.submitted_at:
        # Question kinds are plugins: they mark before the transaction opens, never within it.
        result = grade(quiz, quiz_keys(found.id, quiz_id), _host().kinds, ids, answers)
        shown = text_language(quiz, found, request_language())
        with writing():
            services.submit_attempt(viewer, mine, found, quiz, answers, result, shown)
    return redirect(_attempt_url(found, quiz_id, attempt_id), 303)


def _ask(
    mine: AttemptView,
    found: EditionView,
    quiz: Quiz,
    answers: Mapping[str, list[str]],
    missing: Any,
) -> str:
    language = request_language()
    shown = text_language(quiz, found, language)
    return render_template(
        "learning/attempt.html",
        course=course_head(found, language),
        quiz={"title": quiz.titles[shown]},
        rule=_rule(quiz),
        attempt=mine,
        questions=asked(mine, found, quiz, shown, answers),
        body_lang=shown,
        missing=missing,
        send_url=_attempt_url(found, quiz.id, mine.id),
    )


def _result(mine: AttemptView, found: EditionView, quiz: Quiz) -> str:
    language = request_language()
    shown = text_language(quiz, found, language)
    questions = reviewed(mine, found, quiz, shown, quiz_keys(found.id, quiz.id))
    stops = _stops_of(found, language, quiz)
    quiz_url = url_for(".activity", course_id=found.course.id, activity_id=quiz.id)
    graded = all(points is not None for points, _because in mine.marks.values())
    wrong = {question.outcome for question in questions if question.right is False}
    return render_template(
        "learning/result.html",
        course=course_head(found, language),
        quiz={"title": quiz.titles[shown], "url": quiz_url},
        attempt=mine,
        result={
            "points": mine.points,
            "total": mine.max_points,
            "passed": mine.passed,
            "graded": graded,
        },
        completed=mine.completion_id is not None and mine.passed,
        stops=[True] * len(stops),
        because=_what_counts(quiz, passed=bool(mine.passed), graded=graded),
        certificate_url=url_for("credentials.of_completion", completion_id=mine.completion_id)
        if mine.completion_id
        else "",
        next=next((stop for stop in stops if stop.state != "done" and not stop.current), None),
        retry_url="" if mine.passed else quiz_url,
        reread=[] if mine.passed else _to_reread(found, wrong, language),
        questions=questions,
        body_lang=shown,
    )


def _what_counts(quiz: Quiz, *, passed: bool, graded: bool) -> str:
    if not graded:
        return _("One of your answers could not be marked yet. It is kept.")
    return "" if passed else _rule(quiz)


def _stops_of(found: EditionView, language: str, quiz: Quiz) -> tuple[Stop, ...]:
    course = my_course(require_viewer().id, found.course.id)
    return outline(found, course.progress, language, quiz.id) if course else ()


def _to_reread(found: EditionView, outcomes: set[str], language: str) -> list[Mapping[str, str]]:
    """The lessons that teach the outcomes whose questions went wrong."""
    lead = found.course.languages[0]
    return [
        {
            "title": title_and_minutes(lesson, found, language)[0],
            "url": url_for(".activity", course_id=found.course.id, activity_id=lesson.id),
        }
        for lesson in found.course.lessons
        if outcomes.intersection(lesson.texts[lead].goals)
    ]


def _host() -> PluginHost:
    host: PluginHost = current_app.extensions["innocap_host"]
    return host
