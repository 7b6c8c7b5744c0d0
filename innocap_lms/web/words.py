"""Reasons as sentences: what the records say in data, said in the reader's language."""

from collections.abc import Mapping
from typing import Any

from babel.lists import format_list
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _

from innocap_lms.learning.queries import MyCourse


def completed_because(mine: MyCourse) -> str:
    """Why a course or programme counts as completed."""
    because = mine.because or {}
    if "courses_completed" in because:
        return _programme_because(because)
    lessons, quizzes = len(because.get("lessons_read", ())), len(because.get("quizzes_passed", ()))
    read = ngettext("%(num)s lesson is read", "%(num)s lessons are read", lessons)
    passed = ngettext("%(num)s quiz is passed", "%(num)s quizzes are passed", quizzes)
    tasks = len(because.get("tasks_passed", ()))
    if tasks:
        done = ngettext(
            "%(num)s practical task is passed", "%(num)s practical tasks are passed", tasks
        )
        both = [passed] * bool(quizzes) + [done]
        passed = format_list(both, locale=get_locale())
    return _("Completed because %(read)s and %(passed)s.", read=read, passed=passed)


def _programme_because(because: Mapping[str, Any]) -> str:
    courses, tasks = len(because["courses_completed"]), because["tasks_approved"]
    parts = [ngettext("%(num)s course is completed", "%(num)s courses are completed", courses)]
    if tasks:
        parts.append(
            ngettext(
                "%(num)s practical task is approved", "%(num)s practical tasks are approved", tasks
            )
        )
    met = format_list(parts, locale=get_locale())
    return _("Completed because %(met)s.", met=met)
