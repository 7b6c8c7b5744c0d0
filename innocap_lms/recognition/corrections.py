"""Correct the day of a completion or credit, or withdraw it: new events, nothing overwritten.

In a write transaction. The certificate follows: a corrected day gives a corrected certificate, and
what counts no longer has its certificate revoked.
"""

from contextlib import suppress
from datetime import date, datetime

from flask_babel import gettext as _
from sqlalchemy import delete, update

from innocap_lms.config import Settings
from innocap_lms.credentials import services as credentials
from innocap_lms.extensions import db
from innocap_lms.learning.models import Completion
from innocap_lms.people.identity import InvalidInputError
from innocap_lms.recognition.queries import Entry
from innocap_lms.requirements import noting
from innocap_lms.requirements.days import site_zone
from innocap_lms.requirements.services import About


class WithdrawnError(ValueError):
    """What was to be changed counts no longer."""


def correct_day(about: About, entry: Entry, day: date, reason: str, settings: Settings) -> None:
    """Say that it was done on another day. Raises InvalidInputError, WithdrawnError, NoKeyError."""
    correct_moment(about, entry, noting.moment_of(day), reason, settings)


def correct_moment(
    about: About, entry: Entry, moment: datetime, reason: str, settings: Settings
) -> None:
    """Say that it was done at another moment. Raises as `correct_day` does."""
    if entry.withdrawn:
        raise WithdrawnError(entry.id)
    zone = site_zone()
    if moment.astimezone(zone).date() == entry.day.astimezone(zone).date():
        raise InvalidInputError({"day": _("That is the day it has already.")})
    noting.correct(about, entry.id, dict(entry.subject), moment, reason)
    db.session.execute(
        update(Completion).where(Completion.id == entry.id).values(completed_at=moment)
    )
    if has_certificate(entry):
        certificate = credentials.issue_certificate(entry.id, settings)
        with suppress(credentials.StandingError):  # it was revoked
            credentials.correct(certificate, reason, about.actor_id, settings)


def withdraw(about: About, entry: Entry, reason: str, settings: Settings, **because: str) -> None:
    """Say that it counts no longer; `because` is kept with the reason. Raises InvalidInputError,
    WithdrawnError, NoKeyError."""
    if entry.withdrawn:
        raise WithdrawnError(entry.id)
    noting.revoke(about, entry.id, {**entry.subject, **because}, reason)
    if has_certificate(entry):
        # One that is still to be issued is issued now: what was revoked then says so.
        certificate = credentials.issue_certificate(entry.id, settings)
        with suppress(credentials.StandingError):
            credentials.revoke(certificate, reason, about.actor_id)
    else:
        db.session.execute(delete(Completion).where(Completion.id == entry.id))


def has_certificate(entry: Entry) -> bool:
    """Whether it is a course that was taken here, which gives a certificate."""
    return not entry.noted
