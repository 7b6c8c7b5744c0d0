"""What the built-in kinds share: the plain parts of a view, checks of a block, marks, limits."""

from collections.abc import Iterable, Sequence
from typing import Any, Final, Protocol

from innocap_lms.content.codes import Place, problem
from innocap_lms.content.identifiers import nearest
from innocap_lms.content.kinds import AnswerRefused, Json, Mark, QuestionBlock
from innocap_lms.content.problems import Problem

COMMON: Final = ("points", "outcome", "tags")
MAX_LINE: Final = 500  # characters of an answer of one line
UNANSWERED: Final = Mark(0.0, "unanswered")

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


class Entry(Protocol):
    """An option, an item or a term: something with an id, words and a line."""

    @property
    def id(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def feedback(self) -> str: ...
    @property
    def line(self) -> int: ...


def view_of(block: QuestionBlock, **more: Any) -> dict[str, Any]:
    """The view that every kind has, and more."""
    hint = {"hint": block.hint} if block.hint else {}
    return {"text": block.text, "stem": block.stem, **hint, **more}


def shown(entries: Iterable[Entry]) -> list[dict[str, str]]:
    """Ids and words, for a view."""
    return [{"id": entry.id, "text": entry.text} for entry in entries]


def feedback_of(block: QuestionBlock, entries: Iterable[Entry] = ()) -> dict[str, Any]:
    """The feedback on the question and on each of its entries that has any."""
    return {
        "options": {entry.id: entry.feedback for entry in entries if entry.feedback},
        "question": block.feedback,
    }


def mark(parts: Sequence[bool], *, partial: bool) -> Mark:
    """The mark of a question in parts: all or nothing, or the share of parts that are right."""
    right = sum(parts)
    share = right / len(parts) if parts else 0.0
    return in_words(share if partial or share == 1 else 0.0, parts)


def in_words(share: float, parts: Sequence[bool] = ()) -> Mark:
    """The mark of a share from 0 to 1."""
    because = "right" if share >= 1 else "partly" if share > 0 else "wrong"
    return Mark(min(1.0, max(0.0, share)), because, tuple(parts))


def read_line(sent: Sequence[str], limit: int = MAX_LINE) -> str:
    """What was typed into the one field of a question. Raises AnswerRefused."""
    if len(sent) > 1:
        raise AnswerRefused("this question takes one answer")
    text = sent[0].strip() if sent else ""
    if len(text) > limit:
        raise AnswerRefused(f"an answer here has at most {limit} characters")
    return text


def numbers(value: str, *highest: int) -> tuple[int, ...]:
    """The numbers of a value such as "2.1", each from 1 to its highest. Raises AnswerRefused."""
    found = value.split(".")
    plain = all(each.isascii() and each.isdigit() and len(each) <= 3 for each in found)
    if plain and len(found) == len(highest):
        whole = tuple(int(each) for each in found)
        if all(1 <= number <= high for number, high in zip(whole, highest, strict=True)):
            return whole
    raise AnswerRefused(f"“{value[:60]}” is no answer to this question")


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


def is_partial(block: QuestionBlock) -> bool:
    """Whether the author gives credit for a part."""
    return "partial" in block.classes


def key_of(block: QuestionBlock, **parts: Any) -> Json:
    """A key; it says that partial credit is given where it is."""
    return {**parts, "partial": True} if is_partial(block) else parts
