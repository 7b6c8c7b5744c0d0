"""No count that is left out of a table can be worked out from what is shown of it."""

from collections.abc import Iterator, Mapping
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from innocap_lms.hr.suppression import LEAST, Sum, left_out

ALL = "all"
Cell = tuple[str, str]


def table(*lines: tuple[int, ...]) -> tuple[dict[Cell, int], list[Sum]]:
    """A table of rows and columns with its totals, and the sums that hold in it."""
    rows, columns = (
        [f"row {number}" for number in range(len(lines))],
        [f"column {number}" for number in range(len(lines[0]))],
    )
    counts = {
        (row, column): count
        for row, line in zip(rows, lines, strict=True)
        for column, count in zip(columns, line, strict=True)
    }
    sums = [Sum((row, ALL), tuple((row, column) for column in columns)) for row in rows]
    sums += [Sum((ALL, column), tuple((row, column) for row in rows)) for column in columns]
    sums.append(Sum((ALL, ALL), tuple((ALL, column) for column in columns)))
    for each in sums:
        counts[each.total] = sum(counts[part] for part in each.parts)
    sums.append(Sum((ALL, ALL), tuple((row, ALL) for row in rows)))
    return counts, sums


def possible(
    counts: Mapping[Cell, int], hidden: frozenset[Cell], most: int
) -> Iterator[dict[Cell, int]]:
    """Every table of two rows and two columns that shows the same, by trying all of them."""
    inner = sorted(key for key in counts if ALL not in key)
    values = [range(1, most + 1) if key in hidden else (counts[key],) for key in inner]
    sides = [(ALL, "column 0"), (ALL, "column 1"), ("row 0", ALL), ("row 1", ALL), (ALL, ALL)]
    for a, b, c, d in product(*values):
        sums = dict(zip(sides, (a + c, b + d, a + b, c + d, a + b + c + d), strict=True))
        if all(sums[key] >= 1 if key in hidden else sums[key] == counts[key] for key in sides):
            yield {**sums, **dict(zip(inner, (a, b, c, d), strict=True))}


counts_of_two_by_two = st.lists(st.integers(0, 9), min_size=4, max_size=4)


@settings(max_examples=200)
@given(counts_of_two_by_two)
def test_whoever_tries_every_table_finds_several_counts_for_each_that_is_left_out(
    inner: list[int],
) -> None:
    counts, _sums = table((inner[0], inner[1]), (inner[2], inner[3]))
    hidden = left_out(counts, _sums)
    found: dict[Cell, set[int]] = {key: set() for key in hidden}
    for other in possible(counts, hidden, max(inner) + 3):
        for key in hidden:
            found[key].add(other[key])
    assert all(len(values) > 1 for values in found.values()), (counts, hidden, found)


sized = st.tuples(st.integers(1, 5), st.integers(1, 4)).flatmap(
    lambda size: st.lists(
        st.tuples(*[st.integers(0, 12)] * size[1]), min_size=size[0], max_size=size[0]
    )
)


@settings(max_examples=200)
@given(sized)
def test_no_sum_leaves_out_one_cell_alone_or_a_handful_of_people(
    lines: list[tuple[int, ...]],
) -> None:
    counts, sums = table(*lines)
    hidden = left_out(counts, sums)
    assert {key for key, count in counts.items() if 0 < count < LEAST} <= hidden
    assert not any(counts[key] == 0 for key in hidden)
    for each in sums:
        cells = [key for key in (each.total, *each.parts) if key in hidden]
        assert len(cells) != 1, (each, counts)
        if each.total not in hidden and cells:
            assert sum(counts[key] for key in cells) >= LEAST


@settings(max_examples=100)
@given(sized)
def test_no_combination_of_sums_gives_a_count_that_is_left_out(
    lines: list[tuple[int, ...]],
) -> None:
    """By linear algebra: no count is the same in all real solutions of the sums."""
    counts, sums = table(*lines)
    hidden = sorted(left_out(counts, sums))
    place = {key: number for number, key in enumerate(hidden)}
    rows = []
    for each in sums:
        row = [0] * len(hidden)
        for part in each.parts:
            if part in place:
                row[place[part]] += 1
        if each.total in place:
            row[place[each.total]] -= 1
        rows.append(row)
    assert not determined(rows, len(hidden))


PRIME = 2_147_483_647  # arithmetic modulo a prime: exact, and without fractions


def determined(rows: list[list[int]], width: int) -> list[int]:
    """The unknowns that a system of equations fixes: those whose row, reduced, is alone."""
    reduced: list[list[int]] = []
    for column in range(width):
        at = len(reduced)
        pivot = next((each for each in range(at, len(rows)) if rows[each][column] % PRIME), None)
        if pivot is None:
            continue
        rows[at], rows[pivot] = rows[pivot], rows[at]
        inverse = pow(rows[at][column], -1, PRIME)
        rows[at] = [value * inverse % PRIME for value in rows[at]]
        for number, row in enumerate(rows):
            if number != at and row[column] % PRIME:
                factor = row[column]
                rows[number] = [
                    (value - factor * own) % PRIME for value, own in zip(row, rows[at], strict=True)
                ]
        reduced.append(rows[at])
    return [number for number, row in enumerate(reduced) if sum(map(bool, row)) == 1]


@pytest.mark.parametrize(
    ("lines", "shown"),
    [
        (((7, 9), (8, 6)), 9),  # nothing to leave out
        (((0, 0), (0, 0)), 9),  # about nobody
    ],
)
def test_what_tells_of_nobody_is_shown(lines: tuple[tuple[int, ...], ...], shown: int) -> None:
    counts, sums = table(*lines)
    assert len(counts) - len(left_out(counts, sums)) == shown


def test_one_small_count_takes_three_others_with_it() -> None:
    counts, sums = table((3, 20, 30), (40, 50, 60), (70, 80, 90))
    hidden = left_out(counts, sums)
    assert hidden == {
        ("row 0", "column 0"),
        ("row 0", "column 1"),
        ("row 1", "column 0"),
        ("row 1", "column 1"),
    }


def test_a_ring_of_cells_that_can_move_no_way_is_widened() -> None:
    """Six cells in a ring, each sum of two of them five: only this one table fits."""
    counts, sums = table((1, 4, 9), (9, 4, 1), (4, 9, 4))
    hidden = left_out(counts, sums)
    assert len(hidden) > 6


def test_a_table_of_forty_organisations_takes_no_time() -> None:
    lines = [tuple((row * 7 + column * 5) % 13 for column in range(3)) for row in range(40)]
    counts, sums = table(*lines)
    assert len(left_out(counts, sums)) < len(counts)
