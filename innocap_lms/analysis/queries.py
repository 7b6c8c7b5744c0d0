"""Answers by item, counted by the database in three statements. No person is part of any."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from json import loads

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    ScalarSelect,
    Select,
    bindparam,
    column,
    func,
    select,
    values,
)

from innocap_lms.extensions import db
from innocap_lms.learning.models import Response
from innocap_lms.learning.responses import STRATA


@dataclass(frozen=True)
class Group:
    """Equal answers to an item that earned the same, in one stratum: the number of item and quiz.

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
    stratum: int

    @property
    def quiz(self) -> int:
        """The number of the quiz that asked, whatever the item and its language."""
        return self.stratum % STRATA


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
# The shares of an item are few, so they are grouped by; all statements read one index alone.
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
    """The answers to each item that has any, whichever quiz asked it. Three statements, however
    many items and answers."""
    if not items:
        return {}
    found: dict[int, list[Group]] = {}
    spent: dict[int, Counter[int]] = {}
    strata = {"items": list(db.session.scalars(_strata(items)))}
    for stratum, chosen, *sums in db.session.execute(_groups, strata):
        share, count, paired, rest, squares = sums
        given = tuple(loads(chosen)) if chosen else None
        group = Group(given, share, count, paired, rest, squares, stratum)
        found.setdefault(_item(stratum), []).append(group)
    for stratum, seconds, count in db.session.execute(_seconds, strata):
        spent.setdefault(_item(stratum), Counter())[seconds] += count
    return {
        item: Answers(tuple(groups), spent.get(item, Counter())) for item, groups in found.items()
    }


def _item(stratum: int) -> int:
    return stratum - stratum % STRATA


def _strata(items: Collection[int]) -> Select[tuple[int]]:
    """The numbers under which items have answers: one seek in the index for each, and no more."""
    wanted = (
        values(column("first", BigInteger), name="items")
        .data([(item,) for item in sorted(items)])
        .cte("wanted")
    )
    first, last = wanted.c.first, wanted.c.first + STRATA
    found = select(_next(_response.item >= first, last).label("item"), last.label("last")).cte(
        "found", recursive=True
    )
    further = select(_next(_response.item > found.c.item, found.c.last), found.c.last)
    found = found.union_all(further.where(found.c.item.is_not(None)))
    return select(found.c.item).where(found.c.item.is_not(None))


def _next(after: ColumnElement[bool], last: ColumnElement[int]) -> ScalarSelect[int]:
    return select(func.min(_response.item)).where(after, _response.item < last).scalar_subquery()


def pooled(several: Iterable[Answers]) -> Answers:
    """The answers of several items as one: those of a question's languages."""
    groups: list[Group] = []
    seconds: Counter[int] = Counter()
    for answers in several:
        groups += answers.groups
        seconds.update(answers.seconds)
    return Answers(tuple(groups), seconds)
