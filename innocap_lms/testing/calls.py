"""Calling a plugin's functions as the site does, where a test calls them directly."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from innocap_lms.plugin_host.calling import called
from innocap_lms.plugin_host.contract import Plugin
from innocap_lms.plugin_host.rows import (
    Change,
    NoTables,
    Tables,
    Wanted,
    read_rows,
    write_rows,
)
from innocap_lms.plugin_host.settings import Value, in_force
from innocap_lms.testing.tables import tables_by


@dataclass(frozen=True)
class _Site:
    """A site that has one plugin, on which these settings were changed."""

    plugin: Plugin
    changed: Mapping[str, Value]
    tables: Tables

    def settings_of(self, plugin: str) -> Mapping[str, Value]:
        return in_force(self.plugin.settings, self.changed).values

    def call_hook_of(
        self, plugin: str, hook: str, arguments: Mapping[str, Any]
    ) -> list[tuple[str, list[Any]]]:
        return []  # there are no others

    def rows_of(self, plugin: str, wanted: Wanted) -> list[dict[str, Any]]:
        return read_rows(self.tables, plugin, wanted)

    def write_rows_of(self, plugin: str, changes: Sequence[Change]) -> list[int]:
        return write_rows(self.tables, plugin, changes)


@contextmanager
def called_as(plugin: Plugin, steps: Path | None = None, /, **changed: Value) -> Iterator[None]:
    """Within this, the facade answers to `plugin`; settings have their defaults, but for `changed`.
    Its tables are empty, made by the `steps` in that folder; without one it has none.

    Raises ValueError where a changed setting is not there or does not take its value.
    """
    unknown = changed.keys() - {setting.name for setting in plugin.settings}
    unfit = in_force(plugin.settings, changed).fallen_back
    if unknown or unfit:
        raise ValueError(f"{plugin.name} cannot be set so: {', '.join(sorted(unknown | unfit))}")
    made: AbstractContextManager[Tables] = (
        nullcontext(NoTables()) if steps is None else tables_by(plugin.name, steps)
    )
    with made as tables, called(plugin.name, _Site(plugin, changed, tables)):
        yield
