"""Scales of a chart and a map: from which number to which, and where its round numbers stand."""

import math
from typing import Final

STEPS: Final = (1, 2, 5, 10)  # of which people count easily in their heads


def round_step(span: float, most: int) -> float:
    """The smallest round step (1, 2 or 5 times a power of ten) of which at most `most` fill
    `span`, which is above 0."""
    least = span / most
    power: float = 10.0 ** math.floor(math.log10(least))
    return next(step * power for step in STEPS if step * power >= least * (1 - 1e-9))


def ticks(low: float, high: float, most: int = 5) -> list[float]:
    """Round numbers from nought or below `low` to `high` or above: a scale that leaves nought out
    makes differences look larger than they are."""
    low, high = min(low, 0.0), max(high, 0.0)
    if low == high:
        high = 1.0
    step = round_step(high - low, most)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(place * step, 9) for place in range(first, last + 1)]


def written(number: float, language: str) -> str:
    """A round number in words of a scale: with a decimal comma but in English, spaces between
    thousands."""
    text = f"{number:,.9f}".rstrip("0").rstrip(".")
    text = text.replace(",", "\u00a0").replace("-", "\u2212")
    return text if language == "en" else text.replace(".", ",")
