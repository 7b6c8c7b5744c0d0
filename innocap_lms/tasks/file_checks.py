"""What a file of a case may be: told by its name and by its content, both."""

import codecs
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from flask_babel import gettext as _

from innocap_lms.content.files import MEDIA_TYPES
from innocap_lms.tasks.documents import is_office, is_open_document

MAX_BYTES = 10_000_000
MAX_NAME = 100
KINDS = ("pdf", "png", "jpg", "docx", "odt", "xlsx", "ods", "txt", "md")

_LOCKED = re.compile(rb"/Encrypt\s*(\d+\s+\d+\s+R|<<)")
_NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


class FileRefused(ValueError):
    """A file may not belong to a case; the message says why, and what to do, to its owner."""


@dataclass(frozen=True)
class Upload:
    """A file that was looked at: its bare name, its media type and its bytes."""

    name: str
    media_type: str
    content: bytes = field(repr=False)


def checked(name: str, content: bytes) -> Upload:
    """The file, if it is what its name says and of a kind that a case may hold.

    Raises FileRefused. `content` needs no more than MAX_BYTES and one byte.
    """
    bare = bare_name(name)
    kind = bare.rpartition(".")[2].lower().replace("jpeg", "jpg")
    if kind not in KINDS or "." not in bare:
        known = ", ".join(KINDS)
        raise FileRefused(
            _(
                "“%(name)s” is of a kind that cannot be added. Kinds: %(known)s.",
                name=bare,
                known=known,
            )
        )
    if len(content) > MAX_BYTES:
        raise FileRefused(
            _("“%(name)s” is larger than 10 MB. Make it smaller, or cut it in parts.", name=bare)
        )
    if not _SIGNS[kind](content, kind):
        raise FileRefused(
            _(
                "“%(name)s” is not what its name says, holds macros, fetches something from "
                "elsewhere or is locked by a password. Save it again as %(kind)s.",
                name=bare,
                kind=kind,
            )
        )
    return Upload(bare, MEDIA_TYPES[kind], content)


def bare_name(name: str) -> str:
    """The name of a file without its folders and without what a header or a disk cannot hold."""
    last = re.split(r"[/\\]", name)[-1]
    plain = "".join(letter for letter in last if letter.isprintable() and letter not in '<>:"|?*')
    stem, dot, kind = plain.strip(" .").rpartition(".")
    return f"{(stem or kind)[: MAX_NAME - len(kind) - 1].rstrip()}{dot}{kind if stem else ''}"


def _begins(*signs: bytes) -> Callable[[bytes, str], bool]:
    return lambda content, _kind: content.startswith(signs)


def _is_pdf(content: bytes, _kind: str) -> bool:
    """A PDF that is not locked: assessors have no password (ISO 32000-2, 7.5.5)."""
    return content.startswith(b"%PDF-") and _LOCKED.search(content) is None


def _is_text(content: bytes, _kind: str) -> bool:
    """Text as telephones and computers save it, in UTF-8 or as older Windows programs do."""
    marked = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "cp1252"):
        try:
            return _NO_TEXT.search(content.decode(encoding)) is None
        except UnicodeDecodeError:
            continue
    return False


_SIGNS: dict[str, Callable[[bytes, str], bool]] = {
    "pdf": _is_pdf,
    "png": _begins(b"\x89PNG\r\n\x1a\n"),
    "jpg": _begins(b"\xff\xd8\xff"),
    "docx": is_office,
    "xlsx": is_office,
    "odt": is_open_document,
    "ods": is_open_document,
    "txt": _is_text,
    "md": _is_text,
}
