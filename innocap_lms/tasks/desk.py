"""The assessor's desk over HTTP: cases one sits on. Without a seat at a case, or without the role
in which one was drawn, 404."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from innocap_lms import clock
from innocap_lms.catalogue.queries import edition, editions
from innocap_lms.content.model import Task
from innocap_lms.extensions import writing
from innocap_lms.learning.outline import course_head, text_language, title_and_minutes
from innocap_lms.people.language import request_language
from innocap_lms.people.policy import allow, require_viewer, signed_in
from innocap_lms.tasks import assessing, queries, rules, seated
from innocap_lms.tasks.pages import task_shown
from innocap_lms.tasks.queries import Seat
from innocap_lms.tasks.seated import DeskRow
from innocap_lms.tasks.views import download

views = Blueprint("assessing", __name__, url_prefix="/assess", template_folder="templates")

MAX_REMARK = 5_000  # characters
FIELD = "criterion-"
Errors = dict[str, str]


@views.get("")
@allow("assessor")
def overview() -> ResponseReturnValue:
    """The list of an assessor; empty until they are drawn."""
    waiting, decided = seated.desk(require_viewer().id)
    return render_template("tasks/desk.html", waiting=_rows(waiting), decided=_rows(decided))


def _rows(found: list[DeskRow]) -> list[dict[str, Any]]:
    language, now = request_language(), clock.utcnow()
    known = editions(row.edition_id for row in found)
    rows = []
    for row in found:
        course = known[row.edition_id]
        task = course.course.activity(row.task_id)
        rows.append(
            {
                "case": row,
                "url": url_for(".case", submission_id=row.submission_id),
                "title": title_and_minutes(task, course, language)[0],
                "course": course_head(course, language).title,
                "days": (now - row.handed_in_at).days,
                "late": row.promised_at < now,
            }
        )
    return rows


@views.get("/<submission_id>")
@signed_in
def case(submission_id: str) -> ResponseReturnValue:
    return _page(_seat(submission_id), {})


@views.post("/<submission_id>")
@signed_in
def score(submission_id: str) -> ResponseReturnValue:
    seat = _seat(submission_id)
    task, form = _task(seat), request.form
    sent = {criterion.id: form.get(FIELD + criterion.id, "") for criterion in task.criteria}
    remark = form.get("remark", "").replace("\r\n", "\n").strip()
    shown = text_language(task, edition(seat.case.edition_id), request_language())
    errors = _faults(task, sent, remark, shown)
    if errors:
        return _page(seat, errors, sent, remark)
    try:
        with writing():
            decided = assessing.score(require_viewer().id, submission_id, sent, remark)
    except assessing.SeatLost:
        abort(404)
    except assessing.TooLate:
        words = _("The others have scored too, so the scores are fixed. Yours were not changed.")
        return _page(_seat(submission_id), {"": words}, sent, remark)
    flash(
        _("Saved. With it the case is decided, and the learner is told.")
        if decided
        else _("Your scores are saved. You can change them until the others have scored."),
        "success",
    )
    return redirect(url_for(".case", submission_id=submission_id), 303)


def _faults(task: Task, sent: dict[str, str], remark: str, language: str) -> Errors:
    errors = {}
    for criterion in task.criteria:
        if sent[criterion.id] not in {level.id for level in criterion.levels}:
            title = criterion.titles[language]
            errors[FIELD + criterion.id] = _("Choose a level: %(criterion)s.", criterion=title)
    if len(remark) > MAX_REMARK:
        errors["remark"] = _(
            "The remark has %(count)s characters; at most %(most)s can be saved.",
            count=len(remark),
            most=MAX_REMARK,
        )
    elif not remark and not errors and not rules.passes(task, sent):
        errors["remark"] = _("Say what the learner should do differently.")
    return errors


@views.post("/<submission_id>/hand-over")
@signed_in
def hand_over(submission_id: str) -> ResponseReturnValue:
    seat = _seat(submission_id)
    with writing():
        done = assessing.hand_over(seat.assessment_id, require_viewer().id)
    if not done:
        flash(_("You have scored this case already, so you keep it."), "warning")
        return redirect(url_for(".case", submission_id=submission_id), 303)
    flash(_("The case is handed over. You no longer see it."), "success")
    return redirect(url_for(".overview"), 303)


@views.get("/<submission_id>/files/<file_id>")
@signed_in
def file(submission_id: str, file_id: str) -> ResponseReturnValue:
    """A file of a case on which the viewer sits, to download."""
    found = queries.case_file(require_viewer().id, submission_id, file_id)
    if found is None:
        abort(404)
    return download(found)


def _seat(submission_id: str) -> Seat:
    seat = queries.seat_at(require_viewer().id, submission_id)
    if seat is None:
        abort(404)
    return seat


def _task(seat: Seat) -> Task:
    task = edition(seat.case.edition_id).course.activity(seat.case.task_id)
    assert isinstance(task, Task)
    return task


def _page(
    seat: Seat, errors: Errors, sent: dict[str, str] | None = None, remark: str | None = None
) -> ResponseReturnValue:
    found, task, language = edition(seat.case.edition_id), _task(seat), request_language()
    both = {opinion.seat: opinion.scores for opinion in seat.case.opinions}
    page = render_template(
        "tasks/case.html",
        seat=seat,
        case=seat.case,
        course=course_head(found, language),
        task=task_shown(found, task, language),
        scores=seat.own.scores if sent is None else sent,
        remark=seat.own.remark if remark is None else remark,
        agreement=rules.agreement(task, both[1], both[2]) if {1, 2} <= both.keys() else None,
        agreed=not rules.disagree(task, both[1], both[2]) if {1, 2} <= both.keys() else None,
        outcomes={name: rules.passes(task, scores) for name, scores in both.items()},
        late=bool(seat.case.promised_at and seat.case.promised_at < clock.utcnow()),
        days=(clock.utcnow() - seat.case.handed_in_at).days if seat.case.handed_in_at else 0,
        others=[each for each in seat.case.opinions if each.seat != seat.seat],
        errors=errors,
        field=FIELD,
    )
    return page, 422 if errors else 200
