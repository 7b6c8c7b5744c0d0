"""In which groups somebody has standings, day by day: of all that is required of them."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Final, NamedTuple

from innocap_lms.requirements.models import GROUP_BITS, STATE_NUMBERS
from innocap_lms.requirements.periods import GROUPS

_BITS: Final = {number: GROUP_BITS[GROUPS[state]] for state, number in STATE_NUMBERS.items()}


class Held(NamedTuple):
    """A standing that is still known, in the numbers of the table; days are numbers too."""

    place: int
    state: int
    since: int
    until: int  # not included


class Spell(NamedTuple):
    """Days on which somebody in a place has standings in the same groups (a sum of bits)."""

    place: int
    since: int
    until: int  # not included
    groups: int


def spells(held: Iterable[Held]) -> set[Spell]:
    """The days of a person, cut where the groups change. Days without a standing have none."""
    turns: defaultdict[int, defaultdict[int, list[tuple[int, int]]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for place, state, since, until in held:
        turns[place][since].append((_BITS[state], 1))
        turns[place][until].append((_BITS[state], -1))
    found: set[Spell] = set()
    for place, days in turns.items():
        number: Counter[int] = Counter()
        groups = since = 0
        for day in sorted(days):
            for bit, change in days[day]:
                number[bit] += change
            now = sum(bit for bit, many in number.items() if many)
            if now != groups:
                if groups:
                    found.add(Spell(place, since, day, groups))
                groups, since = now, day
    return found
