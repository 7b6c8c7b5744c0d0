"""Three texts into one: what two people made of the same text, where they changed other lines."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

MOST_PAIRS: Final = 1_000_000  # of lines that are compared: about a second


class ConflictError(ValueError):
    """Both changed the same lines, or lines that touch. `line` says where, from 1, in the base."""

    def __init__(self, line: int) -> None:
        super().__init__(f"both changed line {line}")
        self.line = line


@dataclass(frozen=True)
class _Change:
    """Lines `start` to `end` of the base, from 0, became `lines`."""

    start: int
    end: int
    lines: Sequence[str]


def merge(base: str, one: str, other: str) -> str:
    """The base with the changes of both. Raises ConflictError.

    Line by line, as diff3 does (S. Khanna, K. Kunal, B. C. Pierce, "A Formal Investigation of
    Diff3", FSTTCS 2007): changes that neither overlap nor touch are all taken, the same change
    made by both is taken once.
    """
    if one == other:
        return one
    lines = lines_of(base)
    mine, theirs = _changes(lines, one), _changes(lines, other)
    merged: list[str] = []
    at = 0
    for span, ours, others in _groups(mine, theirs):
        merged += lines[at : span[0]]
        texts = [_applied(lines, span, changes) for changes in (ours, others) if changes]
        if any(text != texts[0] for text in texts):
            raise ConflictError(span[0] + 1)
        merged += texts[0]
        at = span[1]
    return "".join([*merged, *lines[at:]])


def lines_of(text: str) -> list[str]:
    """The lines of a text with their ends. Only what ends a line for the checker does so here."""
    return re.findall(r"[^\n]*\n|[^\n]+", text)


def _changes(lines: Sequence[str], text: str) -> list[_Change]:
    """How a text differs; what it has in common at both ends is not looked at, and where that
    would take seconds, all between counts as one change."""
    new = lines_of(text)
    start = _common(lines, new)
    end = _common(lines[start:][::-1], new[start:][::-1])
    old, now = lines[start : len(lines) - end], new[start : len(new) - end]
    if len(old) * len(now) > MOST_PAIRS:
        return [_Change(start, start + len(old), now)]
    found = SequenceMatcher(None, old, now, autojunk=False).get_opcodes()
    return [
        _Change(start + i, start + j, now[k:m]) for what, i, j, k, m in found if what != "equal"
    ]


def _common(one: Sequence[str], other: Sequence[str]) -> int:
    """How many lines two texts begin with alike."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(one), len(other)))


def _groups(
    mine: Sequence[_Change], theirs: Sequence[_Change]
) -> Iterator[tuple[tuple[int, int], list[_Change], list[_Change]]]:
    """Changes that touch one another, with the span of the base that they cover together."""
    rest = sorted(
        [(change, 0) for change in mine] + [(change, 1) for change in theirs],
        key=lambda each: (each[0].start, each[0].end),
    )
    while rest:
        first, side = rest.pop(0)
        sides: tuple[list[_Change], list[_Change]] = ([], [])
        sides[side].append(first)
        start, end = first.start, first.end
        while rest and rest[0][0].start <= end:
            change, side = rest.pop(0)
            sides[side].append(change)
            end = max(end, change.end)
        yield (start, end), *sides


def _applied(lines: Sequence[str], span: tuple[int, int], changes: Sequence[_Change]) -> list[str]:
    """A span of the base with one side's changes in it."""
    text, at = list[str](), span[0]
    for change in changes:
        text += [*lines[at : change.start], *change.lines]
        at = change.end
    return [*text, *lines[at : span[1]]]
