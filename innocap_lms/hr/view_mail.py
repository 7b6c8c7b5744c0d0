"""Scheduled delivery of saved views: a mail with a link that needs sign-in, and no figures.

It comes on the first working day of each week or month, where its owner is, and ends when the owner
follows up nobody any more.
"""

from datetime import datetime
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import select, update

from innocap_lms import clock
from innocap_lms.extensions import db, writing
from innocap_lms.hr.models import SavedView
from innocap_lms.ids import new_id
from innocap_lms.jobs.mail import send
from innocap_lms.jobs.outbox import enqueue
from innocap_lms.people.mail import site_address, site_name
from innocap_lms.people.models import Membership, Organisation, Person, holds
from innocap_lms.people.queries import account_of, viewer_of
from innocap_lms.requirements.days import site_zone
from innocap_lms.requirements.office_hours import next_open
from innocap_lms.requirements.office_mail import waits, where

VIEW_MAIL_JOB: Final = "hr.view_mail"
ROLES: Final = ("hr", "manager", "admin")
PERIODS: Final = {"weekly": "%G-%V", "monthly": "%Y-%m"}


class _Due(NamedTuple):
    """A scheduled view, since when, and where its owner is."""

    id: str
    every: str
    since: datetime
    zone: ZoneInfo
    country: str


def ask_for_views() -> int:
    """Ask for this period's mails; returns how many were asked for now or before. A repeating job.

    The first comes in the period after the one in which the view was scheduled.
    """
    wanted = []
    for due in _scheduled():
        at = next_open(clock.utcnow(), due.zone, due.country)
        period = f"{at.astimezone(due.zone):{PERIODS[due.every]}}"
        if period > f"{due.since.astimezone(due.zone):{PERIODS[due.every]}}":
            wanted.append((due, period, at))
    if wanted:
        with writing():
            for due, period, at in wanted:
                place = where(due.zone.key, due.country)
                message = {"view_id": due.id, "message_id": new_id(), **place}
                key = f"view:{due.id}:{due.every}:{period}"
                enqueue(VIEW_MAIL_JOB, key, message, run_at=at)
    return len(wanted)


def _scheduled() -> list[_Due]:
    """Every view that is to be mailed; a person's country is that of the newest role."""
    country = (
        select(Organisation.country)
        .join(Membership, Membership.organisation_id == Organisation.id)
        .where(
            Membership.person_id == SavedView.person_id,
            Membership.role.in_(ROLES),
            holds(Membership, clock.utcnow()),
        )
        .order_by(Membership.valid_from.desc(), Membership.id)
        .limit(1)
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(SavedView.id, SavedView.every, SavedView.scheduled_at, Person.timezone, country)
        .join(Person, Person.id == SavedView.person_id)
        .where(SavedView.scheduled_at.is_not(None))
        .order_by(SavedView.id)
    )
    return [
        _Due(row[0], row[1], row[2], ZoneInfo(row[3]) if row[3] else site_zone(), row[4] or "")
        for row in rows
    ]


def send_view(payload: dict[str, Any]) -> None:
    """Outbox kind VIEW_MAIL_JOB; payload: view_id, message_id, zone, country. Nothing is sent
    where the view or its schedule is gone; whoever follows up nobody any more gets no more of
    them."""
    kept = db.session.get(SavedView, payload["view_id"])
    if kept is None or not kept.every:
        return
    account = account_of(kept.person_id)
    closed = account is None or account.suspended_at is not None
    if account is None or closed or not viewer_of(kept.person_id).has(*ROLES):
        _end(kept.id)
        return
    if not account.email or waits(VIEW_MAIL_JOB, payload):
        return
    with force_locale(account.language):
        parts = (
            _("Hello %(name)s,", name=account.name),
            _("The view “%(view)s” as it is now:", view=kept.name)
            + f"\n{site_address()}/hr/views/{kept.id}",
            _("It opens once you have signed in, and shows what you may see then."),
            _("You asked for this mail. Change or end it: %(url)s", url=_where_it_ends(kept.id)),
            site_name(),
        )
        subject = _("Follow-up: %(view)s", view=kept.name)
        send(account.email, subject, "\n\n".join(parts) + "\n", str(payload["message_id"]))


def _where_it_ends(view_id: str) -> str:
    return f"{site_address()}/hr/views/{view_id}/change"


def _end(view_id: str) -> None:
    with writing():
        db.session.execute(
            update(SavedView).where(SavedView.id == view_id).values(every="", scheduled_at=None)
        )
