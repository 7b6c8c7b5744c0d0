"""What an organisation requires, of whom, by when: one version of a requirement."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any, Literal, get_args

Ground = Literal["law", "employer", "own"]
Target = Literal["course", "programme"]
GROUNDS: tuple[Ground, ...] = get_args(Ground)
_DAYS = ("starts", "ends", "due", "started_from", "started_until")


@dataclass(frozen=True)
class Audience:
    """Whom a requirement is for: who is in one of the units or below, holds one of the roles and
    one of the tags, and began within the days. What is empty asks for nothing.
    """

    units: tuple[str, ...] = ()
    roles: tuple[str, ...] = ("learner",)
    tags: tuple[str, ...] = ()
    started_from: date | None = None
    started_until: date | None = None


@dataclass(frozen=True)
class Rule:
    """A version of a requirement, from the day `starts` until the next one does.

    It asks for a course or a programme, by its id. `due` is one day for everybody; `due_days`
    counts from the day on which it begins to ask somebody. `validity_months` may be stricter than
    the course's own. Completions of the courses `equivalents` count as well. From the day `ends`
    it asks nobody.
    """

    target: Target
    target_id: str
    ground: Ground
    starts: date
    audience: Audience = field(default_factory=Audience)
    provision: str = ""
    ends: date | None = None
    due: date | None = None
    due_days: int | None = None
    soon_days: int = 30
    validity_months: int | None = None
    renewal_opens_days: int = 90
    equivalents: tuple[str, ...] = ()

    @property
    def counting(self) -> frozenset[str]:
        """What is to be completed, or counts as well, as "course:x" or "programme:x"."""
        also = (f"course:{course_id}" for course_id in self.equivalents)
        return frozenset((f"{self.target}:{self.target_id}", *also))


def as_json(rule: Rule) -> dict[str, Any]:
    """The rule as the ledger keeps it; `rule_of` reads it."""
    values: dict[str, Any] = asdict(rule)
    for part in (values, values["audience"]):
        part.update({name: part[name].isoformat() for name in _DAYS if part.get(name)})
        part.update({name: list(one) for name, one in part.items() if isinstance(one, tuple)})
    return values


def rule_of(values: Mapping[str, Any]) -> Rule:
    """The rule that `as_json` wrote. Raises KeyError, TypeError or ValueError for others."""
    return Rule(**{**_read(values), "audience": Audience(**_read(values["audience"]))})


def _read(values: Mapping[str, Any]) -> dict[str, Any]:
    found = {name: tuple(one) if isinstance(one, list) else one for name, one in values.items()}
    found |= {name: date.fromisoformat(values[name]) for name in _DAYS if values.get(name)}
    return found
