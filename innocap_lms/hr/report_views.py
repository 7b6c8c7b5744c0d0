"""Reports over HTTP: the list of all, and those of plugins as page, CSV and XLSX."""

from collections.abc import Iterator
from contextlib import closing

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from innocap_lms.extensions import writing
from innocap_lms.hr.downloads import XLSX, download
from innocap_lms.hr.progress import followed
from innocap_lms.hr.report_files import begun, csv_lines, header_of, xlsx_file
from innocap_lms.hr.report_lines import Chart
from innocap_lms.hr.report_pages import (
    AskedReport,
    Follow,
    frame,
    list_of,
    read_report,
    report_page,
)
from innocap_lms.hr.saved_views import own_first, views_of
from innocap_lms.hr.services import note_export
from innocap_lms.hr.spreadsheet import TooManyRows
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
    comma = request.args.get("decimal") == "comma"
    try:
        number = asked.number_of_rows()
        lines = begun(asked.lines(Chart(asked.watched.report), _follow(asked, number)))
    except PluginFailed:
        return _back(asked, _("The report cannot be made right now: there is no file."))
    header = header_of(asked.watched.report, asked.heads())
    return _sent(asked, number, csv_lines(header, lines, decimal_comma=comma), "text/csv", "csv")


@views.get("/hr/reports/<report>.xlsx")
@allow("hr", "manager", "admin")
def report_xlsx(report: str) -> ResponseReturnValue:
    asked = _asked(report)
    header = header_of(asked.watched.report, asked.heads())
    try:
        number = asked.number_of_rows()
        lines = asked.lines(Chart(asked.watched.report), _follow(asked, number))
        with closing(lines):
            made = xlsx_file(header, lines)
    except PluginFailed:
        return _back(asked, _("The report cannot be made right now: there is no file."))
    except TooManyRows:
        return _back(asked, _("Too many lines for a spreadsheet: take the CSV."))
    return _sent(asked, number, made, XLSX, "xlsx")


def _follow(asked: AskedReport, number: int) -> Follow:
    """With a note of how many rows have gone by, where the page of a long file asks for it."""
    export = request.args.get("export", "")
    return lambda batches: followed(
        batches, asked.viewer, export, number, lambda batch: len(batch.rows)
    )


def _asked(name: str) -> AskedReport:
    watched = plugins().reports.get(name)
    if watched is None:
        abort(404)
    return read_report(watched, require_viewer(), request.args, today(), site_zone())


def _sent(
    asked: AskedReport, number: int, pieces: Iterator[bytes], kind: str, ending: str
) -> Response:
    name = asked.watched.report.name
    with writing():
        note_export(asked.viewer, name, asked.address(), number)
    return download(pieces, kind, f"{name}-{asked.asked.day.isoformat()}.{ending}")


def _back(asked: AskedReport, words: str) -> ResponseReturnValue:
    flash(words, "error")
    return redirect(url_for(".report", report=asked.watched.report.name, **asked.address()))
