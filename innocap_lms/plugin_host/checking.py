"""What plugins give, held to the signatures of the contract: kind of thing, and usable values."""

import inspect
import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import singledispatch
from typing import Any, Final, get_args, get_type_hints

from innocap_lms.content.codes import CODES
from innocap_lms.content.kinds import Mark, Parsed, QuestionKind
from innocap_lms.content.problems import Problem
from innocap_lms.plugin_host import contract
from innocap_lms.plugin_host.contract import Card, CourseSource, Track

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\Z")
HUE = re.compile(r"#[0-9A-Fa-f]{6}\Z")
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*\Z")


# The functions of a question kind, and the macros its templates have.
PARTS_OF_A_KIND: Final = ("claims", "parse", "grade", "order", "read", "compare")
TEMPLATES: Final = ("ask", "review", "print")


class UnusableResult(TypeError):
    """A plugin gave something that its hook does not promise; the message says what."""


HOOKS: Final[Mapping[str, Callable[..., object]]] = {
    name: function
    for name, function in vars(contract).items()
    if hasattr(function, f"{contract.NAMESPACE}_spec")
}


@dataclass(frozen=True)
class Spec:
    """What a hook takes, and the kind of thing of which it gives a sequence."""

    signature: inspect.Signature
    gives: type


def spec_of(hook: Callable[..., object]) -> Spec:
    """What the signature of a hook says. Raises TypeError where it does not say what it gives."""
    of = get_args(get_type_hints(hook).get("return"))
    if len(of) != 1 or not isinstance(of[0], type):
        raise TypeError("its signature does not say of which kind of thing it gives a Sequence")
    return Spec(inspect.signature(hook), of[0])


SPECS: Final[Mapping[str, Spec]] = {name: spec_of(function) for name, function in HOOKS.items()}


def items_of(hook: str, wanted: type, result: object) -> list[Any]:
    """The things a hook gave, each checked. Raises UnusableResult; a generator's error as it is."""
    if not isinstance(result, Iterable) or isinstance(result, str | bytes | Mapping):
        raise UnusableResult(f"{hook} gave {_short(result)}, not a list of {wanted.__name__}")
    items = list(result)
    for item in items:
        if not isinstance(item, wanted):
            raise UnusableResult(f"{hook} gave {_short(item)}, not a {wanted.__name__}")
        fault = fault_of(item)
        if fault:
            raise UnusableResult(f"{hook}: {fault}")
    return items


@singledispatch
def fault_of(_item: object) -> str:
    """What makes a thing of the contract unusable, or "" when nothing does. What only plugins
    exchange is theirs to judge."""
    return ""


@fault_of.register
def _(track: Track) -> str:
    if not isinstance(track.slug, str) or not SLUG.match(track.slug):
        return f"the slug {_short(track.slug)} is not lower-case letters, digits and hyphens"
    for field in ("names", "summaries"):
        if not are_words(getattr(track, field)):
            return f"track {track.slug}: {field} does not map languages to text"
    for field in ("hue_light", "hue_dark"):
        if not isinstance(hue := getattr(track, field), str) or not HUE.match(hue):
            return f"track {track.slug}: {field} is {_short(hue)}, not #RRGGBB"
    if not _is_line(track.line):
        return f"track {track.slug}: line is not two or more points from 0 to 100, left to right"
    return ""


@fault_of.register
def _(source: CourseSource) -> str:
    if not isinstance(source.track, str):
        return f"the track of a course is {_short(source.track)}, not a slug"
    if not _is_folder(source.folder):
        return f"the folder of a course is {_short(source.folder)}: use Path(…) or files(…)"
    if source.banks is not None and not _is_folder(source.banks):
        return f"the banks of a course are {_short(source.banks)}: use Path(…) or files(…)"
    return ""


@fault_of.register
def _(kind: QuestionKind) -> str:
    if not isinstance(kind.name, str) or not SLUG.match(kind.name):
        return f"the name {_short(kind.name)} is not lower-case letters, digits and hyphens"
    for part in PARTS_OF_A_KIND:
        if not callable(getattr(kind, part)):
            return f"question kind {kind.name}: {part} cannot be called"
    if not isinstance(kind.templates, Mapping) or not set(TEMPLATES) <= set(kind.templates):
        return f"question kind {kind.name}: templates lack one of {', '.join(TEMPLATES)}"
    if not all(isinstance(kind.templates[use], str) for use in TEMPLATES):
        return f"question kind {kind.name}: a template is named by text"
    return ""


@fault_of.register
def _(card: Card) -> str:
    if not all(isinstance(value, str) for value in vars(card).values()):
        return "a card has something other than text in it"
    if card.url and not re.match(r"/(?![/\\])", card.url):
        return f"the card's url {_short(card.url)} is not a path of this site, such as /courses/x"
    return ""


@fault_of.register
def _(problem: Problem) -> str:
    words = (problem.file, problem.code, problem.message, problem.advice)
    if not all(isinstance(value, str) and value for value in words):
        return "a problem lacks its file, code, message or advice"
    if problem.code in CODES:
        return f"the code {problem.code} is the core's: choose another"
    numbers = (problem.line, problem.column)
    if not all(type(number) is int and number > 0 for number in numbers):
        return f"problem {problem.code}: line and column count from 1"
    if problem.severity not in ("error", "warning"):
        return f"problem {problem.code}: it is neither an error nor a warning"
    return ""


def part_of_kind(part: str, result: Any) -> Any:
    """What a question kind's function gave, if it may be used. Raises UnusableResult."""
    if not _FITS[part](result):
        raise UnusableResult(f"{part} gave {_short(result)}")
    return result


def are_words(words: object) -> bool:
    """Whether something maps languages to text, at least one."""
    return isinstance(words, Mapping) and bool(words) and all(map(_is_word, words.items()))


def _is_folder(place: object) -> bool:
    return hasattr(place, "iterdir") and hasattr(place, "joinpath")


def _is_word(word: tuple[object, object]) -> bool:
    language, text = word
    return (
        isinstance(language, str)
        and LANGUAGE.match(language) is not None
        and isinstance(text, str)
        and bool(text.strip())
    )


def _is_line(line: Any) -> bool:
    try:
        across = [float(x) for x, _y in line]
        down = [float(y) for _x, y in line]
    except (TypeError, ValueError):
        return False
    inside = all(0 <= value <= 100 for value in across + down)
    return inside and len(across) >= 2 and across == sorted(across)


def _is_mark(mark: object) -> bool:
    share = mark.share if isinstance(mark, Mark) else None
    return isinstance(share, int | float) and math.isfinite(share) and 0 <= share <= 1


def _is_order(order: object) -> bool:
    return isinstance(order, list) and all(isinstance(option, str) for option in order)


def _is_answer(answer: object) -> bool:
    return isinstance(answer, tuple) and all(isinstance(value, str) for value in answer)


def _is_problems(found: object) -> bool:
    return isinstance(found, tuple) and all(isinstance(each, Problem) for each in found)


_FITS: Final[Mapping[str, Callable[[object], bool]]] = {
    "claims": lambda _answer: True,  # anything is true or false
    "parse": lambda parsed: isinstance(parsed, Parsed),
    "grade": _is_mark,
    "order": _is_order,
    "read": _is_answer,
    "compare": _is_problems,
}


def _short(thing: object) -> str:
    try:
        text = repr(thing)
    except Exception:  # a plugin's own repr
        return f"a {type(thing).__name__}"
    return text if len(text) <= 80 else f"{text[:79]}…"
