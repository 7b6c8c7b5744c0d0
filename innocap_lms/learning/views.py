"""Lessons, and the way into a quiz, over HTTP. One's own enrolment is the way in; else 404."""

from collections.abc import Callable
from typing import Any

from flask import (
    Blueprint,
    abort,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from innocap_lms.catalogue.pages import lesson_page, markup
from innocap_lms.catalogue.queries import EditionView, OfferingView, edition, offering
from innocap_lms.content.model import Activity, Lesson, Quiz
from innocap_lms.extensions import writing
from innocap_lms.learning import renewing, services
from innocap_lms.learning.outline import course_head, neighbours, outline, text_language
from innocap_lms.learning.queries import MyCourse, my_course, place_in
from innocap_lms.learning.quiz_pages import quiz_page
from innocap_lms.people.language import request_language
from innocap_lms.people.policy import require_viewer, signed_in

OtherPage = Callable[[MyCourse, EditionView, Any], ResponseReturnValue]
FormerPage = Callable[[MyCourse, str], ResponseReturnValue]

views = Blueprint("learning", __name__, template_folder="templates")


@views.post("/courses/<course_id>/start")
@signed_in
def start(course_id: str) -> ResponseReturnValue:
    found = _in_service(course_id)
    try:
        with writing():
            services.enrol(require_viewer(), found.edition, _language(found))
    except services.NotYetError:
        return _refused(course_id, _("Complete what comes first: then this course opens."))
    return _to_its_first_part(found)


@views.post("/courses/<course_id>/renew")
@signed_in
def renew(course_id: str) -> ResponseReturnValue:
    """Take the course again from its first part, in the edition in service."""
    found = _in_service(course_id)
    try:
        with writing():
            renewing.renew(require_viewer(), found.edition, _language(found))
    except renewing.NotOpenError:
        return _refused(course_id, _("There is nothing to renew in this course yet."))
    return _to_its_first_part(found)


def _in_service(course_id: str) -> OfferingView:
    return offering(course_id) or abort(404)


def _language(found: OfferingView) -> str:
    return found.edition.course.language(request_language())


def _refused(course_id: str, why: str) -> ResponseReturnValue:
    flash(why, "warning")
    return redirect(url_for("web.course", course_id=course_id), 303)


def _to_its_first_part(found: OfferingView) -> ResponseReturnValue:
    course = found.edition.course
    first = course.activities[0]
    return redirect(url_for(".activity", course_id=course.id, activity_id=first.id), 303)


@views.get("/courses/<course_id>/<activity_id>")
@signed_in
def activity(course_id: str, activity_id: str) -> ResponseReturnValue:
    mine = my_course(require_viewer().id, course_id)
    if mine is None:
        return _to_front_page(course_id, activity_id)
    found = edition(mine.edition_id)
    if not any(item.id == activity_id for item in found.course.activities):
        former: FormerPage = current_app.extensions["innocap_former_page"]
        return former(mine, activity_id)
    item = _activity(found, activity_id)
    if isinstance(item, Lesson):
        return _lesson(mine, found, item)
    if isinstance(item, Quiz):
        return quiz_page(mine, found, item)
    # Rooms above this one look after the other kinds; the app has told which.
    page: OtherPage = current_app.extensions["innocap_activity_pages"][type(item)]
    return page(mine, found, item)


def _to_front_page(course_id: str, activity_id: str) -> ResponseReturnValue:
    found = offering(course_id)
    if found is None:
        abort(404)
    _activity(found.edition, activity_id)
    flash(_("Start the course first: then this page opens."))
    return redirect(url_for("web.course", course_id=course_id))


def _activity(found: EditionView, activity_id: str) -> Activity:
    try:
        return found.course.activity(activity_id)
    except KeyError:
        abort(404)


def _lesson(mine: MyCourse, found: EditionView, lesson: Lesson) -> ResponseReturnValue:
    language = request_language()
    shown = text_language(lesson, found, language)
    if lesson.id not in mine.progress.opened:
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
        done_count=len(mine.progress.done),
        previous=before,
        next=after,
        done=lesson.id in mine.progress.read,
        again=lesson.id in mine.progress.again,
        read_url=url_for(".read", course_id=found.course.id, lesson_id=lesson.id),
        edition=found,
    )


@views.post("/courses/<course_id>/<lesson_id>/read")
@signed_in
def read(course_id: str, lesson_id: str) -> ResponseReturnValue:
    viewer = require_viewer()
    enrolment_id, found = _place(course_id)
    lesson = _activity(found, lesson_id)
    if not isinstance(lesson, Lesson):
        abort(404)
    shown, sent = text_language(lesson, found, request_language()), request.form.get("text")
    if sent and sent not in {text.fingerprint for text in lesson.texts.values()}:
        flash(_("The lesson has changed since you opened it. This is how it reads now."), "warning")
        return redirect(url_for(".activity", course_id=course_id, activity_id=lesson_id), 303)
    with writing():
        completed = services.read_lesson(viewer, enrolment_id, lesson, shown)
    parts = [item.id for item in found.course.activities]
    after = parts[parts.index(lesson_id) + 1 :]
    if completed or not after:
        return redirect(url_for("web.course", course_id=course_id), 303)
    return redirect(url_for(".activity", course_id=course_id, activity_id=after[0]), 303)


def _place(course_id: str) -> tuple[str, EditionView]:
    """The viewer's enrolment in a course, and its edition."""
    place = place_in(require_viewer().id, course_id)
    if place is None:
        abort(404)
    return place[0], edition(place[1])
