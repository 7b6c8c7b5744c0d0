"""What plugins give, held to the signatures of the contract: kind of thing, and usable values."""

import inspect
import json
import math
import re
import reprlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import singledispatch
from typing import Any, Final, get_args, get_origin, get_type_hints

from markupsafe import Markup

from innocap_lms.content.codes import CODES
from innocap_lms.content.identifiers import is_id
from innocap_lms.content.kinds import Mark, Parsed, QuestionKind
from innocap_lms.content.problems import Problem
from innocap_lms.plugin_host import contract
from innocap_lms.plugin_host.contract import (
    Card,
    CertificateDesign,
    CourseSource,
    ProgrammeSource,
    SelfAssessment,
    Track,
)
from innocap_lms.plugin_host.crossing import MOST_BYTES, copied, weight
from innocap_lms.plugin_host.report_types import Report
from innocap_lms.plugin_host.reports import fault_of_report
from innocap_lms.plugin_host.self_assessments import fault_of_self_assessment
from innocap_lms.plugin_host.words import SLUG, are_words

HUE = re.compile(r"#[0-9A-Fa-f]{6}\Z")

# The functions of a question kind, and the macros its templates have.
PARTS_OF_A_KIND: Final = tuple(
    name for name, hint in get_type_hints(QuestionKind).items() if get_origin(hint) is Callable
)
TEMPLATES: Final = ("ask", "review", "print")

TOO_MUCH: Final = f"more than {MOST_BYTES // 1_000_000} MB"
MOST_LOGO: Final = 100_000  # bytes of a drawing that stands on each certificate
LONGEST_WORD: Final = 100  # characters of a mark's word, which is kept with each answer

_REPR: Final = reprlib.Repr()
_REPR.maxstring = _REPR.maxother = 80


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
    items, left = list[Any](), MOST_BYTES
    if not isinstance(result, Iterable) or isinstance(result, str | bytes | Mapping):
        raise UnusableResult(f"{hook} gave {_short(result)}, not a list of {wanted.__name__}")
    for given in result:  # one by one: there may be no end of them
        if type(given) is not wanted:  # a class of the plugin's own would take its code along
            raise UnusableResult(f"{hook} gave {_short(given)}, not a {wanted.__name__}")
        left -= weight(given, left)
        if left < 0:
            raise UnusableResult(f"{hook} gave {TOO_MUCH}")
        item = copied(given)
        fault = fault_of(item)
        if fault:
            raise UnusableResult(f"{hook}: {fault}")
        items.append(item)
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
def _(source: ProgrammeSource) -> str:
    if not isinstance(source.track, str):
        return f"the track of a programme is {_short(source.track)}, not a slug"
    if not isinstance(source.id, str) or not is_id(source.id):
        return f"the id of a programme is {_short(source.id)}"
    if not _is_folder(source.folder):
        return f"the folder of a programme is {_short(source.folder)}: use Path(…) or files(…)"
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
def _(design: CertificateDesign) -> str:
    of = f"the certificate design of {design.track or design.organisation or 'all'}"
    texts = (design.track, design.organisation, design.hue, design.signatory, design.name)
    if not all(isinstance(text, str) for text in texts):
        return f"{of} has something other than text in it"
    if design.hue and not HUE.match(design.hue):
        return f"{of}: hue is {_short(design.hue)}, not #RRGGBB"
    if design.signatory_roles and not are_words(design.signatory_roles):
        return f"{of}: signatory_roles does not map languages to text"
    if design.logo is None:
        return ""
    if not are_words(design.logo_words):
        return f"{of}: logo_words does not say in words what the logo shows"
    try:
        drawn = design.logo.read_bytes()
    except (AttributeError, OSError):
        return f"{of}: the logo cannot be read"
    if len(drawn) > MOST_LOGO or b"<svg" not in drawn[:2000]:
        return f"{of}: the logo is no SVG of at most {MOST_LOGO // 1000} kB"
    return ""


@fault_of.register
def _(report: Report) -> str:
    return fault_of_report(report)


@fault_of.register
def _(found: SelfAssessment) -> str:
    return fault_of_self_assessment(found)


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


def part_of_kind(part: str, given: tuple[Any, ...], result: Any) -> Any:
    """What a question kind's function made of what it was given, if it may be used.

    Raises UnusableResult.
    """
    if weight(result) > MOST_BYTES:
        raise UnusableResult(f"{part} gave {TOO_MUCH}")
    found = copied(result)
    if not _FITS[part](given, found):
        raise UnusableResult(f"{part} gave {_short(found)}")
    return found


def page_part(use: str, html: Markup) -> Markup:
    """What a template made, if it is not too much for a page. Raises UnusableResult."""
    if weight(html) > MOST_BYTES:
        raise UnusableResult(f"{use} made {TOO_MUCH}")
    return html


def _is_folder(place: object) -> bool:
    return hasattr(place, "iterdir") and hasattr(place, "joinpath")


def _is_line(line: Any) -> bool:
    try:
        across = [float(x) for x, _y in line]
        down = [float(y) for _x, y in line]
    except (TypeError, ValueError):
        return False
    inside = all(0 <= value <= 100 for value in across + down)
    return inside and len(across) >= 2 and across == sorted(across)


def _is_mark(_given: tuple[Any, ...], mark: object) -> bool:
    if type(mark) is not Mark or type(mark.because) is not str or type(mark.parts) is not tuple:
        return False
    share = mark.share if isinstance(mark.share, int | float) else math.nan
    named = len(mark.because) <= LONGEST_WORD and all(type(part) is bool for part in mark.parts)
    return named and 0 <= share <= 1


def _is_order(given: tuple[Any, ...], order: object) -> bool:
    """Options of the question, each once: a page could show no other."""
    known = {option["id"] for option in given[0].get("options", ())}
    return type(order) is list and len(set(order)) == len(order) and known.issuperset(order)


def _is_answer(_given: tuple[Any, ...], answer: object) -> bool:
    return type(answer) is tuple and all(type(value) is str for value in answer)


def _is_problems(_given: tuple[Any, ...], found: object) -> bool:
    return type(found) is tuple and all(type(each) is Problem for each in found)


def _is_parsed(given: tuple[Any, ...], parsed: object) -> bool:
    """Whether pages can show it, and tables keep it."""
    if type(parsed) is not Parsed or not _is_problems(given, parsed.problems):
        return False
    json.dumps((parsed.view, parsed.key, parsed.feedback), allow_nan=False)
    entries = [*parsed.view.get("options", ()), *parsed.view.get("terms", ())]
    texts = [parsed.view["text"], *(each[name] for each in entries for name in ("id", "text"))]
    return all(type(text) is str for text in texts)


_FITS: Final[Mapping[str, Callable[[tuple[Any, ...], Any], bool]]] = {
    "claims": lambda _given, answer: type(answer) is bool,
    "parse": _is_parsed,
    "grade": _is_mark,
    "order": _is_order,
    "read": _is_answer,
    "compare": _is_problems,
}


def _short(thing: object) -> str:
    try:
        return _REPR.repr(thing)[:80]
    except Exception:  # a plugin's own repr
        return f"a {type(thing).__name__}"
