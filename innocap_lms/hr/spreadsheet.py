"""Lists as XLSX: days as days, numbers as numbers, no formulas, in constant memory."""

from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from datetime import date
from tempfile import SpooledTemporaryFile, TemporaryDirectory
from typing import Final

from innocap_lms.hr.export import FORMULA

MOST_ROWS: Final = 1_048_575  # below the header; a sheet ends there
IN_MEMORY: Final = 2_000_000  # bytes; a larger file waits on the disk
AT_A_TIME: Final = 100_000  # bytes

Cell = str | date | int | float | None


class TooManyRows(ValueError):
    """More rows than a sheet holds."""


def workbook(
    title: str, header: Iterable[str], rows: Iterable[Iterable[Cell]], pinned: int = 0
) -> Iterator[bytes]:
    """A sheet as a file, in pieces; it is whole when this returns. The first `pinned` columns stay
    in sight. Raises TooManyRows, and whatever making a row raises."""
    import xlsxwriter  # 2 MB that few processes need

    with ExitStack() as faults, TemporaryDirectory() as folder:
        file = faults.enter_context(SpooledTemporaryFile(max_size=IN_MEMORY))
        with xlsxwriter.Workbook(file, {"constant_memory": True, "tmpdir": folder}) as book:
            page, bold = book.add_worksheet(title), book.add_format({"bold": True})
            day = book.add_format({"num_format": "yyyy-mm-dd"})
            for column, head in enumerate(header):
                page.write_string(0, column, plain(head), bold)
                page.set_column(column, column, 20)
            page.freeze_panes(1, pinned)
            for number, row in enumerate(rows, 1):
                if number > MOST_ROWS:
                    raise TooManyRows
                for column, part in enumerate(row):
                    if isinstance(part, str):
                        page.write_string(number, column, plain(part))
                    elif isinstance(part, date):
                        page.write_datetime(number, column, part, day)
                    elif part is not None:
                        page.write_number(number, column, part)
        faults.pop_all()
    return _read(file)


def workbook_later(
    title: str, header: Iterable[str], rows: Iterable[Iterable[Cell]], pinned: int = 0
) -> Iterator[bytes]:
    """The same, made once its first piece is asked for: its page says how far it is."""
    yield from workbook(title, header, rows, pinned)


def plain(text: str) -> str:
    """Text that stays text also where somebody saves the sheet as CSV."""
    return f"'{text}" if text.startswith(FORMULA) else text


def _read(file: "SpooledTemporaryFile[bytes]") -> Iterator[bytes]:
    with file:
        file.seek(0)
        while part := file.read(AT_A_TIME):
            yield part
