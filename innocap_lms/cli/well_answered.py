"""The right answer to a question, from its key: how the people of the demo answer."""

from collections.abc import Mapping
from typing import Any


def well_answered(key: Mapping[str, Any]) -> list[str]:
    """What a learner who knows it sends; empty for a kind whose key says nothing of the sort."""
    if "order" in key:
        return [f"{name}:{place}" for place, name in enumerate(key["order"], 1)]
    if "pairs" in key:
        return [f"{term}:{target}" for term, target in key["pairs"]]
    if "gaps" in key:
        return [_filled(number, gap) for number, gap in enumerate(key["gaps"], 1)]
    if "amounts" in key:
        low, _high, unit = key["amounts"][0]
        return [f"{low} {unit}".strip()]
    if "accepted" in key:
        return [str(key["accepted"][0])]
    return list(key.get("correct", ()))


def _filled(number: int, gap: Mapping[str, Any]) -> str:
    return f"{number}.{gap['right']}" if "right" in gap else str(gap["accepted"][0])
