"""Which organisations' assessors assess for each other, over HTTP."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from innocap_lms.extensions import writing
from innocap_lms.people import directory
from innocap_lms.people.identity import InvalidInputError
from innocap_lms.people.policy import allow, require_viewer
from innocap_lms.people.scope import admin_scope
from innocap_lms.tasks.agreements import agree, agreements, end_agreement

views = Blueprint("admin_agreements", __name__, url_prefix="/admin/agreements")

Errors = dict[str, str]


@views.get("")
@allow("admin")
def overview() -> ResponseReturnValue:
    return _page({})


@views.post("")
@allow("admin")
def create() -> ResponseReturnValue:
    one, other = request.form.get("one", ""), request.form.get("other", "")
    try:
        with writing():
            agree(one, other, actor_id=require_viewer().id)
    except InvalidInputError as error:
        return _page(error.errors)
    flash(_("The agreement holds for cases that are handed in from now on."), "success")
    return redirect(url_for(".overview"), 303)


@views.post("/end")
@allow("admin")
def end() -> ResponseReturnValue:
    one, other = request.form.get("one", ""), request.form.get("other", "")
    with writing():
        end_agreement(one, other, actor_id=require_viewer().id)
    flash(_("The agreement has ended. Who sits on a case keeps it."), "success")
    return redirect(url_for(".overview"), 303)


def _page(errors: Errors) -> ResponseReturnValue:
    known = directory.organisations(admin_scope(require_viewer()))
    page = render_template(
        "admin/agreements.html",
        rows=agreements(),
        choices=[(each.id, each.name) for each in known],
        typed=request.form,
        errors=errors,
    )
    return page, 422 if errors else 200
