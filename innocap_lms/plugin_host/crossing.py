"""What crosses between the site and a plugin: copies, so that neither writes to what the other
holds, and no more of it than a page or a row of a table could take."""

from collections.abc import Hashable, Mapping
from dataclasses import fields, is_dataclass
from functools import lru_cache
from typing import Any, Final

MOST_BYTES: Final = 1_000_000  # that a call may give: as many as a person may send in a form
OBJECT_BYTES: Final = 50  # what any object takes, about, beside its text

_NEVER_CHANGE: Final = frozenset({str, int, float, bool, bytes, type(None)})
_COLLECTIONS: Final = frozenset({list, tuple, set, frozenset})


def copied(thing: Any) -> Any:
    """The same values in objects of their own, all the way down.

    Collections and dataclasses are made anew, mappings as dicts. Text becomes plain text, also
    where it called itself safe HTML. What is neither, such as a function or a folder, is passed on
    as it is. Raises RecursionError for what contains itself.
    """
    kind: Any = type(thing)
    if kind in _NEVER_CHANGE:
        return thing
    if kind is dict:
        return {copied(key): copied(value) for key, value in thing.items()}
    if kind in _COLLECTIONS:
        return kind([each if type(each) in _NEVER_CHANGE else copied(each) for each in thing])
    if names := _field_names(kind):
        return kind(*[copied(getattr(thing, name)) for name in names])
    if isinstance(thing, Mapping):
        return copied(dict(thing))
    return str.__str__(thing) if isinstance(thing, str) else thing


@lru_cache(maxsize=100)
def _field_names(kind: Hashable) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind)) if is_dataclass(kind) else ()


def weight(thing: Any, most: int = MOST_BYTES) -> int:
    """About how many bytes it takes in memory; counting ends once there are more than `most`."""
    total, waiting = 0, [thing]
    while waiting and total <= most:
        each = waiting.pop()
        kind: Any = type(each)
        total += OBJECT_BYTES
        if isinstance(each, str | bytes):
            total += len(each)
        elif kind in _NEVER_CHANGE:
            continue
        elif kind in _COLLECTIONS or isinstance(each, Mapping):
            total += OBJECT_BYTES * len(each)
            if total <= most:
                waiting.extend(each.items() if isinstance(each, Mapping) else each)
        elif names := _field_names(kind):
            waiting.extend([getattr(each, name) for name in names])
    return total
