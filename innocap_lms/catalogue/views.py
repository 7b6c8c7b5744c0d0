"""The files of courses, over HTTP."""

import logging
from pathlib import Path

from flask import Blueprint, abort, current_app, send_file
from flask.typing import ResponseReturnValue

from innocap_lms.catalogue.queries import file_of
from innocap_lms.content.model import Asset
from innocap_lms.people.policy import public

log = logging.getLogger(__name__)
views = Blueprint("catalogue", __name__, template_folder="templates")

FOR_EVER = 31_536_000  # seconds; the address of a file names its content


# An SVG is a document of its own when it is opened alone: nothing in it may run.
SVG_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


@views.get("/courses/<course_id>/files/<sha256>/<name>")
@public
def file(course_id: str, sha256: str, name: str) -> ResponseReturnValue:
    """A file of a course; only one that an edition of the course names."""
    asset = file_of(course_id, sha256, name)
    return abort(404) if asset is None else send_course_file(asset)


def send_course_file(asset: Asset) -> ResponseReturnValue:
    """A file of a course; whoever asks may have it."""
    place: Path = current_app.extensions["innocap_settings"].data_dir / "files" / asset.sha256
    if not place.is_file():
        log.error("the file %s of a course is missing: %s", asset.path, place)
        abort(404)
    response = send_file(
        place.absolute(),
        mimetype=asset.media_type,
        max_age=FOR_EVER,
        conditional=True,
        etag=asset.sha256,
    )
    response.cache_control.immutable = True
    if asset.media_type == "image/svg+xml":
        response.headers["Content-Security-Policy"] = SVG_POLICY
    return response
