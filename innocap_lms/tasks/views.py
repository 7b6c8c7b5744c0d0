"""A learner's case over HTTP. A learner's own enrolment is the way in; without one, 404.

Each form names the enrolment it is for, its `owner`: a page that was left open is not saved into
the case of whoever has signed in since.
"""

import hashlib
from collections.abc import Sequence
from typing import Any

from flask import (
    Blueprint,
    Response,
    abort,
    flash,
    redirect,
    render_template,
    request,
    send_file,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from innocap_lms.catalogue.queries import EditionView, edition
from innocap_lms.content.model import Task
from innocap_lms.extensions import writing
from innocap_lms.learning.addresses import activity_address
from innocap_lms.learning.outline import course_head, outline
from innocap_lms.learning.queries import MyCourse, my_course
from innocap_lms.people.language import request_language
from innocap_lms.people.policy import current_viewer, require_viewer, signed_in
from innocap_lms.tasks import services, storage
from innocap_lms.tasks.file_checks import KINDS, FileRefused, Upload
from innocap_lms.tasks.pages import Past, TaskShown, task_shown, verdicts
from innocap_lms.tasks.queries import Case, StoredFile, my_cases, my_file
from innocap_lms.tasks.sent import Errors, Sent, looked_at, sent_form

views = Blueprint("tasks", __name__, template_folder="templates")

# More than a case may hold: what is too large is then refused with the text kept on the page.
MAX_REQUEST = 60_000_000
MAX_FIELDS = 10_000_000  # of it, bytes of what is typed
WORK = "tasks.work"


@views.url_value_preprocessor
def room_for_files(endpoint: str | None, _values: object) -> None:
    """Files may be larger than forms; before anything reads the form, and not for strangers."""
    if endpoint == WORK and request.method == "POST" and current_viewer() is not None:
        request.max_content_length = MAX_REQUEST
        request.max_form_memory_size = MAX_FIELDS


def task_page(mine: MyCourse, found: EditionView, task: Task) -> ResponseReturnValue:
    """The page of a task, at the address of every part of a course."""
    return _page(mine, found, task, {}, None)


def former_page(mine: MyCourse, task_id: str) -> ResponseReturnValue:
    """A case of the learner's at a task that has left the course, to read; else 404."""
    cases = my_cases(require_viewer().id, mine.course_id, task_id)
    if not cases:
        abort(404)
    found = edition(cases[0].edition_id)
    task = found.course.activity(task_id)
    if not isinstance(task, Task):
        abort(404)
    return _page(mine, found, task, {}, None, former=True)


@views.post("/courses/<course_id>/<task_id>")
@signed_in
def work(course_id: str, task_id: str) -> ResponseReturnValue:
    """Save the draft with its files, those of `remove` taken away; hand it in if `do` says so."""
    mine, found, task = _own(course_id, task_id)
    sent, act = sent_form(), request.form.get("do", "save")
    errors, uploads = looked_at(sent, act)
    if not errors:
        errors = _write(mine, found, task, sent, act, uploads)
    if errors:
        names = [file.filename for file in request.files.getlist("files") if file.filename]
        if names and "files" not in errors:
            errors["files"] = _(
                "Not added, since nothing was saved: %(names)s. Choose them again.",
                names=", ".join(names),
            )
        return _page(mine, found, task, errors, sent)
    flash(_("Your case is handed in.") if act == "hand_in" else _("Saved."), "success")
    return redirect(activity_address(course_id, task_id), 303)


@views.post("/courses/<course_id>/<task_id>/draft")
@signed_in
def draft(course_id: str, task_id: str) -> ResponseReturnValue:
    """Save the text as it is written, for a page that runs a script; answers in JSON.

    The answer is 409 where the draft was changed elsewhere, 410 where it has been handed in.
    """
    mine, found, task = _own(course_id, task_id)
    sent = sent_form()
    if len(sent.text) > services.MAX_TEXT:
        return {}, 413
    try:
        with writing():
            saved = services.save(
                mine.enrolment_id, found, task, sent.text, request_language(), sent.revision
            )
    except services.Stale:
        return {}, 409
    except services.Closed:
        return {}, 410
    return {"revision": saved.revision}


def _own(course_id: str, task_id: str) -> tuple[MyCourse, EditionView, Task]:
    """The task that the form that was sent is for; 404 for anybody else's form, 400 for one without
    a text, which would empty the case."""
    mine = my_course(require_viewer().id, course_id)
    if mine is None or request.form.get("owner") != mine.enrolment_id:
        abort(404)
    found = edition(mine.edition_id)
    try:
        task = found.course.activity(task_id)
    except KeyError:
        abort(404)
    if not isinstance(task, Task):
        abort(404)
    if "text" not in request.form:
        abort(400)
    return mine, found, task


def _write(
    mine: MyCourse,
    found: EditionView,
    task: Task,
    sent: Sent,
    act: str,
    uploads: Sequence[Upload],
) -> Errors:
    """Save, and do what was asked; says what kept it from being done."""
    gone: list[str] = []
    try:
        with storage.kept(each.content for each in uploads) as bytes_, writing():
            case = services.save(
                mine.enrolment_id, found, task, sent.text, request_language(), sent.revision
            ).id
            gone += [services.remove_file(case, name) for name in request.form.getlist("remove")]
            gone += services.add_files(case, list(map(_stored, uploads, bytes_.names)))
            if act == "hand_in":
                services.hand_in(require_viewer(), case, found, task)
            bytes_.named = True
    except services.Stale:
        return {
            "text": _(
                "The case was changed in another window. Nothing is lost: what you wrote here "
                "stands below, what was saved there stands under it. Put them together and save."
            )
        }
    except services.Closed as closed:
        digests = {_digest(each.content) for each in uploads}
        if request.form.getlist("remove") or not services.holds(closed.case_id, sent.text, digests):
            return {"": _("The case has been handed in, so it was not changed.")}
    except services.NoOrganisation:
        return {"": _no_organisation()}
    except FileRefused as refusal:
        return {"files": str(refusal)}
    for name in filter(None, gone):
        storage.forget(name)
    return {}


def _stored(upload: Upload, stored: str) -> services.Stored:
    size, digest = len(upload.content), _digest(upload.content)
    return services.Stored(upload.name, upload.media_type, size, digest, stored)


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _no_organisation() -> str:
    return _(
        "You belong to no organisation, so no assessor can be drawn for your case. Ask your "
        "administrator to give you a role in one, and save your case until then."
    )


def _page(
    mine: MyCourse,
    found: EditionView,
    task: Task,
    errors: Errors,
    sent: Sent | None,
    *,
    former: bool = False,
) -> ResponseReturnValue:
    language = request_language()
    every = my_cases(require_viewer().id, found.course.id, task.id)
    cases = [case for case in every if not case.before]
    now = cases[0] if cases else None
    writing_now = not former and (now is None or now.state == "draft")
    shown = task_shown(found, task, language) if now is None or writing_now else _asked_of(now)
    decided = next((case for case in cases if case.decided_at), None)
    page = render_template(
        "tasks/work.html",
        course=course_head(found, language),
        task=shown,
        rules=task,
        case=now,
        may_write=writing_now,
        former=former,
        **_written(now, errors, sent),
        owner=mine.enrolment_id,
        kinds=KINDS,
        errors=errors,
        decided=decided,
        verdicts=verdicts(_asked_of(decided), decided.opinions) if decided else (),
        earlier=[_past(case, decided) for case in cases[1:] if case.decided_at],
        before=[_past(case) for case in every if case.before],
        work_url=activity_address(found.course.id, task.id),
        draft_url=url_for("tasks.draft", course_id=found.course.id, task_id=task.id),
        file_url=lambda file: _file_url(found, task, file.id),
        outline=outline(edition(mine.edition_id), mine.progress, language, task.id),
        required=not former and task.id in found.course.completion.tasks,
        completion_id=mine.completion_id,
    )
    return page, 422 if errors else 200


def _written(now: Case | None, errors: Errors, sent: Sent | None) -> dict[str, Any]:
    """The text of the page, which is what was sent where that was refused, and what it is from."""
    newest = now.revision if now else 0
    if sent is None:
        return {"text": now.text if now else "", "revision": newest}
    both = "text" in errors and sent.revision != newest
    return {
        "text": sent.text,
        "other_text": now.text if now and both and now.text != sent.text else "",
        "unsaved": sent.text if now and now.state != "draft" else "",
        # Only who has seen both texts saves over the newest.
        "revision": newest if both else sent.revision,
        "written_from": sent.revision,
        "confirmed": sent.confirmed,
    }


def _past(case: Case, shown: Case | None = None) -> Past:
    """A try as it was, without what was said of it where the page has `shown` that already."""
    asked = _asked_of(case)
    said = () if case is shown else verdicts(asked, case.opinions)
    return Past(case, said if case.decided_at else (), asked.language)


def _asked_of(case: Case) -> TaskShown:
    """The task as it was when the case was handed in: that is what its assessors judge by."""
    found = edition(case.edition_id)
    task = found.course.activity(case.task_id)
    if not isinstance(task, Task):
        abort(404)
    return task_shown(found, task, request_language())


def _file_url(found: EditionView, task: Task, file_id: str) -> str:
    return url_for("tasks.file", course_id=found.course.id, task_id=task.id, file_id=file_id)


@views.get("/courses/<course_id>/<task_id>/work/<file_id>")
@signed_in
def file(course_id: str, task_id: str, file_id: str) -> ResponseReturnValue:
    """A file of the learner's own case, to download."""
    found = my_file(require_viewer().id, course_id, task_id, file_id)
    if found is None:
        abort(404)
    return download(found)


def download(found: StoredFile) -> Response:
    """A file of a case: never shown in the page's place, kept by no browser or proxy."""
    place = storage.place_of(found.stored)
    if not place.is_file():
        abort(404)
    response = send_file(
        place.absolute(),
        mimetype=found.media_type,
        as_attachment=True,
        download_name=found.name,
        conditional=False,
        etag=False,
    )
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cache-Control"] = "private, no-store"
    return response
