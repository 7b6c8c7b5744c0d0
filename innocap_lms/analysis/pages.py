"""What the page of item analysis shows, put together from figures and words."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from markupsafe import Markup

from innocap_lms.analysis import words
from innocap_lms.analysis.figures import LanguageFigures, OptionFigures
from innocap_lms.analysis.findings import GRAVE, JUDGED_FROM, is_judged
from innocap_lms.analysis.items import Item, QuizItems, item_analysis
from innocap_lms.analysis.picture import picture_of
from innocap_lms.analysis.statistics import Estimate
from innocap_lms.catalogue.queries import EditionView
from innocap_lms.content.kinds import QuestionKind
from innocap_lms.content.model import Course, Quiz
from innocap_lms.content.rendering import render_inline
from innocap_lms.learning.responses import FEWEST
from innocap_lms.people.language import request_language

Shown = Mapping[str, Any]


def course_page(edition: EditionView, kinds: Mapping[str, QuestionKind]) -> dict[str, Any]:
    """The context of analysis/course.html."""
    course = edition.course
    language = course.language(request_language())
    analysed = item_analysis(edition, kinds)
    items = [item for each in analysed for item in each.items]
    to_do = [(each.quiz, item) for each in analysed for item in each.items if item.findings]
    to_do.sort(key=lambda one: one[1].findings[0].rule)
    return {
        "course": {
            "id": course.id,
            "title": course.texts[language].title,
            "track": edition.track,
            "edition": edition,
        },
        "fewest": FEWEST,
        "asked": len(items),
        "told": sum(item.figures.enough for item in items),
        "judged_from": JUDGED_FROM,
        "judged": sum(is_judged(item.figures) for item in items),
        "to_look_at": [
            _to_do(quiz, item, course, language) for quiz, item in to_do if item.to_look_at
        ],
        "to_sharpen": [
            _to_do(quiz, item, course, language) for quiz, item in to_do if not item.to_look_at
        ],
        "quizzes": [_quiz(each, course, language) for each in analysed if each.items],
    }


def _quiz(each: QuizItems, course: Course, language: str) -> Shown:
    points = [
        (item.number, item.figures.difficulty, item.figures.discrimination, item.to_look_at)
        for item in each.items
        if item.figures.difficulty and item.figures.discrimination
    ]
    return {
        "id": each.quiz.id,
        "title": _in_language(each.quiz.titles, language, course),
        "picture": picture_of(points),
        "items": [_item(item, course, language) for item in each.items],
    }


def _in_language(texts: Mapping[str, Any], language: str, course: Course) -> Any:
    return texts[language if language in texts else course.languages[0]]


def _item(item: Item, course: Course, language: str) -> Shown:
    figures = item.figures
    texts = _options(item, course, language)
    return {
        **_named(item, course, language),
        "count": figures.count,
        "enough": figures.enough,
        "to_look_at": item.to_look_at,
        "right": _said(figures.difficulty, words.percent),
        "apart": _said(figures.discrimination, words.connection),
        "time": _said(figures.seconds, words.time),
        "options": [_option(option, texts) for option in figures.options],
        "unanswered": _said(figures.unanswered, words.percent)
        if figures.options and figures.unanswered and figures.unanswered.value
        else None,
        "languages": [_language(each) for each in figures.languages],
    }


def _named(item: Item, course: Course, language: str) -> Shown:
    """Number, text and place of a question."""
    question = item.question
    shown = language if language in question.views else course.languages[0]
    return {
        "number": item.number,
        "text": _markup(question.views[shown]["text"], shown),
        "lang": shown,
        "place": f"{question.file}:{question.line}" if question.file else "",
    }


def _options(item: Item, course: Course, language: str) -> dict[str, Markup]:
    view = _in_language(item.question.views, language, course)
    shown = language if language in item.question.views else course.languages[0]
    return {option["id"]: _markup(option["text"], shown) for option in view.get("options", ())}


def _option(option: OptionFigures, texts: Mapping[str, Markup]) -> Shown:
    return {
        "text": texts.get(option.id, option.id),
        "right": option.right,
        "chosen": _said(option.share, words.percent),
        "apart": _said(option.discrimination, words.connection),
    }


def _language(each: LanguageFigures) -> Shown:
    return {
        "name": words.language_name(each.language),
        "count": each.count,
        "right": _said(each.difficulty, words.percent),
        "harder": _said(each.harder.apart, words.points) if each.harder else None,
    }


def _said(estimate: Estimate | None, word: Any) -> Shown | None:
    if estimate is None:
        return None
    return {"value": word(estimate.value), "range": words.between(estimate, word)}


def _to_do(quiz: Quiz, item: Item, course: Course, language: str) -> Shown:
    plain = {name: text.striptags() for name, text in _options(item, course, language).items()}
    compared = item.figures.languages
    lead = compared[0].language if compared else course.languages[0]
    return {
        **_named(item, course, language),
        "quiz": _in_language(quiz.titles, language, course),
        "grave": item.findings[0].gravity == GRAVE,
        "reasons": [
            {"title": words.title(finding), "why": words.sentence(finding, lead, plain)}
            for finding in item.findings
        ],
    }


@lru_cache(maxsize=5000)
def _markup(markdown: str, language: str) -> Markup:
    return Markup(render_inline(markdown, language=language))  # noqa: S704 - sanitised by rendering
