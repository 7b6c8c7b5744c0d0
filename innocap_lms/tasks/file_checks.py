"""What a file of a case may be: told by its name and by its content, both.

Nothing is unpacked. Of a document in a ZIP the list of its parts is read once its length is known,
and one small part with a bound, so that a file made to swell costs nothing.
"""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field

from flask_babel import gettext as _

from innocap_lms.content.files import MEDIA_TYPES

MAX_BYTES = 10_000_000
MAX_NAME = 100
KINDS = ("pdf", "png", "jpg", "docx", "odt", "xlsx", "ods", "txt", "md")

_MAX_LIST = 300_000  # bytes of a ZIP's list of parts: some 3,000 parts
_MAX_PART = 200_000  # bytes of the part that says what a document is
_END = b"PK\x05\x06"  # .ZIP File Format Specification 6.3.10, section 4.3.16
_END_BYTES = 22
_FAR = b"PK\x06\x07"  # ZIP64, for files of more than 4 GB
_OFFICE = "application/vnd.openxmlformats-officedocument."
_MAIN = {
    "docx": f"{_OFFICE}wordprocessingml.document.main+xml",
    "xlsx": f"{_OFFICE}spreadsheetml.sheet.main+xml",
}
_PROGRAM = re.compile(r"vbaproject|(\A|/)(basic|scripts|activex)/", re.IGNORECASE)
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
                "“%(name)s” is not what its name says, holds macros or is locked by a "
                "password. Save it again as %(kind)s.",
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


def _is_text(content: bytes, _kind: str) -> bool:
    try:
        return _NO_TEXT.search(content.decode("utf-8-sig")) is None
    except UnicodeDecodeError:
        return False


def _is_office(content: bytes, kind: str) -> bool:
    """Office Open XML (ECMA-376, part 2): the list of content types names the main part."""
    said = _part(content, "[Content_Types].xml")
    return f'"{_MAIN[kind]}"'.encode() in said


def _is_open_document(content: bytes, kind: str) -> bool:
    """OpenDocument (ISO/IEC 26300-3, section 3.3): the part `mimetype` says what it is."""
    return _part(content, "mimetype").strip() == MEDIA_TYPES[kind].encode()


def _part(content: bytes, name: str) -> bytes:
    """A small part of a ZIP; nothing where it is no plain ZIP, is too much, or holds a program."""
    if not _has_short_list(content):
        return b""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if any(_PROGRAM.search(part) for part in archive.namelist()):
                return b""
            with archive.open(name) as part:
                found = part.read(_MAX_PART + 1)
    except (
        zipfile.BadZipFile,
        zlib.error,
        KeyError,
        NotImplementedError,
        RuntimeError,
        OSError,
        EOFError,
        ValueError,
    ):
        return b""
    return found if len(found) <= _MAX_PART else b""


def _has_short_list(content: bytes) -> bool:
    """Whether the ZIP's own end says that its list of parts is short, before anybody reads it."""
    at = content.rfind(_END, max(0, len(content) - _END_BYTES - 65_535))
    if at < 0 or len(content) - at < _END_BYTES or content[max(0, at - 20) : at].startswith(_FAR):
        return False
    (size,) = struct.unpack_from("<L", content, at + 12)
    return content.startswith(b"PK\x03\x04") and int(size) <= _MAX_LIST


_SIGNS: dict[str, Callable[[bytes, str], bool]] = {
    "pdf": _begins(b"%PDF-"),
    "png": _begins(b"\x89PNG\r\n\x1a\n"),
    "jpg": _begins(b"\xff\xd8\xff"),
    "docx": _is_office,
    "xlsx": _is_office,
    "odt": _is_open_document,
    "ods": _is_open_document,
    "txt": _is_text,
    "md": _is_text,
}
