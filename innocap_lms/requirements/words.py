"""Standings and their reasons as words in the reader's language."""

from collections.abc import Iterable
from typing import Any

from flask_babel import format_date
from flask_babel import lazy_gettext as _

from innocap_lms.requirements.periods import Reason, State

_STATES: dict[State, Any] = {
    "valid": _("Valid"),
    "credited": _("Credited"),
    "exempt": _("Exempt"),
    "not_due": _("Not due yet"),
    "due_soon": _("Due soon"),
    "in_progress": _("In progress"),
    "renewal_open": _("Renewal open"),
    "overdue": _("Overdue"),
    "expired": _("Expired"),
    "paused": _("Paused"),
}
_SENTENCES = {  # by code and the days it comes with
    ("completed", "day"): _("Completed on %(day)s. No end date."),
    ("completed", "day", "last"): _("Completed on %(day)s. Valid until %(last)s."),
    ("credited", "day"): _("Credited on %(day)s. No end date."),
    ("credited", "day", "last"): _("Credited on %(day)s. Valid until %(last)s."),
    ("exempt", "day"): _("Exempt from %(day)s."),
    ("exempt", "day", "until"): _("Exempt from %(day)s until %(until)s."),
    ("paused", "day"): _("Paused since %(day)s."),
    ("paused", "day", "last"): _("Paused from %(day)s until %(last)s."),
    ("extended", "day"): _("A pause moved the last day to %(day)s."),
    ("enrolled", "day"): _("Enrolled on %(day)s."),
    ("revoked", "day"): _("Withdrawn on %(day)s."),
    ("due", "day"): _("Due on %(day)s."),
    ("no_due_day",): _("There is no due date."),
    ("lapsed", "last"): _("It was valid until %(last)s."),
    ("renewal_called", "day"): _("To be taken again since %(day)s."),
    ("renewal_taken_back", "called", "day"): _(
        "It was to be taken again from %(called)s; that was taken back on %(day)s."
    ),
    ("renewal_opened", "day"): _("Renewal opened on %(day)s."),
}


def state_words() -> dict[State, str]:
    """The ten standings in the reader's language."""
    return {state: str(word) for state, word in _STATES.items()}


def because(reasons: Iterable[Reason]) -> str:
    """The reasons of a period as sentences, with days as the reader writes them.

    Raises KeyError for a reason that has no sentence.
    """
    return " ".join(
        str(_SENTENCES[reason.code, *sorted(reason.days)])
        % {name: format_date(day, "long") for name, day in reason.days.items()}
        for reason in reasons
    )
