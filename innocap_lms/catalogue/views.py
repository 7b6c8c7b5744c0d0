"""The files of courses, over HTTP."""

from pathlib import Path

from flask import Blueprint, abort, current_app, send_file
from flask.typing import ResponseReturnValue

from innocap_lms.catalogue.queries import file_of
from innocap_lms.people.policy import public

views = Blueprint("catalogue", __name__, template_folder="templates")

FOR_EVER = 31_536_000  # seconds; the address of a file names its content


@views.get("/courses/<course_id>/files/<sha256>/<name>")
@public
def file(course_id: str, sha256: str, name: str) -> ResponseReturnValue:
    """A file of a course; only one that an edition of the course names."""
    asset = file_of(course_id, sha256)
    if asset is None or asset.path.rsplit("/", 1)[-1] != name:
        abort(404)
    folder: Path = current_app.extensions["innocap_settings"].data_dir / "files"
    response = send_file(
        (folder / asset.sha256).absolute(),
        mimetype=asset.media_type,
        max_age=FOR_EVER,
        conditional=True,
        etag=asset.sha256,
    )
    # An SVG is a document of its own when opened alone: nothing in it may run.
    response.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'"
    return response
