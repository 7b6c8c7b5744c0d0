"""Where everything lies in the picture of a quiz: difficulty across, discrimination upwards."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from innocap_lms.analysis import words
from innocap_lms.analysis.statistics import Estimate

WIDTH, HEIGHT = 400, 340
LEFT, RIGHT, TOP, BOTTOM = 60, 372, 12, 292
LABELLED = 40  # questions beyond which only those to look at bear their number


@dataclass(frozen=True)
class Mark:
    """A question: its middle, and the ends of its whiskers across and upwards."""

    number: int
    x: float
    y: float
    from_x: float
    to_x: float
    from_y: float
    to_y: float
    to_look_at: bool
    labelled: bool


@dataclass(frozen=True)
class Picture:
    """Marks, those to look at last; ticks as (place, words); the height of no discrimination."""

    marks: tuple[Mark, ...]
    across: tuple[tuple[float, str], ...]
    upwards: tuple[tuple[float, str], ...]
    nought: float


def picture_of(points: Sequence[tuple[int, Estimate, Estimate, bool]]) -> Picture | None:
    """The picture of (number, difficulty, discrimination, whether to look at it); None of none."""
    if not points:
        return None
    floor = _floor(discrimination for _number, _difficulty, discrimination, _look in points)
    few = len(points) <= LABELLED
    marks = [
        Mark(
            number,
            _x(difficulty.value),
            _y(discrimination.value, floor),
            _x(difficulty.low),
            _x(difficulty.high),
            _y(discrimination.low, floor),
            _y(discrimination.high, floor),
            look,
            labelled=few or look,
        )
        for number, difficulty, discrimination, look in points
    ]
    steps = range(round(floor * 5), 6)
    return Picture(
        tuple(sorted(marks, key=lambda mark: mark.to_look_at)),
        tuple((_x(step / 5), words.percent(step / 5)) for step in range(6)),
        tuple((_y(step / 5, floor), words.tick(step / 5)) for step in steps),
        _y(0, floor),
    )


def _floor(discriminations: Iterable[Estimate]) -> float:
    """The lowest line: a fifth or more below nought, as far as the intervals reach."""
    lowest = min(estimate.low for estimate in discriminations)
    return max(-1.0, min(-0.2, math.floor(lowest * 5) / 5))


def _x(share: float) -> float:
    return round(LEFT + (RIGHT - LEFT) * share, 1)


def _y(correlation: float, floor: float) -> float:
    return round(BOTTOM - (BOTTOM - TOP) * (correlation - floor) / (1 - floor), 1)
