"""Courses in and out of the studio as a ZIP of text and media, over HTTP. Code never comes so."""

import io
import zipfile
import zlib

from flask import Blueprint, flash, redirect, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from innocap_lms.authoring import services
from innocap_lms.authoring.archives import ArchiveError, packed, unpacked
from innocap_lms.authoring.queries import version
from innocap_lms.authoring.services import StaleError, UnfitError
from innocap_lms.extensions import writing
from innocap_lms.people.policy import require_viewer, signed_in
from innocap_lms.studio.bench import Bench, bench, held

views = Blueprint("exchange", __name__)

MAX_REQUEST = 55_000_000  # bytes
ADDRESS = "/studio/courses/<course_id>/archive"
PUT = "exchange.put"


@views.url_value_preprocessor
def room_for_archives(endpoint: str | None, _values: object) -> None:
    if endpoint == PUT:
        request.max_content_length = MAX_REQUEST


@views.get(f"{ADDRESS}.zip")
@signed_in
def get(course_id: str) -> ResponseReturnValue:
    """The newest version, to be taken along."""
    found = bench(course_id)
    files = version(found.course, found.working.head)
    return send_file(
        io.BytesIO(packed(files, course_id)),
        mimetype="application/zip",
        as_attachment=True,
        download_name=f"{course_id}.zip",
        max_age=0,
    )


@views.post(ADDRESS)
@signed_in
def put(course_id: str) -> ResponseReturnValue:
    """Take the files of an archive as the viewer's drafts; what is the same stays untouched."""
    found = bench(course_id, "author")
    sent = request.files.get("archive")
    back = redirect(url_for("writing.overview", course_id=course_id), 303)
    try:
        files = unpacked(sent.stream.read() if sent else b"")
    except ArchiveError as error:
        flash(_("Nothing was taken: %(reason)s", reason=str(error)), "error")
        return back
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, RuntimeError):
        flash(_("Nothing was taken: this is no ZIP archive that can be read."), "error")
        return back
    changed = {path: data for path, data in files.items() if found.working.files.get(path) != data}
    try:
        _keep(found, changed)
    except (StaleError, UnfitError) as error:
        flash(_("Nothing was taken: %(reason)s", reason=str(error)), "error")
        return back
    flash(_("%(count)s files are your drafts now.", count=len(changed)), "success")
    return back


def _keep(found: Bench, files: dict[str, bytes]) -> None:
    course_id, viewer = found.course.course_id, require_viewer()
    contents = {path: held(path, data) for path, data in files.items()}
    with writing():
        for path, content in contents.items():
            draft = found.working.drafts.get(path)
            base, revision = found.working.kept.get(path, ""), draft.revision if draft else 0
            services.keep(course_id, path, viewer.id, content, base, revision)
