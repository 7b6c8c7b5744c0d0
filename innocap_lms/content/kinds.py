"""What a question kind is: parse a block into view and key, grade an answer against the key."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from innocap_lms.content.problems import Problem

Json = Mapping[str, Any]


class AnswerRefused(ValueError):
    """What was sent is no answer to the question; the message says why."""


class KindFailed(RuntimeError):
    """A function of a kind gave nothing that can be used; the message says which, and why."""


@dataclass(frozen=True)
class Mark:
    """What an answer earned. `share` runs from 0 to 1; `because` is a word: right, partly, wrong,
    unanswered, recorded, or one of the kind's own, of at most 100 characters. `parts` says of
    each part of the question (a gap, a term, a place in the order), in its order, whether it was
    right."""

    share: float
    because: str
    parts: tuple[bool, ...] = ()


@dataclass(frozen=True)
class OptionBlock:
    """One item of a list under a question: an option, or a thing to put in order."""

    id: str
    text: str
    ticked: bool
    feedback: str
    line: int


@dataclass(frozen=True)
class PairBlock:
    """A term and its definition, each with an id; the line is the term's."""

    id: str
    text: str
    target: str
    target_text: str
    feedback: str
    line: int


@dataclass(frozen=True)
class AnswerBlock:
    """A line `= text`: an answer that is accepted, exactly as it stands in the file."""

    text: str
    line: int


@dataclass(frozen=True)
class QuestionBlock:
    """A question as it stands in a quiz file, cut in parts but not yet understood.

    `text`, `stem`, `hint` and `feedback` are Markdown; `classes` come from `{.name}` and
    `attributes` from `{key=value}` on the heading; `line` counts from 1 in `file`, which is written
    in `language`; the stem starts on `stem_line`. Under the question stand `options` (a list with
    marks), `items` (a numbered list), `pairs` (a definition list) or `answers`.
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
    items: tuple[OptionBlock, ...] = ()
    pairs: tuple[PairBlock, ...] = ()
    answers: tuple[AnswerBlock, ...] = ()
    hint: str = ""
    stem_line: int = 0


@dataclass(frozen=True)
class Parsed:
    """`view` may travel to the browser; `key` and `feedback` only when they are due.

    Every kind's view holds `text`, and where there is one a `stem` and a `hint`. A `table`, in
    Markdown, is for a kind that shows it in its own way: pages that show a question without its
    kind, and whoever compares two versions, take it as it is. What can be chosen
    stands in `options`, a list of `{"id", "text"}` in an order that does not give the key away;
    what each gets an answer of its own, in `terms`, a list of the same. `feedback` holds
    `question`, and `options` by the id of an option or term.
    """

    view: Json
    key: Json
    feedback: Json
    problems: tuple[Problem, ...] = ()


def read_ids(view: Json, order: Sequence[str], sent: Sequence[str]) -> tuple[str, ...]:
    """The chosen options: ids of `order`, each once, and one alone where the view says so. Raises
    AnswerRefused for anything else."""
    chosen = tuple(dict.fromkeys(value for value in sent if value))
    if len(chosen) > 1 and view.get("multiple") is False:
        raise AnswerRefused("this question takes one answer")
    for value in chosen:
        if value not in order:
            raise AnswerRefused(f"“{value[:60]}” is no option of this question")
    return chosen


def shuffle_options(view: Json, shuffle: Callable[[list[str]], None]) -> list[str]:
    """The ids of the view's options, shuffled."""
    ids = [option["id"] for option in view.get("options", ())]
    shuffle(ids)
    return ids


def says_the_same(_lead: QuestionBlock, _translation: QuestionBlock) -> tuple[Problem, ...]:
    """No rule but those that every translation is held to."""
    return ()


@dataclass(frozen=True)
class QuestionKind:
    """A kind of question, as a plugin registers it. All its functions are pure.

    `claims(block)` says whether a block is of this kind. `order(view, shuffle)` gives the ids of
    the view's options, each at most once, in the order of one attempt; `shuffle` mixes a list
    in place. `read(view, order, sent)` makes an answer of the values that the question's fields
    sent: a tuple of strings, empty where nothing was answered. It raises AnswerRefused, and never
    sees the key.
    `grade(key, answer)` marks what `read` gave. `compare(lead, translation)` finds what a
    translation says otherwise than the lead language, beyond ids, marks, classes and attributes.
    `templates` names the Jinja templates whose macros `ask`, `review` and `print` take (question,
    lang). `ask` gets no key, and what it makes of a question without an answer is shown to others
    who get the same options in the same order; the others get the key once it is due, and must do
    without.

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
    compare: Callable[[QuestionBlock, QuestionBlock], tuple[Problem, ...]] = says_the_same
    graded: bool = True
    counted: bool = True
