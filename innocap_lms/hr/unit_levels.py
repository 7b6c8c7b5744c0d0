"""Many units, told by the level of their tree at which they are few enough to look at."""

from collections.abc import Iterable, Mapping, Sequence

MOST = 30  # rows that can be taken in at a glance


def told_by(units: Iterable[str], ways: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """For each unit the one above it, or itself, by which it is told, so that few are: the deepest
    level with so many rows at most, and the uppermost that parts them at all if none is.

    `ways` are the units from the top down to each. What has none, such as a whole organisation,
    tells of itself.
    """
    found = {unit: unit for unit in units}
    deepest = max((len(ways.get(unit, ())) for unit in found), default=0)
    best = found
    for level in range(deepest, 0, -1):
        these = {unit: _at(level, ways.get(unit, ()), unit) for unit in found}
        if len(set(these.values())) < 2:
            break
        best = these
        if len(set(these.values())) <= MOST:
            break
    return best


def _at(level: int, way: Sequence[str], unit: str) -> str:
    return way[min(level, len(way)) - 1] if way else unit


def with_more(told: Mapping[str, str]) -> set[str]:
    """Those that tell of others."""
    return {above for unit, above in told.items() if above != unit}
