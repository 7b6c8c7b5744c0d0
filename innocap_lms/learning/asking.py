"""The questions of an attempt, as they are asked and, once that is due, as they are reviewed."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from flask import current_app
from markupsafe import Markup

from innocap_lms.catalogue.pages import resolver
from innocap_lms.catalogue.queries import EditionView
from innocap_lms.content.model import Course, Question, Quiz
from innocap_lms.content.rendering import render, render_inline
from innocap_lms.learning.queries import AttemptView
from innocap_lms.plugin_host.host import PluginHost

FIELD = "q-"
MARKED = "learning/kinds/marked.html"  # reviews an attempt whose keys are not due
GONE = "learning/kinds/gone.html"  # asks and reviews where a question's kind is not there


@dataclass(frozen=True)
class OptionShown:
    """An option on a page. `right` and `feedback_html` are None and empty until they are due."""

    id: str
    html: Markup
    chosen: bool
    right: bool | None = None
    feedback_html: Markup = Markup("")


@dataclass(frozen=True)
class QuestionShown:
    """A question on a page, in the order of its attempt."""

    number: int
    id: str
    kind: str
    template: str
    view: Mapping[str, Any]
    text_html: Markup
    stem_html: Markup
    options: tuple[OptionShown, ...]
    field_name: str
    right: bool | None = None
    outcome: str = ""
    feedback_html: Markup = Markup("")


def asked(
    attempt: AttemptView,
    edition: EditionView,
    quiz: Quiz,
    language: str,
    answers: Mapping[str, Collection[str]],
    only: int | None = None,
) -> list[QuestionShown]:
    """The questions without any key, with `answers` ticked; or question `only`, from 1, alone."""
    shown = []
    for number, (question_id, options) in enumerate(attempt.asked, 1):
        if only not in (None, number):
            continue
        source = _source(edition.course, quiz, question_id, language)
        chosen = answers.get(question_id, ())
        page = _rendered(source)
        ticks = tuple(OptionShown(name, page.options[name], name in chosen) for name in options)
        shown.append(_shown(number, quiz.question(question_id), source, ticks, "ask"))
    return shown


def keys_are_due(attempt: AttemptView, quiz: Quiz) -> bool:
    """Whether the keys may be shown: after a practice, a pass, or the last attempt there is.

    With tries left, a blank hand-in would otherwise be a way to copy the answers.
    """
    if attempt.submitted_at is None:
        return False
    last = quiz.attempts is not None and attempt.number >= quiz.attempts
    return quiz.use == "practice" or attempt.passed is True or last


def reviewed(
    attempt: AttemptView,
    edition: EditionView,
    quiz: Quiz,
    language: str,
    keys: Mapping[str, Mapping[str, Any]],
) -> list[QuestionShown]:
    """The questions with keys and feedback. Raises ValueError before they are due."""
    if not keys_are_due(attempt, quiz):
        raise ValueError("the keys of this attempt are not due")
    shown = []
    for number, (question_id, options) in enumerate(attempt.asked, 1):
        question, key = quiz.question(question_id), keys[question_id]
        source = _source(edition.course, quiz, question_id, language, key["feedback"])
        page, feedback = _rendered(source), _feedback(source)
        chosen, correct = attempt.answers.get(question_id, ()), key["key"].get("correct", ())
        ticks = tuple(
            OptionShown(
                name, page.options[name], name in chosen, name in correct, feedback.options[name]
            )
            for name in options
        )
        asked_again = _shown(number, question, source, ticks, "review")
        shown.append(
            replace(
                asked_again,
                right=_is_right(attempt, question),
                feedback_html=feedback.text,
            )
        )
    return shown


def marked(
    attempt: AttemptView, edition: EditionView, quiz: Quiz, language: str
) -> list[QuestionShown]:
    """The questions with the answers given and whether each was right, without any key."""
    return [
        replace(
            question,
            right=_is_right(attempt, quiz.question(question.id)),
            template=GONE if question.template == GONE else MARKED,
        )
        for question in asked(attempt, edition, quiz, language, attempt.answers)
    ]


def _is_right(attempt: AttemptView, question: Question) -> bool | None:
    """None where the answer could not be marked."""
    earned, _because = attempt.marks.get(question.id, (None, ""))
    return None if earned is None else earned >= question.points


def _shown(
    number: int,
    question: Question,
    source: "_Source",
    options: tuple[OptionShown, ...],
    template: str,
) -> QuestionShown:
    page, kind = _rendered(source), _host().kinds.get(question.kind)
    return QuestionShown(
        number=number,
        id=question.id,
        kind=question.kind,
        template=kind.templates[template] if kind else GONE,
        view=source.view,
        text_html=page.text,
        stem_html=page.stem,
        options=options,
        field_name=FIELD + question.id,
        outcome=question.outcome,
    )


@dataclass(frozen=True)
class _Source:
    """A question in one language. The first four fields decide what it renders to."""

    fingerprint: str
    quiz_id: str
    question_id: str
    language: str
    course: Course = field(compare=False)
    view: Mapping[str, Any] = field(compare=False)
    feedback: Mapping[str, Any] = field(compare=False)


@dataclass(frozen=True)
class _Rendered:
    text: Markup
    stem: Markup
    options: Mapping[str, Markup]


@dataclass(frozen=True)
class _Feedback:
    text: Markup
    options: Mapping[str, Markup]


def _source(
    course: Course,
    quiz: Quiz,
    question_id: str,
    language: str,
    feedback: Mapping[str, Mapping[str, Any]] = MappingProxyType({}),
) -> _Source:
    views = quiz.question(question_id).views
    shown = language if language in views else course.languages[0]
    return _Source(
        course.fingerprint,
        quiz.id,
        question_id,
        shown,
        course,
        views[shown],
        feedback.get(shown, {}),
    )


@lru_cache(maxsize=5000)
def _rendered(source: _Source) -> _Rendered:
    view, language = source.view, source.language
    options = view.get("options", ())
    return _Rendered(
        _inline(view["text"], language),
        _html(source, view.get("stem", ""), ""),
        {option["id"]: _inline(option["text"], language) for option in options},
    )


@lru_cache(maxsize=5000)
def _feedback(source: _Source) -> _Feedback:
    said = source.feedback.get("options", {})
    names = [option["id"] for option in source.view.get("options", ())]
    return _Feedback(
        _html(source, source.feedback.get("question", ""), "feedback-"),
        {name: _html(source, said.get(name, ""), f"{name}-") for name in names},
    )


def _inline(markdown: str, language: str) -> Markup:
    return Markup(render_inline(markdown, language=language))  # noqa: S704 - sanitised by rendering


def _html(source: _Source, markdown: str, part: str) -> Markup:
    """A text of a question, its ids kept apart from those of others on the page."""
    if not markdown:
        return Markup("")
    rendered = render(
        markdown,
        resolve=resolver(source.course),
        language=source.language,
        prefix=f"{source.question_id}-{part}",
    )
    return Markup(rendered.html)  # noqa: S704 - sanitised by rendering


def _host() -> PluginHost:
    host: PluginHost = current_app.extensions["innocap_host"]
    return host
