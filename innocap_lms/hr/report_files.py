"""A report of a plugin as a file: CSV streams while its lines are made, a spreadsheet is whole
before it is sent."""

from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import ExitStack, closing
from datetime import date
from itertools import chain, islice
from tempfile import SpooledTemporaryFile, TemporaryDirectory

from flask_babel import gettext as _

from innocap_lms.hr.export import BOM, cell
from innocap_lms.hr.matrix_xlsx import AT_A_TIME, MOST_ROWS, plain
from innocap_lms.hr.report_lines import Line, Value, Who
from innocap_lms.plugin_host.contract import Report

IN_MEMORY = 2_000_000  # bytes; a larger spreadsheet waits on the disk


class TooManyRows(ValueError):
    """More lines than a sheet holds."""


def header_of(report: Report, heads: Sequence[str]) -> list[str]:
    """The heads of the columns; a person who is named has two, name and id."""
    found = list[str]()
    for column, head in zip(report.columns, heads, strict=True):
        named = column.kind == "person" and not report.adds_up
        found += [head, _("Person id")] if named else [head]
    return found


def begun(lines: Generator[Line]) -> Generator[Line]:
    """The same lines, of which the first is made now: what fails at once fails before a file has
    begun. One that fails later breaks off, and the browser says so."""
    first = list(islice(lines, 1))

    def whole() -> Generator[Line]:
        with closing(lines):
            yield from chain(first, lines)

    return whole()


def csv_lines(
    header: Iterable[str], lines: Iterable[Line], *, decimal_comma: bool
) -> Iterator[bytes]:
    """The lines as CSV; see docs/privacy.md for the format."""
    hidden = _("Protected identity")
    yield (BOM + ";".join(map(cell, header)) + "\r\n").encode()
    for line in lines:
        parts = [part for value in line for part in _texts(value, hidden, decimal_comma)]
        yield (";".join(parts) + "\r\n").encode()


def _texts(value: Value, hidden: str, decimal_comma: bool) -> list[str]:
    if isinstance(value, Who):
        return [cell(value.name or hidden), value.id]
    if isinstance(value, date):
        return [value.isoformat()]
    if isinstance(value, int | float):
        text = f"{value:.12g}"
        return [text.replace(".", ",") if decimal_comma else text]
    return [cell(value or "")]


def xlsx_file(header: Iterable[str], lines: Iterable[Line]) -> Iterator[bytes]:
    """The lines as a spreadsheet, days as days, in pieces. Raises TooManyRows."""
    import xlsxwriter  # 2 MB that few processes need

    hidden = _("Protected identity")
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
    return _read(file)


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
