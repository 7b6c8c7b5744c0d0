"""What is noted about whoever is signed in, for their own eyes."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from innocap_lms.people.language import request_language
from innocap_lms.people.policy import require_viewer, signed_in
from innocap_lms.recognition import queries

views = Blueprint("own_record", __name__, template_folder="templates")


@views.get("/me/training")
@signed_in
def training() -> ResponseReturnValue:
    """Completions and credits that HR has noted, and what became of all of them."""
    found = [each for each in queries.entries(require_viewer().id) if each.noted or each.changes]
    language = request_language()
    return render_template(
        "recognition/training.html",
        entries=[(queries.title_of(each, language), each) for each in found],
    )
