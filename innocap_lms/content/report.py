"""Problems as text for a terminal, with the line and a mark under it."""

import re
from collections.abc import Mapping, Sequence

from innocap_lms.content.problems import Problem

# Longer lines are cut around the mark, so that the mark stays under its letter on a narrow screen.
_WIDTH = 100
# What steers a terminal, or turns a line around: names of files and texts may hold anything.
_STEERS = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
_BOLD, _DIM, _PLAIN = "\x1b[1m", "\x1b[2m", "\x1b[0m"
_COLOURS = {"error": "\x1b[1;31m", "warning": "\x1b[1;33m"}


def as_text(
    problems: Sequence[Problem],
    sources: Mapping[str, str],
    root: str = "",
    *,
    colours: bool = False,
) -> str:
    """All problems with their source lines, then one line that counts them.

    `sources` maps file names to texts (`Reading.sources`); `root` is written before each file name.
    With `colours`, for a terminal, what matters stands out; nothing is told by colour alone.
    """
    parts = [_one(problem, sources, root, colours) for problem in problems]
    return "\n".join([*parts, summary(problems)]) + "\n"


def summary(problems: Sequence[Problem]) -> str:
    """ "2 errors, 1 warning" or "no problems"."""
    counts = {"error": 0, "warning": 0}
    for problem in problems:
        counts[problem.severity] += 1
    words = [
        f"{count} {name}{'' if count == 1 else 's'}" for name, count in counts.items() if count
    ]
    return ", ".join(words) or "no problems"


def _one(problem: Problem, sources: Mapping[str, str], root: str, colours: bool) -> str:
    prefix = root.rstrip("/") + "/" if root else ""
    where = _shown(f"{prefix}{problem.file}:{problem.line}:{problem.column}")
    bold, dim, plain, colour = "", "", "", ""
    if colours:
        bold, dim, plain, colour = _BOLD, _DIM, _PLAIN, _COLOURS[problem.severity]
    said = f"{colour}{problem.severity} {problem.code}{plain}"
    lines = [f"{bold}{where}{plain}: {said}: {bold}{_shown(problem.message)}{plain}"]
    shown = _excerpt(problem, sources)
    if shown:
        number, _bar, text = shown[0].partition(" | ")
        lines.append(f"{dim}{number} | {plain}{text}")
        lines.append(f"{shown[1][:-1]}{colour}^{plain}")
    lines.append(f"  advice: {_shown(problem.advice)}")
    return "\n".join(lines) + "\n"


def _excerpt(problem: Problem, sources: Mapping[str, str]) -> list[str]:
    texts = sources.get(problem.file, "").split("\n")
    text = texts[problem.line - 1] if problem.line <= len(texts) else ""
    if not text.strip():
        return []
    at = min(problem.column - 1, len(text))
    start = max(0, at - _WIDTH // 2) if len(text) > _WIDTH else 0
    # A tab is as wide as the terminal likes; as one space it keeps the mark in its place.
    shown = _shown(text[start : start + _WIDTH].replace("\t", " "))
    number = str(problem.line)
    return [f"  {number} | {shown}", f"  {' ' * len(number)} | {' ' * (at - start)}^"]


def _shown(text: str) -> str:
    """The text with a sign in the place of each that would do something else than be shown."""
    return _STEERS.sub("\ufffd", text)
