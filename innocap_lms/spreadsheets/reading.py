"""Open a table, by what the file holds and not by what its name says."""

import codecs
import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from innocap_lms.spreadsheets import delimited, workbook
from innocap_lms.spreadsheets.table import MOST_BYTES, Row, Table, TableError, filled

_OLD_EXCEL: Final = b"\xd0\xcf\x11\xe0"  # .xls, and .xlsx under a password ([MS-CFB] 2.2)
_ARCHIVE: Final = re.compile(rb"PK[\0-\x08]")  # as XLSX begins, also where its end is missing
_OTHERS: Final = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"{\\rtf", b"\x1f\x8b")


def opened(file: Path) -> Table:
    """The table in a file. Raises TableError, which says what to do."""
    with file.open("rb") as content:
        start = content.read(8)
    if file.stat().st_size > MOST_BYTES:
        raise TableError("too_large", str(MOST_BYTES // 1_000_000))
    if not start.strip(codecs.BOM_UTF8):
        raise TableError("empty")
    if start.startswith(_OLD_EXCEL):
        raise TableError("old_excel")
    if start.startswith(_OTHERS):
        raise TableError("no_table")
    if zipfile.is_zipfile(file):
        return _workbook(file)
    if _ARCHIVE.match(start):
        raise TableError("broken")
    return _delimited(file)


def _workbook(file: Path) -> Table:
    return _table("XLSX", lambda: workbook.rows(file))


def _delimited(file: Path) -> Table:
    form = delimited.form_of(file)
    return _table(f"CSV, {form.encoding}", lambda: delimited.rows(file, form))


def _table(form: str, rows: Callable[[], Iterator[Row]]) -> Table:
    header = next(filled(rows()), None)
    if header is None:
        raise TableError("empty")
    return Table(tuple(cell.strip() for cell in header.cells), form, rows)
