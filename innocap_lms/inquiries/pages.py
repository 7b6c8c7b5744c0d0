"""What pages and mails say of an inquiry: course, quiz, question, in words and addresses."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import format_timedelta
from markupsafe import Markup

from innocap_lms import clock
from innocap_lms.catalogue.queries import EditionView, edition
from innocap_lms.content.model import Question, Quiz
from innocap_lms.content.rendering import render_inline
from innocap_lms.inquiries.queries import InquiryView
from innocap_lms.learning.addresses import activity_address, attempt_url
from innocap_lms.learning.outline import course_head, text_language


@dataclass(frozen=True)
class Shown:
    """An inquiry as lists show it. `question_html` is empty where it is about none."""

    inquiry: InquiryView
    course: str
    track: str
    quiz: str
    question_html: Markup
    question_lang: str
    url: str
    age: str


def shown(inquiry: InquiryView, language: str) -> Shown:
    """An inquiry with the titles of its course and quiz in the reader's language, and its question
    in the language it was asked in."""
    found = edition(inquiry.edition_id)
    quiz = quiz_of(found, inquiry.quiz_id)
    question = quiz.question(inquiry.question_id) if inquiry.question_id else None
    return Shown(
        inquiry,
        course_head(found, language).title,
        found.track,
        quiz.titles[text_language(quiz, found, language)],
        text_of(question, inquiry.language) if question else Markup(""),
        inquiry.language,
        attempt_url(found.course.id, quiz.id, inquiry.attempt_id)
        if inquiry.attempt_id
        else activity_address(found.course.id, quiz.id),
        format_timedelta(inquiry.asked_at - clock.utcnow(), "minute", add_direction=True),
    )


def quiz_of(found: EditionView, quiz_id: str) -> Quiz:
    """The quiz of that id in an edition. Raises KeyError."""
    item = found.course.activity(quiz_id)
    if not isinstance(item, Quiz):
        raise KeyError(quiz_id)
    return item


def text_of(question: Question, language: str) -> Markup:
    """The words of a question as HTML, in the language or its first one."""
    view = view_of(question, language)
    return _inline(view["text"], language)


def options_of(
    question: Question, language: str, key: Mapping[str, Any]
) -> list[tuple[str, Markup, bool]]:
    """The options of a question, where it has any: id, HTML, whether it is right."""
    right = key.get("correct", ())
    options = view_of(question, language).get("options", ())
    return [
        (each["id"], _inline(each["text"], language), each["id"] in right)
        for each in options
        if {"id", "text"} <= each.keys()
    ]


def view_of(question: Question, language: str) -> Mapping[str, Any]:
    """What a question shows in the language, or its first one."""
    return question.views.get(language) or next(iter(question.views.values()))


def _inline(markdown: str, language: str) -> Markup:
    return Markup(render_inline(markdown, language=language))  # noqa: S704 - sanitised by rendering
