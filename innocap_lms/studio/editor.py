"""One file of a course in the browser: to be written, with what is wrong and how it will look."""

import re
from collections.abc import Mapping
from typing import Any

from flask import (
    Blueprint,
    abort,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from innocap_lms.authoring import services
from innocap_lms.authoring.paths import is_fit, is_text
from innocap_lms.authoring.queries import open_elsewhere
from innocap_lms.authoring.services import Content, StaleError, UnfitError
from innocap_lms.catalogue.services import store_files
from innocap_lms.catalogue.views import send_course_file
from innocap_lms.content.naming import holds_questions
from innocap_lms.content.problems import Problem
from innocap_lms.content.versions import version_in, with_compared
from innocap_lms.extensions import writing
from innocap_lms.people.browser import site_settings
from innocap_lms.people.policy import require_viewer, signed_in
from innocap_lms.studio.bench import Bench, bench
from innocap_lms.studio.differences import difference

views = Blueprint("editor", __name__, template_folder="templates")

OBJECT_ID = re.compile(r"[0-9a-f]{40}")


@views.get("/studio/courses/<course_id>/files/<path:path>")
@signed_in
def edit(course_id: str, path: str) -> ResponseReturnValue:
    found = _open(course_id, path)
    if not is_text(path):
        return render_template("studio/picture.html", **_frame(found, path))
    return _page(found, path, _text(found, path))


@views.post("/studio/courses/<course_id>/files/<path:path>")
@signed_in
def keep(course_id: str, path: str) -> ResponseReturnValue:
    """Keep the text as the viewer's draft. A page that runs a script gets JSON.

    The form names the person it was shown to, its `owner`: a page that was left open is not kept
    as the draft of whoever has signed in since.
    """
    found = bench(course_id, "author")
    if not is_text(path) or not is_fit(path) or request.form.get("owner") != require_viewer().id:
        abort(404)
    if "text" not in request.form:
        abort(400)  # it would empty the file
    text = _as_in(found.working.files.get(path, b""), request.form["text"])
    if request.form.get("do") == "compared" and (lead := found.lead_of(path)):
        text = _compared(text, found.reading.sources.get(lead, ""))
    base, stamp = _base(found, path), _stamp()
    as_json = request.headers.get("Accept") == "application/json"
    try:
        with writing():
            services.keep(course_id, path, require_viewer().id, Content(text=text), base, stamp)
    except StaleError:
        return ({}, 409) if as_json else (_refused(found, path, text, base), 409)
    except UnfitError:
        return ({}, 413) if as_json else (_refused(found, path, text, base, long=True), 413)
    if as_json:
        return _told(bench(course_id), path)
    flash(_("Kept as your draft."), "success")
    return redirect(url_for(".edit", course_id=course_id, path=path), 303)


@views.get("/studio/courses/<course_id>/raw/<path:path>")
@signed_in
def raw(course_id: str, path: str) -> ResponseReturnValue:
    """A picture or a file of the draft, which no edition may have yet."""
    found = _open(course_id, path)
    draft = found.reading.draft
    asset = draft.assets.get(path) if draft else None
    if asset is None:
        abort(404)
    folder = found.working.folder(course_id)
    store_files([asset], folder, site_settings().data_dir / "files")
    response = make_response(send_course_file(asset))
    # It is a draft, and the address does not change with what it shows.
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def _open(course_id: str, path: str, *need: str) -> Bench:
    found = bench(course_id, *need)
    draft = found.working.drafts.get(path)
    if path not in found.working.files or (draft and draft.is_gone):
        abort(404)
    return found


def _base(found: Bench, path: str) -> str:
    """The version of the file that the page was made of; the newest where its author has put both
    together."""
    if request.form.get("settled") == "yes" or "base" not in request.form:
        return found.working.kept.get(path, "")
    sent = request.form["base"]
    return sent if OBJECT_ID.fullmatch(sent) else ""


def _as_in(before: bytes, text: str) -> str:
    """The text with the ends of lines that the file has: browsers send their own."""
    plain = text.replace("\r\n", "\n")
    ends = before.count(b"\r\n")
    return plain.replace("\n", "\r\n") if ends and ends == before.count(b"\n") else plain


def _compared(text: str, lead: str) -> str:
    """The translation that says which text of the lead language it says the same as."""
    try:
        return with_compared(text, version_in(lead))
    except ValueError:  # no front matter: the checker says so
        return text


def _text(found: Bench, path: str) -> str | None:
    """None for what is no UTF-8."""
    return found.working.files[path].decode() if found.is_readable(path) else None


def _told(found: Bench, path: str) -> dict[str, Any]:
    """What a page shows of the file as it is now."""
    draft = found.working.drafts.get(path)
    return {
        "revision": draft.stamp if draft else "",
        "base": draft.base if draft else "",
        "problems": [_problem(each) for each in found.problems_of(path)],
        "notes": render_template("studio/notes.html", **_notes(found, path)),
        "shown": "\n".join(found.shown(path)),
    }


def _problem(found: Problem) -> dict[str, Any]:
    return {
        "line": found.line,
        "column": found.column,
        "severity": found.severity,
        "message": found.message,
        "advice": found.advice,
    }


def _notes(found: Bench, path: str) -> Mapping[str, Any]:
    own = found.problems_of(path)
    return {"problems": own, "other_problems": len(found.reading.problems) - len(own)}


def _frame(found: Bench, path: str) -> dict[str, Any]:
    viewer = require_viewer()
    there = open_elsewhere(found.course.course_id, viewer.id)
    return {
        "course": found.course,
        "title": found.title,
        "rights": found.rights,
        "path": path,
        "elsewhere": [each for each in there if each.path == path],
        "draft": found.working.drafts.get(path),
        "owner": viewer.id,
        **_notes(found, path),
    }


def _refused(found: Bench, path: str, text: str, base: str, *, long: bool = False) -> str:
    """The page with what was written and not kept, beside what is kept. What it is made from stays
    as it was sent: what others have changed since is then merged in, or clashes."""
    kept = found.working.files.get(path, b"")
    said = (
        _("The text is too long: a file holds 200,000 bytes. Nothing is lost; shorten it.")
        if long
        else _("The file was changed in another window of yours. What you wrote stands here.")
    )
    newer = difference(text.encode(), kept)
    return _page(found, path, text, error=said, base=base, newer=newer, written_from=_stamp())


def _stamp() -> str:
    """Which draft of the file the text was written from, "" for none."""
    return request.form.get("revision", "")[:100]


def _page(found: Bench, path: str, text: str | None, **changed: Any) -> str:
    draft, place, lead = found.working.drafts.get(path), found.place_of(path), found.lead_of(path)
    values = {
        "revision": draft.stamp if draft else "",
        "base": draft.base if draft else found.working.kept.get(path, ""),
        "newer": found.newer(path),
        "error": "",
        "written_from": "",
        **changed,
    }
    return render_template(
        "studio/editor.html",
        **_frame(found, path),
        **values,
        text=text or "",
        unreadable=text is None,
        holds_questions=holds_questions(path),
        marks=[_problem(each) for each in found.problems_of(path)],
        shown=found.shown(path),
        body_lang=place.language if place else "",
        lead=lead,
        lead_changes=found.lead_changes(path),
        lead_text=found.reading.sources.get(lead, ""),
    )
