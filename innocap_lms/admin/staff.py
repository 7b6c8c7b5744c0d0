"""One person who moves, leaves or gets a number, over HTTP: for HR within its organisation."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from innocap_lms import clock
from innocap_lms.admin.person_page import card_of, person_page
from innocap_lms.extensions import writing
from innocap_lms.people import services
from innocap_lms.people.identity import InvalidInputError
from innocap_lms.people.policy import allow, require_viewer
from innocap_lms.people.scope import admin_scope
from innocap_lms.requirements.days import start_of

views = Blueprint("staff", __name__, url_prefix="/admin/people/<person_id>")

Errors = dict[str, str]
FIRST, LAST = date(1990, 1, 1), date(2199, 12, 31)


@views.post("/move")
@allow("admin", "hr")
def move(person_id: str) -> ResponseReturnValue:
    """`unit` is where they learn from the day `first` on, "" for the whole organisation."""
    since, unit = _day("first"), request.form.get("unit") or None
    return _change(
        person_id,
        lambda where: services.move_person(
            person_id,
            where,
            unit,
            start_of(since) if since else clock.utcnow(),
            actor_id=require_viewer().id,
        ),
        _("The move is noted. Standings follow within a minute; past days stay as they were."),
    )


@views.post("/leave")
@allow("admin", "hr")
def leave(person_id: str) -> ResponseReturnValue:
    """`last` is the last day; without it, it is over now."""
    last = _day("last")

    def end(where: str) -> None:
        services.end_person(
            person_id, where, _end_of(last), admin_scope(require_viewer()).may_give,
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
    errors = {field: words for field in ("first", "last") if (words := _wrong_day(field))}
    if errors:
        return person_page(card, errors, 422)
    try:
        with writing():
            change(where)
    except InvalidInputError as error:
        return person_page(card, error.errors, 422)
    flash(done, "success")
    return redirect(url_for("admin.person", person_id=person_id), 303)


def _day(field: str) -> date | None:
    """The day of a sent form; None where none was given, or none that can be."""
    try:
        day = date.fromisoformat(request.form.get(field, "").strip())
    except ValueError:
        return None
    return day if FIRST <= day <= LAST else None


def _wrong_day(field: str) -> str:
    """What is wrong with a day, in words; "" for nothing."""
    text = request.form.get(field, "").strip()
    if not text or _day(field):
        return ""
    return _("%(text)s is not a date: write it as 2026-11-23.", text=text[:100])


def _end_of(last: date | None) -> datetime:
    return start_of(last + timedelta(days=1)) if last else clock.utcnow()
