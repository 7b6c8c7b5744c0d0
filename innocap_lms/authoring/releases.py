"""A later release of the plugin that a course was adopted from, beside what is here."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from innocap_lms.authoring.merging import ConflictError, merge

State = Literal["offered", "merged", "clash"]


@dataclass(frozen=True)
class Offer:
    """A file that the plugin has changed since it was taken over.

    "offered": nobody has changed it here. "merged": both have, in different places. "clash": both
    have, in the same place. `taken` is the file as it would be here with the release in it, None
    where it would go; for a clash it is as the plugin has it.
    """

    path: str
    state: State
    here: bytes | None
    taken: bytes | None


def offers(
    before: Mapping[str, bytes],
    now: Mapping[str, bytes],
    here: Mapping[str, bytes],
    taken: Mapping[str, bytes | None] | None = None,
) -> list[Offer]:
    """What a plugin has changed from `before` to `now` and what is `here` does not have yet. Of the
    files in `taken`, since they were as they are there: None, where the file had gone. Pure.

    A change counts as taken, too, where merging it in would change nothing.
    """
    taken = taken or {}
    found = []
    for path in sorted({*before, *now, *taken}):
        old = taken[path] if path in taken else before.get(path)
        new, mine = now.get(path), here.get(path)
        if new in (old, mine):
            continue
        if mine == old:
            found.append(Offer(path, "offered", mine, new))
            continue
        both = _both(old, new, mine)
        if both is None:
            found.append(Offer(path, "clash", mine, new))
        elif both != mine:
            found.append(Offer(path, "merged", mine, both))
    return found


def _both(old: bytes | None, new: bytes | None, mine: bytes | None) -> bytes | None:
    if old is None or new is None or mine is None:
        return None
    try:
        return merge(old.decode(), mine.decode(), new.decode()).encode()
    except (ConflictError, UnicodeDecodeError):
        return None
