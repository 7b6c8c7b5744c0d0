"""The braces at the end of a heading or an option: `{#id .class key=value}`."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

_PIECE = re.compile(
    r"""\s*(?:
        \#(?P<id>[^\s{}"=]+)
      | \.(?P<cls>[^\s{}"=.]+)
      | (?P<key>[A-Za-z][A-Za-z0-9_-]*)=(?:"(?P<quoted>[^"]*)"|(?P<bare>[^\s{}"]+))
    )(?=\s|\Z)""",
    re.VERBOSE,
)


@dataclass(frozen=True)
class Attributes:
    """What stands in the braces; `fault` says what of it could not be read."""

    id: str = ""
    classes: frozenset[str] = frozenset()
    pairs: Mapping[str, str] = field(default_factory=dict)
    fault: str = ""


NO_ATTRIBUTES = Attributes()


def are_open(text: str) -> bool:
    """Whether a text ends in braces that begin like attributes and are not closed."""
    return re.search(r"(?:\A|\s)\{\s*[#.][^{}]*\Z", text) is not None


def split_attributes(text: str) -> tuple[str, Attributes]:
    """Cut the braces off the end of `text`.

    Braces count only after a space (or alone) and when they start like attributes, so that
    "the set {a, b}", `[word]{lang=sv}` and code spans stay text.
    """
    stripped = text.rstrip()
    start = stripped.rfind("{")
    if not stripped.endswith("}") or start < 0 or (start > 0 and not stripped[start - 1].isspace()):
        return text, NO_ATTRIBUTES
    inside = stripped[start + 1 : -1]
    if not re.match(r"\s*([#.]\S|[A-Za-z][\w-]*=)", inside):
        return text, NO_ATTRIBUTES
    return stripped[:start].rstrip(), _parse(inside)


def _parse(inside: str) -> Attributes:
    ids: list[str] = []
    classes: set[str] = set()
    pairs: dict[str, str] = {}
    fault, position = "", 0
    while inside[position:].strip():
        match = _PIECE.match(inside, position)
        if match is None:
            fault = inside[position:].strip()
            break
        position = match.end()
        if match["id"]:
            ids.append(match["id"])
        elif match["cls"]:
            classes.add(match["cls"])
        elif match["key"] in pairs:
            fault = match["key"]
        else:
            pairs[match["key"]] = match["quoted"] if match["bare"] is None else match["bare"]
    if len(ids) > 1:
        fault = "#" + ids[1]
    return Attributes(ids[0] if ids else "", frozenset(classes), pairs, fault)
