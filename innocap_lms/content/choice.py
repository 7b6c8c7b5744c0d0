"""The two kinds of question that every course has: choose one, and choose all that apply."""

from collections.abc import Callable, Sequence
from typing import Final

from innocap_lms.content.codes import Place, problem
from innocap_lms.content.identifiers import nearest
from innocap_lms.content.kinds import Json, Mark, Parsed, QuestionBlock, QuestionKind
from innocap_lms.content.problems import Problem

_CLASSES: Final = frozenset({"multiple", "fixed"})
_ATTRIBUTES: Final = ("points", "outcome", "tags")
_TEMPLATES: Final = {
    "ask": "learning/kinds/choice_ask.html",
    "review": "learning/kinds/choice_review.html",
}


def _is_multiple(block: QuestionBlock) -> bool:
    return "multiple" in block.classes or sum(option.ticked for option in block.options) > 1


def _claims_single(block: QuestionBlock) -> bool:
    return block.classes <= _CLASSES and not _is_multiple(block)


def _claims_multiple(block: QuestionBlock) -> bool:
    return block.classes <= _CLASSES and _is_multiple(block)


def _parse(block: QuestionBlock) -> Parsed:
    return Parsed(
        view={
            "text": block.text,
            "stem": block.stem,
            "options": [{"id": option.id, "text": option.text} for option in block.options],
            "multiple": _is_multiple(block),
        },
        key={"correct": [option.id for option in block.options if option.ticked]},
        feedback={
            "options": {option.id: option.feedback for option in block.options if option.feedback},
            "question": block.feedback,
        },
        problems=tuple(_problems(block)),
    )


def _problems(block: QuestionBlock) -> list[Problem]:
    found = []
    place = Place(block.file, block.line)
    if len(block.options) < 2:
        advice = "write one option a line: - [ ] Text {#id}, and [x] for the right one"
        found.append(problem("C041", place, "the question has fewer than two options", advice))
    elif not any(option.ticked for option in block.options):
        advice = "mark the right option with [x]"
        found.append(problem("C042", place, "no option is marked as right", advice))
    for name in sorted(set(block.attributes) - set(_ATTRIBUTES)):
        near = nearest(name, _ATTRIBUTES)
        advice = f"did you mean {near}=?" if near else "known here: points=, outcome=, tags="
        found.append(problem("C045", place, f"unknown attribute “{name}”", advice))
    seen: set[str] = set()
    for option in block.options:
        words = " ".join(option.text.split()).casefold()
        if words in seen:
            advice = "say how this option differs from the other"
            here = Place(block.file, option.line)
            found.append(problem("C051", here, "two options read the same", advice))
        seen.add(words)
    return found


def _grade(key: Json, answer: Sequence[str]) -> Mark:
    chosen = {value for value in answer if isinstance(value, str) and value}
    if not chosen:
        return Mark(0.0, "unanswered")
    right = chosen == set(key.get("correct", ()))
    return Mark(1.0, "right") if right else Mark(0.0, "wrong")


def _order(view: Json, shuffle: Callable[[list[str]], None]) -> list[str]:
    ids = [option["id"] for option in view["options"]]
    shuffle(ids)
    return ids


SINGLE: Final = QuestionKind("single", _claims_single, _parse, _grade, _order, _TEMPLATES)
MULTIPLE: Final = QuestionKind("multiple", _claims_multiple, _parse, _grade, _order, _TEMPLATES)
BUILT_IN_KINDS: Final = (SINGLE, MULTIPLE)
