"""By which column a list is sorted: `latest` in its address, or `-latest` from its end, and the
links in the heads of its table."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, NamedTuple, TypeVar

NAME: Final = "name"  # the column by which a list is sorted where its address names none
FROM_END: Final = "-"

Columns = Mapping[str, bool]
"""The columns of a list that sort it, NAME among them; True of those that are looked at from their
end first, as the latest day is, or the greatest number."""


Row = TypeVar("Row")


class Head(NamedTuple):
    """Where the head of a column leads, and its `aria-sort`: ascending, descending or ""."""

    url: str
    direction: str


def read_sort(sort: str, columns: Columns) -> str:
    """What an address asks for; "" where that is the order of names, or no column of the list."""
    return sort if sort != NAME and column_of(sort) in columns else ""


def column_of(sort: str) -> str:
    """The column that a list is sorted by."""
    return sort.removeprefix(FROM_END) if sort else NAME


def is_from_end(sort: str) -> bool:
    """Whether it is read from its end."""
    return sort.startswith(FROM_END)


def heads(sort: str, columns: Columns, address: Callable[[str], str]) -> dict[str, Head]:
    """The heads by column: each sorts by it, and the one that does so already the other way round.

    `address` gives the list's, sorted so.
    """
    found = {}
    for column, end_first in columns.items():
        is_this = column == column_of(sort)
        from_end = not is_from_end(sort) if is_this else end_first
        wanted = (FROM_END if from_end else "") + column
        direction = ("descending" if is_from_end(sort) else "ascending") if is_this else ""
        found[column] = Head(address("" if wanted == NAME else wanted), direction)
    return found


def in_order(
    rows: Iterable[Row], sort: str, values: Mapping[str, Callable[[Row], Any]]
) -> list[Row]:
    """The rows of a list that is whole on its page, sorted by the value that `values` has for its
    column; where that is the same, by name."""
    by_name = sorted(rows, key=values[NAME])
    return sorted(by_name, key=values[column_of(sort)], reverse=is_from_end(sort))
