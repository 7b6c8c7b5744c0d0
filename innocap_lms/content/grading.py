"""Answers as the built-in kinds read them from a form's fields, and the marks they earn."""

from collections.abc import Sequence
from typing import Final

from innocap_lms.content.kinds import AnswerRefused, Json, Mark

MAX_LINE: Final = 500  # characters of an answer of one line
UNANSWERED: Final = Mark(0.0, "unanswered")


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


def read_field(_view: Json, _order: Sequence[str], sent: Sequence[str]) -> tuple[str, ...]:
    """The answer of a question with one field of one line. Raises AnswerRefused."""
    text = read_line(sent)
    return (text,) if text else ()


def numbers(value: str, *highest: int) -> tuple[int, ...]:
    """The numbers of a value such as "2.1", each from 1 to its highest. Raises AnswerRefused."""
    found = value.split(".")
    plain = all(each.isascii() and each.isdigit() and len(each) <= 3 for each in found)
    if plain and len(found) == len(highest):
        whole = tuple(int(each) for each in found)
        if all(1 <= number <= high for number, high in zip(whole, highest, strict=True)):
            return whole
    raise AnswerRefused(f"“{value[:60]}” is no answer to this question")
