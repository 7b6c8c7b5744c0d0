"""Calling a plugin's functions as the site does, where a test calls them directly."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from innocap_lms.plugin_host.calling import called
from innocap_lms.plugin_host.contract import Plugin
from innocap_lms.plugin_host.settings import Value, in_force


@dataclass(frozen=True)
class _Site:
    """A site that has one plugin, on which these settings were changed."""

    plugin: Plugin
    changed: Mapping[str, Value]

    def settings_of(self, plugin: str) -> Mapping[str, Value]:
        return in_force(self.plugin.settings, self.changed).values

    def call_hook_of(
        self, plugin: str, hook: str, arguments: Mapping[str, Any]
    ) -> list[tuple[str, list[Any]]]:
        return []  # there are no others


@contextmanager
def called_as(plugin: Plugin, **changed: Value) -> Iterator[None]:
    """Within this, the facade answers to `plugin`; settings have their defaults, but for `changed`.

    Raises ValueError where a changed setting is not there or does not take its value.
    """
    unknown = changed.keys() - {setting.name for setting in plugin.settings}
    unfit = in_force(plugin.settings, changed).fallen_back
    if unknown or unfit:
        raise ValueError(f"{plugin.name} cannot be set so: {', '.join(sorted(unknown | unfit))}")
    with called(plugin.name, _Site(plugin, changed)):
        yield
