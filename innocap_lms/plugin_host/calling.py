"""Which plugin is being called: what the facade gives is that plugin's, never another's.

A plugin names itself to none of them, so it cannot name another.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Protocol

from innocap_lms.plugin_host.settings import Value


class Host(Protocol):
    """What the facade asks the host of a plugin for."""

    def settings_of(self, plugin: str) -> Mapping[str, Value]: ...

    def call_hook_of(
        self, plugin: str, hook: str, arguments: Mapping[str, Any]
    ) -> list[tuple[str, list[Any]]]: ...


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


def _who(function: str) -> tuple[str, Host]:
    try:
        return _called.get()
    except LookupError:
        raise LookupError(
            f"{function}() answers while the site calls a hook or a question kind of a plugin, "
            "not while plugins are imported and register"
        ) from None
