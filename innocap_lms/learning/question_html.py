"""The HTML of a question, made by the template of its kind: a plugin's, which may fail.

Half of what an attempt costs is its page of questions, and a question without an answer looks the
same to everybody who gets its options in the same order: each process keeps what it has made.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

from flask import current_app
from markupsafe import Markup

from innocap_lms.catalogue.queries import EditionView
from innocap_lms.content.model import Quiz
from innocap_lms.learning.asking import QuestionShown, asked
from innocap_lms.learning.own_attempts import AttemptView
from innocap_lms.plugin_host.crossing import copied
from innocap_lms.plugin_host.current import plugins
from innocap_lms.plugin_host.host import PluginHost
from innocap_lms.plugin_host.watch import PluginFailed

SHEET = "learning/sheet.html"
GONE = "learning/kinds/gone.html"  # asks, reviews and prints what its own kind does not


def question_html(use: str, question: QuestionShown, lang: str) -> Markup:
    """The question as its kind would "ask", "review" or "print" it; else a line that says so."""
    made = made_by_kind(use, question, lang)
    return _macro(GONE, use)(question, lang) if made is None else made


def asked_html(question: QuestionShown, total: int, lang: str, wrong: str = "") -> Markup:
    """The question as it is asked, one of `total`, with its words; `wrong` says what is wrong with
    its answer."""
    host, sheet = plugins(), _macro(SHEET, "sheet")
    if wrong or question.given or current_app.debug or not host.serves(question.kind):
        return sheet(question, total, lang, wrong, question_html("ask", question, lang))
    order = tuple(option.id for option in question.options)
    kept = _kept(host, question.origin, question.number, total, order, lang)
    if not kept:
        made = made_by_kind("ask", question, lang)
        if made is None:
            return sheet(question, total, lang, wrong, question_html("ask", question, lang))
        kept.append(sheet(question, total, lang, wrong, made))
    return kept[0]


@lru_cache(maxsize=1000)  # some 1 kB each, in every process
def _kept(
    _host: PluginHost,
    _origin: tuple[str, ...],
    _number: int,
    _total: int,
    _order: tuple[str, ...],
    _lang: str,
) -> list[Markup]:
    """The place of what is made of a question without an answer; empty until it is made."""
    return []


def made_by_kind(use: str, question: QuestionShown, lang: str) -> Markup | None:
    """What the kind's own template makes of it, or None where it does not."""
    host = plugins()
    # A plugin's template can write to what it is given, and editions are shared by all pages.
    if not host.is_own(question.kind):
        question = replace(question, view=copied(question.view), key=copied(question.key))
    try:
        return host.rendered(
            question.kind, use, lambda template: _macro(template, use)(question, lang)
        )
    except PluginFailed:
        return None


def unasked(
    attempt: AttemptView,
    edition: EditionView,
    quiz: Quiz,
    language: str,
    answers: Mapping[str, Sequence[str]],
) -> frozenset[str]:
    """The questions without an answer that nobody could give: their kind had failed to put their
    options in order, or cannot show them."""
    found = set[str]()
    for number, (question_id, _order) in enumerate(attempt.asked, 1):
        if answers.get(question_id):
            continue
        (question,) = asked(attempt, edition, quiz, language, {}, only=number)
        is_bare = bool(question.view.get("options")) and not question.options
        if is_bare or made_by_kind("ask", question, language) is None:
            found.add(question_id)
    return frozenset(found)


def _macro(template: str, name: str) -> Callable[..., Markup]:
    macros: Callable[[str], Any] = current_app.jinja_env.globals["macros"]  # type: ignore[assignment]
    found: Callable[..., Markup] = getattr(macros(template), name)
    return found
