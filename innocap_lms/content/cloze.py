"""Texts with gaps: some are filled in, some chosen from a list."""

import re
from collections.abc import Callable, Sequence
from typing import Any, Final

from innocap_lms.content.checks import check
from innocap_lms.content.codes import Place, problem
from innocap_lms.content.gaps import Gap, GapText, cut_gaps, has_gaps
from innocap_lms.content.grading import MAX_LINE, UNANSWERED, mark, numbers
from innocap_lms.content.kinds import (
    AnswerRefused,
    Json,
    Mark,
    Parsed,
    QuestionBlock,
    QuestionKind,
)
from innocap_lms.content.numeric import amount, doubt, is_half, is_one_of
from innocap_lms.content.problems import Problem
from innocap_lms.content.sheet import MAX_PARTS, too_many
from innocap_lms.content.short_text import accepts, plain, too_long, typos_of
from innocap_lms.content.views import Entry, feedback_of, key_of, view_of

_MARKDOWN: Final = re.compile(r"[*_`~^\\]")
_TEMPLATES: Final = dict.fromkeys(("ask", "review", "print"), "learning/kinds/cloze.html")


def _claims(block: QuestionBlock) -> bool:
    under = block.options or block.items or block.pairs or block.answers
    gaps = has_gaps(block.stem) or has_gaps(block.text)
    return block.classes <= {"partial", "fixed"} and not under and gaps


def _parse(block: QuestionBlock) -> Parsed:
    cut = cut_gaps(block.stem)
    problems = [*check(block, [], ("typos",)), *_misplaced(block, cut)]
    for gap in cut.gaps[:MAX_PARTS]:
        problems += _faults(gap, _at(block, gap.line, gap.column))
    if len(cut.gaps) > MAX_PARTS:
        problems.append(too_many(Place(block.file, block.line), "gaps", MAX_PARTS))
    gaps = cut.gaps[:MAX_PARTS]
    words = (word for gap in gaps if gap.right is None for word in gap.words)
    accepted = [word for word in words if amount(word) is None]  # a typing error is another number
    return Parsed(
        view=view_of(block, stem=cut.text, gaps=[gap.right is not None for gap in gaps])
        | {"options": _choices(gaps)},
        key=key_of(
            block,
            gaps=[{"right": gap.right} if gap.right else {"accepted": gap.words} for gap in gaps],
            typos=typos_of(block, accepted, problems),
        ),
        feedback=feedback_of(block),
        problems=tuple(problems),
    )


def _choices(gaps: Sequence[Gap]) -> list[dict[str, str]]:
    """What can be chosen, as "gap.choice", in the author's order."""
    return [
        {"id": f"{number}.{choice}", "text": word}
        for number, gap in enumerate(gaps, 1)
        if gap.right is not None
        for choice, word in enumerate(gap.words[:MAX_PARTS], 1)
    ]


def _at(block: QuestionBlock, line: int, column: int) -> Place:
    return Place(block.file, block.stem_line + line, column)


def _misplaced(block: QuestionBlock, cut: GapText) -> list[Problem]:
    advice = "let it stand in plain text under the heading, as [[answer]] on one line"
    return [
        problem("C106", _at(block, *stray), "a gap cannot stand here", advice)
        for stray in cut.strays
    ]


def gaps_elsewhere(block: QuestionBlock, *, filled: bool) -> list[Problem]:
    """Gaps that would be printed with their answers: beside the text of a question that has them
    `filled`, and everywhere in any other question. Code keeps its brackets."""
    advice = "gaps stand in the text of a question without list, = lines and class but .partial"
    texts = [("heading", block.text, block.line), ("hint", block.hint, block.line)]
    texts += [("feedback", block.feedback, block.line)]
    entries: list[Entry] = [*block.options, *block.items, *block.pairs]
    for entry in entries:
        texts += [("list", entry.text, entry.line), ("feedback", entry.feedback, entry.line)]
    texts += [("list", pair.target_text, pair.line) for pair in block.pairs]
    if not filled:
        texts.append(("text of this question", block.stem, block.stem_line))
    return [
        problem("C106", Place(block.file, line), f"a gap cannot stand in the {where}", advice)
        for where, text, line in texts
        if has_gaps(text) and _is_read(cut_gaps(text))
    ]


def _is_read(cut: GapText) -> bool:
    return bool(cut.gaps or cut.strays)


def _faults(gap: Gap, place: Place) -> list[Problem]:
    if not all(gap.words):
        said, advice = "the gap has an empty answer", "write [[answer]] or [[answer|variant]]"
        return [problem("C100", place, said, advice)]
    if gap.right is None:
        return [fault for word in gap.words for fault in _written(word, place)]
    if len(gap.words) > MAX_PARTS:
        return [too_many(place, "choices", MAX_PARTS)]
    if len(gap.words) < 2 or gap.marks > 1:
        said = "a gap to choose in has one right choice and others"
        advice = "write [[=right|wrong|wrong]], in any order"
        return [problem("C041", place, said, advice)]
    if any("$" in word for word in gap.words):
        said, advice = "a list to choose from shows no formula", "write the choices in plain text"
        return [problem("C116", place, said, advice)]
    if len({_as_shown(word) for word in gap.words}) < len(gap.words):
        advice = "say how they differ"
        return [problem("C051", place, "two choices of the gap read the same", advice)]
    return []


def _as_shown(word: str) -> str:
    """A choice as a list shows it: without the marks of Markdown."""
    return " ".join(_MARKDOWN.sub("", word).split()).casefold()


def _written(word: str, place: Place) -> list[Problem]:
    """What is wrong with a word, or a number, that a gap accepts."""
    if doubtful := doubt(word):
        return [problem("C116", place, *doubtful)]
    if is_half(word) and amount(word) is None:
        said, advice = f"“{word[:40]}” cannot be read as a number", "write [[42 ± 1 km]]"
        return [problem("C102", place, said, advice)]
    return too_long(place, word)


def _order(view: Json, shuffle: Callable[[list[str]], None]) -> list[str]:
    """The choices of each gap, shuffled among themselves."""
    found = []
    for number, choice in enumerate(view["gaps"], 1):
        ids = [each["id"] for each in view["options"] if each["id"].startswith(f"{number}.")]
        if choice:
            shuffle(ids)
        found += ids
    return found


def _read(view: Json, order: Sequence[str], sent: Sequence[str]) -> tuple[str, ...]:
    """One value for each gap: what was typed, or the number of a choice as shown."""
    if not any(value.strip() for value in sent):
        return ()
    if len(sent) != len(view["gaps"]):
        raise AnswerRefused("there is one answer for each gap")
    return tuple(
        _one(value.strip(), [name for name in order if name.startswith(f"{number}.")], choice)
        for number, (value, choice) in enumerate(zip(sent, view["gaps"], strict=True), 1)
    )


def _one(value: str, choices: Sequence[str], choice: bool) -> str:
    if choice and value:
        return choices[numbers(value, len(choices))[0] - 1]
    if len(value) > MAX_LINE:
        raise AnswerRefused(f"an answer here has at most {MAX_LINE} characters")
    return value


def _grade(key: Json, answer: Sequence[str]) -> Mark:
    """All or nothing; with partial credit the share of gaps that are right."""
    if not any(answer):
        return UNANSWERED
    given = [*answer, *[""] * len(key["gaps"])]
    parts = [
        _is_right(gap, key["typos"], number, value)
        for number, (gap, value) in enumerate(zip(key["gaps"], given, strict=False), 1)
    ]
    return mark(parts, partial=bool(key.get("partial")))


def _is_right(gap: Any, typos: int, number: int, value: str) -> bool:
    if "right" in gap:
        return value == f"{number}.{gap['right']}"
    numbers = [word for word in gap["accepted"] if amount(word)]
    words = [word for word in gap["accepted"] if word not in numbers]
    amounts = [found for word in numbers if (found := amount(word))]
    return bool(value) and (
        accepts(words, typos, value) or accepts(numbers, 0, value) or is_one_of(amounts, value)
    )


def _compare(lead: QuestionBlock, block: QuestionBlock) -> tuple[Problem, ...]:
    """A translation has the same gaps: as many, to fill in or to choose, the same choice right."""
    wanted, got = (cut_gaps(each.stem).gaps for each in (lead, block))
    if not got:
        said, advice = "the translation has no gaps", "write its own answers: [[answer]]"
        return (problem("C107", Place(block.file, block.line), said, advice),)
    if len(wanted) != len(got):
        said = f"there are {len(got)} gaps; the lead language has {len(wanted)}"
        advice = "write as many, in the same order"
        return (problem("C108", Place(block.file, block.line), said, advice),)
    if swapped := _swapped(wanted, got):
        said = "the words of another gap of the lead language stand here"
        advice = "let each gap ask for the same as in the lead language, in the same order"
        return (problem("C108", _at(block, swapped.line, swapped.column), said, advice),)
    advice = "write the same choices in the same order, with = before the same one"
    return tuple(
        problem("C108", _at(block, here.line, here.column), "the gap differs from the lead", advice)
        for there, here in zip(wanted, got, strict=True)
        if there.right != here.right
        or (here.right and len(there.words) != len(here.words))
        or _other_numbers(there, here)
    )


def _swapped(lead: Sequence[Gap], here: Sequence[Gap]) -> Gap | None:
    """The first gap to fill in that takes the words of another of the lead language, and not those
    of its own: answers are compared in every language, so both ways round would be right."""
    wanted, got = (
        [set(map(plain, gap.words)) if gap.right is None else set() for gap in gaps]
        for gaps in (lead, here)
    )
    for number, words in enumerate(got):
        others = set().union(*wanted[:number], *wanted[number + 1 :])
        if words & others and not words & wanted[number]:
            return here[number]
    return None


def _other_numbers(lead: Gap, here: Gap) -> bool:
    """Whether a gap takes other numbers than in the lead language; units may be named otherwise."""
    if lead.right is not None:
        return False
    wanted, got = (
        {(found.low, found.high) for word in gap.words if (found := amount(word))}
        for gap in (lead, here)
    )
    return bool(wanted and got) and wanted != got


CLOZE: Final = QuestionKind(
    "cloze",
    _claims,
    _parse,
    _grade,
    _order,
    _TEMPLATES,
    read=_read,
    compare=_compare,
    counted=False,
)
