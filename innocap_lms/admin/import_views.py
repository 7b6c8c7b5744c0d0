"""Lists of people over HTTP: sent in, looked at with what they would change, carried out."""

from collections.abc import Iterator
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from innocap_lms.admin import importing
from innocap_lms.admin.day_fields import day_of, wrong_days
from innocap_lms.admin.import_columns import COLUMNS, NAMES, WORDS
from innocap_lms.admin.import_plan import Plan
from innocap_lms.admin.models import PeopleImport
from innocap_lms.admin.person_page import own_scope
from innocap_lms.extensions import let_reads_go, writing
from innocap_lms.hr.downloads import download
from innocap_lms.hr.export import BOM, cell
from innocap_lms.people import directory
from innocap_lms.people.identity import InvalidInputError
from innocap_lms.people.language import request_language
from innocap_lms.people.policy import allow, require_viewer
from innocap_lms.requirements.days import today
from innocap_lms.spreadsheets.columns import places_sent
from innocap_lms.spreadsheets.problems import Problem, of_file
from innocap_lms.spreadsheets.table import TableError, letters

views = Blueprint("imports", __name__, url_prefix="/admin/people")

SHOWN = 50  # of each kind, on the page
PROBLEMS_SHOWN = 200
MAX_REQUEST = importing.MOST_BYTES + 100_000
SEND = "admin.imports.send"

Errors = dict[str, str]


@views.url_value_preprocessor
def room_for_lists(endpoint: str | None, _values: object) -> None:
    if endpoint == SEND:
        request.max_content_length = MAX_REQUEST


@views.get("/import")
@allow("admin", "hr")
def overview() -> ResponseReturnValue:
    return _overview({})


@views.post("/import")
@allow("admin", "hr")
def send() -> ResponseReturnValue:
    """Keep a list to be looked at. Nothing changes by it."""
    where, sent = request.form.get("organisation", ""), request.files.get("file")
    if where not in dict(_organisations()):
        return _overview({"organisation": _("Choose one of the places in the list.")})
    if sent is None or not sent.filename:
        return _overview({"file": _("Choose a file.")})
    content, name = sent.stream.read(), sent.filename
    viewer, language = require_viewer(), request_language()
    let_reads_go()
    try:
        with writing():
            list_id = importing.keep(where, viewer.id, language, name, content)
    except TableError as error:
        return _overview({"file": of_file(error)})
    except InvalidInputError as error:
        return _overview(error.errors)
    return redirect(url_for(".look", list_id=list_id), 303)


@views.get("/imports/<list_id>")
@allow("admin", "hr")
def look(list_id: str) -> ResponseReturnValue:
    return _page(_own(list_id), {})


@views.post("/imports/<list_id>/columns")
@allow("admin", "hr")
def columns(list_id: str) -> ResponseReturnValue:
    """Say which column is what, and look again."""
    _own(list_id)
    wanted = {column.name: request.form.get(column.name, "") for column in COLUMNS}
    with writing():
        importing.choose(list_id, places_sent(wanted))
    return redirect(url_for(".look", list_id=list_id), 303)


@views.post("/imports/<list_id>/apply")
@allow("admin", "hr")
def apply(list_id: str) -> ResponseReturnValue:
    """Have it carried out. Of those who are not in it, only the ticked ones leave; of those whom it
    calls otherwise, only the ticked ones are called so. Sent twice, it is carried out once."""
    sent = _own(list_id)
    if sent.asked_at is not None:
        return redirect(url_for(".look", list_id=list_id), 303)
    try:
        found = importing.plan_of(sent)
    except TableError as error:
        return _page(sent, {"columns": of_file(error, _names())})
    if errors := wrong_days(["moves_on"]):
        return _page(sent, errors)
    moves_on = day_of("moves_on") or today()
    closing, renaming = (set(request.form.getlist(name)) for name in ("closing", "renaming"))
    if found.problems and closing:
        return _page(sent, {"": _("Mend the rows with errors before anybody is ended.")})
    ticked = importing.Ticked(
        [person for person, _name in found.leavers if person in closing],
        [change.person for change in found.renames() if change.person in renaming],
    )
    let_reads_go()
    with writing():
        importing.ask(list_id, moves_on, ticked)
    flash(_("The list is being carried out. You can leave this page."), "success")
    return redirect(url_for(".look", list_id=list_id), 303)


@views.get("/imports/<list_id>/problems.csv")
@allow("admin", "hr")
def problems_csv(list_id: str) -> ResponseReturnValue:
    """All that is wrong, by row and column, to be mended in the list."""
    sent = _own(list_id)
    if sent.asked_at is not None:
        abort(404)  # the list itself is gone by then
    try:
        found = importing.plan_of(sent).problems
    except TableError:
        abort(404)
    return download(_problem_lines(found), "text/csv", "problems.csv")


def _problem_lines(problems: list[Problem]) -> Iterator[bytes]:
    header = (_("Row"), _("Column"), _("Title"), _("What is wrong"), _("What it says"))
    yield (BOM + ";".join(map(cell, header)) + "\r\n").encode()
    for problem in problems:
        parts = (str(problem.row), problem.column, problem.title, _words(problem), problem.said)
        yield (";".join(map(cell, parts)) + "\r\n").encode()


def _words(problem: Problem) -> str:
    return str(WORDS[problem.code]) % {"said": problem.said}


def _names() -> dict[str, str]:
    return {name: str(words) for name, words in NAMES.items()}


def _organisations() -> list[tuple[str, str]]:
    return [(own.id, own.name) for own in directory.organisations(own_scope())]


def _own(list_id: str) -> PeopleImport:
    """The list, if it is of an organisation that the viewer administers; else 404."""
    return importing.find(list_id, own_scope()) or abort(404)


def _overview(errors: Errors) -> ResponseReturnValue:
    organisations = _organisations()
    page = render_template(
        "admin/import.html",
        errors=errors,
        typed=request.form,
        organisations=organisations,
        names=dict(organisations),
        lists=importing.newest([where for where, _name in organisations]),
        columns=_names(),
    )
    return page, 422 if errors else 200


def _page(sent: PeopleImport, errors: Errors) -> ResponseReturnValue:
    shown: dict[str, Any] = {"sent": sent, "errors": errors, "organisation": _name_of(sent)}
    if sent.asked_at is None:
        shown |= _looked_at(sent, errors)
    page = render_template("admin/import_list.html", **shown)
    return page, 422 if errors else 200


def _looked_at(sent: PeopleImport, errors: Errors) -> dict[str, Any]:
    """What the page shows of a list that waits."""
    found = Plan()
    try:
        found = importing.plan_of(sent)
    except TableError as error:
        errors = {**errors, "columns": of_file(error, _names())}
    header = importing.header_of(sent)
    titles = [(str(at), title or letters(at)) for at, title in enumerate(header)]
    units = {
        unit.id: unit.name
        for own in directory.organisations(own_scope(), sent.organisation_id)
        for unit in own.units
    }
    return {
        "errors": errors,
        "found": found,
        "words": _words,
        "columns": [(name, words) for name, words in _names().items()],
        "titles": [("", _("Not in the list")), *titles],
        "units": units,
        "shown": SHOWN,
        "typed": request.form,
        "problems": found.problems[:PROBLEMS_SHOWN],
        "faulty": len({problem.row for problem in found.problems}),
        "today": today(),
        "number": {
            kind: len(found.of(kind))
            for kind in ("joins", "moves", "ends", "unchanged", "left_out")
        },
    }


def _name_of(sent: PeopleImport) -> str:
    return dict(_organisations())[sent.organisation_id]
