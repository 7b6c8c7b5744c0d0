"""Questions that put things in order: a numbered list, which its author wrote in the right one."""

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from innocap_lms.content.checks import check, never_fixed, same_words
from innocap_lms.content.codes import Place, problem
from innocap_lms.content.grading import UNANSWERED, in_words, numbers
from innocap_lms.content.kinds import (
    AnswerRefused,
    Json,
    Mark,
    Parsed,
    QuestionBlock,
    QuestionKind,
    shuffle_options,
)
from innocap_lms.content.views import feedback_of, key_of, shown, view_of

_TEMPLATES: Final = dict.fromkeys(("ask", "review", "print"), "learning/kinds/ordering.html")


def _claims(block: QuestionBlock) -> bool:
    return "order" in block.classes and block.classes <= {"order", "partial", "fixed"}


def _parse(block: QuestionBlock) -> Parsed:
    problems = [*check(block, ["items"]), *never_fixed(block)]
    problems += same_words(block, block.items, "item")
    if len(block.items) < 2:
        said, advice = "there are fewer than two things to order", "write them 1. Text {#id}"
        problems.append(problem("C041", Place(block.file, block.line), said, advice))
    by_id = sorted(block.items, key=lambda item: item.id)
    return Parsed(
        view=view_of(block, options=shown(by_id)),
        key=key_of(block, order=[item.id for item in block.items]),
        feedback=feedback_of(block, block.items),
        problems=tuple(problems),
    )


def _read(_view: Json, order: Sequence[str], sent: Sequence[str]) -> tuple[str, ...]:
    """From "item.place", both counted from 1 as shown, to "id:place", by place.

    An order may still be unfinished: things without a place, or two at the same one.
    """
    places: dict[str, int] = {}
    for value in filter(None, sent):
        item, place = numbers(value, len(order), len(order))
        if order[item - 1] in places:
            raise AnswerRefused("one thing has two places")
        places[order[item - 1]] = place
    given = sorted(places.items(), key=lambda each: (each[1], each[0]))
    return tuple(f"{name}:{place}" for name, place in given)


def _grade(key: Json, answer: Sequence[str]) -> Mark:
    """All or nothing; with partial credit the share of neighbours that are neighbours still."""
    if not answer:
        return UNANSWERED
    places = _places(answer)
    order: Sequence[str] = key["order"]
    parts = [places.get(name) == place for place, name in enumerate(order, 1)]
    if all(parts) or not key.get("partial"):
        return in_words(float(all(parts)), parts)
    kept = [
        one in places and other in places and places[other] == places[one] + 1
        for one, other in pairwise(order)
    ]
    return in_words(sum(kept) / len(kept), parts)


def _places(answer: Sequence[str]) -> dict[str, int]:
    """The place of each thing that has one to itself."""
    found = {}
    for value in answer:
        name, _, place = value.rpartition(":")
        found[name] = int(place)
    taken = Counter(found.values())
    return {name: place for name, place in found.items() if taken[place] == 1}


ORDERING: Final = QuestionKind(
    "ordering", _claims, _parse, _grade, shuffle_options, _TEMPLATES, read=_read
)
