"""What a question kind is: parse a block into view and key, grade an answer against the key."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from innocap_lms.content.problems import Problem

Json = Mapping[str, Any]


@dataclass(frozen=True)
class Mark:
    """What an answer earned. `share` runs from 0 to 1; `because` is a word such as "right"."""

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
    `{key=value}` on the heading; `line` counts from 1 in `file`.
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


@dataclass(frozen=True)
class Parsed:
    """`view` may travel to the browser; `key` and `feedback` only when they are due."""

    view: Json
    key: Json
    feedback: Json
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class QuestionKind:
    """A kind of question, as a plugin registers it.

    `claims(block)` says whether a block is of this kind. `grade(key, answer)` is pure; `answer` is
    the list of values the form sent for the question. `order(view, random)` gives the ids of the
    options in the order of one attempt. `templates` names the Jinja templates whose macros
    `ask(question, lang)` and `review(question, lang)` show it; they get the view, never the key.
    """

    name: str
    claims: Callable[[QuestionBlock], bool]
    parse: Callable[[QuestionBlock], Parsed]
    grade: Callable[[Json, Sequence[str]], Mark]
    order: Callable[[Json, Callable[[list[str]], None]], list[str]]
    templates: Mapping[str, str]
