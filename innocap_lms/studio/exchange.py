"""Courses in and out of the studio as a ZIP of text and media, over HTTP. Code never comes so."""

import io
import tempfile

from flask import Blueprint, flash, redirect, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from innocap_lms.authoring.archives import ArchiveError, pack, unpacked
from innocap_lms.authoring.paths import clash
from innocap_lms.authoring.queries import version
from innocap_lms.authoring.services import StaleError, UnfitError
from innocap_lms.extensions import writing
from innocap_lms.people.policy import signed_in
from innocap_lms.studio.bench import bench, draft_first, held, put

views = Blueprint("exchange", __name__)

MAX_REQUEST = 55_000_000  # bytes
ADDRESS = "/studio/courses/<course_id>/archive"
TAKE = "exchange.take"


@views.url_value_preprocessor
def room_for_archives(endpoint: str | None, _values: object) -> None:
    if endpoint == TAKE:
        request.max_content_length = MAX_REQUEST


@views.get(f"{ADDRESS}.zip")
@signed_in
def get(course_id: str) -> ResponseReturnValue:
    """The newest version, to be taken along."""
    found = bench(course_id)
    archive = tempfile.TemporaryFile()  # noqa: SIM115 - closed, and gone, once it is sent
    pack(version(found.course, found.working.head), course_id, archive)
    archive.seek(0)
    return send_file(
        archive,
        mimetype="application/zip",
        as_attachment=True,
        download_name=f"{course_id}.zip",
        max_age=0,
    )


@views.post(ADDRESS)
@signed_in
def take(course_id: str) -> ResponseReturnValue:
    """Take the files of an archive as the viewer's drafts; what is the same stays untouched."""
    found = bench(course_id, "author")
    sent = request.files.get("archive")
    back = redirect(url_for("writing.overview", course_id=course_id), 303)
    try:
        files = unpacked(sent.stream if sent else io.BytesIO())
        if path := clash({*found.working.files, *files}):
            raise ArchiveError("clash", path)
        changed = [path for path, data in files.items() if found.working.files.get(path) != data]
        drafted = [path for path in changed if path in found.working.drafts]
        if drafted:
            flash(draft_first(drafted[0]), "warn")
            return back
        contents = {path: held(path, files[path]) for path in changed}
        with writing():
            for path, content in contents.items():
                put(found, path, content)
    except ArchiveError as error:
        flash(_told(error), "error")
    except UnfitError as error:
        flash(_("The file %(path)s is too large to be written here.", path=error), "error")
    except StaleError as error:
        flash(draft_first(str(error)), "warn")
    else:
        count = len(changed)
        said = ngettext(
            "%(num)s file is your draft now.", "%(num)s files are your drafts now.", count
        )
        flash(said if count else _("The archive holds what is here already."), "success")
    return back


def _told(error: ArchiveError) -> str:
    reasons = {
        "unreadable": _("this is no ZIP archive that can be read."),
        "courses": _("a course has one course.md."),
        "many": _("it holds too many files, or too much."),
        "unfit": _("no course may have %(path)s.", path=error.path),
        "clash": _("%(path)s cannot lie beside another file of the course.", path=error.path),
    }
    return _("Nothing was taken: %(reason)s", reason=reasons[error.why])
