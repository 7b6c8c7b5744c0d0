"""Courses that are written in the browser, over HTTP: begin, adopt, add files, save with a note."""

import unicodedata

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from innocap_lms.authoring import services
from innocap_lms.authoring.paths import is_beside, is_fit, is_text
from innocap_lms.authoring.queries import authored, open_elsewhere, saves_of
from innocap_lms.authoring.scaffold import course_texts
from innocap_lms.authoring.services import Content, NotHereError, StaleError, TakenError, UnfitError
from innocap_lms.catalogue.cards import in_words
from innocap_lms.catalogue.parts import title_of
from innocap_lms.catalogue.queries import owners
from innocap_lms.catalogue.sources import course_id_of, left_out, plugins_own, whole_of
from innocap_lms.content.identifiers import LANGUAGE_PATTERN, is_id, slug
from innocap_lms.content.naming import SHARED, bank_of, placed
from innocap_lms.extensions import writing
from innocap_lms.people.language import request_language
from innocap_lms.people.policy import allow, require_viewer, signed_in
from innocap_lms.people.viewer import keeps_track
from innocap_lms.plugin_host.contract import CourseSource
from innocap_lms.plugin_host.current import plugins
from innocap_lms.plugin_host.loading import LOCAL
from innocap_lms.studio.bench import Bench, bench, held, put
from innocap_lms.studio.notes import ADOPTED, BEGUN, noted
from innocap_lms.studio.releases import offers_of

views = Blueprint("writing", __name__, template_folder="templates")

MAX_UPLOAD = 12_000_000  # bytes of a request that brings files
UPLOAD = "writing.add"


@views.url_value_preprocessor
def room_for_files(endpoint: str | None, _values: object) -> None:
    """Pictures may be larger than forms."""
    if endpoint == UPLOAD:
        request.max_content_length = MAX_UPLOAD
        request.max_form_memory_size = MAX_UPLOAD


@views.get("/studio/new-course")
@allow("trainer", "admin")
def new() -> ResponseReturnValue:
    return _new_page({})


@views.post("/studio/new-course")
@allow("trainer", "admin")
def begin() -> ResponseReturnValue:
    """Begin a course with an example of everything."""
    form = request.form
    title, track = form.get("title", "").strip(), form.get("track", "")
    course_id = form.get("id", "").strip() or slug(title, "")
    languages = list(dict.fromkeys(form.get("languages", "").replace(",", " ").split()))
    errors = {}
    if not title:
        errors["title"] = _("Write what the course is called.")
    if track not in plugins().tracks or not keeps_track(require_viewer(), track):
        errors["track"] = _("Choose one of your tracks.")
    if not is_id(course_id):
        errors["id"] = _("Use small letters, digits and hyphens, such as first-interviews.")
    elif _is_taken(course_id):
        errors["id"] = _("There is a course of this id already.")
    if not languages or not all(map(LANGUAGE_PATTERN.match, languages)):
        errors["languages"] = _("Write the codes of languages, the leading one first: sv, en.")
    if errors:
        return _new_page(errors), 422
    texts = course_texts(course_id, languages, title, track)
    files = {path: held(path, text.encode()) for path, text in texts}
    return _begun(course_id, track, LOCAL, files, BEGUN)


def _is_taken(course_id: str) -> bool:
    supplied = any(course_id_of(source) == course_id for _plugin, source in plugins().courses)
    return supplied or course_id in owners() or authored(course_id) is not None


@views.post("/studio/courses/<course_id>/adopt")
@allow("trainer", "admin")
def adopt(course_id: str) -> ResponseReturnValue:
    """Write a plugin's course here from now on, beginning with the plugin's files."""
    for plugin, source in plugins().courses:
        if course_id_of(source) == course_id and keeps_track(require_viewer(), source.track):
            if owners().get(course_id, plugin) != plugin:
                continue
            if left := left_out(source):
                said = _(
                    "Left out, since no course may have them: %(paths)s", paths=", ".join(left)
                )
                flash(said, "warn")
            return _begun(course_id, source.track, plugin, _held(source), ADOPTED + plugin)
    return abort(404)


def _held(source: CourseSource) -> dict[str, Content]:
    return {path: held(path, data) for path, data in whole_of(source).items()}


def _begun(
    course_id: str, track: str, plugin: str, files: dict[str, Content], note: str
) -> ResponseReturnValue:
    try:
        with writing():
            services.begin(course_id, track, plugin, files, note, require_viewer().id)
    except TakenError:
        flash(_("The course is written here already."))
    except UnfitError as error:
        flash(_("The file %(path)s is too large to be written here.", path=error), "error")
        return redirect(url_for("studio.overview"), 303)
    return redirect(url_for(".overview", course_id=course_id), 303)


@views.get("/studio/courses/<course_id>/files")
@signed_in
def overview(course_id: str) -> ResponseReturnValue:
    return _page(bench(course_id), {})


@views.post("/studio/courses/<course_id>/files")
@signed_in
def add(course_id: str) -> ResponseReturnValue:
    """A new text, or pictures and files."""
    found = bench(course_id, "author")
    if request.form.get("do") == "upload":
        return _uploaded(found)
    path = placed(unicodedata.normalize("NFC", request.form.get("path", "")).strip())
    if not is_fit(path) or not is_text(path):
        said = _(
            "Name it 03-topic.sv.md, final.quiz.sv.md, basics.bank.sv.md, own-case.task.sv.md, "
            "own-card.template.sv.md, pocket-guide.sv.md or facilitator.sv.md."
        )
        return _page(found, {"path": said}), 422
    if path in found.working.files:
        return _page(found, {"path": _("There is a file of this name already.")}), 422
    if is_beside(path, found.working.files):
        return _page(found, {"path": _cannot_be_added(path)}), 422
    _keep(found, path, Content(text=_first_words(found, path)))
    return redirect(url_for("editor.edit", course_id=course_id, path=path), 303)


def _first_words(found: Bench, path: str) -> str:
    """A translation begins with the text of the lead language, which stays to be translated."""
    if lead := found.lead_of(path):
        return found.reading.sources.get(lead, "")
    rules = f"id: {bank}\nuse: graded\n" if (bank := bank_of(path)) else ""
    return f"---\n{rules}title: \n---\n\n"


def _uploaded(found: Bench) -> ResponseReturnValue:
    sent = [file for file in request.files.getlist("files") if file.filename]
    paths = {_upload_path(file.filename or ""): file for file in sent}
    every = {*found.working.files, *paths}
    wrong = [path for path in paths if not is_fit(path) or is_beside(path, every)]
    if not paths:
        return _page(found, {"files": _("Choose pictures, captions or documents.")}), 422
    if wrong:
        return _page(found, {"files": _cannot_be_added(wrong[0])}), 422
    for path, file in paths.items():
        _keep(found, path, held(path, file.stream.read()))
    flash(_("Added. Save with a note, and others see it."), "success")
    return redirect(url_for(".overview", course_id=found.course.course_id), 303)


def _cannot_be_added(path: str) -> str:
    return _(
        "“%(path)s” cannot be added: its kind cannot be shown, its name has signs that not "
        "every computer takes, or there is one that differs in case alone.",
        path=path,
    )


def _upload_path(name: str) -> str:
    bare = unicodedata.normalize("NFC", name.replace("\\", "/").rpartition("/")[2]).strip()
    kind = bare.rpartition(".")[2].lower()
    folder = {"vtt": "captions"}.get(kind, "images" if kind in PICTURES else "files")
    return f"{folder}/{bare}"


PICTURES = ("svg", "png", "jpg", "jpeg", "gif", "webp")


def _keep(found: Bench, path: str, content: Content) -> None:
    try:
        with writing():
            put(found, path, content, over=True)
    except StaleError:
        abort(409)


@views.post("/studio/courses/<course_id>/drafts")
@signed_in
def settle(course_id: str) -> ResponseReturnValue:
    """Do without a draft (`discard`), or take a file away (`remove`)."""
    found = bench(course_id, "author")
    path = request.form.get("path", "")
    if path == SHARED and request.form.get("do") == "remove":
        abort(400)  # without its rules there is no course
    if request.form.get("do") == "remove" and path in found.working.files:
        if path in found.working.kept:
            _keep(found, path, Content())
        else:
            with writing():
                services.let_go(course_id, path, require_viewer().id)
    elif request.form.get("do") == "discard" and path in found.working.drafts:
        with writing():
            services.let_go(course_id, path, require_viewer().id)
        flash(_("%(path)s is as in the newest version again.", path=path))
    return redirect(url_for(".overview", course_id=course_id), 303)


@views.post("/studio/courses/<course_id>/save")
@signed_in
def save(course_id: str) -> ResponseReturnValue:
    """Make a version of all that the viewer has open."""
    found, note = bench(course_id, "author"), request.form.get("note", "").strip()
    if not note:
        return _page(found, {"note": _("Write in a few words what you have changed.")}), 422
    try:
        with writing():
            asked = services.ask_to_save(course_id, require_viewer().id, note)
    except NotHereError:
        abort(404)  # it was given back just now; the drafts stay
    flash(_("Saved. The version is being made.") if asked else _("There is nothing to save."))
    return redirect(url_for(".overview", course_id=course_id), 303)


def _told(found: Bench, path: str) -> tuple[str, str]:
    """What a file is, for those who do not know its name by heart: title and language."""
    if path == SHARED:
        return _("The rules that all languages share"), ""
    place, draft = found.place_of(path), found.reading.draft
    if place is None or draft is None:
        return "", ""
    if bank := found.reading.banks.get(bank_of(path)):
        return bank.titles.get(place.language, ""), place.language
    try:
        return title_of(draft, place.part, place.language), place.language
    except KeyError:  # so broken that it is no part yet
        return "", ""


def _new_page(errors: dict[str, str]) -> str:
    viewer, tracks = require_viewer(), plugins().tracks
    language = request_language()
    own = [
        (slug, in_words(track.names, language))
        for slug, track in tracks.items()
        if keeps_track(viewer, slug)
    ]
    return render_template("studio/new_course.html", tracks=own, form=request.form, errors=errors)


def _page(found: Bench, errors: dict[str, str]) -> str:
    viewer, course_id = require_viewer(), found.course.course_id
    drafts = found.working.drafts
    paths = sorted({*found.working.files, *drafts})
    on_the_way = [each._replace(note=noted(each.note)) for each in saves_of(course_id)]
    return render_template(
        "studio/files.html",
        course=found.course,
        title=found.title,
        rights=found.rights,
        texts=[path for path in paths if is_text(path) and not bank_of(path)],
        banks=[path for path in paths if bank_of(path)],
        media=[path for path in paths if not is_text(path)],
        drafts=drafts,
        problems={path: found.problems_of(path) for path in paths},
        told={path: _told(found, path) for path in paths},
        # Until the first version is made there are no files that could be at fault.
        others=[each for each in found.reading.problems if paths and each.file not in paths],
        elsewhere=open_elsewhere(course_id, viewer.id),
        waiting=[each for each in on_the_way if not each.done_at],
        beside=[path for path in drafts if is_beside(path, found.working.kept)],
        clashes=[each for each in on_the_way if each.clash and each.person_id == viewer.id],
        adopted=plugins_own(plugins(), found.course.plugin, course_id) is not None,
        offers=len(offers_of(found)),
        keeps=keeps_track(viewer, found.course.track),
        form=request.form,
        errors=errors,
    )
