"""Who may write, sign off and publish a course that is written in the browser, over HTTP."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from innocap_lms.authoring import rights
from innocap_lms.authoring.queries import Authored, authored
from innocap_lms.authoring.rights import RIGHTS, given_for
from innocap_lms.extensions import writing
from innocap_lms.people.policy import allow, require_viewer
from innocap_lms.people.queries import find_account
from innocap_lms.people.viewer import keeps_track

views = Blueprint("written_rights", __name__, template_folder="templates")

ADDRESS = "/studio/courses/<course_id>/people"


@views.get(ADDRESS)
@allow("trainer", "admin")
def people(course_id: str) -> ResponseReturnValue:
    return _page(_own(course_id), {})


@views.post(ADDRESS)
@allow("trainer", "admin")
def give(course_id: str) -> ResponseReturnValue:
    found, form = _own(course_id), request.form
    account = find_account(form.get("account", ""))
    wanted = [right for right in RIGHTS if right in form.getlist("right")]
    errors = {}
    if account is None:
        errors["account"] = _("Nobody has an account of this name.")
    if not wanted:
        errors["right"] = _("Choose at least one.")
    if errors or account is None:
        return _page(found, errors), 422
    where = "" if form.get("whole") == "yes" else course_id
    with writing():
        new = rights.give(account.id, found.track, where, wanted, require_viewer().id)
    flash(_told(new=new, by_mail=bool(account.email)), "success")
    return redirect(url_for(".people", course_id=course_id), 303)


@views.post(f"{ADDRESS}/<right_id>/end")
@allow("trainer", "admin")
def end(course_id: str, right_id: str) -> ResponseReturnValue:
    found = _own(course_id)
    with writing():
        gone = rights.take_back(right_id, found.track, require_viewer().id)
    if not gone:
        abort(404)
    return redirect(url_for(".people", course_id=course_id), 303)


def _told(*, new: bool, by_mail: bool) -> str:
    if not new:
        return _("They could do so already.")
    if by_mail:
        return _("Given. A mail tells them where.")
    return _("Given. They have no mail address: tell them that the way there stands in My account.")


def _own(course_id: str) -> Authored:
    """A course whose track the viewer keeps; else 404."""
    found = authored(course_id)
    if found is None or not keeps_track(require_viewer(), found.track):
        abort(404)
    return found


def _page(found: Authored, errors: dict[str, str]) -> str:
    return render_template(
        "studio/people.html",
        course=found,
        given=given_for(found.track, found.course_id),
        words={
            "author": _("Write texts"),
            "reviewer": _("Sign off"),
            "publisher": _("Publish"),
        },
        form=request.form,
        errors=errors,
    )
