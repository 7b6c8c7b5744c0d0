"""Where a link of a course points: what the words between the parentheses can mean."""

import re
from dataclasses import dataclass
from typing import Literal
from urllib.parse import unquote

from innocap_lms.content.files import ASSET_FOLDERS

TargetKind = Literal["web", "anchor", "asset", "activity", "outside", "forbidden"]

_WEB = re.compile(r"(https?://[^\s/?#]|mailto:[^\s@]+@)", re.IGNORECASE)
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_ORDER = re.compile(r"\d{2,3}-")


@dataclass(frozen=True)
class Target:
    """A link taken apart. `path` is the address, file or activity id; `anchor` what follows `#`."""

    kind: TargetKind
    path: str
    anchor: str = ""


def target(address: str) -> Target:
    """What a link address means. Never raises; an address that may not be used is "forbidden",
    a path that leaves the course folder "outside"."""
    address = address.strip()
    if _WEB.match(address) and not _has_controls(address):
        return Target("web", address)
    path, _, anchor = address.partition("#")
    path = unquote(path)
    if _SCHEME.match(address) or address.startswith("//") or _has_controls(path) or "?" in path:
        return Target("forbidden", address)
    if not path:
        return Target("anchor", "", anchor)
    if "\\" in path or path.startswith("/") or ".." in path.split("/"):
        return Target("outside", path)
    path = path.removeprefix("./")
    if path.partition("/")[0] in ASSET_FOLDERS and "/" in path:
        return Target("asset", path, anchor)
    return Target("activity", path, anchor)


def activity_id(path: str) -> str:
    """The id meant by a link to a lesson or quiz: `02-interviews` and `interviews` are the same."""
    return _ORDER.sub("", path, count=1)


def media_stem(path: str) -> str:
    """The name of a film or sound file without folder and ending; its captions carry it."""
    return path.rpartition("/")[2].rpartition(".")[0]


def _has_controls(text: str) -> bool:
    return any(ord(character) < 0x20 or ord(character) == 0x7F for character in text)
