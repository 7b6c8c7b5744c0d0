"""The formulas, against scipy on fixed data, and against published figures where it has none."""

import random
from collections import Counter

import pytest
from scipy import stats

from innocap_lms.analysis.statistics import (
    EXACT_RANKS,
    Moments,
    correlation,
    difference,
    median,
    proportion,
)

ALMOST = 1e-9


def moments(xs: list[float], ys: list[float]) -> Moments:
    return Moments(
        len(xs),
        sum(xs),
        sum(ys),
        sum(x * x for x in xs),
        sum(y * y for y in ys),
        sum(x * y for x, y in zip(xs, ys, strict=True)),
    )


@pytest.mark.parametrize(
    ("k", "n"), [(0, 5), (1, 5), (5, 5), (3, 7), (17, 40), (0, 1000), (999, 1000), (412_345, 10**6)]
)
def test_a_proportion_has_wilsons_interval(k: int, n: int) -> None:
    found = proportion(k, n)
    expected = stats.binomtest(k, n).proportion_ci(0.95, method="wilson")
    assert found is not None
    assert found == pytest.approx((k / n, expected.low, expected.high), abs=ALMOST)


def test_of_nobody_there_is_no_proportion() -> None:
    assert proportion(0, 0) is None


def test_partial_credit_counts_as_the_proportion_of_its_sum() -> None:
    assert proportion(0.5 * 6 + 1.0 * 4, 10) == proportion(7, 10)


@pytest.mark.parametrize("n", [5, 12, 200])
def test_a_correlation_is_pearsons_with_fishers_interval(n: int) -> None:
    chance = random.Random(n)
    rest = [chance.randint(0, 19) / 19 for _one in range(n)]
    marks = [1.0 if chance.random() < share else 0.0 for share in rest]
    shares = [round(mark * chance.random(), 2) for mark in marks]
    for earned in (marks, shares):
        expected = stats.pearsonr(earned, rest)
        interval = expected.confidence_interval(0.95)
        found = correlation(moments(earned, rest))
        assert found == pytest.approx((expected.statistic, interval.low, interval.high), abs=ALMOST)


def test_of_right_and_wrong_it_is_the_point_biserial_correlation() -> None:
    marks = [1.0, 0.0, 1.0, 1.0, 0.0, 1.0, 0.0, 0.0]
    rest = [0.9, 0.2, 0.7, 0.8, 0.4, 0.3, 0.5, 0.1]
    found = correlation(moments(marks, rest))
    assert found is not None
    assert found.value == pytest.approx(stats.pointbiserialr(marks, rest).statistic, abs=ALMOST)


@pytest.mark.parametrize(
    ("xs", "ys"),
    [
        ([1.0, 0.0, 1.0], [0.5, 0.1, 0.9]),
        ([1.0] * 8, [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8]),
        ([1.0, 0.0] * 4, [1 / 3] * 8),
        ([1.0, 0.0] * 4, [0.9, 0.4] * 4),
    ],
    ids=["three pairs", "all right", "all the same elsewhere", "perfect"],
)
def test_a_correlation_that_cannot_be_told_is_none(xs: list[float], ys: list[float]) -> None:
    assert correlation(moments(xs, ys)) is None


# R. G. Newcombe, Statistics in Medicine 17 (1998), table II, method 10; statsmodels 0.15.0,
# confint_proportions_2indep(…, method="newcomb"), gives the same to the digits here.
NEWCOMBE = [
    ((56, 70), (48, 80), 0.0524314724, 0.3338726540),
    ((9, 10), (3, 10), 0.1705227239, 0.8090179735),
    ((6, 7), (2, 7), 0.0582279275, 0.8062496375),
    ((5, 56), (0, 29), -0.0381371479, 0.1925600139),
    ((0, 10), (0, 20), -0.1611251581, 0.2775327999),
    ((0, 10), (0, 10), -0.2775327999, 0.2775327999),
    ((10, 10), (0, 20), 0.6790860371, 1.0),
    ((10, 10), (0, 10), 0.6075093505, 1.0),
]


@pytest.mark.parametrize(("first", "second", "low", "high"), NEWCOMBE)
def test_a_difference_has_newcombes_interval(
    first: tuple[int, int], second: tuple[int, int], low: float, high: float
) -> None:
    one, other = proportion(*first), proportion(*second)
    assert one is not None
    assert other is not None
    apart = first[0] / first[1] - second[0] / second[1]
    assert difference(one, other) == pytest.approx((apart, low, high), abs=ALMOST)


@pytest.mark.parametrize("n", [6, 7, 20, 57, EXACT_RANKS])
def test_a_median_has_the_interval_of_order_statistics(n: int) -> None:
    chance = random.Random(n)
    seconds = [round(chance.lognormvariate(3.4, 0.8)) for _one in range(n)]
    expected = stats.quantile_test(seconds, p=0.5).confidence_interval(0.95)
    found = median(Counter(seconds))
    assert found == (stats.quantile(seconds, 0.5), expected.low, expected.high)


@pytest.mark.parametrize("n", [201, 202, 1000, 1001, 20_000])
def test_of_many_values_the_interval_is_wider_by_a_rank_at_most(n: int) -> None:
    expected = stats.quantile_test(range(n), p=0.5).confidence_interval(0.95)
    found = median(Counter(range(n)))
    assert found is not None
    assert 0 <= expected.low - found.low <= 1
    assert 0 <= found.high - expected.high <= 1


def test_five_values_have_a_median_but_no_interval() -> None:
    assert median(Counter([1, 2, 3, 4, 5])) is None
    assert median(Counter()) is None
