"""What plugins had better not use any more: it works until the contract's next first number."""

import sys
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from innocap_lms.plugin_host import contract
from innocap_lms.plugin_host.contract import Deprecated

# Module of a plugin to the deprecated names of the facade that it has used, in this process.
_used: dict[str, dict[str, Deprecated]] = {}


def giving(names: Mapping[str, tuple[object, Deprecated]]) -> Callable[[str], object]:
    """The `__getattr__` of a facade whose deprecated names these are; it notes who asks.

    They stand outside `__all__`, or every `import *` would be told of them.
    """

    def get(name: str) -> object:
        if name not in names:
            raise AttributeError(f"module 'innocap_lms.plugin_api' has no attribute {name!r}")
        thing, deprecated = names[name]
        asking = sys._getframe(1).f_globals.get("__name__", "")
        _used.setdefault(asking, {})[name] = deprecated
        return thing

    return get


def names_used_by(module: str) -> list[str]:
    """What is to be said of the deprecated names that a plugin's module, and those in it, use."""
    return [
        f"{name} is {deprecated}"
        for used in sorted(_used)
        if f"{used}.".startswith(f"{module}.")
        for name, deprecated in _used[used].items()
    ]


def of_hook(spec: Callable[..., object]) -> tuple[Deprecated | None, Mapping[str, Deprecated]]:
    """What is deprecated of a hook: itself, or None; its parameters by name. (pluggy's own place
    for it is the mark of the hook.)"""
    mark: dict[str, Any] = getattr(spec, f"{contract.NAMESPACE}_spec")
    return mark["warn_on_impl"], mark["warn_on_impl_args"] or {}


def hook_used(hook: str, spec: Callable[..., object], arguments: tuple[str, ...]) -> Iterator[str]:
    """What is to be said to who implements a hook with these arguments."""
    itself, parameters = of_hook(spec)
    if itself is not None:
        yield f"the hook {hook} is {itself}"
    for name in arguments:
        if name in parameters:
            yield f"{name} of the hook {hook} is {parameters[name]}"
