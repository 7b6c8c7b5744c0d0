"""Who asked for what is not theirs, over HTTP: for administrators, and for HR of its own people."""

from flask import Blueprint, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from innocap_lms.admin.person_page import card_of, own_scope
from innocap_lms.people.policy import allow
from innocap_lms.people.refused import refused

views = Blueprint("admin_refused", __name__, template_folder="templates")


@views.get("/admin/refused")
@allow("admin", "hr")
def overview() -> ResponseReturnValue:
    """`?person=` shows what one person asked for."""
    person = request.args.get("person", "")
    only = card_of(person) if person else None
    try:
        page = refused(own_scope(), person, request.args.get("before", ""))
    except LookupError:
        abort(404)
    older = url_for(".overview", person=person or None, before=page.before) if page.before else ""
    return render_template("admin/refused.html", rows=page.rows, only=only, older=older)
