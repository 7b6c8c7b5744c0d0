"""The trainer's desk over HTTP."""

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue

from innocap_lms.authoring.rights import shared_courses
from innocap_lms.catalogue.queries import EditionView, editions_of, quiz_keys
from innocap_lms.inquiries.queries import waiting
from innocap_lms.learning.asking import on_paper
from innocap_lms.learning.outline import text_language
from innocap_lms.people.language import request_language
from innocap_lms.people.policy import allow, require_viewer, signed_in
from innocap_lms.plugin_host.current import plugins
from innocap_lms.studio.queries import StudioCourse, own_offering, studio_courses, studio_programmes

views = Blueprint("studio", __name__, template_folder="templates")


@views.get("/studio")
@signed_in
def overview() -> ResponseReturnValue:
    """The courses that the viewer keeps, or may write, sign off or publish; else 404."""
    viewer = require_viewer()
    shared = shared_courses(viewer)
    if any(role.name in ("trainer", "admin") for role in viewer.roles):
        courses = _courses()
        own = {course.id for course in courses}
        others = [name for name in shared if name not in own]
        return render_template(
            "studio/overview.html",
            courses=courses,
            programmes=_programmes(),
            shared=others,
            waiting=waiting(viewer),
        )
    if not shared:
        abort(404)
    return render_template("studio/shared.html", courses=shared)


@views.get("/studio/courses/<course_id>")
@allow("trainer", "admin")
def course(course_id: str) -> ResponseReturnValue:
    found = next((item for item in _courses() if item.id == course_id), None)
    if found is None:
        abort(404)
    return render_template(
        "studio/course.html", course=found, quizzes=_quizzes(course_id), older=_older(found)
    )


@views.get("/studio/programmes/<programme_id>")
@allow("trainer", "admin")
def programme(programme_id: str) -> ResponseReturnValue:
    """What the files of a programme still need, and its edition."""
    found = next((item for item in _programmes() if item.id == programme_id), None)
    if found is None:
        abort(404)
    return render_template("studio/programme.html", programme=found)


@views.get("/studio/courses/<course_id>/<quiz_id>/print")
@allow("trainer", "admin")
def quiz_on_paper(course_id: str, quiz_id: str) -> ResponseReturnValue:
    """The quiz in service as it can be handed out; with `answers=yes` the trainer's own sheet."""
    found = own_offering(require_viewer(), course_id)
    quiz = (
        next((item for item in found.edition.course.quizzes if item.id == quiz_id), None)
        if found
        else None
    )
    if found is None or quiz is None:
        abort(404)
    course, with_answers = found.edition.course, request.args.get("answers") == "yes"
    language = text_language(quiz, found.edition, request_language())
    keys = quiz_keys(found.edition.id, quiz.id) if with_answers else None
    return render_template(
        "studio/print.html",
        course={"id": course.id, "title": course.texts[course.language(language)].title},
        quiz={"id": quiz.id, "title": quiz.titles[language]},
        edition=found.edition,
        questions=on_paper(found.edition, quiz, language, keys),
        with_answers=with_answers,
        body_lang=language,
    )


def _quizzes(course_id: str) -> list[tuple[str, str]]:
    """(id, title) of the quizzes of the edition in service."""
    found = own_offering(require_viewer(), course_id)
    if found is None:
        return []
    return [
        (quiz.id, quiz.titles[text_language(quiz, found.edition, request_language())])
        for quiz in found.edition.course.quizzes
    ]


def _older(found: StudioCourse) -> list[EditionView]:
    """Editions to go back to, where the page for publishing, which lists them, cannot be shown."""
    if found.can_be_published or found.edition_number is None:
        return []
    return [each for each in editions_of(found.id) if each.number != found.edition_number]


def _courses() -> list[StudioCourse]:
    host = plugins()
    return studio_courses(host, request_language(), require_viewer())


def _programmes() -> list[StudioCourse]:
    return studio_programmes(plugins(), request_language(), require_viewer())
