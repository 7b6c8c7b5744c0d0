"""What a newer edition of a programme would change for somebody in the middle of it, in words."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from flask import url_for
from flask_babel import format_decimal, ngettext
from flask_babel import gettext as _

from innocap_lms.catalogue.queries import EditionView
from innocap_lms.content.programme import Programme
from innocap_lms.learning.way import Way


def offered_to(
    way: Way, serving: EditionView, then: Way, titles: Mapping[str, str]
) -> dict[str, Any]:
    """The edition in service as it is offered to somebody with a `way` through an older one: what
    differs, and how far they would be. `then` is their way through it, `titles` are by course."""
    changes = list(_changes(way.programme, then.programme, titles))
    return {
        "number": serving.number,
        "date": serving.published_at,
        "changes": changes or [_("Only its texts have changed.")],
        "count": then.count,
        "needed": then.programme.needed,
        "is_done": then.is_done,
        "url": url_for("programmes.move_on", programme_id=then.programme.id),
        "edition_id": serving.id,
    }


def _changes(before: Programme, now: Programme, titles: Mapping[str, str]) -> Iterator[str]:
    old, new = set(before.course_ids), set(now.course_ids)
    if added := _named(new - old, titles):
        yield _("New: %(courses)s.", courses=added)
    if gone := _named(old - new, titles):
        yield _("No longer part of it: %(courses)s.", courses=gone)
    if before.needed != now.needed:
        yield ngettext(
            "It asks for %(num)s course instead of %(before)s.",
            "It asks for %(num)s courses instead of %(before)s.",
            now.needed,
            before=before.needed,
        )
    elif old == new and _choices(before) != _choices(now):
        yield _("Other courses are to choose among.")
    if before.task_count != now.task_count:
        yield ngettext(
            "%(num)s practical task is to be approved instead of %(before)s.",
            "%(num)s practical tasks are to be approved instead of %(before)s.",
            now.task_count,
            before=before.task_count,
        )
    if before.hours != now.hours:
        hours = {"hours": format_decimal(now.hours), "before": format_decimal(before.hours)}
        yield _("It takes %(hours)s hours instead of %(before)s.", **hours)


def _named(courses: Iterable[str], titles: Mapping[str, str]) -> str:
    return ", ".join(sorted(titles.get(name, name) for name in courses))


def _choices(programme: Programme) -> set[tuple[frozenset[str], int]]:
    return {(frozenset(step.courses), step.choose) for step in programme.steps}
