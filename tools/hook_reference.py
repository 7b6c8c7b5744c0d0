"""The reference of hooks, made from the contract itself: `python tools/hook_reference.py` after a
change of `innocap_lms/plugin_host/contract.py`; a test holds docs/hooks.md to it."""

import dataclasses
import inspect
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from innocap_lms import plugin_api  # noqa: E402
from innocap_lms.plugin_host import contract  # noqa: E402
from innocap_lms.plugin_host.deprecation import of_hook  # noqa: E402

PAGE = ROOT / "docs" / "hooks.md"
INTRODUCTION = """# Hooks and what they exchange

Made from the contract (`innocap_lms/plugin_host/contract.py`), version {version}. How a plugin is \
written, found and kept apart from others stands in [plugins.md](plugins.md).

A hook is a function of the plugin's module under `@hookimpl`, with this name; leave out arguments \
you do not need. All names below are imported from `innocap_lms.plugin_api`.
"""


def reference() -> str:
    """The whole page."""
    parts = [INTRODUCTION.format(version=contract.PLUGIN_API), "## Hooks\n"]
    parts += [_hook(name, function) for name, function in _hooks()]
    parts.append("## Functions\n")
    parts += [_function(name, function) for name, function in _functions()]
    parts.append("## Types\n")
    parts += [_type(name, kind) for name, kind in _types()]
    if plugin_api.DEPRECATED:
        parts.append("## Names that are to go\n")
        parts += [f"- `{name}`: {why}\n" for name, (_it, why) in plugin_api.DEPRECATED.items()]
    return "\n".join(parts)


def _hooks() -> Iterator[tuple[str, Any]]:
    for name, found in vars(contract).items():
        if hasattr(found, f"{contract.NAMESPACE}_spec"):
            yield name, found


def _functions() -> Iterator[tuple[str, Any]]:
    for name in sorted(plugin_api.__all__):
        found = getattr(plugin_api, name)
        if inspect.isfunction(found):
            yield name, found


def _types() -> Iterator[tuple[str, type]]:
    for name in sorted(plugin_api.__all__):
        found = getattr(plugin_api, name)
        if inspect.isclass(found):
            yield name, found


def _hook(name: str, function: Any) -> str:
    itself, parameters = of_hook(function)
    to_go = [f"**{str(itself).capitalize()}.**\n"] if itself else []
    to_go += [f"**`{each}` is {why}.**\n" for each, why in parameters.items()]
    return "\n".join([_function(name, function), *to_go])


def _function(name: str, function: Any) -> str:
    return f"### `{name}{_signature(function)}`\n\n{inspect.getdoc(function)}\n"


def _signature(function: Any) -> str:
    """As somebody would write it: without the modules that types come from."""
    found = inspect.signature(function)
    given = [_parameter(each) for each in found.parameters.values()]
    return f"({', '.join(given)}) -> {_words(found.return_annotation)}"


def _parameter(given: inspect.Parameter) -> str:
    stars = {given.VAR_POSITIONAL: "*", given.VAR_KEYWORD: "**"}.get(given.kind, "")
    default = "" if given.default is given.empty else f" = {given.default!r}"
    return f"{stars}{given.name}: {_words(given.annotation)}{default}"


def _type(name: str, kind: type) -> str:
    lines = [f"### `{name}`", "", inspect.getdoc(kind) or "", ""]
    if dataclasses.is_dataclass(kind):
        lines += ["| field | type | left out |", "|---|---|---|"]
        for field in dataclasses.fields(kind):
            words = _words(field.type).replace("|", "\\|")  # or a table would end its cell there
            lines.append(f"| `{field.name}` | `{words}` | {_default(field)} |")
        lines.append("")
    return "\n".join(lines)


def _default(field: "dataclasses.Field[Any]") -> str:
    if callable(field.default):
        return f"`{field.default.__name__}`"
    if field.default is not dataclasses.MISSING:
        return f"`{field.default!r}`"
    return "empty" if field.default_factory is not dataclasses.MISSING else "not allowed"


def _words(annotation: Any) -> str:
    """A type in words: `Sequence[Track]`."""
    found = annotation if isinstance(annotation, str) else inspect.formatannotation(annotation)
    for module in ("collections.abc.", "typing.", "importlib.resources.abc.", "datetime."):
        found = found.replace(module, "")
    while "innocap_lms." in found:
        before, _dots, after = found.partition("innocap_lms.")
        path = after.split("[")[0].split("]")[0].split(",")[0].split(" ")[0]
        found = before + path.rpartition(".")[2] + after[len(path) :]
    return found.replace("~", "")  # how a type variable is written


if __name__ == "__main__":
    PAGE.write_text(reference(), encoding="utf-8")
