"""What two texts say differently, line by line, for a page."""

import re
from difflib import unified_diff
from typing import Final

_FROM_THE_FIRST: Final = re.compile(r"@@ -[01][ ,]")  # nothing is left out before these lines

Lines = list[tuple[str, str]]


def difference(before: bytes | None, now: bytes | None) -> Lines:
    """The lines that differ, with two around: ("+", text), ("-", text), (" ", text) and ("@", …)
    where lines are left out. Nothing for what is no text."""
    try:
        old, new = (each.decode().splitlines() if each else [] for each in (before, now))
    except UnicodeDecodeError:
        return []
    lines = list(unified_diff(old, new, lineterm="", n=2))[2:]
    if lines and _FROM_THE_FIRST.match(lines[0]):
        del lines[0]
    return [(line[:1], line[1:]) for line in lines]
