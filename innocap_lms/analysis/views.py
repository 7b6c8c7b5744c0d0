"""Item analysis over HTTP, at the trainer's desk."""

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue

from innocap_lms.analysis.pages import course_page
from innocap_lms.catalogue.queries import offering
from innocap_lms.people.policy import allow, require_viewer
from innocap_lms.people.viewer import keeps_track
from innocap_lms.plugin_host.current import plugins

views = Blueprint("analysis", __name__, template_folder="templates")


@views.get("/studio/courses/<course_id>/analysis")
@allow("trainer", "admin")
def course(course_id: str) -> ResponseReturnValue:
    found = offering(course_id)
    if found is None or not keeps_track(require_viewer(), found.track):
        abort(404)
    kinds = plugins().kinds
    return render_template("analysis/course.html", **course_page(found.edition, kinds))
