"""What a table is, and what can be wrong with a whole one."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final, NamedTuple

MOST_BYTES: Final = 50_000_000  # of a file that is sent in
MOST_ROWS: Final = 200_000  # with the header; who has more sends two files
MOST_COLUMNS: Final = 200
LONGEST_CELL: Final = 32_767  # characters, as in Excel


class TableError(ValueError):
    """A file that cannot be read as a table. `code` is one of `problems.WORDS`, `text` the place or
    thing that it speaks of."""

    def __init__(self, code: str, text: str = "") -> None:
        super().__init__(code, text)
        self.code, self.text = code, text


class Row(NamedTuple):
    """A row by the number that spreadsheet programs show, from 1 on, and what its cells say.

    Days are "2026-11-23", moments "2026-11-23 10:30", numbers have a point, a formula begins with
    "=". Cells at the end that are empty may be missing.
    """

    number: int
    cells: tuple[str, ...]

    def cell(self, index: int) -> str:
        """What the cell of a column, from 0 on, says, without space around it."""
        return self.cells[index].strip() if index < len(self.cells) else ""

    @property
    def empty(self) -> bool:
        return not any(cell.strip() for cell in self.cells)


@dataclass(frozen=True)
class Table:
    """A header and the rows below it, of which empty ones are left out.

    `rows()` reads the file anew each time, a piece at a time: one row is in memory. It raises
    TableError where the file breaks off or is too large.
    """

    header: tuple[str, ...]
    form: str  # how it was read, for people: "XLSX", "CSV; utf-8"
    _rows: Callable[[], Iterator[Row]] = field(repr=False)

    def rows(self) -> Iterator[Row]:
        below = filled(self._rows())
        next(below, None)
        return below


def filled(rows: Iterator[Row]) -> Iterator[Row]:
    """The rows that say something, within the bounds of a table. Raises TableError."""
    for row in rows:
        if row.number > MOST_ROWS:
            raise TableError("too_many_rows", str(MOST_ROWS))
        if not row.empty:
            yield row


def letters(index: int) -> str:
    """What spreadsheet programs call a column, from 0 on: A, B … Z, AA."""
    name, rest = "", index + 1
    while rest:
        rest, letter = divmod(rest - 1, 26)
        name = chr(ord("A") + letter) + name
    return name
