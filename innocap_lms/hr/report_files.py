"""A report of a plugin as a file: CSV streams while its lines are made, a spreadsheet is whole
before it is sent."""

from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import closing
from datetime import date
from itertools import chain, islice

from flask_babel import gettext as _

from innocap_lms.hr.export import BOM, cell
from innocap_lms.hr.report_lines import Line, Value, Who
from innocap_lms.hr.spreadsheet import Cell, workbook
from innocap_lms.plugin_host.report_types import Report


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
    hidden = _("Protected identity")
    return workbook(_("Report"), header, (_cells(line, hidden) for line in lines))


def _cells(line: Line, hidden: str) -> Iterator[Cell]:
    for value in line:
        if isinstance(value, Who):
            yield from (value.name or hidden, value.id)
        else:
            yield value
