"""The trainer's desk over HTTP."""

from flask import Blueprint, abort, current_app, render_template
from flask.typing import ResponseReturnValue

from innocap_lms.inquiries.queries import waiting
from innocap_lms.people.language import request_language
from innocap_lms.people.policy import allow, require_viewer
from innocap_lms.studio.queries import StudioCourse, studio_courses

views = Blueprint("studio", __name__, template_folder="templates")


@views.get("/studio")
@allow("trainer", "admin")
def overview() -> ResponseReturnValue:
    viewer = require_viewer()
    return render_template("studio/overview.html", courses=_courses(), waiting=waiting(viewer))


@views.get("/studio/courses/<course_id>")
@allow("trainer", "admin")
def course(course_id: str) -> ResponseReturnValue:
    found = next((item for item in _courses() if item.id == course_id), None)
    if found is None:
        abort(404)
    return render_template("studio/course.html", course=found)


def _courses() -> list[StudioCourse]:
    host = current_app.extensions["innocap_host"]
    return studio_courses(host, request_language(), require_viewer())
