"""What should be completed before a course or programme, as its page says it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from innocap_lms.catalogue.cards import course_card
from innocap_lms.catalogue.queries import everything
from innocap_lms.content.model import Course
from innocap_lms.learning.services import missing_before
from innocap_lms.people.language import request_language
from innocap_lms.people.viewer import Viewer


@dataclass(frozen=True)
class Before:
    """A course or programme that comes first. `has` is None for who has not signed in; `url` is
    empty where it is not in service."""

    title: str
    url: str
    has: bool | None


def before(course: Course, viewer: Viewer | None, *, enrolled: bool) -> dict[str, Any]:
    """The part of the context that templates catalogue/before.html shows. No statement where
    nothing comes first."""
    if not course.prerequisites:
        return {"before": (), "closed": False}
    missing = missing_before(viewer.id, course) if viewer else ()
    named = named_courses(course.prerequisites)
    rows = tuple(
        Before(*named[name], None if viewer is None else name not in missing)
        for name in course.prerequisites
    )
    closed = course.enforce == "block" and bool(missing) and not enrolled
    return {"before": rows, "closed": closed, "must": course.enforce == "block"}


def named_courses(ids: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Title and address of courses and programmes by id. One statement."""
    language = request_language()
    cards = {each.course_id: course_card(each.edition, language) for each in everything()}
    return {
        name: (cards[name].title, cards[name].url) if name in cards else (name, "") for name in ids
    }
