"""Reports over HTTP: the list of all, and those of plugins as page, CSV and XLSX."""

from contextlib import closing

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from innocap_lms.extensions import writing
from innocap_lms.hr.downloads import download
from innocap_lms.hr.matrix_views import XLSX
from innocap_lms.hr.report_files import Made, TooManyRows, csv_file, header_of, xlsx_file
from innocap_lms.hr.report_lines import Chart
from innocap_lms.hr.report_pages import (
    AskedReport,
    frame,
    list_of,
    read_report,
    report_page,
)
from innocap_lms.hr.saved_views import own_first, views_of
from innocap_lms.hr.services import note_export
from innocap_lms.people.policy import allow, require_viewer
from innocap_lms.plugin_host.current import plugins
from innocap_lms.plugin_host.watch import PluginFailed
from innocap_lms.requirements.days import site_zone, today

views = Blueprint("hr_reports", __name__, template_folder="templates")


@views.get("/hr/reports")
@allow("hr", "manager", "admin")
def overview() -> ResponseReturnValue:
    own, shared = own_first(views_of(require_viewer()))
    return render_template(
        "hr/reports.html", reports=list_of(plugins().reports.values()), own=own, shared=shared
    )


@views.get("/hr/reports/<report>")
@allow("hr", "manager", "admin")
def report(report: str) -> ResponseReturnValue:
    asked = _asked(report)
    try:
        context = report_page(asked)
    except PluginFailed:  # logged and counted: the page comes without the report
        context = {**frame(asked), "failed": True}
    return render_template("hr/report.html", **context)


@views.get("/hr/reports/<report>.csv")
@allow("hr", "manager", "admin")
def report_csv(report: str) -> ResponseReturnValue:
    """`?decimal=comma` writes 1,5."""
    asked = _asked(report)
    header = header_of(asked.watched.report, asked.heads())
    comma = request.args.get("decimal") == "comma"
    try:
        with closing(asked.lines(Chart(asked.watched.report))) as lines:
            made = csv_file(header, lines, decimal_comma=comma)
    except PluginFailed:
        return _back(asked, _("The report cannot be made right now: there is no file."))
    return _sent(asked, made, "text/csv", "csv")


@views.get("/hr/reports/<report>.xlsx")
@allow("hr", "manager", "admin")
def report_xlsx(report: str) -> ResponseReturnValue:
    asked = _asked(report)
    header = header_of(asked.watched.report, asked.heads())
    try:
        with closing(asked.lines(Chart(asked.watched.report))) as lines:
            made = xlsx_file(header, lines)
    except PluginFailed:
        return _back(asked, _("The report cannot be made right now: there is no file."))
    except TooManyRows:
        return _back(asked, _("Too many lines for a spreadsheet: take the CSV."))
    return _sent(asked, made, XLSX, "xlsx")


def _asked(name: str) -> AskedReport:
    watched = plugins().reports.get(name)
    if watched is None:
        abort(404)
    return read_report(watched, require_viewer(), request.args, today(), site_zone())


def _sent(asked: AskedReport, made: Made, kind: str, ending: str) -> Response:
    pieces, number = made
    name = asked.watched.report.name
    with writing():
        note_export(asked.viewer, name, asked.address(), number)
    return download(pieces, kind, f"{name}-{asked.asked.day.isoformat()}.{ending}")


def _back(asked: AskedReport, words: str) -> ResponseReturnValue:
    flash(words, "error")
    return redirect(url_for(".report", report=asked.watched.report.name, **asked.address()))
