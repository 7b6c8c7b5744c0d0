"""Follow-up over HTTP."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from innocap_lms.people.policy import allow

views = Blueprint("hr", __name__, template_folder="templates")


@views.get("/hr")
@allow("hr", "manager", "admin")
def dashboard() -> ResponseReturnValue:
    return ""
