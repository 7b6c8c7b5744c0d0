"""The formulas of item analysis, each with its source. Pure: numbers in, estimates out.

Every interval is one of 95 per cent. None says that the figure cannot be told.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from statistics import NormalDist
from typing import NamedTuple

CONFIDENCE = 0.95
Z = NormalDist().inv_cdf((1 + CONFIDENCE) / 2)
EXACT_RANKS = 200  # beyond so many values a median's interval may be one rank wider at either end


class Estimate(NamedTuple):
    """A figure and the ends of its interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Moments:
    """Sums over pairs (x, y): how many, of x, of y, of their squares, of their products."""

    n: int = 0
    x: float = 0.0
    y: float = 0.0
    xx: float = 0.0
    yy: float = 0.0
    xy: float = 0.0


def proportion(successes: float, n: int) -> Estimate | None:
    """A proportion with Wilson's score interval, without continuity correction.

    Source: E. B. Wilson, Probable inference, the law of succession, and statistical inference,
    Journal of the American Statistical Association 22 (1927) 209-212.

    An item's difficulty is the mean share earned (L. Crocker and J. Algina, Introduction to
    Classical and Modern Test Theory, 1986, chapter 14: the p value). Where answers earn partial
    credit, `successes` is the sum of the shares: the mean is treated as a proportion, and the
    interval is too wide rather than too narrow, since shares between 0 and 1 vary less than 0
    and 1 do.
    """
    if n < 1:
        return None
    p = min(1.0, max(0.0, successes / n))
    weight = 1 + Z * Z / n
    centre = (p + Z * Z / (2 * n)) / weight
    half = Z / weight * math.sqrt(p * (1 - p) / n + Z * Z / (4 * n * n))
    low = 0.0 if p == 0 else max(0.0, centre - half)
    high = 1.0 if p == 1 else min(1.0, centre + half)
    return Estimate(p, low, high)


def difference(first: Estimate, second: Estimate) -> Estimate:
    """`first` less `second`, two independent proportions, with Newcombe's hybrid score interval.

    Source: R. G. Newcombe, Interval estimation for the difference between independent proportions:
    comparison of eleven methods, Statistics in Medicine 17 (1998) 873-890, method 10.
    """
    apart = first.value - second.value
    below = math.hypot(first.value - first.low, second.high - second.value)
    above = math.hypot(first.high - first.value, second.value - second.low)
    return Estimate(apart, apart - below, apart + above)


def correlation(sums: Moments) -> Estimate | None:
    """Pearson's product-moment correlation with Fisher's z interval; needs four pairs.

    An item's discrimination is the correlation between what it earned and what the attempt's other
    questions earned: the corrected item-total correlation, and the point-biserial one where an
    answer is right or wrong (L. Crocker and J. Algina, Introduction to Classical and Modern Test
    Theory, 1986, chapter 14). The interval: R. A. Fisher, On the "probable error" of a coefficient
    of correlation deduced from a small sample, Metron 1 (1921) 3-32.

    None where x or y does not vary, and where the correlation is 1 or -1: Fisher's interval would
    then be a point, however few the pairs.
    """
    n = sums.n
    if n < 4:
        return None
    across = n * sums.xx - sums.x**2
    down = n * sums.yy - sums.y**2
    if min(across, down) <= 1e-9 * n * n:  # what binary fractions leave of zero
        return None
    r = (n * sums.xy - sums.x * sums.y) / math.sqrt(across * down)
    if abs(r) > 1 - 1e-9:
        return None
    z, half = math.atanh(r), Z / math.sqrt(n - 3)
    return Estimate(r, math.tanh(z - half), math.tanh(z + half))


def median(counts: Mapping[int, int]) -> Estimate | None:
    """The median of values that were counted, with the interval between two order statistics.

    The interval leaves at most 2.5 per cent on either side, whatever the distribution, and needs
    six values. Source: W. J. Conover, Practical Nonparametric Statistics, 3rd edition, 1999,
    section 3.2. `counts` maps a value to how often it came.
    """
    values = sorted(counts)
    n = sum(counts.values())
    low = _rank_below(n)
    if low is None:
        return None
    ranks = ((n + 1) // 2, n // 2 + 1, low, n + 1 - low)
    middle, next_to_it, lowest, highest = (_ranked(values, counts, rank) for rank in ranks)
    return Estimate((middle + next_to_it) / 2, lowest, highest)


@lru_cache(maxsize=1000)
def _rank_below(n: int) -> int | None:
    """The greatest rank r such that fewer than r of n values lie under the median with a
    probability of at most 2.5 per cent; None where there is none."""
    if n > EXACT_RANKS:
        return math.floor((n - Z * math.sqrt(n)) / 2)
    tail, ways, rank = 0, 1, 0  # ways: of choosing `rank` of n
    while (tail + ways) / 2**n <= (1 - CONFIDENCE) / 2:
        tail, ways, rank = tail + ways, ways * (n - rank) // (rank + 1), rank + 1
    return rank or None


def _ranked(values: list[int], counts: Mapping[int, int], rank: int) -> int:
    """The value of that rank, counted from 1."""
    passed = 0
    for value in values:
        passed += counts[value]
        if passed >= rank:
            return value
    raise ValueError(f"no value of rank {rank}")
