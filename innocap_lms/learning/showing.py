"""The words of a question as safe HTML, rendered once per course, question and language."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from markupsafe import Markup

from innocap_lms.catalogue.pages import resolver
from innocap_lms.content.gaps import gap_rule, split_at_gaps
from innocap_lms.content.model import Course, Quiz
from innocap_lms.content.page import Resolve, nowhere
from innocap_lms.content.rendering import picture_sizes, render, render_inline

NO_WORDS: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True)
class Piece:
    """A stretch of a text, and the number of the gap after it; 0 after the last."""

    html: Markup
    gap: int


@dataclass(frozen=True)
class Source:
    """A question in one language. The first four fields decide what it renders to."""

    fingerprint: str
    quiz_id: str
    question_id: str
    language: str
    course: Course = field(compare=False)
    view: Mapping[str, Any] = field(compare=False)
    feedback: Mapping[str, Any] = field(compare=False)

    @property
    def origin(self) -> tuple[str, ...]:
        """What decides its words."""
        return (self.fingerprint, self.quiz_id, self.question_id, self.language)


@dataclass(frozen=True)
class Words:
    """What a question says; `named` holds its options and terms by id, `pieces` a text with gaps,
    whose stem is then empty."""

    text: Markup
    stem: Markup
    table: Markup
    hint: Markup
    named: Mapping[str, Markup]
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class Feedback:
    """What is said of a question, and of its options and terms by id, once that is due."""

    text: Markup
    named: Mapping[str, Markup]


def source_of(
    course: Course,
    quiz: Quiz,
    question_id: str,
    language: str,
    feedback: Mapping[str, Mapping[str, Any]] = NO_WORDS,
) -> Source:
    """The question in that language, or in the lead language where it is not translated."""
    views = quiz.question(question_id).views
    shown = language if language in views else course.languages[0]
    return Source(
        course.fingerprint,
        quiz.id,
        question_id,
        shown,
        course,
        views[shown],
        feedback.get(shown, NO_WORDS),
    )


@lru_cache(maxsize=5000)
def words_of(source: Source) -> Words:
    """The question's texts, without any key."""
    view, language = source.view, source.language
    stem, pieces = view.get("stem", ""), tuple[Piece, ...]()
    if "gaps" in view:
        pieces = tuple(Piece(Markup(html), gap) for html, gap in split_at_gaps(_html(source, stem)))  # noqa: S704
        stem = ""
    return Words(
        _inline(view["text"], language),
        _html(source, stem),
        _html(source, view.get("table", ""), "table-"),
        _html(source, view.get("hint", ""), "hint-"),
        {
            entry["id"]: _inline(entry["text"], language, resolver(source.course))
            for name in ("options", "terms")
            for entry in view.get(name, ())
        },
        pieces,
    )


@lru_cache(maxsize=5000)
def feedback_of(source: Source) -> Feedback:
    """What the source's feedback says."""
    said = source.feedback.get("options", NO_WORDS)
    return Feedback(
        _html(source, source.feedback.get("question", ""), "feedback-"),
        {name: _html(source, text, f"{name}-") for name, text in said.items()},
    )


def quiz_feedback(course: Course, quiz: Quiz, language: str, *, passed: bool | None) -> Markup:
    """What the author says of a quiz as a whole to who has passed, or has not; may be empty, and
    is while that is open."""
    if passed is None:
        return Markup("")
    said = quiz.feedback.get(language, NO_WORDS).get("passed" if passed else "failed", "")
    return _inline(said, language, resolver(course)) if said else Markup("")


def _inline(markdown: str, language: str, resolve: Resolve = nowhere) -> Markup:
    html = render_inline(markdown, language=language, resolve=resolve)
    return Markup(html)  # noqa: S704 - sanitised by rendering


def _html(source: Source, markdown: str, part: str = "") -> Markup:
    """A text of a question, its ids kept apart from those of others on the page."""
    if not markdown:
        return Markup("")
    rendered = render(
        markdown,
        resolve=resolver(source.course),
        language=source.language,
        sizes=picture_sizes(source.course),
        rules=(gap_rule,) if "gaps" in source.view and not part else (),
        prefix=f"{source.question_id}-{part}",
    )
    return Markup(rendered.html)  # noqa: S704 - sanitised by rendering
