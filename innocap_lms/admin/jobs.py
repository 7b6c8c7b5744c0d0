"""What the site does after commit, for administrators: what waits, what was given up, who works."""

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from innocap_lms.extensions import writing
from innocap_lms.jobs import queries
from innocap_lms.jobs.outbox import try_again
from innocap_lms.people.policy import allow, require_viewer
from innocap_lms.people.trail import note

views = Blueprint("admin_jobs", __name__, template_folder="templates", url_prefix="/admin/jobs")


@views.get("")
@allow("admin")
def overview() -> ResponseReturnValue:
    count, letters = queries.dead_letters()
    return render_template(
        "admin/jobs.html",
        waiting=queries.waiting(),
        pulses=queries.pulses(),
        dead_count=count,
        dead_letters=letters,
    )


@views.post("/<message_id>/again")
@allow("admin")
def again(message_id: str) -> ResponseReturnValue:
    with writing():
        found = try_again(message_id)
        if found:
            note("job.tried_again", require_viewer().id, message=message_id)
    if not found:
        abort(404)
    flash(_("It is tried again now."), "success")
    return redirect(url_for(".overview"), 303)
