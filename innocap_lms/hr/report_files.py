"""A report of a plugin as a file: made whole before it is sent, so that no fault leaves half."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from datetime import date
from tempfile import SpooledTemporaryFile, TemporaryDirectory

from flask_babel import gettext as _

from innocap_lms.hr.export import BOM, cell
from innocap_lms.hr.matrix_xlsx import AT_A_TIME, MOST_ROWS, plain
from innocap_lms.hr.report_lines import Line, Value, Who
from innocap_lms.plugin_host.contract import Report

IN_MEMORY = 2_000_000  # bytes; a larger file waits on the disk

Made = tuple[Iterator[bytes], int]
"""A file in pieces, and how many lines it has."""


class TooManyRows(ValueError):
    """More lines than a sheet holds."""


def header_of(report: Report, heads: Sequence[str]) -> list[str]:
    """The heads of the columns; a person who is named has two, name and id."""
    found = list[str]()
    for column, head in zip(report.columns, heads, strict=True):
        named = column.kind == "person" and not report.adds_up
        found += [head, _("Person id")] if named else [head]
    return found


def csv_file(header: Iterable[str], lines: Iterable[Line], *, decimal_comma: bool) -> Made:
    """The lines as CSV; see docs/privacy.md for the format."""
    hidden, number = _("Protected identity"), 0
    with ExitStack() as faults:
        file = faults.enter_context(SpooledTemporaryFile(max_size=IN_MEMORY))
        file.write((BOM + ";".join(map(cell, header)) + "\r\n").encode())
        for line in lines:
            number += 1
            parts = [part for value in line for part in _texts(value, hidden, decimal_comma)]
            file.write((";".join(parts) + "\r\n").encode())
        faults.pop_all()
    return _read(file), number


def _texts(value: Value, hidden: str, decimal_comma: bool) -> list[str]:
    if isinstance(value, Who):
        return [cell(value.name or hidden), value.id]
    if isinstance(value, date):
        return [value.isoformat()]
    if isinstance(value, int | float):
        text = f"{value:.12g}"
        return [text.replace(".", ",") if decimal_comma else text]
    return [cell(value or "")]


def xlsx_file(header: Iterable[str], lines: Iterable[Line]) -> Made:
    """The lines as a spreadsheet, days as days. Raises TooManyRows."""
    import xlsxwriter  # 2 MB that few processes need

    hidden, number = _("Protected identity"), 0
    with ExitStack() as faults, TemporaryDirectory() as folder:
        file = faults.enter_context(SpooledTemporaryFile(max_size=IN_MEMORY))
        with xlsxwriter.Workbook(file, {"constant_memory": True, "tmpdir": folder}) as book:
            page, bold = book.add_worksheet(_("Report")), book.add_format({"bold": True})
            day = book.add_format({"num_format": "yyyy-mm-dd"})
            for column, title in enumerate(header):
                page.write_string(0, column, plain(title), bold)
                page.set_column(column, column, 20)
            page.freeze_panes(1, 0)
            for number, line in enumerate(lines, 1):
                if number > MOST_ROWS:
                    raise TooManyRows
                for column, part in enumerate(_cells(line, hidden)):
                    if isinstance(part, date):
                        page.write_datetime(number, column, part, day)
                    elif isinstance(part, str):
                        page.write_string(number, column, plain(part))
                    elif part is not None:
                        page.write_number(number, column, part)
        faults.pop_all()
    return _read(file), number


def _cells(line: Line, hidden: str) -> Iterator[str | date | float | None]:
    for value in line:
        if isinstance(value, Who):
            yield from (value.name or hidden, value.id)
        else:
            yield value


def _read(file: "SpooledTemporaryFile[bytes]") -> Iterator[bytes]:
    with file:
        file.seek(0)
        while part := file.read(AT_A_TIME):
            yield part
