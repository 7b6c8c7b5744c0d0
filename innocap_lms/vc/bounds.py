"""JSON from anybody, within bounds: what is larger or deeper than a credential is refused."""

import json
import re
from collections.abc import Callable
from math import isfinite
from typing import Any, TypeVar

MOST_BYTES = 1024 * 1024
MOST_DEPTH = 40
MOST_PARTS = 5_000
MOST_DIGITS = 30
# It never goes back over what it has read, so that no text takes it long; a last one may lack its
# end.
_TEXT = re.compile(rb'"(?:[^"\\]++|\\.)*+"?', re.DOTALL)


Number = TypeVar("Number", int, float)


class UnboundedError(ValueError):
    """No JSON object, or one beyond the bounds; the message says which."""


def read_json(data: bytes) -> Any:
    """The JSON in `data`. Numbers are finite and names stand once. Raises UnboundedError."""
    if len(data) > MOST_BYTES:
        raise UnboundedError(f"larger than {MOST_BYTES // 1024} KB")
    if _depth(data) > MOST_DEPTH:  # before parsing: the parser calls itself for each level
        raise UnboundedError(f"more than {MOST_DEPTH} levels deep")
    try:
        found = json.loads(
            data.decode("utf-8-sig"),
            parse_constant=_no_constant,
            parse_int=_short(int),
            parse_float=_short(float),
            object_pairs_hook=_once,
        )
        if b"\\u" in data:
            json.dumps(found, ensure_ascii=False).encode()  # half a letter has no bytes
        parts = _parts(found)
    except UnboundedError:
        raise
    except (ValueError, RecursionError):
        raise UnboundedError("no JSON") from None
    if parts > MOST_PARTS:
        raise UnboundedError(f"more than {MOST_PARTS} parts")
    return found


def _depth(data: bytes) -> int:
    """How deep its brackets go, those within texts left out."""
    depth = deepest = 0
    for sign in _TEXT.sub(b"", data):
        depth += (sign in b"[{") - (sign in b"]}")
        deepest = max(deepest, depth)
    return deepest


def _short(read: type[Number]) -> Callable[[str], Number]:
    """Reads numbers of a length that every reader reads alike."""

    def number(text: str) -> Number:
        found = read(text) if len(text) <= MOST_DIGITS else None
        if found is None or not isfinite(found):
            raise UnboundedError("a number that is too long")
        return found

    return number


def _no_constant(name: str) -> Any:
    raise UnboundedError(f"{name} is no JSON")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object. Of two parts with one name, readers take one or the other: sign neither."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise UnboundedError("a name stands twice in one object")
    return found


def _parts(value: Any) -> int:
    if isinstance(value, dict):
        return 1 + sum(map(_parts, value.values()))
    return 1 + sum(map(_parts, value)) if isinstance(value, list) else 1
