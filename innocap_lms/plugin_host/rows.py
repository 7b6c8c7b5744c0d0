"""Rows of a plugin's own tables: what it asks for and what it writes cross as values, so that none
of its code runs while others wait for the database."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

from innocap_lms.plugin_host.crossing import MOST_BYTES, copied, weight

MOST_ROWS: Final = 1000  # that are read at once, and changes that are made at once


@dataclass(frozen=True)
class AddRow:
    """Add a row to `table`, which is named as in `plugin_<plugin>_<table>`. Where a unique
    constraint has such a row already nothing is added, and nothing said but a count of 0."""

    table: str
    values: Mapping[str, object]


@dataclass(frozen=True)
class ChangeRows:
    """Set `values` in the rows of `table` whose columns equal `where`; {} means every row."""

    table: str
    where: Mapping[str, object]
    values: Mapping[str, object]


@dataclass(frozen=True)
class RemoveRows:
    """Remove the rows of `table` whose columns equal `where`; {} means every row."""

    table: str
    where: Mapping[str, object]


Change = AddRow | ChangeRows | RemoveRows


@dataclass(frozen=True)
class Wanted:
    """The rows of `table` whose columns equal `where`, at most so many, in the order of these
    columns and then of the primary key; "-" before a name turns it round, and nothing comes
    last."""

    table: str
    where: Mapping[str, object]
    order_by: Sequence[str]
    most: int


class TablesNotReady(LookupError):
    """A table has not been made yet, or the database is away or has no room. For whoever runs the
    site to mend: the plugin is left out meanwhile, and it is not counted as a fault of its own."""


class Tables(Protocol):
    """Where the rows of plugins are. Raises LookupError for a table or column that a plugin does
    not have, TablesNotReady among them, and ValueError for a value that a column does not take."""

    def rows(self, plugin: str, wanted: Wanted) -> list[dict[str, Any]]: ...

    def write(self, plugin: str, changes: Sequence[Change]) -> list[int]: ...


class NoTables:
    """Of a command that looks at files alone, and of a test that brings up no tables."""

    def rows(self, plugin: str, _wanted: Wanted) -> list[dict[str, Any]]:
        raise LookupError(f"the tables of {plugin} are not here: there is no database")

    def write(self, plugin: str, _changes: Sequence[Change]) -> list[int]:
        raise LookupError(f"the tables of {plugin} are not here: there is no database")


def read_rows(tables: Tables, plugin: str, wanted: Wanted) -> list[dict[str, Any]]:
    """Rows as the plugin gets them. Raises ValueError for more of them than a call may hold."""
    if not 1 <= wanted.most <= MOST_ROWS:
        raise ValueError(f"from 1 to {MOST_ROWS} rows can be read at once, not {wanted.most}")
    found = tables.rows(plugin, copied(wanted))
    if weight(found) > MOST_BYTES:
        raise ValueError(f"more than {MOST_BYTES // 1_000_000} MB: ask for fewer rows")
    return found


def write_rows(tables: Tables, plugin: str, changes: Sequence[Change]) -> list[int]:
    """Make the changes. Raises TypeError for what is no change, ValueError for too much."""
    for change in changes:
        if not isinstance(change, Change):
            raise TypeError(f"{type(change).__name__} is no AddRow, ChangeRows or RemoveRows")
    if len(changes) > MOST_ROWS or weight(changes) > MOST_BYTES:
        raise ValueError(
            f"at most {MOST_ROWS} changes and {MOST_BYTES // 1_000_000} MB can be written at once"
        )
    return tables.write(plugin, copied(changes)) if changes else []
