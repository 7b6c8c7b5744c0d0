"""The questions of an attempt, as they are asked and, once that is due, as they are reviewed."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from flask import current_app
from markupsafe import Markup

from innocap_lms.catalogue.pages import resolver
from innocap_lms.catalogue.queries import EditionView
from innocap_lms.content.kinds import QuestionKind
from innocap_lms.content.model import Course, Quiz
from innocap_lms.content.rendering import render, render_inline
from innocap_lms.learning.queries import AttemptView
from innocap_lms.plugin_host.host import PluginHost

FIELD = "q-"


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
    because: str = ""
    outcome: str = ""
    feedback_html: Markup = Markup("")


def answers_from(form: Any, quiz: Quiz) -> dict[str, list[str]]:
    """The answers of a sent form, by question id; fields of other names count for nothing."""
    return {
        question.id: form.getlist(FIELD + question.id)
        for question in quiz.questions
        if form.getlist(FIELD + question.id)
    }


def asked(
    attempt: AttemptView,
    edition: EditionView,
    quiz: Quiz,
    language: str,
    answers: Mapping[str, Collection[str]],
) -> list[QuestionShown]:
    """The questions without any key."""
    return [
        _shown(number, question_id, options, edition, quiz, language, answers, None)
        for number, (question_id, options) in enumerate(attempt.asked, 1)
    ]


def reviewed(
    attempt: AttemptView,
    edition: EditionView,
    quiz: Quiz,
    language: str,
    keys: Mapping[str, Mapping[str, Any]],
) -> list[QuestionShown]:
    """The questions with keys and feedback, for an attempt that has been handed in.

    Raises ValueError for one that has not.
    """
    if attempt.submitted_at is None:
        raise ValueError("keys are not due before the attempt has been handed in")
    shown = []
    for number, (question_id, options) in enumerate(attempt.asked, 1):
        key = keys[question_id]
        shown.append(
            _shown(
                number, question_id, options, edition, quiz, language, attempt.answers, key, attempt
            )
        )
    return shown


def _shown(
    number: int,
    question_id: str,
    options: list[str],
    edition: EditionView,
    quiz: Quiz,
    language: str,
    answers: Mapping[str, Collection[str]],
    key: Mapping[str, Any] | None,
    attempt: AttemptView | None = None,
) -> QuestionShown:
    question = quiz.question(question_id)
    kinds: Mapping[str, QuestionKind] = _host().kinds
    shown_in = language if language in question.views else edition.course.languages[0]
    view = question.views[shown_in]
    page = _question(_Source(edition.course, quiz.id, question_id, shown_in, view))
    feedback = key["feedback"].get(shown_in, {}) if key else {}
    correct = key["key"].get("correct", ()) if key else ()
    chosen = answers.get(question_id, ())
    earned, because = attempt.marks.get(question_id, (None, "")) if attempt else (None, "")
    return QuestionShown(
        number=number,
        id=question_id,
        kind=question.kind,
        template=kinds[question.kind].templates["review" if key else "ask"],
        view=view,
        text_html=page.text,
        stem_html=page.stem,
        options=tuple(
            OptionShown(
                option,
                page.options[option],
                option in chosen,
                option in correct if key else None,
                _html(
                    edition.course,
                    feedback.get("options", {}).get(option, ""),
                    shown_in,
                    f"{question_id}-{option}-",
                ),
            )
            for option in options
        ),
        field_name=FIELD + question_id,
        right=None if earned is None else earned >= question.points,
        because=because,
        outcome=question.outcome,
        feedback_html=_html(
            edition.course, feedback.get("question", ""), shown_in, f"{question_id}-feedback-"
        ),
    )


@dataclass(frozen=True)
class _Rendered:
    text: Markup
    stem: Markup
    options: Mapping[str, Markup]


class _Source:
    """A question in one language; equal to another when it would render the same."""

    def __init__(
        self, course: Course, quiz_id: str, question_id: str, language: str, view: Mapping[str, Any]
    ) -> None:
        self.course, self.view, self.language = course, view, language
        self.question_id = question_id
        self._same = (course.fingerprint, quiz_id, question_id, language)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Source) and self._same == other._same

    def __hash__(self) -> int:
        return hash(self._same)


@lru_cache(maxsize=5000)
def _question(source: _Source) -> _Rendered:
    view, course = source.view, source.course
    return _Rendered(
        _inline(view["text"], source.language),
        _html(course, view.get("stem", ""), source.language, f"{source.question_id}-"),
        {
            option["id"]: _inline(option["text"], source.language)
            for option in view.get("options", ())
        },
    )


def _inline(markdown: str, language: str) -> Markup:
    return Markup(render_inline(markdown, language=language))  # noqa: S704 - sanitised by rendering


def _html(course: Course, markdown: str, language: str, prefix: str) -> Markup:
    """A text of a question; `prefix` keeps its ids apart from those of others on the page."""
    if not markdown:
        return Markup("")
    rendered = render(markdown, resolve=resolver(course), language=language, prefix=prefix)
    return Markup(rendered.html)  # noqa: S704 - sanitised by rendering


def _host() -> PluginHost:
    host: PluginHost = current_app.extensions["innocap_host"]
    return host
