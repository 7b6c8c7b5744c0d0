"""What the ledger says of an organisation, prepared once for asking about many of its people.

All of it can be asked as it was known at a place of the ledger.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple
from zoneinfo import ZoneInfo

from innocap_lms.requirements.facts import Fact
from innocap_lms.requirements.rules import Rule, rule_of

NOW = 2**62  # beyond every place in the ledger


class Move(NamedTuple):
    """That a unit came to lie at a path, "/top/unit/", from a day on; known from a place on."""

    known: int
    day: date
    path: str


class Named(NamedTuple):
    """That a unit came to be called something from a day on; known from a place on."""

    known: int
    day: date
    name: str


class _Version(NamedTuple):
    known: int
    rule: Rule


class Organisation:
    """The versions of its requirements, and where its units lay under which names."""

    def __init__(self, facts: Iterable[Fact], zone: ZoneInfo) -> None:
        self._versions: defaultdict[str, list[_Version]] = defaultdict(list)
        self._moves: defaultdict[str, list[Move]] = defaultdict(list)
        self._names: defaultdict[str, list[Named]] = defaultdict(list)
        self._ruled: dict[tuple[str, int], list[Rule]] = {}
        paths: dict[str, str] = {}
        for fact in facts:
            said = fact.content
            if fact.kind == "requirement.set":
                version = _Version(fact.sequence, rule_of(said["rule"]))
                self._versions[said["requirement"]].append(version)
                continue
            if not fact.kind.startswith("unit."):
                continue
            day = fact.at.astimezone(zone).date()
            if name := said.get("name"):
                self._names[said["unit"]].append(Named(fact.sequence, day, name))
            if fact.kind in ("unit.added", "unit.moved"):
                for unit, path in _moved(paths, said["unit"], said["path"]):
                    paths[unit] = path
                    self._moves[unit].append(Move(fact.sequence, day, path))

    def rules(self, requirement_id: str, place: int = NOW) -> list[Rule]:
        """The versions that rule, each from its day: one said later rules from its day on."""
        known = [version for version in self._versions[requirement_id] if version.known <= place]
        key = requirement_id, len(known)
        if key not in self._ruled:
            found: dict[date, Rule] = {}
            for version in known:
                starts = version.rule.starts
                found = {day: rule for day, rule in found.items() if day < starts}
                found[starts] = version.rule
            self._ruled[key] = [found[day] for day in sorted(found)]
        return self._ruled[key]

    def every_rule(self, requirement_id: str) -> list[Rule]:
        """All versions that were ever set, whether or not they came to rule."""
        return [version.rule for version in self._versions[requirement_id]]

    def path(self, unit_id: str, day: date, place: int = NOW) -> str:
        """The ids from the top to the unit on a day; where it lay first on days before that; ""
        where it is not known."""
        moves = self.moves(unit_id, place)
        held = [move for move in moves if move.day <= day]
        return (held[-1] if held else moves[0]).path if moves else ""

    def name(self, unit_id: str, day: date, place: int = NOW) -> str:
        """What a unit was called on a day, or first, on days before that; "" where not known."""
        names = [named for named in self._names.get(unit_id, ()) if named.known <= place]
        held = [named for named in names if named.day <= day]
        return (held[-1] if held else names[0]).name if names else ""

    def moves(self, unit_id: str, place: int = NOW) -> Sequence[Move]:
        """Where a unit has lain, in order."""
        moves = self._moves.get(unit_id, ())
        return [move for move in moves if move.known <= place]

    def places(self, requirement_id: str, units: Iterable[str]) -> set[int]:
        """The places at which something became known of a requirement or of these units."""
        versions = self._versions[requirement_id]
        found = {version.known for version in versions}
        if any(version.rule.audience.units for version in versions):
            found |= {move.known for unit in units for move in self._moves.get(unit, ())}
        return found


def _moved(paths: dict[str, str], unit: str, path: str) -> list[tuple[str, str]]:
    """The units whose paths change when one comes to lie somewhere: it, and all below it."""
    before = paths.get(unit)
    if before is None:
        return [(unit, path)]
    below = [(other, old) for other, old in paths.items() if old.startswith(before)]
    return [(other, path + old[len(before) :]) for other, old in below]
