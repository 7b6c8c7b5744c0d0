"""What a question kind is: parse a block into view and key, grade an answer against the key."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from innocap_lms.content.problems import Problem

Json = Mapping[str, Any]


class AnswerRefused(ValueError):
    """What was sent is no answer to the question; the message says why."""


@dataclass(frozen=True)
class Mark:
    """What an answer earned. `share` runs from 0 to 1; `because` is a word: right, partly, wrong,
    unanswered, recorded, or one of the kind's own."""

    share: float
    because: str


@dataclass(frozen=True)
class OptionBlock:
    """One list item under a question."""

    id: str
    text: str
    ticked: bool
    feedback: str
    line: int


@dataclass(frozen=True)
class QuestionBlock:
    """A question as it stands in a quiz file, cut in parts but not yet understood.

    `text` and `stem` are Markdown; `classes` come from `{.name}` and `attributes` from
    `{key=value}` on the heading; `line` counts from 1 in `file`, which is written in `language`.
    """

    id: str
    text: str
    stem: str
    options: tuple[OptionBlock, ...]
    feedback: str
    classes: frozenset[str]
    attributes: Mapping[str, str]
    file: str
    line: int
    language: str = ""


@dataclass(frozen=True)
class Parsed:
    """`view` may travel to the browser; `key` and `feedback` only when they are due."""

    view: Json
    key: Json
    feedback: Json
    problems: tuple[Problem, ...] = ()


def read_ids(_view: Json, order: Sequence[str], sent: Sequence[str]) -> tuple[str, ...]:
    """The chosen options: ids of `order`, each once. Raises AnswerRefused for any other value."""
    chosen = tuple(dict.fromkeys(value for value in sent if value))
    for value in chosen:
        if value not in order:
            raise AnswerRefused(f"“{value[:60]}” is no option of this question")
    return chosen


@dataclass(frozen=True)
class QuestionKind:
    """A kind of question, as a plugin registers it. All its functions are pure.

    `claims(block)` says whether a block is of this kind. `order(view, shuffle)` gives the ids of
    the options in the order of one attempt; `shuffle` mixes a list in place. `read(view, order,
    sent)` makes an answer of the values that the question's fields sent: a tuple of strings, empty
    where nothing was answered. It raises AnswerRefused, and never sees the key.
    `grade(key, answer)` marks what `read` gave. `templates` names the Jinja templates whose macros
    `ask`, `review` and `print` take (question, lang); `ask` and `print` get no key.

    `graded` is False where an answer is only recorded. `counted` says that the values of an answer
    come from the view, never from a learner's own words: they may be counted in statistics.
    """

    name: str
    claims: Callable[[QuestionBlock], bool]
    parse: Callable[[QuestionBlock], Parsed]
    grade: Callable[[Json, Sequence[str]], Mark]
    order: Callable[[Json, Callable[[list[str]], None]], list[str]]
    templates: Mapping[str, str]
    read: Callable[[Json, Sequence[str], Sequence[str]], tuple[str, ...]] = read_ids
    graded: bool = True
    counted: bool = True
