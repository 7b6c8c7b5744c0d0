"""Answers to questions of the built-in kinds, as their `read` gives them."""

from collections.abc import Sequence
from typing import Any

THOUGHT = "I want to hold two interviews\nbefore the summer."


def answer_of(kind: str, key: Any, order: Sequence[str], right: bool) -> list[str]:
    """The right answer, or one that is wrong: in part, where there are parts."""
    if kind == "reflection":
        return [THOUGHT]
    if kind == "numeric":
        low, _high, unit = key["amounts"][0]
        return [f"{low} {unit}".strip() if right else "twelve"]
    if kind == "text":
        return [key["accepted"][0] if right else "experiment"]
    if kind == "ordering":
        names = key["order"] if right else [key["order"][1], key["order"][0], *key["order"][2:]]
        return [f"{name}:{place}" for place, name in enumerate(names, 1)]
    if kind == "matching":
        pairs = key["pairs"] if right else [[key["pairs"][0][0], "report"], *key["pairs"][1:]]
        return [f"{term}:{target}" for term, target in pairs]
    if kind == "cloze":
        words = [
            f"{number}.{gap['right']}" if "right" in gap else gap["accepted"][0]
            for number, gap in enumerate(key["gaps"], 1)
        ]
        return words if right else ["lagen", *words[1:]]
    correct = list(key["correct"])
    wrong = [option for option in order if option not in correct][:1]
    return correct if right else wrong if kind != "multiple" else [*correct[:1], *wrong]
