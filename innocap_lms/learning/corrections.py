"""What a remedy makes of one answer to a faulty question. Pure; calls no question kind's hook."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, combinations
from typing import Any, Final, Literal

from innocap_lms.content.model import Question
from innocap_lms.content.numeric import NUMERIC, amount, is_one_of, spelled
from innocap_lms.content.short_text import SHORT_TEXT, plain

How = Literal["accept_all", "accept", "drop"]

ACCEPTED: Final = "accepted"  # why an answer earned its points: it was accepted afterwards
DROPPED: Final = "dropped"  # the question does not count any more
MOST_OPTIONS = 6  # each doubles the number of answers that are right

Marked = tuple[float | None, str]  # points, None where the answer could not be marked; and why
Answers = tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class RemedyView:
    """What was decided of a faulty question. `accepted` holds answers in canonical form; where the
    answer is a number, lines as an author writes them, such as `42 ± 1 km`."""

    id: str
    how: How
    accepted: Answers
    reason: str


def corrected(
    remedy: RemedyView | None, question: Question, answer: Sequence[str], mark: Marked
) -> Marked:
    """The mark of an answer under a remedy. It never takes points from a question that counts."""
    if remedy is None:
        return mark
    if remedy.how == "drop":
        return 0.0, DROPPED
    if mark[1] == DROPPED or (mark[0] is not None and mark[0] >= question.points):
        return mark
    if remedy.how == "accept_all" or _is_accepted(question, answer, remedy.accepted):
        return question.points, ACCEPTED
    return mark


def is_choice(question: Question) -> bool:
    """Whether an answer is one of the options that the question shows, or several of them."""
    return all({"options", "multiple"} <= view.keys() for view in question.views.values())


def takes_words(question: Question) -> bool:
    """Whether an answer is one short text of the learner's own."""
    return question.kind in (SHORT_TEXT.name, NUMERIC.name)


def _is_accepted(question: Question, answer: Sequence[str], accepted: Answers) -> bool:
    if question.kind != NUMERIC.name:
        known = {canonical(question, each) for each in accepted}
        return canonical(question, answer) in known
    units = {view.get("unit", "") for view in question.views.values()}
    lines = [found for (line,) in accepted if (found := amount(line))]
    return bool(answer) and any(
        is_one_of([replace(line, unit=line.unit or unit) for line in lines], answer[0], unit)
        for unit in units
    )


def canonical(question: Question, answer: Sequence[str]) -> tuple[str, ...]:
    """An answer in the one spelling that answers are compared in.

    Options count once, in any order; a number in whatever way it is written; words without regard
    to case and spaces.
    """
    if question.kind == NUMERIC.name:
        return tuple(spelled(value) for value in answer)
    if is_choice(question):
        return tuple(sorted({value for value in answer if value}))
    if question.kind == SHORT_TEXT.name:
        return tuple(plain(value) for value in answer)
    return tuple(" ".join(value.split()).casefold() for value in answer)


def further_options(question: Question, key: Mapping[str, Any], options: Sequence[str]) -> Answers:
    """The answers that are right once these options are accepted too.

    Where one is chosen: each of them. Where several are: the right ones, with each of these chosen
    or left out; never the empty answer. Raises ValueError for an option that is not there, and
    beyond MOST_OPTIONS.
    """
    known = {option["id"] for view in question.views.values() for option in view["options"]}
    if len(options) > MOST_OPTIONS or not known.issuperset(options):
        raise ValueError("no such options")
    if not next(iter(question.views.values()))["multiple"]:
        return tuple((option,) for option in sorted(set(options)))
    right, free = set(key.get("correct", ())), sorted(set(options))
    chosen = chain.from_iterable(combinations(free, size) for size in range(len(free) + 1))
    found = {tuple(sorted((right - set(free)) | set(some))) for some in chosen}
    return tuple(sorted(answer for answer in found if answer))


def further_words(question: Question, lines: str) -> Answers:
    """The answers that are right once these words, one answer a line, are accepted too. Raises
    ValueError, which names the line, where an answer is a number and a line is not."""
    wanted = [" ".join(line.split()) for line in lines.splitlines() if line.strip()]
    if question.kind != NUMERIC.name:
        return tuple(sorted({canonical(question, (line,)) for line in wanted}))
    for line in wanted:
        if amount(line) is None:
            raise ValueError(line)
    return tuple((line,) for line in sorted(set(wanted)))
