"""Faulty plugins of every sort, for every function of the contract: derived from the contract, so
that a new hook, or a new function of a question kind, is tried without anybody thinking of it."""

import threading
from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, get_args, get_type_hints

from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup

from innocap_lms.content.built_in import BUILT_IN_KINDS
from innocap_lms.content.kinds import (
    Json,
    Mark,
    OptionBlock,
    Parsed,
    QuestionBlock,
    QuestionKind,
)
from innocap_lms.content.model import Course
from innocap_lms.content.problems import Problem
from innocap_lms.content.reader import read_course
from innocap_lms.plugin_host.checking import HOOKS, PARTS_OF_A_KIND, TEMPLATES
from innocap_lms.plugin_host.contract import (
    Card,
    CertificateDesign,
    CourseSource,
    Learner,
    ProgrammeSource,
    SelfAssessment,
    Texts,
    Track,
)
from innocap_lms.plugin_host.host import PluginHost
from innocap_lms.plugin_host.report_types import Report
from tests.conftest import PLUGINS
from tests.plugin_host.conftest import Folder

AT_START = [hook for hook in HOOKS if hook.startswith("register_")]
AT_WORK = [hook for hook in HOOKS if hook not in AT_START]
FUNCTIONS = [*AT_WORK, *PARTS_OF_A_KIND]
PLACES = [*FUNCTIONS, *TEMPLATES]

BIG = "'x' * 10_000_000"
# By the type that is given: something good, and something good of ten megabytes.
GIVEN = {
    Track: ("NORTH", f"replace(NORTH, summaries={{'en': {BIG}}})"),
    CourseSource: ("CourseSource('north', HERE)", f"CourseSource({BIG}, HERE)"),
    ProgrammeSource: (
        "ProgrammeSource('north', HERE, 'coach')",
        f"ProgrammeSource({BIG}, HERE, 'coach')",
    ),
    CertificateDesign: ("CertificateDesign('north')", f"CertificateDesign('north', {BIG})"),
    Report: ("REPORT", f"replace(REPORT, titles={{'en': {BIG}}})"),
    SelfAssessment: ("OWN", f"replace(OWN, titles={{'en': {BIG}}})"),
    QuestionKind: ("KIND", f"replace(KIND, name={BIG})"),
    Card: ("Card('A card', 'It holds.')", f"Card('A card', {BIG})"),
    Problem: (
        "Problem('course.md', 1, 1, 'F001', 'odd', 'mend it')",
        f"Problem('course.md', 1, 1, 'F001', {BIG}, 'mend it')",
    ),
    Mark: ("Mark(1.0, 'right')", f"Mark(1.0, {BIG})"),
    Parsed: (
        "Parsed({'text': 'Odd?', 'options': OPTIONS}, {'correct': ['a']}, {'question': ''})",
        f"Parsed({{'text': {BIG}}}, {{}}, {{}})",
    ),
    list[str]: ("['a', 'b']", f"[{BIG}]"),
    tuple[str, ...]: ("('a',)", f"({BIG},)"),
    tuple[Problem, ...]: (
        "(Problem('q.md', 1, 1, 'F001', 'odd', 'mend it'),)",
        f"(Problem('q.md', 1, 1, 'F001', {BIG}, 'mend it'),)",
    ),
    bool: ("True", BIG),
    Markup: ("'A question.'", BIG),
}

MODULE = '''
import threading
from dataclasses import replace
from pathlib import Path
from innocap_lms.plugin_api import *

plugin = Plugin(name="faulty", version="1")
HERE = Path(__file__).parent
NORTH = Track("north", {{"en": "North"}}, {{"en": "Up."}}, "#112233", "#DDEEFF", ((0, 0), (9, 9)))
OPTIONS = [{{"id": "a", "text": "A"}}, {{"id": "b", "text": "B"}}]
PAGES = dict.fromkeys(("ask", "review", "print"), "faulty/kind.html")
inside, go_on = [], threading.Event()

class Odd(BaseException):
    """Neither an Exception nor anything that Python knows."""

def again():
    return again()

def wait():
    inside.append(threading.get_ident())
    go_on.wait(60)

def spoil(thing):
    """Write to whatever can be written to."""
    if isinstance(thing, (list, tuple)):
        for each in thing: spoil(each)
    if isinstance(thing, dict):
        for each in thing.values(): spoil(each)
    for name in getattr(thing, "__dataclass_fields__", ()):
        spoil(getattr(thing, name))
        object.__setattr__(thing, name, "spoilt")
    if isinstance(thing, (list, dict)):
        thing.clear()

REPORT = Report(
    "odd", {{"en": "Odd"}}, {{"en": "It is odd."}}, "standings",
    (ReportColumn("person", {{"en": "Name"}}, "person"),), ReportWish, lambda rows, asked: [],
)

WORDS = {{"en": "Odd"}}
AREA = CompetenceArea(WORDS, (Competence("odd", WORDS, WORDS),))
OWN = SelfAssessment("odd", WORDS, WORDS, (WORDS, WORDS), (AREA,))

def claims(block): return {claims}
def parse(block): return {parse}
def grade(key, answer): return {grade}
def order(view, shuffle): return {order}
def read(view, order, sent): return {read}
def compare(lead, block): return {compare}
KIND = QuestionKind("odd", claims, parse, grade, order, PAGES, read, compare)
def fault(question): return ""
'''


@dataclass(frozen=True)
class Place:
    """A function of a plugin: what it is called in logs, what it takes and gives."""

    name: str
    called: str
    takes: tuple[Any, ...]
    gives: Any
    is_list: bool = False


def place(name: str) -> Place:
    if name in HOOKS:
        hints = get_type_hints(HOOKS[name])
        (gives,) = get_args(hints.pop("return"))
        return Place(name, name, tuple(hints.items()), gives, is_list=True)
    called = f"{name} of question kind odd"
    if name in TEMPLATES:
        return Place(name, called, (), Markup)
    takes, gives = get_args(get_type_hints(QuestionKind)[name])
    return Place(name, called, tuple(takes), gives)


def good(name: str) -> str:
    """What a function should give, as Python."""
    found = place(name)
    return f"[{GIVEN[found.gives][0]}]" if found.is_list else GIVEN[found.gives][0]


def arguments(name: str) -> list[str]:
    """What the arguments of a function are called."""
    if name in HOOKS:
        return [key for key, _type in place(name).takes]
    if name in TEMPLATES:
        return ["question"]
    return MODULE.partition(f"def {name}(")[2].partition(")")[0].split(", ")


def big(name: str) -> str:
    found = place(name)
    return f"[{GIVEN[found.gives][1]}]" if found.is_list else GIVEN[found.gives][1]


# What a function does wrong, as Python; {good} and {big} stand for what it gives.
RAISES = {
    "an error": "raise OSError('no disk')",
    "an end of the process": "raise SystemExit(1)",
    "no Exception at all": "raise Odd",
    "endless recursion": "return again()",
    "a refusal of an answer": "raise AnswerRefused('not mine')",
    "10 MB of words": f"raise OSError('no disk', {BIG})",
}
GIVES = {
    "an object": "return object()",
    "nothing": "return None",
    "10 MB": "return {big}",
    "10 MB of the wrong type": f"return {{{BIG}: 1}}",
}
ENDLESS = "\n    ".join(("while True:", "    yield from {good}"))


def write(folder: Folder, name: str, body: str) -> None:
    """A plugin `faulty` whose function `name` does `body`."""
    package = folder.path / "faulty"
    (package / "templates" / "faulty").mkdir(parents=True)
    macros = "".join(
        f"{{% macro {use}(question, lang) %}}"
        f"{{{{ fault(question) if '{use}' == '{name}' else 'A question.' }}}}{{% endmacro %}}"
        for use in TEMPLATES
    )
    (package / "templates" / "faulty" / "kind.html").write_text(macros, encoding="utf-8")
    body = body.replace("{good}", good(name)).replace("{big}", big(name))
    source = MODULE.format(**{part: good(part) for part in PARTS_OF_A_KIND})
    (package / "__init__.py").write_text(source + _definition(name, body), encoding="utf-8")


def _definition(name: str, body: str) -> str:
    if name in HOOKS:
        return f"@hookimpl\ndef {name}({', '.join(arguments(name))}):\n    {body}\n"
    kinds = "\n@hookimpl\ndef register_question_kinds(): return [KIND]\n"
    if name in TEMPLATES:
        return f"def fault(question):\n    {body}\n{kinds}"
    changed = f"KIND = replace(KIND, {name}={name})\n{kinds}"
    return f"def {name}({', '.join(arguments(name))}):\n    {body}\n{changed}"


def call(host: PluginHost, name: str) -> Any:
    """What the host gives for a call of the function: a list of what plugins gave, or what a
    question kind did. Raises as the host does. What the caller holds must stay as it is."""
    found = place(name)
    if name in HOOKS:
        given = {key: sample(kind) for key, kind in found.takes}
        kept = deepcopy(given)
        result: Any = host.call(name, **given)
        assert given == kept, "the plugin wrote to what the caller holds"
        return result
    if name in TEMPLATES:
        return host.rendered("odd", name, lambda template: _rendered(host, template, name))
    arguments = [sample(kind) for kind in found.takes]
    before = deepcopy(arguments)
    result = getattr(host.kinds["odd"], name)(*arguments)
    assert arguments == before, "the plugin wrote to what the caller holds"
    return result


def _rendered(host: PluginHost, template: str, use: str) -> Markup:
    pages = Environment(loader=FileSystemLoader(host.templates["faulty"].parent), autoescape=True)
    pages.globals["fault"] = module(host)["fault"]
    html: Markup = getattr(pages.get_template(template).module, use)(None, "en")
    return html


def module(host: PluginHost) -> dict[str, Any]:
    """The names of the faulty plugin's module."""
    contribution = host._contributions["faulty"]
    functions = [function for function, _names in contribution.hooks.values()]
    functions += [kind.parse for kind in contribution.kinds]
    return functions[0].__globals__


def sample(kind: Any) -> Any:
    """Something of a type that functions of the contract are given."""
    return deepcopy(SAMPLES[kind]())


@lru_cache
def _course() -> Course:
    reading = read_course(PLUGINS / "northern_track" / "courses" / "first-steps", BUILT_IN_KINDS)
    assert reading.course is not None
    return reading.course


def _block() -> QuestionBlock:
    option = OptionBlock("a", "A", ticked=True, feedback="", line=3)
    return QuestionBlock(
        "odd", "Odd?", "", (option,), "", frozenset({"odd"}), {"outcome": "step"}, "q.md", 1
    )


SAMPLES: Mapping[Any, Callable[[], Any]] = {
    Learner: lambda: Learner("en", frozenset({"first-steps"})),
    Course: _course,
    Texts: lambda: {"course.md": "id: first-steps"},
    QuestionBlock: _block,
    Json: lambda: {
        "text": "Odd?",
        "options": [{"id": "a", "text": "A"}, {"id": "b", "text": "B"}],
    },
    Sequence[str]: lambda: ["a", "b"],
    Callable[[list[str]], None]: lambda: list.sort,
}


def beside(call: Callable[[], object]) -> threading.Thread:
    """A call under way in a thread of its own."""
    thread = threading.Thread(target=call, daemon=True)
    thread.start()
    return thread
