"""Days in the forms of the operator's desk: read, and what is wrong with them in words."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from flask import request
from flask_babel import gettext as _

from innocap_lms.requirements.days import start_of

FIRST, LAST = date(1990, 1, 1), date(2199, 12, 31)


def day_of(field: str) -> date | None:
    """The day of a sent form; None where none was given, or none that can be."""
    try:
        day = date.fromisoformat(request.form.get(field, "").strip())
    except ValueError:
        return None
    return day if FIRST <= day <= LAST else None


def wrong_days(fields: Iterable[str]) -> dict[str, str]:
    """What is wrong with the days of a sent form, by field."""
    said = {field: request.form.get(field, "").strip() for field in fields}
    return {
        field: _("%(text)s is not a date: write it as 2026-11-23.", text=text[:100])
        for field, text in said.items()
        if text and day_of(field) is None
    }


def begins(field: str) -> datetime | None:
    """The moment at which the day of a form begins; None where none was given."""
    day = day_of(field)
    return start_of(day) if day else None


def ends(field: str) -> datetime | None:
    """The moment after the last day of a form; None where none was given."""
    day = day_of(field)
    return start_of(day + timedelta(days=1)) if day else None
