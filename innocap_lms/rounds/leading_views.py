"""What the leader of a round does over HTTP: confirm who was there, answer who asked for help."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from innocap_lms import clock
from innocap_lms.extensions import let_reads_go, writing
from innocap_lms.people.identity import InvalidInputError
from innocap_lms.people.language import request_language
from innocap_lms.people.policy import allow, require_viewer
from innocap_lms.requirements.days import today
from innocap_lms.rounds import asking_help, attendance, queries, rights
from innocap_lms.rounds.desk_views import desk
from innocap_lms.rounds.queries import RoundView, SessionView
from innocap_lms.rounds.words import hours_of, named

views = Blueprint("rounds_leading", __name__, template_folder="templates")

STEP = 30  # minutes between what can be confirmed


@views.route("/rounds/<round_id>/sessions/<session_id>", methods=["GET", "POST"])
@allow("trainer")
def attended(round_id: str, session_id: str) -> ResponseReturnValue:
    """The attendance list of a session, on its day and until two weeks after the round."""
    found = _led(round_id)
    session = next((one for one in found.sessions if one.id == session_id), None)
    if session is None or not rights.list_is_open(session.day, found.last_day, today()):
        abort(404)
    if request.method != "POST":
        return _list(found, session, {})
    minutes = {
        name.removeprefix("minutes-"): int(value)
        for name, value in request.form.items()
        if name.startswith("minutes-") and value.isascii() and value.isdigit() and len(value) < 5
    }
    let_reads_go()
    try:
        with writing():
            changed = attendance.confirm(round_id, session_id, minutes, require_viewer().id)
    except InvalidInputError as error:
        return _list(found, session, error.errors), 422
    except LookupError:
        abort(404)
    except ValueError:
        abort(400)  # the form offers no such number
    flash(
        ngettext("Confirmed for one person.", "Confirmed for %(num)s people.", changed)
        if changed
        else _("Nothing was changed."),
        "success",
    )
    return redirect(url_for("rounds_desk.one", round_id=round_id), 303)


@views.post("/rounds/<round_id>/help/<help_id>")
@allow("trainer")
def answer(round_id: str, help_id: str) -> ResponseReturnValue:
    found = _led(round_id)
    let_reads_go()
    try:
        with writing():
            done = asking_help.answer(
                round_id, help_id, request.form.get("text", ""), require_viewer().id
            )
    except InvalidInputError as error:
        return desk(found, error.errors, answering=help_id), 422
    if not done:
        abort(404)
    flash(_("Answered. The member reads it on the page of the round."), "success")
    return redirect(url_for("rounds_desk.one", round_id=round_id), 303)


def _led(round_id: str) -> RoundView:
    viewer = require_viewer()
    found = queries.find(viewer, round_id)
    if found is None or not rights.leads(viewer, found.leader_id, found.organiser_id, found.track):
        abort(404)
    return found


def _list(found: RoundView, session: SessionView, errors: dict[str, str]) -> str:
    return render_template(
        "rounds/attended.html",
        round=found,
        title=named(found.course_id, request_language()).title,
        hours=hours_of(session),
        listed=attendance.attendance_list(found.id, session.id),
        options=_options(session),
        begun=session.starts_at <= clock.utcnow(),
        errors=errors,
    )


def _options(session: SessionView) -> list[tuple[int, str]]:
    """The whole session first, then half hours, the longest first, then none of it."""
    whole = (session.minutes, _("The whole session"))
    parts = [
        (number, _("%(count)s minutes", count=number))
        for number in range((session.minutes - 1) // STEP * STEP, 0, -STEP)
    ]
    return [whole, *parts, (0, _("Was not there"))]
