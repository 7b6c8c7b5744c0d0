"""Whether a document in a ZIP is what it says, runs nothing and fetches nothing from elsewhere.

Nothing is unpacked to the disk. The list of parts is read once its length is known, and the parts
that say what a document is with a bound, so that a file made to swell costs nothing.
"""

import io
import lzma
import re
import zipfile
import zlib
from collections.abc import Callable
from typing import Final
from xml.parsers import expat

from innocap_lms.content.files import MEDIA_TYPES
from innocap_lms.content.zips import list_bytes

_MAX_LIST: Final = 300_000  # bytes of a ZIP's list of parts: some 3,000 parts
_MAX_READ: Final = 400_000  # bytes of all parts that are read
_OFFICE: Final = "application/vnd.openxmlformats-officedocument."
_MAIN: Final = {
    "docx": f"{_OFFICE}wordprocessingml.document.main+xml",
    "xlsx": f"{_OFFICE}spreadsheetml.sheet.main+xml",
}
MANIFEST: Final = "META-INF/manifest.xml"
_PROGRAM: Final = re.compile(r"vbaproject|(\A|/)(basic|scripts|activex)/", re.IGNORECASE)
_ASKS: Final = re.compile(r"(\A|/)(connections\.xml|externallinks/|querytables/)", re.IGNORECASE)
_ACTIVE: Final = re.compile(r"vbaproject|macroenabled|activex|oleobject", re.IGNORECASE)


class _Parts:
    """The parts of a document, of which no more is read than _MAX_READ bytes."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive, self._left = archive, _MAX_READ
        self.names = archive.namelist()

    def read(self, name: str) -> bytes:
        with self._archive.open(name) as part:
            found = part.read(self._left + 1)
        self._left -= len(found)
        if self._left < 0:
            raise ValueError("the parts are too large")
        return found


def is_office(content: bytes, kind: str) -> bool:
    """Whether it is Office Open XML (ECMA-376, part 2) of that kind: the list of content types
    names the main part, and no part is a program or asks elsewhere for data. No relation but a
    hyperlink leads out of it. What a field in its text would fetch once a reader updates it by hand
    is not looked for."""

    def check(parts: _Parts) -> bool:
        listed = _attributes(parts.read("[Content_Types].xml"))
        types = [each.get("ContentType", "") for each in listed]
        relations = [
            each
            for name in parts.names
            if name.lower().endswith(".rels")
            for each in _attributes(parts.read(name))
        ]
        active = any(_ACTIVE.search(each) for each in types) or any(map(_ASKS.search, parts.names))
        return _MAIN[kind] in types and not active and not any(map(_leads_out, relations))

    return _holds(content, check)


def is_open_document(content: bytes, kind: str) -> bool:
    """Whether it is OpenDocument (ISO/IEC 26300-3, section 3.3) of that kind, and not locked: the
    part `mimetype` says so, and the manifest. What it may fetch is not looked for."""
    kept = MEDIA_TYPES[kind].encode()

    def check(parts: _Parts) -> bool:
        listed = parts.read(MANIFEST) if MANIFEST in parts.names else b""
        return parts.read("mimetype").strip() == kept and b"encryption-data" not in listed

    return _holds(content, check)


def _holds(content: bytes, check: Callable[[_Parts], bool]) -> bool:
    """Whether a ZIP stands the check; not where it is no plain ZIP, is too much, or holds a program
    or two parts of one name, of which readers choose differently."""
    size = list_bytes(io.BytesIO(content))
    if size is None or size > _MAX_LIST:
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = _Parts(archive)
            once = len({name.lower() for name in parts.names}) == len(parts.names)
            return once and not any(map(_PROGRAM.search, parts.names)) and check(parts)
    except (
        zipfile.BadZipFile,
        zlib.error,
        lzma.LZMAError,
        expat.ExpatError,
        LookupError,  # a part that is not there, or is in letters that nobody knows
        NotImplementedError,
        RuntimeError,
        OSError,
        EOFError,
        ValueError,
    ):
        return False


def _attributes(xml: bytes) -> list[dict[str, str]]:
    """The attributes of each element. Raises ExpatError, and ValueError for a document type, with
    which entities come."""
    found: list[dict[str, str]] = []

    def refuse(*_said: object) -> None:
        raise ValueError("a document type")

    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda _name, attributes: found.append(attributes)
    parser.StartDoctypeDeclHandler = refuse
    parser.Parse(xml, True)
    return found


def _leads_out(relation: dict[str, str]) -> bool:
    external = relation.get("TargetMode", "").lower() == "external"
    return external and not relation.get("Type", "").lower().endswith("/hyperlink")
