"""Reasons as sentences: what the records say in data, said in the reader's language."""

from collections.abc import Mapping
from typing import Any

from babel.lists import format_list
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _

from innocap_lms.learning.queries import MyCourse
from innocap_lms.requirements.days import site_zone
from innocap_lms.requirements.periods import Reason
from innocap_lms.requirements.words import because


def completed_because(mine: MyCourse) -> str:
    """Why a course or programme counts as completed."""
    told = mine.because or {}
    if "courses_completed" in told:
        return _programme_because(told)
    lessons, quizzes = len(told.get("lessons_read", ())), len(told.get("quizzes_passed", ()))
    read = ngettext("%(num)s lesson is read", "%(num)s lessons are read", lessons)
    passed = ngettext("%(num)s quiz is passed", "%(num)s quizzes are passed", quizzes)
    tasks = len(told.get("tasks_passed", ()))
    if tasks:
        done = ngettext(
            "%(num)s practical task is passed", "%(num)s practical tasks are passed", tasks
        )
        both = [passed] * bool(quizzes) + [done]
        passed = format_list(both, locale=get_locale())
    return _("Completed because %(read)s and %(passed)s.", read=read, passed=passed)


def called_because(mine: MyCourse) -> str:
    """That a course or programme asks whoever has completed it to take it again, or does no longer;
    "" where it asked for nothing since."""
    call = mine.call
    if call is None or mine.completed_at is None or not call.concerns(mine.completed_at):
        return ""
    called = call.at.astimezone(site_zone()).date()
    if call.taken_back_at is None:
        return because([Reason("renewal_called", {"day": called})])
    over = call.taken_back_at.astimezone(site_zone()).date()
    return because([Reason("renewal_taken_back", {"called": called, "day": over})])


def _programme_because(told: Mapping[str, Any]) -> str:
    courses, tasks = len(told["courses_completed"]), told["tasks_approved"]
    parts = [ngettext("%(num)s course is completed", "%(num)s courses are completed", courses)]
    if tasks:
        parts.append(
            ngettext(
                "%(num)s practical task is approved", "%(num)s practical tasks are approved", tasks
            )
        )
    met = format_list(parts, locale=get_locale())
    return _("Completed because %(met)s.", met=met)
