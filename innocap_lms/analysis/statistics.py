"""The formulas of item analysis, each with its source. Pure: numbers in, estimates out.

Every interval is one of 95 per cent. None says that the figure cannot be told.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from statistics import NormalDist
from typing import NamedTuple

CONFIDENCE = 0.95
Z = NormalDist().inv_cdf((1 + CONFIDENCE) / 2)
ROUNDING = 1e-9  # a sum of squares about the mean that binary fractions leave of zero, per answer
EXACT_FREEDOM = 200
EXACT_RANKS = 200  # beyond so many values a median's interval may be one rank wider at either end


class Estimate(NamedTuple):
    """A figure and the ends of its interval."""

    value: float
    low: float
    high: float


class Adjusted(NamedTuple):
    """How far two groups are apart beyond y, and how much of the whole y explains."""

    apart: Estimate
    explained: float


@dataclass(frozen=True)
class Moments:
    """Sums over pairs (x, y): how many, of x, of y, of their squares, of their products."""

    n: int = 0
    x: float = 0.0
    y: float = 0.0
    xx: float = 0.0
    yy: float = 0.0
    xy: float = 0.0

    def __add__(self, other: "Moments") -> "Moments":
        return Moments(
            self.n + other.n,
            self.x + other.x,
            self.y + other.y,
            self.xx + other.xx,
            self.yy + other.yy,
            self.xy + other.xy,
        )


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


def correlation(*strata: Moments) -> Estimate | None:
    """Pearson's product-moment correlation within strata, with Fisher's z interval.

    Each stratum is taken about its own means, so what separates strata (a harder quiz, another
    language) is no part of it. With one stratum it is the plain correlation.

    An item's discrimination is the correlation between what it earned and what the attempt's other
    questions earned: the corrected item-total correlation, and the point-biserial one where an
    answer is right or wrong (L. Crocker and J. Algina, Introduction to Classical and Modern Test
    Theory, 1986, chapter 14). The interval: R. A. Fisher, On the "probable error" of a coefficient
    of correlation deduced from a small sample, Metron 1 (1921) 3-32; each further stratum costs a
    pair: The distribution of the partial correlation coefficient, Metron 3 (1924) 329-332.

    None with fewer than four pairs so counted, where x or y does not vary, and where the
    correlation is 1 or -1: Fisher's interval would then be a point, however few the pairs.
    """
    told = [sums for sums in strata if sums.n]
    n = sum(sums.n - 1 for sums in told) + 1
    if n < 4:
        return None
    across = sum(sums.xx - sums.x**2 / sums.n for sums in told)
    down = sum(sums.yy - sums.y**2 / sums.n for sums in told)
    if min(across, down) <= ROUNDING * n:
        return None
    both = sum(sums.xy - sums.x * sums.y / sums.n for sums in told)
    r = both / math.sqrt(across * down)
    if abs(r) > 1 - 1e-9:
        return None
    z, half = math.atanh(r), Z / math.sqrt(n - 3)
    return Estimate(r, math.tanh(z - half), math.tanh(z + half))


def adjusted_difference(strata: Iterable[tuple[Moments, Moments]]) -> Adjusted | None:
    """How much higher the mean of x is in the first group than in the second, at equal y.

    Analysis of covariance: x on group and y by least squares, within strata, with one slope for
    all (W. G. Cochran, Analysis of covariance: its nature and uses, Biometrics 13 (1957) 261-281);
    the interval is Student's, since the spread itself is told from few answers. Each stratum gives
    the moments of both groups; those without both say nothing. None where too little is left to
    tell the spread.
    """
    found = [(one, other) for one, other in strata if one.n and other.n]
    gg = gx = gy = xx = yy = xy = 0.0
    for one, other in found:
        weight = one.n * other.n / (one.n + other.n)
        gg += weight
        gx += weight * (one.x / one.n - other.x / other.n)
        gy += weight * (one.y / one.n - other.y / other.n)
        both = one + other
        xx += both.xx - both.x**2 / both.n
        yy += both.yy - both.y**2 / both.n
        xy += both.xy - both.x * both.y / both.n
    n = sum(one.n + other.n for one, other in found)
    freedom, spread = n - len(found) - 2, gg * yy - gy**2
    if freedom < 1 or spread <= ROUNDING * n * n:
        return None
    apart, slope = (gx * yy - gy * xy) / spread, (gg * xy - gy * gx) / spread
    left = max(0.0, xx - apart * gx - slope * xy)
    half = students_t(freedom) * math.sqrt(left / freedom * yy / spread)
    return Adjusted(Estimate(apart, apart - half, apart + half), slope * gy / gg)


@lru_cache(maxsize=EXACT_FREEDOM)
def students_t(freedom: int) -> float:
    """How far from 0 Student's t stays in 95 per cent of cases.

    Source: M. Abramowitz and I. A. Stegun, Handbook of Mathematical Functions, 1964: 26.7.3 and
    26.7.4, the probability as a finite sum, solved by halving; beyond EXACT_FREEDOM the first terms
    of 26.7.5, which are right to six decimals there.
    """
    if freedom > EXACT_FREEDOM:
        first, second = (Z**3 + Z) / 4, (5 * Z**5 + 16 * Z**3 + 3 * Z) / 96
        return Z + first / freedom + second / freedom**2
    low, high = 0.0, math.pi / 2
    for _halving in range(60):
        angle = (low + high) / 2
        low, high = (angle, high) if _within(angle, freedom) < CONFIDENCE else (low, angle)
    return math.sqrt(freedom) * math.tan(low)


def _within(angle: float, freedom: int) -> float:
    """The probability that Student's t lies within plus or minus sqrt(freedom) * tan(angle)."""
    odd, cosine = freedom % 2, math.cos(angle)
    term, total = cosine**odd, 0.0
    for power in range(odd, freedom - 1, 2):
        total += term
        term *= cosine**2 * (power + 1) / (power + 2)
    tail = math.sin(angle) * total
    return (angle + tail) * 2 / math.pi if odd else tail


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
