"""Rows of the first sheet of an XLSX file, read with the standard library (ECMA-376, part 1).

A file from outside is not trusted: entities are refused, what a part unpacks to is counted while it
is read, whatever the archive says of itself, and nothing is ever fetched.
"""

import posixpath
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from xml.parsers import expat

from innocap_lms.spreadsheets.number_formats import BUILT_IN, Shown, shown_as
from innocap_lms.spreadsheets.sheet import Marks, SheetMarks, TextMarks
from innocap_lms.spreadsheets.table import Row, TableError

MOST_UNPACKED: Final = 400_000_000  # bytes of all parts: 200,000 rows of some twenty columns
_MAX_LIST: Final = 300_000  # bytes of the archive's list of parts: some 3,000 parts
_END: Final = b"PK\x05\x06"  # .ZIP File Format Specification 6.3.10, section 4.3.16
_PIECE: Final = 65_536  # bytes


class _Attributes(Marks):
    """The elements of a small part by name, each with its attributes."""

    def __init__(self) -> None:
        self.found: list[tuple[str, dict[str, str]]] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.found.append((name, attributes))


class _Parts:
    """The parts of an archive, of which no more is unpacked than MOST_UNPACKED bytes."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive, self._left = archive, MOST_UNPACKED
        self.names = set(archive.namelist())

    def pieces(self, name: str) -> Iterator[bytes]:
        with self._archive.open(name) as part:
            while piece := part.read(_PIECE):
                self._left -= len(piece)
                if self._left < 0:
                    raise TableError("swells")
                yield piece

    def parse(self, name: str, marks: Marks) -> Iterator[None]:
        """Read a part; stops after each piece, so that what it has found so far can be taken."""
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = _refuse
        parser.StartElementHandler = lambda name, given: marks.start(_local(name), given)
        parser.EndElementHandler = lambda name: marks.end(_local(name))
        parser.CharacterDataHandler = marks.text
        for piece in self.pieces(name):
            parser.Parse(piece, False)
            yield
        parser.Parse(b"", True)
        yield

    def elements(self, name: str) -> list[tuple[str, dict[str, str]]]:
        """What a small part holds; nothing where it is missing."""
        marks = _Attributes()
        if name in self.names:
            for _piece in self.parse(name, marks):
                pass
        return marks.found

    def related(self, name: str, wanted: Callable[[dict[str, str]], bool]) -> str | None:
        """The part that another names as one of its relations."""
        folder, base = posixpath.split(name)
        relations = self.elements(posixpath.join(folder, "_rels", f"{base}.rels"))
        for element, given in relations:
            if element == "Relationship" and wanted(given):
                return posixpath.normpath(posixpath.join("/", folder, given["Target"])).lstrip("/")
        return None


def rows(file: Path) -> Iterator[Row]:
    """The rows of its first sheet that is not hidden, as they come. Raises TableError."""
    with _parts(file) as parts:
        book = parts.related("", _of_kind("officeDocument"))
        if book is None or book not in parts.names:
            raise TableError("open_document" if "content.xml" in parts.names else "no_table")
        about = parts.elements(book)
        sheet = _sheet(parts, book, about)
        base_1904 = any(
            name == "workbookPr" and given.get("date1904") in ("1", "true") for name, given in about
        )
        marks = SheetMarks(_texts(parts, book), _formats(parts, book), base_1904=base_1904)
        for _piece in parts.parse(sheet, marks):
            yield from marks.taken()


@contextmanager
def _parts(file: Path) -> Iterator[_Parts]:
    if _length_of_list(file) > _MAX_LIST:
        raise TableError("swells")
    try:
        with zipfile.ZipFile(file) as archive:
            yield _Parts(archive)
    except RuntimeError:  # what zipfile raises for a password
        raise TableError("locked") from None
    except (
        zipfile.BadZipFile,
        zlib.error,
        expat.ExpatError,
        EOFError,
        LookupError,
        NotImplementedError,  # a way of packing that no spreadsheet program uses
        ValueError,
    ) as error:
        raise error if isinstance(error, TableError) else TableError("broken") from None


def _length_of_list(file: Path) -> int:
    """How many bytes the list of parts takes, before anything reads it into memory."""
    with file.open("rb") as content:
        content.seek(max(0, file.stat().st_size - _PIECE - 22))
        end = content.read()
    at = end.rfind(_END)
    return int.from_bytes(end[at + 12 : at + 16], "little")


def _sheet(parts: _Parts, book: str, about: list[tuple[str, dict[str, str]]]) -> str:
    sheets = [given for name, given in about if name == "sheet"]
    shown = [given for given in sheets if given.get("state", "visible") == "visible"]
    for given in shown:
        wanted = next(value for name, value in given.items() if name.endswith(":id"))
        part = parts.related(book, lambda each, wanted=wanted: each["Id"] == wanted)  # type: ignore[misc]
        if part in parts.names:
            return part
    raise TableError("no_table")


def _texts(parts: _Parts, book: str) -> list[str]:
    """The texts that cells name by number."""
    part, marks = parts.related(book, _of_kind("sharedStrings")), TextMarks()
    if part in parts.names:
        for _piece in parts.parse(part, marks):
            pass
    return marks.texts


def _formats(parts: _Parts, book: str) -> list[Shown]:
    """How each of the styles that cells name by number shows a number."""
    part = parts.related(book, _of_kind("styles"))
    elements = parts.elements(part) if part else []
    codes = {
        given["numFmtId"]: given.get("formatCode", "")
        for name, given in elements
        if name == "numFmt"
    }
    inside, found = False, []
    for name, given in elements:
        if name in ("cellXfs", "cellStyles", "dxfs"):
            inside = name == "cellXfs"
        elif name == "xf" and inside:
            number = given.get("numFmtId", "0")
            found.append(shown_as(codes.get(number) or BUILT_IN.get(number, "")))
    return found


def _of_kind(kind: str) -> Callable[[dict[str, str]], bool]:
    return lambda given: given.get("Type", "").endswith(f"/{kind}")


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def _refuse(*_declaration: object) -> None:
    raise TableError("broken")
