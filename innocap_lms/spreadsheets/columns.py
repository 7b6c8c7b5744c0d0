"""Which column of a table is what."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from innocap_lms.spreadsheets.problems import Problem
from innocap_lms.spreadsheets.table import TableError, letters

MOST_DIGITS: Final = 5  # of the number of a column
_NOT_SAID: Final = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class Column:
    """What a table can say of each row. `titles` are what people call it in their own tables, in
    any language; capitals, spaces and hyphens do not matter."""

    name: str
    titles: tuple[str, ...]
    needed: bool = False


@dataclass(frozen=True)
class Chosen:
    """The columns that were chosen, by name: where each stands, from 0 on, and its title."""

    places: Mapping[str, int]
    header: tuple[str, ...]

    def problem(self, row: int, name: str, code: str, said: str = "") -> Problem:
        """Something wrong with that cell of a row."""
        index = self.places[name]
        title = self.header[index] if index < len(self.header) else ""
        return Problem(row, letters(index), title, code, said[:100])


def proposed(header: Sequence[str], columns: Sequence[Column]) -> dict[str, int]:
    """Which column seems to be what, by the titles of the header; each at most once."""
    found: dict[str, int] = {}
    said = [_plain(title) for title in header]
    for column in columns:
        for title in (column.name, *column.titles):
            free = [at for at in _all(said, _plain(title)) if at not in found.values()]
            if free:
                found[column.name] = free[0]
                break
    return found


def places_sent(sent: Mapping[str, str]) -> dict[str, int]:
    """The places that a form names, by the names of columns; what is no number of a column, or of
    more digits than any has, is none."""
    return {
        name: int(at)
        for name, at in sent.items()
        if at.isascii() and at.isdigit() and len(at) <= MOST_DIGITS
    }


def chosen(header: Sequence[str], columns: Sequence[Column], places: Mapping[str, int]) -> Chosen:
    """The choice, once it can be worked with. Raises TableError: "no_column" with the name of a
    column that is needed and was not chosen, "column_twice", with the letters of one that was
    chosen for two things, "no_such_column"."""
    for column in columns:
        if column.needed and column.name not in places:
            raise TableError("no_column", column.name)
    taken: set[int] = set()
    for index in places.values():
        if not 0 <= index < len(header):
            raise TableError("no_such_column", str(index + 1))
        if index in taken:
            raise TableError("column_twice", letters(index))
        taken.add(index)
    return Chosen(dict(places), tuple(header))


def _plain(title: str) -> str:
    return _NOT_SAID.sub("", title).casefold()


def _all(said: Sequence[str], wanted: str) -> Iterator[int]:
    return (index for index, title in enumerate(said) if title == wanted)
