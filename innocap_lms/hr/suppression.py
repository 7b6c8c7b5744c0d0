"""Which counts of a table are left out, so that nobody can be told from what is shown.

A count of one to four people is left out (primary suppression), and as many others as it takes for
none of those to be worked out from totals (complementary suppression). Nought is shown: it is about
nobody. Source of the limit: docs/privacy.md; of the method, cell suppression: Hundepool et al.,
Statistical Disclosure Control, 2012, chapter 4.

Pure: the same counts leave out the same cells.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

LEAST: Final = 5  # people
EFFORT: Final = 3000  # steps in looking for another table; what is not found in them is not there

Key = Any  # names a cell: hashable, and cells can be sorted


class Sum(NamedTuple):
    """That one cell is, or may be taken for, the sum of others."""

    total: Key
    parts: tuple[Key, ...]


def left_out(counts: Mapping[Key, int], sums: Sequence[Sum]) -> frozenset[Key]:
    """The cells to leave out of a table of counts of people that holds these sums.

    Whoever knows all other cells, and that each of these holds at least one, finds for every one of
    them more than one count that it can be; and where a total is shown, the cells left out of it
    are LEAST people together, or more.
    """
    hidden = {key for key, count in counts.items() if 0 < count < LEAST}
    of_cell = _sums_by_cell(sums)
    proven: set[Key] = set()
    while True:
        wanting = [each for each in sums if _tells(each, counts, hidden)]
        doubtful = None if wanting else min(hidden - proven, default=None)
        if doubtful is not None and _Search(counts, hidden, of_cell).can_differ(doubtful):
            proven.add(doubtful)  # to hide more never makes it certain again
        elif wanting or doubtful is not None:
            more = _next(wanting or sums, counts, hidden, of_cell)
            if more is None:
                return frozenset(hidden)  # nothing is shown but noughts
            hidden.add(more)
        else:
            return frozenset(hidden)


def _sums_by_cell(sums: Iterable[Sum]) -> Mapping[Key, list[Sum]]:
    found: defaultdict[Hashable, list[Sum]] = defaultdict(list)
    for each in sums:
        for key in (each.total, *each.parts):
            found[key].append(each)
    return found


def _tells(each: Sum, counts: Mapping[Key, int], hidden: set[Key]) -> bool:
    """Whether a sum gives the one cell of it that is left out, or tells of a handful of people what
    they are together."""
    cells = [key for key in (each.total, *each.parts) if key in hidden]
    if each.total in cells:
        return len(cells) == 1
    return len(cells) == 1 or 0 < sum(counts[key] for key in cells) < LEAST


def _next(
    among: Iterable[Sum],
    counts: Mapping[Key, int],
    hidden: set[Key],
    of_cell: Mapping[Key, list[Sum]],
) -> Key:
    """The cell to leave out next: none that many others make up, if it can be helped; then one that
    serves most of these sums; then the smallest. None where they show only noughts."""
    serves: defaultdict[Key, int] = defaultdict(int)
    for each in among:
        for key in (*each.parts, each.total):
            if key not in hidden and counts[key]:
                serves[key] += 1

    def rank(key: Key) -> tuple[bool, int, int, int, Key]:
        made_up = sum(each.total == key for each in of_cell[key])
        is_top = made_up == len(of_cell[key])
        return is_top, made_up, -serves[key], counts[key], key

    return min(serves, key=rank, default=None)


class _Search:
    """Looks for another table that shows the same: cells left out are one more or one less, and
    every sum holds."""

    def __init__(
        self, counts: Mapping[Key, int], hidden: set[Key], of_cell: Mapping[Key, list[Sum]]
    ) -> None:
        self.counts, self.hidden, self.of_cell = counts, hidden, of_cell
        self.left = EFFORT

    def can_differ(self, key: Key) -> bool:
        return any(self._goes_on({key: by}) for by in (1, -1) if self._may(key, by))

    def _may(self, key: Key, by: int) -> bool:
        return self.counts[key] + by >= 1  # a cell that is left out is known not to be nought

    def _goes_on(self, moved: dict[Key, int]) -> bool:
        """Whether the cells that have moved, with others, come to a table in which sums hold."""
        self.left -= 1
        if self.left < 0:
            return False
        for key in moved:
            for each in self.of_cell[key]:
                if off := self._off(each, moved):
                    return any(
                        self._goes_on({**moved, other: by})
                        for other, by in self._against(each, off, moved)
                    )
        return True

    @staticmethod
    def _off(each: Sum, moved: Mapping[Key, int]) -> int:
        """By how much the parts are more than their total."""
        return sum(moved.get(part, 0) for part in each.parts) - moved.get(each.total, 0)

    def _against(self, each: Sum, off: int, moved: Mapping[Key, int]) -> list[tuple[Key, int]]:
        """The moves of one more cell that bring a sum nearer to holding; those of large cells,
        which can go either way, first."""
        less = -1 if off > 0 else 1
        moves = [(part, less) for part in each.parts] + [(each.total, -less)]
        free = [
            (key, by)
            for key, by in moves
            if key in self.hidden and key not in moved and self._may(key, by)
        ]
        return sorted(free, key=lambda move: (-self.counts[move[0]], move[0]))
