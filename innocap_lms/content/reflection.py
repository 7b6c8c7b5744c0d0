"""Questions that ask for a thought of one's own: the answer is kept, and nobody grades it."""

from collections.abc import Sequence
from typing import Final

from innocap_lms.content.checks import check
from innocap_lms.content.codes import Place, problem
from innocap_lms.content.grading import UNANSWERED, read_line
from innocap_lms.content.kinds import (
    Json,
    Mark,
    Parsed,
    QuestionBlock,
    QuestionKind,
    shuffle_options,
)
from innocap_lms.content.views import feedback_of, view_of

MAX_REFLECTION: Final = 10_000  # characters
_TEMPLATES: Final = dict.fromkeys(("ask", "review", "print"), "learning/kinds/reflection.html")


def _claims(block: QuestionBlock) -> bool:
    return block.classes == {"reflection"}


def _parse(block: QuestionBlock) -> Parsed:
    problems = check(block, [])
    if "points" in block.attributes:
        said, advice = "a reflection earns no points", "leave points= out"
        problems.append(problem("C047", Place(block.file, block.line), said, advice))
    return Parsed(view_of(block), {}, feedback_of(block), tuple(problems))


def _read(_view: Json, _order: Sequence[str], sent: Sequence[str]) -> tuple[str, ...]:
    # Browsers send two characters for the end of a line; it was one when it was typed.
    text = read_line([value.replace("\r\n", "\n") for value in sent], MAX_REFLECTION)
    return (text,) if text else ()


def _grade(_key: Json, answer: Sequence[str]) -> Mark:
    return Mark(0.0, "recorded") if answer else UNANSWERED


REFLECTION: Final = QuestionKind(
    "reflection",
    _claims,
    _parse,
    _grade,
    shuffle_options,
    _TEMPLATES,
    read=_read,
    graded=False,
    counted=False,
)
