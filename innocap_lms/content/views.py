"""What the built-in kinds share of a view, its feedback and its key."""

from collections.abc import Iterable
from typing import Any, Protocol

from innocap_lms.content.kinds import Json, QuestionBlock


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


def is_partial(block: QuestionBlock) -> bool:
    """Whether the author gives credit for a part."""
    return "partial" in block.classes


def key_of(block: QuestionBlock, **parts: Any) -> Json:
    """A key; it says that partial credit is given where it is."""
    return {**parts, "partial": True} if is_partial(block) else parts
