"""Questions with options: choose one, choose all that apply, true or false."""

import re
from collections.abc import Callable, Sequence
from typing import Final

from innocap_lms.content.checks import check, same_words, setting
from innocap_lms.content.codes import Place, problem
from innocap_lms.content.gaps import has_gaps
from innocap_lms.content.grading import UNANSWERED, in_words
from innocap_lms.content.kinds import (
    Json,
    Mark,
    Parsed,
    QuestionBlock,
    QuestionKind,
    shuffle_options,
)
from innocap_lms.content.problems import Problem
from innocap_lms.content.views import feedback_of, is_partial, shown, view_of
from innocap_lms.content.wording import wording

MAX_PENALTY: Final = 10
_CLASSES: Final = frozenset({"multiple", "fixed", "partial"})
_TRUTHS: Final = ("true", "false")
_TEMPLATES: Final = dict.fromkeys(("ask", "review", "print"), "learning/kinds/choice.html")


def _is_multiple(block: QuestionBlock) -> bool:
    return "multiple" in block.classes or sum(option.ticked for option in block.options) > 1


def _claims_single(block: QuestionBlock) -> bool:
    return block.classes <= _CLASSES and not _is_multiple(block)


def _claims_multiple(block: QuestionBlock) -> bool:
    return block.classes <= _CLASSES and _is_multiple(block)


def _parse(block: QuestionBlock) -> Parsed:
    multiple = _is_multiple(block)
    own = ("penalty",) if multiple else ()
    problems = [*_options(block), *check(block, ["options"], own)]
    if not multiple and is_partial(block) and block.options:
        advice = "leave .partial out, or write .multiple beside it"
        said = "one answer is right or wrong: there is no part of it"
        problems.append(problem("C103", Place(block.file, block.line), said, advice))
    penalty = setting(block, "penalty", MAX_PENALTY, problems)
    if penalty is not None and not is_partial(block):
        advice = "write .partial beside it"
        said = "a penalty takes from partial credit, and this question gives none"
        problems.append(problem("C103", Place(block.file, block.line), said, advice))
    if penalty == 0:
        said = "with penalty=0 whoever ticks every option has all the points"
        advice = "write penalty=0.5, or leave it out: then it is 1"
        problems.append(problem("C103", Place(block.file, block.line), said, advice))
    taken = {"penalty": 1.0 if penalty is None else penalty} if is_partial(block) else {}
    correct = [option.id for option in block.options if option.ticked]
    return Parsed(
        view=view_of(block, options=shown(block.options), multiple=multiple),
        key={"correct": correct, **taken},
        feedback=feedback_of(block, block.options),
        problems=tuple(problems),
    )


def _options(block: QuestionBlock) -> list[Problem]:
    place = Place(block.file, block.line)
    if block.items or block.pairs or block.answers:
        return []  # `check` says what the question lacks to be of their kind
    if len(block.options) < 2:
        if any(re.match(r"=(?!=)", line) for line in block.stem.split("\n")):
            advice = "write = text, and leave a line empty before the first such line"
            said = "answer lines stand in a block of their own"
            return [problem("C100", place, said, advice)]
        if "[[" in block.stem and not has_gaps(block.stem):
            advice = "write [[answer]] on one line, with no ( after it"
            return [problem("C106", place, "the gap is not closed, or is a link", advice)]
        advice = "write one option a line: - [ ] Text {#id}, and [x] for the right one"
        return [problem("C041", place, "the question has fewer than two options", advice)]
    found = same_words(block, block.options, "option")
    if not any(option.ticked for option in block.options):
        advice = "mark the right option with [x]"
        found.append(problem("C042", place, "no option is marked as right", advice))
    return found


def _grade(key: Json, answer: Sequence[str]) -> Mark:
    """All or nothing; with a penalty, max(0, right chosen − penalty × wrong chosen) / right."""
    chosen = {value for value in answer if isinstance(value, str) and value}
    if not chosen:
        return UNANSWERED
    correct = set(key.get("correct", ()))
    if "penalty" not in key or not correct:
        return in_words(float(chosen == correct))
    hits = len(chosen & correct)
    return in_words(max(0.0, hits - key["penalty"] * (len(chosen) - hits)) / len(correct))


def _claims_truth(block: QuestionBlock) -> bool:
    return bool(block.classes & {*_TRUTHS}) and block.classes <= {*_TRUTHS}


def _parse_truth(block: QuestionBlock) -> Parsed:
    problems = check(block, [])
    if len(block.classes) > 1:
        said, advice = "the statement is both true and false", "keep .true or .false"
        problems.append(problem("C104", Place(block.file, block.line), said, advice))
    words = wording(block.language)
    return Parsed(
        view=view_of(
            block,
            options=[{"id": truth, "text": words[truth]} for truth in _TRUTHS],
            multiple=False,
        ),
        key={"correct": [truth for truth in _TRUTHS if truth in block.classes][:1]},
        feedback=feedback_of(block),
        problems=tuple(problems),
    )


def _order_truth(_view: Json, _shuffle: Callable[[list[str]], None]) -> list[str]:
    return list(_TRUTHS)


SINGLE: Final = QuestionKind("single", _claims_single, _parse, _grade, shuffle_options, _TEMPLATES)
MULTIPLE: Final = QuestionKind(
    "multiple", _claims_multiple, _parse, _grade, shuffle_options, _TEMPLATES
)
TRUE_FALSE: Final = QuestionKind(
    "true-false", _claims_truth, _parse_truth, _grade, _order_truth, _TEMPLATES
)
