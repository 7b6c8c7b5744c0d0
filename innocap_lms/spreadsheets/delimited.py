"""Rows of a CSV file in any of the encodings and with any of the separators that are in use."""

import codecs
import csv
from collections.abc import Iterator
from io import TextIOWrapper
from pathlib import Path
from typing import Final, NamedTuple

from innocap_lms.spreadsheets.table import LONGEST_CELL, MOST_COLUMNS, Row, TableError

SEPARATORS: Final = (";", "\t", ",", "|")  # the first of those that part equally well
_SAMPLE: Final = 64_000  # bytes
_LINES: Final = 20
_MARKED: Final = (  # byte order marks; UTF-16 is what Excel calls "Unicode text"
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


class Form(NamedTuple):
    """How a file is written: its encoding, its separator, and the lines before the header."""

    encoding: str
    separator: str
    skip: int


def form_of(file: Path) -> Form:
    """How the file seems to be written. Raises TableError where it is no text."""
    encoding = _encoding(file)
    with _text(file, encoding) as lines:
        first = [line for line, _number in zip(lines, range(_LINES), strict=False)]
    told = first[0].strip().lower() if first else ""
    if told.startswith("sep=") and told[4:]:  # as Excel writes to itself
        return Form(encoding, told[4], 1)
    return Form(encoding, _separator(first), 0)


def rows(file: Path, form: Form) -> Iterator[Row]:
    """Its rows as they come. Raises TableError, with the number of the row."""
    number = 0
    with _text(file, form.encoding) as lines:
        for _line in range(form.skip):
            next(lines)
        reader = csv.reader(lines, delimiter=form.separator)
        try:
            for number, cells in enumerate(reader, 1):
                if len(cells) > MOST_COLUMNS:
                    raise TableError("too_many_columns", str(MOST_COLUMNS))
                if any(len(cell) > LONGEST_CELL for cell in cells):
                    raise TableError("quote", str(number))
                yield Row(number, tuple(cells))
        except csv.Error:  # a cell longer than the reader's bound
            raise TableError("quote", str(number + 1)) from None


def _text(file: Path, encoding: str) -> TextIOWrapper:
    return file.open(encoding=encoding, newline="")


def _encoding(file: Path) -> str:
    """By its mark, by where its zeros lie, and else UTF-8 if the whole file is that; what is not is
    from an older Windows program. Raises TableError."""
    with file.open("rb") as content:
        sample = content.read(_SAMPLE)
    for mark, name in _MARKED:
        if sample.startswith(mark):
            return _only_if(file, name)
    # Of text in Latin letters, every second byte of UTF-16 is zero.
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if max(even, odd) > len(sample) // 4:
        return _only_if(file, "utf-16-be" if even > odd else "utf-16-le")
    if 0 in sample:
        raise TableError("no_table")
    try:
        return _only_if(file, "utf-8")
    except TableError:
        return _only_if(file, "cp1252")


def _only_if(file: Path, encoding: str) -> str:
    """The encoding, if all of the file can be read in it; raises TableError with its line."""
    line = 0  # read without a fault
    try:
        with _text(file, encoding) as lines:
            for _words in lines:
                line += 1
    except UnicodeError:
        raise TableError("encoding", str(line + 1)) from None
    return encoding


def _separator(lines: list[str]) -> str:
    """What parts the header into most cells; a name may hold one of the others."""
    head = next((line for line in lines if line.strip()), "")

    def cells(separator: str) -> int:
        return len(next(csv.reader([head], delimiter=separator), []))

    return max(SEPARATORS, key=cells)
