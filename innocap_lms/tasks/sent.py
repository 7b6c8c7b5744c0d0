"""What a learner sends of a case, and what is wrong with it before anything is kept."""

from dataclasses import dataclass

from flask import request
from flask_babel import gettext as _

from innocap_lms.tasks import services
from innocap_lms.tasks.file_checks import MAX_BYTES, FileRefused, Upload, checked

MAX_REVISION = 2**31 - 1  # what the column holds
Errors = dict[str, str]


@dataclass(frozen=True)
class Sent:
    """What was typed: saved, or shown again where it could not be."""

    text: str
    revision: int
    confirmed: bool


def sent_form() -> Sent:
    form = request.form
    text = form.get("text", "").replace("\r\n", "\n").replace("\r", "\n")
    revision = form.get("revision", 0, type=int)
    if not 0 <= revision < MAX_REVISION:
        revision = -1  # none that a page of ours has sent: then the draft is another one
    return Sent(text, revision, form.get("confirmed") == "yes")


def looked_at(sent: Sent, act: str) -> tuple[Errors, list[Upload]]:
    """What is wrong with what was sent, and its files; nothing is on the disk yet."""
    errors: Errors = {}
    if len(sent.text) > services.MAX_TEXT:
        errors["text"] = _(
            "The text has %(count)s characters; at most %(most)s can be saved. Shorten it, or put "
            "a part into a file. Nothing is lost: your text stands below.",
            count=len(sent.text),
            most=services.MAX_TEXT,
        )
    elif act == "hand_in" and not sent.text.strip():
        errors["text"] = _("Write about your case before you hand it in.")
    if act == "hand_in" and not sent.confirmed:
        errors["confirmed"] = _("Confirm that the case names no resident.")
    uploads, refusal = _uploads()
    if refusal:
        errors["files"] = refusal
    return errors, uploads


def _uploads() -> tuple[list[Upload], str]:
    """The files that were sent, and what is wrong with them; counted before any is read."""
    sent = [file for file in request.files.getlist("files") if file.filename]
    uploads: list[Upload] = []
    try:
        services.check_number(len(sent))
        for file in sent:
            uploads.append(checked(file.filename or "", file.stream.read(MAX_BYTES + 1)))
        services.check_size(sum(len(each.content) for each in uploads))
    except FileRefused as refusal:
        return [], str(refusal)
    return uploads, ""
