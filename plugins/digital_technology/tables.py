"""The pipe table under a question: its cells, its numbers, and what is wrong with them.

    | Area | Falls per 1,000 |
    |---|---|
    | Centre | 20 |
    | The coast | 30 |
    : Made-up figures, one winter

The first column names the rows, the others hold numbers, with a comma or a point for decimals and
spaces between thousands.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

FEWEST_ROWS = 2
MOST_ROWS = 24  # points of a line in a drawing as narrow as a phone
_RULE = re.compile(r":?-+:?")
_NUMBER = re.compile(r"[-\u2212]?(?:\d{1,3}(?:[ \u00a0\u202f]\d{3})+|\d{1,9})(?:[.,]\d{1,6})?")
_THOUSANDS = re.compile(r"-?\d{1,3}[.,]\d{3}")
_BAR = re.compile(r"(?<!\\)\|")


@dataclass(frozen=True)
class Fault:
    """What is wrong in a text: on which of its lines, from 0, and what to write instead."""

    line: int
    said: str
    advice: str


@dataclass(frozen=True)
class Row:
    """A row: its name, its numbers as they stand in the file, and what they come to."""

    name: str
    texts: tuple[str, ...]
    numbers: tuple[float, ...]


@dataclass(frozen=True)
class Table:
    """A table whose numbers are read; `header` names every column, the first included, and stands
    on that line of the text, from 0."""

    line: int
    caption: str
    header: tuple[str, ...]
    rows: tuple[Row, ...]


def cut_out(text: str) -> tuple[str, list[tuple[int, str]]]:
    """The text without its first table, and the table's lines with their places in the text."""
    lines = text.split("\n")
    first = next((at for at, line in enumerate(lines) if line.startswith("|")), len(lines))
    end = first
    while end < len(lines) and lines[end].startswith("|"):
        end += 1
    if first < end < len(lines) and lines[end].startswith(": "):
        end += 1
    rest = "\n".join([*lines[:first], *lines[end:]]).strip()
    return rest, list(enumerate(lines))[first:end]


def read_table(lines: Sequence[tuple[int, str]]) -> tuple[Table, list[Fault]]:
    """The table that `cut_out` found, with everything that is wrong with it. What is no number
    counts as 0, so that the rest can be looked at."""
    caption = next((line[2:].strip() for _at, line in lines if line.startswith(": ")), "")
    cells = [(at, _cells(line)) for at, line in lines if line.startswith("|")]
    header = tuple(cells[0][1]) if cells else ()
    rows = [(at, row) for at, row in cells[1:] if not all(map(_RULE.fullmatch, row))]
    first = lines[0][0] if lines else 0
    faults = [*_missing(caption, header, len(rows), first)]
    faults += [fault for at, row in rows for fault in _row_faults(at, row, header)]
    faults += _same_names(rows)
    read = [Row(row[0], tuple(row[1:]), tuple(map(as_number, row[1:]))) for _at, row in rows if row]
    return Table(first, caption, header, tuple(read[:MOST_ROWS])), faults


def as_number(text: str) -> float:
    """What a cell comes to; 0 where it is no number."""
    if not _NUMBER.fullmatch(text) or _THOUSANDS.fullmatch(text):
        return 0.0
    return float(re.sub(r"[ \u00a0\u202f]", "", text).replace("\u2212", "-").replace(",", "."))


def _cells(line: str) -> list[str]:
    inside = _BAR.split(line.strip())[1:]
    if inside and not inside[-1].strip():
        inside.pop()
    return [cell.strip().replace("\\|", "|") for cell in inside]


def _missing(caption: str, header: Sequence[str], rows: int, at: int) -> Iterator[Fault]:
    if not header:
        yield Fault(
            at, "there is no table to draw", "write the values as a table: | Name | Value |"
        )
        return
    if not all(header):
        yield Fault(at, "a column has no name", "name each column in the first line of the table")
    if not FEWEST_ROWS <= rows <= MOST_ROWS:
        advice = f"write {FEWEST_ROWS} to {MOST_ROWS} rows under the line of dashes"
        yield Fault(at, f"the table has {rows} rows", advice)
    if not caption:
        advice = "write : and what the values are on the line after the table"
        yield Fault(at, "the table does not say what it shows", advice)


def _row_faults(at: int, row: Sequence[str], header: Sequence[str]) -> Iterator[Fault]:
    if len(row) != len(header):
        advice = f"write {len(header)} cells, as in the first line of the table"
        yield Fault(at, f"the row has {len(row)} cells", advice)
        return
    if not row[0]:
        yield Fault(at, "the row has no name", "write in its first cell what the row is about")
    for name, cell in zip(header[1:], row[1:], strict=True):
        if _THOUSANDS.fullmatch(cell):
            plain = re.sub("[.,]", "", cell)
            advice = f"write {plain} for thousands, or fewer decimals"
            yield Fault(at, f"“{cell}” under “{name}” can be read in two ways", advice)
        elif not _NUMBER.fullmatch(cell):
            advice = "write a number alone, and its unit in the name of the column"
            yield Fault(at, f"“{cell}” under “{name}” is no number", advice)


def _same_names(rows: Sequence[tuple[int, Sequence[str]]]) -> Iterator[Fault]:
    seen = set[str]()
    for at, row in rows:
        name = row[0].casefold() if row else ""
        if name and name in seen:
            yield Fault(at, f"“{row[0]}” stands twice", "give each row a name of its own")
        seen.add(name)
