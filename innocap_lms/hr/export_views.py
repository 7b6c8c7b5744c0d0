"""The page of a long file over HTTP: where it is started, and how far it is."""

from urllib.parse import urlencode

from flask import Blueprint, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from innocap_lms.hr.progress import FILES, ID, progress_of
from innocap_lms.hr.saved_views import read_query
from innocap_lms.people.policy import allow, require_viewer

views = Blueprint("hr_exports", __name__, template_folder="templates")


@views.get("/hr/exports/<export_id>")
@allow("hr", "manager", "admin")
def progress(export_id: str) -> ResponseReturnValue:
    """`?of=matrix-xlsx` names the file; what else is asked for are its filters."""
    file = request.args.get("of", "")
    if file not in FILES or not ID.match(export_id):
        abort(404)
    endpoint, fixed = FILES[file]
    filters = read_query(request.query_string.decode("utf-8", "replace"))
    del filters["of"]
    query = urlencode({**filters, **fixed, "export": export_id})
    return render_template(
        "hr/export.html",
        title=_names()[file],
        file_url=f"{url_for(endpoint)}?{query}",
        here=request.full_path,
        progress=progress_of(require_viewer(), export_id),
    )


def _names() -> dict[str, str]:
    return {
        "matrix": _("People and requirements as CSV"),
        "matrix-long": _("People and requirements as CSV, one line per requirement"),
        "matrix-xlsx": _("People and requirements as XLSX"),
        "completions": _("Completions as CSV"),
        "register": _("Register of coaches as CSV"),
    }
