"""Lists of completions and credits over HTTP: for many people at once, or from a file."""

from collections.abc import Callable
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Final

from flask import (
    Blueprint,
    abort,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from innocap_lms.extensions import let_reads_go, writing
from innocap_lms.hr.downloads import download
from innocap_lms.people.identity import InvalidInputError
from innocap_lms.people.policy import allow, current_viewer, require_viewer
from innocap_lms.recognition import evidence, intake_pages, intake_queries, intakes
from innocap_lms.recognition.checking import NONE_OF_OURS
from innocap_lms.recognition.evidence_files import LONGEST_FORM, read_upload
from innocap_lms.recognition.intakes import Made, NotNowError, Shown, Whom
from innocap_lms.recognition.lists import NAMES, plain
from innocap_lms.recognition.models import Intake
from innocap_lms.spreadsheets.columns import places_sent
from innocap_lms.spreadsheets.problems import of_file
from innocap_lms.spreadsheets.table import MOST_BYTES, TableError

views = Blueprint("hr_intakes", __name__, template_folder="templates")

SHARED: Final = ("course", "requirement", "day", "hours", "reason", "evidence")
WHAT: Final = ("completion", "credit")
_UNPROCESSABLE: Final = 422
_MOST: Final = {"hr_intakes.send": MOST_BYTES + 100_000, "hr_intakes.choose": LONGEST_FORM}


@views.url_value_preprocessor
def room_for_files(endpoint: str | None, _values: object) -> None:
    """A list, and evidence, may be larger than a form; only for those who may send one."""
    most = _MOST.get(endpoint or "")
    if most and (viewer := current_viewer()) and viewer.has("hr", "admin"):
        request.max_content_length = most


@views.get("/hr/lists")
@allow("hr", "admin")
def overview() -> ResponseReturnValue:
    """The lists that were sent in, and where the next one is."""
    return _overview({})


@views.post("/hr/lists")
@allow("hr", "admin")
def send() -> ResponseReturnValue:
    """Take a file; next, its columns are chosen."""
    made, sent = _made(), request.files.get("file")
    if sent is None or not sent.filename:
        return _overview({"file": _("Choose a file.")}), _UNPROCESSABLE
    folder: Path = current_app.extensions["innocap_settings"].data_dir
    with NamedTemporaryFile(dir=folder, delete=False) as kept:
        sent.save(kept)
    place = Path(kept.name)
    try:
        intake_id, header = intakes.received(place)
    except TableError as error:
        return _overview({"file": of_file(error)}), _UNPROCESSABLE
    finally:
        place.unlink(missing_ok=True)
    let_reads_go()
    with writing():
        intakes.begin(made, intake_id, sent.filename, header)
    return redirect(url_for(".intake", intake_id=intake_id))


@views.get("/hr/lists/new")
@allow("hr", "admin")
def new() -> ResponseReturnValue:
    """The same for many people: whom, what, when and why."""
    return _many({})


@views.post("/hr/lists/new")
@allow("hr", "admin")
def choose() -> ResponseReturnValue:
    made, form = _made(), request.form
    addresses = form.get("who", "").replace(",", "\n").replace(";", "\n").split("\n")
    whom, what, shared = Whom(form.getlist("person"), addresses), _what(), _shared()
    errors = dict[str, str]()
    upload = read_upload(errors)
    if errors:
        return _many(errors), _UNPROCESSABLE
    let_reads_go()
    shown = Shown(evidence.keep(upload.content), upload) if upload else None
    try:
        with writing():
            intake_id = intakes.choose_people(made, what, whom, shared, shown)
    except InvalidInputError as error:
        if shown:
            evidence.forget(shown.stored)
        return _many(error.errors), _UNPROCESSABLE
    return redirect(url_for(".intake", intake_id=intake_id))


@views.get("/hr/lists/<intake_id>")
@allow("hr", "admin")
def intake(intake_id: str) -> ResponseReturnValue:
    """Where the list is: its columns, its progress, what it would do, or what it did."""
    return _page(_theirs(intake_id), {})


@views.post("/hr/lists/<intake_id>/columns")
@allow("hr", "admin")
def columns(intake_id: str) -> ResponseReturnValue:
    found = _theirs(intake_id)
    places = places_sent({name: request.form.get(f"column-{name}", "") for name in NAMES})
    try:
        return _changed(found, lambda mine: intakes.read_columns(mine, _what(), places, _shared()))
    except InvalidInputError as error:
        return _page(found, error.errors), _UNPROCESSABLE
    except TableError as error:
        words = of_file(error, {name: str(said) for name, said in NAMES.items()})
        return _page(found, {"column-who": words}), _UNPROCESSABLE


@views.post("/hr/lists/<intake_id>/courses")
@allow("hr", "admin")
def courses(intake_id: str) -> ResponseReturnValue:
    """Which courses are meant by titles that are not known."""
    found, known = _theirs(intake_id), {*intake_pages.course_choices(), NONE_OF_OURS}
    pairs = zip(request.form.getlist("title"), request.form.getlist("course"), strict=False)
    wanted = {plain(title): name for title, name in pairs if name in known}
    return _changed(found, lambda mine: intakes.choose_courses(mine, wanted))


@views.post("/hr/lists/<intake_id>/confirm")
@allow("hr", "admin")
def confirm(intake_id: str) -> ResponseReturnValue:
    viewer = require_viewer()
    return _changed(_theirs(intake_id), lambda mine: intakes.confirm(mine, viewer.id))


@views.post("/hr/lists/<intake_id>/discard")
@allow("hr", "admin")
def discard(intake_id: str) -> ResponseReturnValue:
    found = _theirs(intake_id)
    answer = _changed(found, intakes.discard)
    if intake_queries.intake_of(require_viewer(), intake_id) is not None:
        return answer
    flash(_("The list is forgotten. What was added by it stays."), "good")
    return redirect(url_for(".overview"))


@views.get("/hr/lists/<intake_id>/problems.csv")
@allow("hr", "admin")
def problems(intake_id: str) -> ResponseReturnValue:
    """Every cell that cannot be taken."""
    found = _theirs(intake_id)
    return download(intake_queries.faults_csv(found), "text/csv", f"problems-{found.id[:8]}.csv")


def _changed(found: Intake, change: Callable[[Intake], None]) -> ResponseReturnValue:
    """Change the list as it is now, and show it."""
    viewer = require_viewer()
    let_reads_go()
    try:
        with writing():
            mine = intake_queries.intake_of(viewer, found.id)
            if mine is None:
                abort(404)
            change(mine)
    except NotNowError:
        flash(_("Somebody else was quicker: this is how the list stands now."), "warn")
    return redirect(url_for(".intake", intake_id=found.id))


def _theirs(intake_id: str) -> Intake:
    return intake_queries.intake_of(require_viewer(), intake_id) or abort(404)


def _made() -> Made:
    """For which organisation the viewer sends something in; else 404."""
    viewer = require_viewer()
    own = intake_queries.organisations(viewer)
    wanted = request.form.get("organisation") or next(iter(own), "")
    if wanted not in own:
        abort(404)
    return Made(wanted, viewer.id)


def _what() -> str:
    sent = request.form.get("what", "")
    return sent if sent in WHAT else "completion"


def _shared() -> dict[str, str]:
    """What holds for every row: of a credit a requirement, of a completion a course."""
    sent = {name: request.form.get(name, "").strip() for name in SHARED}
    sent["course" if _what() == "credit" else "requirement"] = ""
    known = {
        "course": intake_pages.course_choices(),
        "requirement": intake_pages.requirement_choices(require_viewer()),
    }
    for name, choices in known.items():
        if sent[name] not in choices:
            sent[name] = ""
    return {name: said for name, said in sent.items() if said}


def _many(errors: dict[str, str]) -> str:
    return render_template("recognition/many.html", **(intake_pages.many(errors) or abort(404)))


def _overview(errors: dict[str, str]) -> str:
    return render_template("recognition/lists.html", **intake_pages.overview(errors))


def _page(found: Intake, errors: dict[str, str]) -> str:
    return render_template("recognition/list.html", **intake_pages.one(found, errors))
