"""Evidence over HTTP: taken from a form, and sent to whoever may read it."""

from typing import Final

from flask import abort, request, send_file
from flask.typing import ResponseReturnValue

from innocap_lms.recognition.evidence import place_of
from innocap_lms.recognition.models import Evidence, ExternalTraining
from innocap_lms.tasks.file_checks import MAX_BYTES, FileRefused, Upload, checked

LONGEST_FORM: Final = MAX_BYTES + 100_000  # bytes of a form with evidence


def read_upload(errors: dict[str, str]) -> Upload | None:
    """The form's field "file", looked at; None where nothing was sent, or, with what is wrong among
    the errors, where it cannot be kept."""
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        return None
    try:
        return checked(sent.filename, sent.read(MAX_BYTES + 1))
    except FileRefused as error:
        errors["file"] = str(error)
        return None


def sent_file(found: ExternalTraining | Evidence | None) -> ResponseReturnValue:
    """The file, to keep; 404 where there is none."""
    stored = found.stored if isinstance(found, ExternalTraining) else getattr(found, "id", None)
    if found is None or stored is None or not place_of(stored).exists():
        abort(404)
    return send_file(
        place_of(stored),
        mimetype=found.media_type,
        as_attachment=True,
        download_name=found.file_name,
        max_age=0,
    )
