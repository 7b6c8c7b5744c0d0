"""Two texts of a part of a course side by side: what is new, gone, or says something else."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby
from typing import Final, Literal

from innocap_lms.content.rendering import Block

State = Literal["same", "changed", "new", "gone"]

# Two pieces with fewer words in common than this are not one piece that was changed.
ALIKE: Final = 0.4
_TAG: Final = re.compile(r"<[^>]*>")
_PIECE: Final = re.compile(r"<[^>]*>|[^<\s]+|\s+")


@dataclass(frozen=True)
class Row:
    """A piece before and now, one of them empty where it is new or gone. `line` is where it stands
    now, from 1, 0 where it does not."""

    state: State
    before: str
    now: str
    line: int = 0


def compare(before: Sequence[Block], now: Sequence[Block]) -> list[Row]:
    """The pieces of two texts in one order, those that are the same beside each other."""
    matcher = SequenceMatcher(
        None, [block.html for block in before], [block.html for block in now], autojunk=False
    )
    rows: list[Row] = []
    for kind, start, end, begin, finish in matcher.get_opcodes():
        if kind == "equal":
            pairs = zip(before[start:end], now[begin:finish], strict=True)
            rows += [Row("same", old.html, new.html, new.line) for old, new in pairs]
        else:
            rows += _between(before[start:end], now[begin:finish])
    return rows


def _between(before: Sequence[Block], now: Sequence[Block]) -> Iterator[Row]:
    """Pieces that differ: each that resembles the next of those before is that one, changed."""
    waiting = list(before)
    for block in now:
        at = next(
            (n for n, old in enumerate(waiting) if likeness(old.html, block.html) >= ALIKE), None
        )
        if at is None:
            yield Row("new", "", block.html, block.line)
            continue
        yield from (Row("gone", old.html, "") for old in waiting[:at])
        yield Row("changed", *_marked(waiting[at].html, block.html), block.line)
        del waiting[: at + 1]
    yield from (Row("gone", old.html, "") for old in waiting)


def likeness(before: str, now: str) -> float:
    """How much two texts have in common, from 0 to 1, counted in words without their tags."""
    old, new = _TAG.sub(" ", before).split(), _TAG.sub(" ", now).split()
    if not old and not new:  # pictures, say: the same or not
        return 1.0 if before == now else ALIKE
    return SequenceMatcher(None, old, new, autojunk=False).ratio()


def _marked(before: str, now: str) -> tuple[str, str]:
    """Both texts with the words marked that the other one lacks; tags stay as they are."""
    old, new = _PIECE.findall(before), _PIECE.findall(now)
    said: tuple[list[str], list[str]] = ([], [])
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for kind, start, end, begin, finish in matcher.get_opcodes():
        for side, pieces, tag in zip(
            said, (old[start:end], new[begin:finish]), ("del", "ins"), strict=True
        ):
            side += pieces if kind == "equal" else _wrapped(pieces, tag)
    return "".join(said[0]), "".join(said[1])


def _wrapped(pieces: Sequence[str], tag: str) -> Iterator[str]:
    for is_words, run in groupby(pieces, lambda piece: not piece.startswith("<")):
        text = "".join(run)
        yield f"<{tag}>{text}</{tag}>" if is_words and text.strip() else text
