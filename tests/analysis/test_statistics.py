"""The formulas, against scipy on fixed data, and against published figures where it has none."""

import math
import random
from collections import Counter

import numpy
import pytest
from scipy import stats

from innocap_lms.analysis.statistics import (
    EXACT_RANKS,
    Moments,
    adjusted_difference,
    correlation,
    median,
    proportion,
    students_t,
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


def within(seed: int, sizes: list[int]) -> list[tuple[list[float], list[float]]]:
    """Pairs of strata, each with means of its own."""
    chance = random.Random(seed)
    found = []
    for place, size in enumerate(sizes):
        ys = [chance.random() + place for _one in range(size)]
        found.append(([y / 2 + chance.random() - 2 * place for y in ys], ys))
    return found


def test_a_correlation_within_strata_is_the_partial_one() -> None:
    strata = within(5, [8, 3, 1, 20])
    residuals: tuple[list[float], list[float]] = ([], [])
    for pair in strata:
        for values, left in zip(pair, residuals, strict=True):
            left += [value - sum(values) / len(values) for value in values]
    expected = stats.pearsonr(*residuals).statistic
    found = correlation(*(moments(xs, ys) for xs, ys in strata), Moments())
    assert found is not None
    assert found.value == pytest.approx(expected, abs=ALMOST)
    # Fisher 1924: three further strata are three variables held constant.
    half = stats.norm.ppf(0.975) / (32 - 3 - 3) ** 0.5
    ends = (math.tanh(math.atanh(expected) - half), math.tanh(math.atanh(expected) + half))
    assert (found.low, found.high) == pytest.approx(ends, abs=ALMOST)


def test_two_groups_are_adjusted_as_least_squares_does() -> None:
    first, second = within(1, [12, 7, 4]), within(2, [9, 15, 6])
    rows, earned = [], []
    for place, groups in enumerate(zip(first, second, strict=True)):
        for member, (xs, ys) in zip((1.0, 0.0), groups, strict=True):
            rows += [[member, y, *(float(place == other) for other in range(3))] for y in ys]
            earned += xs
    design, x = numpy.array(rows), numpy.array(earned)
    solved, (left,), _rank, _values = numpy.linalg.lstsq(design, x, rcond=None)
    variance = left / (len(x) - 5) * numpy.linalg.inv(design.T @ design)[0, 0]
    half = stats.t.ppf(0.975, len(x) - 5) * variance**0.5
    found = adjusted_difference(
        [(moments(*a), moments(*b)) for a, b in zip(first, second, strict=True)]
        + [(Moments(), moments([1.0], [0.5]))]
    )
    assert found is not None
    expected = (solved[0], solved[0] - half, solved[0] + half)
    assert found.apart == pytest.approx(expected, abs=ALMOST)
    raw = adjusted_difference([(moments(*first[0]), moments(*second[0]))])
    assert raw is not None
    means = [sum(xs) / len(xs) for xs, _ys in (first[0], second[0])]
    assert raw.apart.value + raw.explained == pytest.approx(means[0] - means[1], abs=ALMOST)


@pytest.mark.parametrize("n", [2, 3, 5])
def test_few_answers_of_two_groups_are_told_as_far_apart_as_students_t_says(n: int) -> None:
    first, second = within(n, [n]), within(n + 1, [n])
    rows = [[m, y, 1.0] for m, (_xs, ys) in ((1.0, first[0]), (0.0, second[0])) for y in ys]
    design, x = numpy.array(rows), numpy.array([*first[0][0], *second[0][0]])
    solved, (left,), _rank, _values = numpy.linalg.lstsq(design, x, rcond=None)
    freedom = 2 * n - 3
    error = (left / freedom * numpy.linalg.inv(design.T @ design)[0, 0]) ** 0.5
    found = adjusted_difference([(moments(*first[0]), moments(*second[0]))])
    assert found is not None
    ends = stats.t.interval(0.95, freedom, loc=solved[0], scale=error)
    assert (found.apart.low, found.apart.high) == pytest.approx(ends, abs=ALMOST)


@pytest.mark.parametrize("freedom", [1, 2, 3, 4, 5, 17, 30, 199, 200, 201, 500, 100_000])
def test_students_t_is_the_one_of_the_tables(freedom: int) -> None:
    assert students_t(freedom) == pytest.approx(stats.t.ppf(0.975, freedom), abs=1e-6)


def test_groups_without_a_spread_cannot_be_adjusted() -> None:
    same = moments([1.0, 0.0, 1.0], [0.5, 0.5, 0.5])
    assert adjusted_difference([(same, same)]) is None
    assert adjusted_difference([(same, Moments())]) is None
    assert adjusted_difference([]) is None


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
