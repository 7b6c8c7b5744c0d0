"""The text of an edition as HTML, rendered once per fingerprint and language."""

from collections.abc import Callable
from functools import lru_cache

from flask import url_for
from markupsafe import Markup

from innocap_lms.catalogue.queries import EditionView
from innocap_lms.content.companions import LINKED
from innocap_lms.content.model import Course
from innocap_lms.content.programme import Programme
from innocap_lms.content.rendering import Rendered, picture_sizes, render


def course_page(edition: EditionView, language: str) -> Rendered:
    """The front page of a course in a language that the course has."""
    return _rendered(_Page(edition.course, "", language))


def lesson_page(edition: EditionView, lesson_id: str, language: str) -> Rendered:
    """A lesson in a language that the lesson has. Raises KeyError."""
    return _rendered(_Page(edition.course, lesson_id, language))


class _Page:
    """A text of a course; equal to another when it would render the same."""

    def __init__(self, course: Course, lesson_id: str, language: str) -> None:
        self.course, self.lesson_id, self.language = course, lesson_id, language
        self._same = (course.fingerprint, lesson_id, language)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Page) and self._same == other._same

    def __hash__(self) -> int:
        return hash(self._same)

    def body(self) -> str:
        if not self.lesson_id:
            return self.course.texts[self.language].body
        for lesson in self.course.lessons:
            if lesson.id == self.lesson_id:
                return lesson.texts[self.language].body
        raise KeyError(self.lesson_id)


@lru_cache(maxsize=2000)
def _rendered(page: _Page) -> Rendered:
    course = page.course
    return render(
        page.body(), resolve=resolver(course), language=page.language, sizes=picture_sizes(course)
    )


def resolver(course: Course) -> Callable[[str], str | None]:
    """Turns what a text of the course links to (a file, the id of a lesson) into an address."""

    def resolve(target: str) -> str | None:
        if target in course.assets:
            return file_url(course, target)
        if isinstance(course, Programme) and target in course.course_ids:
            return url_for("web.course", course_id=target)
        if any(item.id == target for item in course.activities):
            return url_for("learning.activity", course_id=course.id, activity_id=target)
        if any(item.id == target and item.kind in LINKED for item in course.companions):
            return url_for("printing.sheet", course_id=course.id, sheet_id=target)
        return None

    return resolve


def file_url(course: Course, path: str) -> str:
    """The address of a file of a course; it names the content, so it can be kept for ever."""
    return url_for(
        "catalogue.file",
        course_id=course.id,
        sha256=course.assets[path].sha256,
        name=path.rsplit("/", 1)[-1],
    )


def markup(rendered: Rendered) -> Markup:
    """Rendered text as template-safe HTML; the renderer has sanitised it."""
    return Markup(rendered.html)  # noqa: S704 - sanitised by content.rendering
