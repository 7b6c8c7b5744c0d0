"""The HTML of a question, made by the template of its kind: a plugin's, which may fail."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from flask import current_app
from markupsafe import Markup

from innocap_lms.catalogue.queries import EditionView
from innocap_lms.content.model import Quiz
from innocap_lms.learning.asking import QuestionShown, asked
from innocap_lms.learning.own_attempts import AttemptView
from innocap_lms.plugin_host.crossing import copied
from innocap_lms.plugin_host.current import plugins
from innocap_lms.plugin_host.watch import PluginFailed

GONE = "learning/kinds/gone.html"  # asks, reviews and prints what its own kind does not


def question_html(use: str, question: QuestionShown, lang: str) -> Markup:
    """The question as its kind would "ask", "review" or "print" it; else a line that says so."""
    made = made_by_kind(use, question, lang)
    return _macro(GONE, use, question, lang) if made is None else made


def made_by_kind(use: str, question: QuestionShown, lang: str) -> Markup | None:
    """What the kind's own template makes of it, or None where it does not."""
    # Templates can write to what they are given, and editions are shared by everybody's pages.
    own = replace(question, view=copied(question.view), key=copied(question.key))
    try:
        return plugins().rendered(
            question.kind, use, lambda template: _macro(template, use, own, lang)
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


def _macro(template: str, use: str, question: QuestionShown, lang: str) -> Markup:
    macros: Callable[[str], Any] = current_app.jinja_env.globals["macros"]  # type: ignore[assignment]
    html: Markup = getattr(macros(template), use)(question, lang)
    return html
