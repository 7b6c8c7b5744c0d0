"""Standings and their reasons as words in the reader's language."""

from collections.abc import Iterable

from flask_babel import format_date
from flask_babel import gettext as _

from innocap_lms.requirements.timeline import Reason


def because(reasons: Iterable[Reason]) -> str:
    """The reasons of a period as sentences."""
    return " ".join(_sentence(reason) for reason in reasons)


def _sentence(reason: Reason) -> str:
    """One reason, with its days as the reader writes them. Raises KeyError for an unknown code."""
    days = {name: format_date(day, "long") for name, day in reason.days.items()}
    if reason.code == "completed" and "last" in days:
        return _("Completed on %(day)s, which counts until %(last)s.", **days)
    if reason.code == "credited" and "last" in days:
        return _("Credited on %(day)s, which counts until %(last)s.", **days)
    if reason.code == "exempt" and "until" in days:
        return _("Exempt from %(day)s until %(until)s.", **days)
    return _SENTENCES[reason.code](days)


_SENTENCES = {
    "completed": lambda days: _("Completed on %(day)s, which counts for good.", **days),
    "credited": lambda days: _("Credited on %(day)s, which counts for good.", **days),
    "exempt": lambda days: _("Exempt from %(day)s.", **days),
    "paused": lambda days: _("Paused since %(day)s.", **days),
    "enrolled": lambda days: _("Enrolled on %(day)s.", **days),
    "revoked": lambda days: _("Withdrawn on %(day)s.", **days),
    "due": lambda days: _("Due on %(day)s.", **days),
    "no_due_day": lambda _days: _("There is no due day."),
    "lapsed": lambda days: _("It lapsed after %(last)s.", **days),
    "renewal_opened": lambda days: _("Renewal opened on %(day)s.", **days),
}
