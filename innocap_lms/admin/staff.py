"""One person who moves, leaves or gets a number, over HTTP: for HR within its organisation."""

from collections.abc import Callable

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from innocap_lms import clock
from innocap_lms.admin.day_fields import begins, ends, wrong_days
from innocap_lms.admin.person_page import card_of, person_page
from innocap_lms.extensions import writing
from innocap_lms.people import services
from innocap_lms.people.identity import InvalidInputError
from innocap_lms.people.policy import allow, require_viewer
from innocap_lms.people.scope import admin_scope

views = Blueprint("staff", __name__, url_prefix="/admin/people/<person_id>")

Errors = dict[str, str]


@views.post("/move")
@allow("admin", "hr")
def move(person_id: str) -> ResponseReturnValue:
    """`unit` is where they learn from the day `first` on, "" for the whole organisation."""
    since, unit = begins("first"), request.form.get("unit") or None
    return _change(
        person_id,
        lambda where: services.move_person(
            person_id,
            where,
            unit,
            since or clock.utcnow(),
            actor_id=require_viewer().id,
        ),
        _("The move is noted. Standings follow within a minute; past days stay as they were."),
    )


@views.post("/leave")
@allow("admin", "hr")
def leave(person_id: str) -> ResponseReturnValue:
    """`last` is the last day; without it, it is over now."""
    at = ends("last") or clock.utcnow()

    def end(where: str) -> None:
        services.end_person(
            person_id, where, at, admin_scope(require_viewer()).may_give,
            actor_id=require_viewer().id,
        )  # fmt: skip

    return _change(person_id, end, _("Noted. Everything recorded is kept."))


@views.post("/number")
@allow("admin", "hr")
def number(person_id: str) -> ResponseReturnValue:
    return _change(
        person_id,
        lambda where: services.set_number(
            person_id, where, request.form.get("number", ""), actor_id=require_viewer().id
        ),
        _("The change is saved."),
    )


def _change(person_id: str, change: Callable[[str], object], done: str) -> ResponseReturnValue:
    """Do it in the organisation of the form, which has to be one of the person's and the viewer's;
    else 404."""
    card, where = card_of(person_id), request.form.get("organisation", "")
    if where not in card.employers():
        abort(404)
    if errors := wrong_days(("first", "last")):
        return person_page(card, errors, 422)
    try:
        with writing():
            change(where)
    except InvalidInputError as error:
        return person_page(card, error.errors, 422)
    flash(done, "success")
    return redirect(url_for("admin.person", person_id=person_id), 303)
