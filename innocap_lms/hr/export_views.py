"""The page of a long file over HTTP: where it is started, and how far it is."""

from collections.abc import Mapping
from urllib.parse import urlencode

from flask import Blueprint, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from innocap_lms.hr.progress import FILES, ID, progress_of
from innocap_lms.hr.report_pages import in_language
from innocap_lms.hr.saved_views import read_query
from innocap_lms.people.policy import allow, require_viewer
from innocap_lms.plugin_host.current import plugins

views = Blueprint("hr_exports", __name__, template_folder="templates")


@views.get("/hr/exports/<export_id>")
@allow("hr", "manager", "admin")
def progress(export_id: str) -> ResponseReturnValue:
    """`?of=matrix-xlsx` names the file; what else is asked for are its filters."""
    file = request.args.get("of", "")
    filters = read_query(request.query_string.decode("utf-8", "replace"))
    title = _title(file, filters)
    if not title or not ID.match(export_id):
        abort(404)
    endpoint, fixed = FILES[file]
    of_report = file.startswith("report")
    path = url_for(endpoint, report=filters.pop("report")) if of_report else url_for(endpoint)
    del filters["of"]
    query = urlencode({**filters, **fixed, "export": export_id})
    return render_template(
        "hr/export.html",
        title=title,
        of_people=not of_report,
        file_url=f"{path}?{query}",
        here=request.full_path,
        progress=progress_of(require_viewer(), export_id),
    )


def _title(file: str, filters: Mapping[str, str]) -> str:
    """What a file is called; "" where there is none."""
    watched = plugins().reports.get(filters.get("report", ""))
    report = in_language(watched.report.titles) if watched else ""
    names = {
        "matrix": _("People and requirements as CSV"),
        "matrix-long": _("People and requirements as CSV, one line per requirement"),
        "matrix-xlsx": _("People and requirements as XLSX"),
        "completions": _("Completions as CSV"),
        "completions-xlsx": _("Completions as XLSX"),
        "register": _("Register of coaches as CSV"),
        "register-xlsx": _("Register of coaches as XLSX"),
        "report": report and _("%(report)s as CSV", report=report),
        "report-xlsx": report and _("%(report)s as XLSX", report=report),
    }
    return names.get(file, "")
