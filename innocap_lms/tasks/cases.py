"""Which cases wait, over HTTP, for trainers and administrators: their age and who sits on them."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from innocap_lms import clock
from innocap_lms.catalogue.queries import editions
from innocap_lms.content.model import Task
from innocap_lms.extensions import writing
from innocap_lms.learning.outline import course_head, title_and_minutes
from innocap_lms.people.language import request_language
from innocap_lms.people.policy import allow, require_viewer
from innocap_lms.tasks import assessing
from innocap_lms.tasks.waiting import Waiting, has_free_seat, waiting_case, waiting_cases

views = Blueprint("cases", __name__, url_prefix="/assess/cases", template_folder="templates")


@views.get("")
@allow("trainer", "admin")
def overview() -> ResponseReturnValue:
    after = request.args.get("after", "")
    found, more = waiting_cases(require_viewer(), after)
    if after and not found:
        return redirect(url_for(".overview"))  # the last of them were decided meanwhile
    known = editions(case.edition_id for case in found)
    language, now = request_language(), clock.utcnow()
    rows: list[dict[str, Any]] = []
    for case in found:
        course = known[case.edition_id]
        task = course.course.activity(case.task_id)
        rows.append(
            {
                "case": case,
                "title": title_and_minutes(task, course, language)[0],
                "course": course_head(course, language).title,
                "days": (now - case.handed_in_at).days,
                "late": case.promised_at < now,
                "free": isinstance(task, Task) and has_free_seat(case, task),
            }
        )
    return render_template(
        "tasks/cases.html",
        rows=rows,
        next_url=url_for(".overview", after=found[-1].id) if more else "",
        first_url=url_for(".overview") if after else "",
    )


@views.post("/<submission_id>/seats/<assessment_id>")
@allow("trainer", "admin")
def replace_assessor(submission_id: str, assessment_id: str) -> ResponseReturnValue:
    """Draw another for somebody who does not get round to it."""
    case = _own(submission_id)
    if assessment_id not in {sitting.assessment_id for sitting in case.seats}:
        abort(404)
    try:
        with writing():
            done = assessing.hand_over(assessment_id, require_viewer().id, to_somebody=True)
    except assessing.NobodyElse:
        flash(
            _("Nobody else can be drawn, so the assessor stays. Give somebody the role first."),
            "warning",
        )
        return redirect(url_for(".overview"), 303)
    if done:
        flash(_("Another assessor is drawn."), "success")
    else:
        flash(_("This assessor has scored the case already, so nothing was changed."), "warning")
    return redirect(url_for(".overview"), 303)


@views.post("/<submission_id>/draw")
@allow("trainer", "admin")
def draw(submission_id: str) -> ResponseReturnValue:
    """Try to fill the seats that are free, without waiting for the hour to turn."""
    _own(submission_id)
    with writing():
        full = assessing.draw_again(submission_id)
    if full:
        flash(_("Every seat is taken."), "success")
    else:
        flash(_("The pool still has too few assessors. Give somebody the role first."), "warning")
    return redirect(url_for(".overview"), 303)


def _own(submission_id: str) -> Waiting:
    found = waiting_case(require_viewer(), submission_id)
    if found is None:
        abort(404)
    return found
