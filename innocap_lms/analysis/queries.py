"""Answers by item, counted by the database in two statements. No person is part of any."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from json import loads

from sqlalchemy import bindparam, func, select

from innocap_lms.extensions import db
from innocap_lms.learning.models import Response


@dataclass(frozen=True)
class Group:
    """Equal answers to an item that earned the same.

    `chosen` holds the values of the answer, None where they are a learner's own words; `share` is
    None where the answers could not be marked. `paired` counts those whose attempts asked other
    questions too, and `rest` and `rest_squares` add up what these earned, from 0 to 1 each.
    """

    chosen: tuple[str, ...] | None
    share: float | None
    count: int
    paired: int
    rest: float
    rest_squares: float


@dataclass(frozen=True)
class Answers:
    """All answers to an item; `seconds` counts how often each time was spent."""

    groups: tuple[Group, ...] = ()
    seconds: Counter[int] = field(default_factory=Counter)

    @property
    def count(self) -> int:
        return sum(group.count for group in self.groups)


_response = Response.__table__.c
_of_items = _response.item.in_(bindparam("items", expanding=True))
# The shares of an item are few, so they are grouped by; both statements read one index alone.
_groups = (
    select(
        _response.item,
        _response.chosen,
        _response.share,
        func.count(),
        func.count(_response.rest),
        func.coalesce(func.sum(_response.rest), 0.0),
        func.coalesce(func.sum(_response.rest * _response.rest), 0.0),
    )
    .where(_of_items)
    .group_by(_response.item, _response.chosen, _response.share)
)
_seconds = (
    select(_response.item, _response.seconds, func.count())
    .where(_of_items, _response.seconds.is_not(None))
    .group_by(_response.item, _response.seconds)
)


def answers_to(items: Collection[int]) -> dict[int, Answers]:
    """The answers to each item that has any. Two statements, however many items and answers."""
    found: dict[int, list[Group]] = {}
    spent: dict[int, Counter[int]] = {}
    for item, chosen, *figures in db.session.execute(_groups, {"items": list(items)}):
        values = tuple(loads(chosen)) if chosen else None
        found.setdefault(item, []).append(Group(values, *figures))
    for item, seconds, count in db.session.execute(_seconds, {"items": list(items)}):
        spent.setdefault(item, Counter())[seconds] = count
    return {
        item: Answers(tuple(groups), spent.get(item, Counter())) for item, groups in found.items()
    }


def pooled(several: Iterable[Answers]) -> Answers:
    """The answers of several items as one: those of a question's languages."""
    groups: list[Group] = []
    seconds: Counter[int] = Counter()
    for answers in several:
        groups += answers.groups
        seconds.update(answers.seconds)
    return Answers(tuple(groups), seconds)
