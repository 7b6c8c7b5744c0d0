"""Which plugin is being called: what the facade gives is that plugin's, never another's.

A plugin names itself to none of them, so it cannot name another.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Protocol

from innocap_lms.plugin_host.rows import MOST_ROWS, Change, Wanted
from innocap_lms.plugin_host.settings import Value


class Host(Protocol):
    """What the facade asks the host of a plugin for."""

    def settings_of(self, plugin: str) -> Mapping[str, Value]: ...

    def call_hook_of(
        self, plugin: str, hook: str, arguments: Mapping[str, Any]
    ) -> list[tuple[str, list[Any]]]: ...

    def rows_of(self, plugin: str, wanted: Wanted) -> list[dict[str, Any]]: ...

    def write_rows_of(self, plugin: str, changes: Sequence[Change]) -> list[int]: ...


_called: ContextVar[tuple[str, Host]] = ContextVar("plugin that is being called")


@contextmanager
def called(plugin: str, host: Host) -> Iterator[None]:
    """Within this, functions of the facade answer to `plugin`."""
    token = _called.set((plugin, host))
    try:
        yield
    finally:
        _called.reset(token)


def own_settings() -> Mapping[str, Value]:
    """The settings of the plugin that asks, by name, as an administrator has set them; the defaults
    where nobody has. Ask each time they are needed.

    Raises LookupError outside a call: nothing is set yet while plugins are imported and register.
    """
    plugin, host = _who("own_settings")
    return host.settings_of(plugin)


def call_hook(hook: str, **arguments: Any) -> list[tuple[str, list[Any]]]:
    """(plugin, what it gave) of each plugin that implements this hook of the plugin that asks.

    One that fails is left out and counted. Raises LookupError outside a call and for a hook that
    the plugin has not declared by `@hookspec`; TypeError where arguments are not those of the hook.
    """
    plugin, host = _who("call_hook")
    return host.call_hook_of(plugin, hook, arguments)


def own_rows(
    table: str,
    where: Mapping[str, object] | None = None,
    order_by: Sequence[str] = (),
    most: int = MOST_ROWS,
) -> list[dict[str, Any]]:
    """Rows of the plugin's own table `plugin_<plugin>_<table>`, as a dict by column each: those
    whose columns equal `where`, in the order of these columns, "-" before a name for the last
    first.

    Raises LookupError outside a call, for a table or column that is not there, and where the
    database is away; ValueError for a value that the column does not hold, for more than 1,000
    rows and for more than 1 MB.
    """
    plugin, host = _who("own_rows")
    return host.rows_of(plugin, Wanted(table, where or {}, order_by, most))


def write_rows(*changes: Change) -> list[int]:
    """Make these changes in the plugin's own tables, all or none; gives how many rows each has
    touched. They are on the disk when this returns, whatever becomes of the call.

    Raises LookupError and ValueError as `own_rows` does; ValueError also where a table refuses a
    row, for more than 1,000 changes and for more than 1 MB.
    """
    plugin, host = _who("write_rows")
    return host.write_rows_of(plugin, changes)


def _who(function: str) -> tuple[str, Host]:
    try:
        return _called.get()
    except LookupError:
        raise LookupError(
            f"{function}() answers while the site calls a hook or a question kind of a plugin, "
            "not while plugins are imported and register"
        ) from None
