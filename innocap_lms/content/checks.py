"""What the built-in kinds check of a block: its attributes, what stands under it, its words."""

from collections.abc import Iterable, Sequence
from typing import Final

from innocap_lms.content.codes import Place, problem
from innocap_lms.content.identifiers import nearest
from innocap_lms.content.kinds import QuestionBlock
from innocap_lms.content.problems import Problem
from innocap_lms.content.views import Entry

COMMON: Final = ("points", "outcome", "tags")

_SHAPES: Final = {
    "options": "options",
    "items": "a numbered list with ids",
    "pairs": "a definition list with ids",
    "answers": "answer lines",
}
_FOR_SHAPE: Final = {
    "options": "leave the list or the class out",
    "items": "write {.order} at the end of the heading",
    "pairs": "write {.match} at the end of the heading",
    "answers": "leave the lines or the class out",
}


def check(block: QuestionBlock, used: Sequence[str], own: Sequence[str] = ()) -> list[Problem]:
    """Attributes nobody knows, and lists under the question that its kind does not use."""
    place = Place(block.file, block.line)
    known = (*COMMON, *own)
    found = []
    for name in sorted(set(block.attributes) - set(known)):
        near = nearest(name, known)
        listed = ", ".join(f"{each}=" for each in known)
        advice = f"did you mean {near}=?" if near else f"known here: {listed}"
        found.append(problem("C045", place, f"unknown attribute “{name}”", advice))
    for shape, words in _SHAPES.items():
        entries = getattr(block, shape)
        if entries and shape not in used:
            here = Place(block.file, entries[0].line)
            said = f"this kind of question has no {words.removeprefix('a ')}"
            found.append(problem("C104", here, said, _FOR_SHAPE[shape]))
    return found


def same_words(block: QuestionBlock, entries: Iterable[Entry], what: str) -> list[Problem]:
    """Entries that read the same: learners could not tell them apart."""
    found, seen = [], set[str]()
    for entry in entries:
        words = " ".join(entry.text.split()).casefold()
        if words in seen:
            advice = f"say how this {what} differs from the other"
            here = Place(block.file, entry.line)
            found.append(problem("C051", here, f"two {what}s read the same", advice))
        seen.add(words)
    return found


def never_fixed(block: QuestionBlock) -> list[Problem]:
    """`.fixed` where the author's order is the key."""
    if "fixed" not in block.classes:
        return []
    said, advice = "the author's order would give the answer away", "leave .fixed out"
    return [problem("C104", Place(block.file, block.line), said, advice)]


def setting(
    block: QuestionBlock, name: str, high: float, problems: list[Problem], *, whole: bool = False
) -> float | None:
    """The number that an attribute sets, from 0 to `high`; None, with a problem where it is
    something else."""
    raw = block.attributes.get(name)
    if raw is None:
        return None
    plain = raw.isascii() and raw.replace(".", "", 0 if whole else 1).isdigit() and len(raw) <= 8
    if plain and float(raw) <= high:
        return float(raw)
    kind = "whole number" if whole else "number"
    said = f"“{name}={raw[:20]}” is no {kind} from 0 to {high:g}"
    problems.append(problem("C103", Place(block.file, block.line), said, f"write {name}=1"))
    return None
