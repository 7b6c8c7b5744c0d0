"""What a course has to print, over HTTP: always of the edition in service.

Templates and the pocket guide are for whoever may read the course's front page; the facilitator's
guide and slides for trainers of its track.
"""

from typing import NoReturn

from flask import Blueprint, Response, abort, render_template
from flask.typing import ResponseReturnValue

from innocap_lms.catalogue.queries import OfferingView, offering
from innocap_lms.content.model import Companion, Lesson
from innocap_lms.people.policy import allow, of_catalogue, require_viewer
from innocap_lms.people.viewer import keeps_track
from innocap_lms.printing import pages

views = Blueprint("printing", __name__, template_folder="templates")

SHEET, GUIDE = "/courses/<course_id>/sheets/<sheet_id>", "/courses/<course_id>/facilitator/guide"
SLIDES = "/courses/<course_id>/facilitator/slides/<lesson_id>"


@views.get(SHEET)
@of_catalogue
def sheet(course_id: str, sheet_id: str) -> ResponseReturnValue:
    return render_template("printing/sheet.html", **pages.sheet_page(*_sheet(course_id, sheet_id)))


@views.get(f"{SHEET}.pdf")
@of_catalogue
def sheet_pdf(course_id: str, sheet_id: str) -> ResponseReturnValue:
    return _pdf(pages.sheet_file(*_sheet(course_id, sheet_id)), sheet_id)


@views.get(GUIDE)
@allow("trainer", "admin")
def guide(course_id: str) -> ResponseReturnValue:
    return render_template("printing/sheet.html", **pages.sheet_page(*_guide(course_id)))


@views.get(f"{GUIDE}.pdf")
@allow("trainer", "admin")
def guide_pdf(course_id: str) -> ResponseReturnValue:
    return _pdf(pages.sheet_file(*_guide(course_id)), f"{course_id}-facilitator")


@views.get(SLIDES)
@allow("trainer", "admin")
def slides(course_id: str, lesson_id: str) -> ResponseReturnValue:
    return render_template(
        "printing/slides.html", **pages.deck_page(*_lesson(course_id, lesson_id))
    )


@views.get(f"{SLIDES}.pdf")
@allow("trainer", "admin")
def slides_pdf(course_id: str, lesson_id: str) -> ResponseReturnValue:
    return _pdf(pages.deck_file(*_lesson(course_id, lesson_id)), f"{lesson_id}-slides")


def _sheet(course_id: str, sheet_id: str) -> tuple[OfferingView, Companion]:
    found = offering(course_id) or _not_there()
    for each in found.edition.course.companions:
        if each.id == sheet_id and each.kind != "facilitator":
            return found, each
    return _not_there()


def _guide(course_id: str) -> tuple[OfferingView, Companion]:
    found = _own(course_id)
    for each in found.edition.course.companions:
        if each.kind == "facilitator":
            return found, each
    return _not_there()


def _lesson(course_id: str, lesson_id: str) -> tuple[OfferingView, Lesson]:
    found = _own(course_id)
    for each in found.edition.course.lessons:
        if each.id == lesson_id:
            return found, each
    return _not_there()


def _own(course_id: str) -> OfferingView:
    """A course in service of a track that the viewer keeps."""
    found = offering(course_id)
    if found is None or not keeps_track(require_viewer(), found.track):
        _not_there()
    return found


def _not_there() -> NoReturn:
    abort(404)


def _pdf(content: bytes, name: str) -> Response:
    response = Response(content, mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return response
