"""Jobs: mail about cases, and what is looked after each hour. No mail holds a word of a case."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from flask_babel import force_locale, format_date
from flask_babel import gettext as _
from sqlalchemy import and_, func, not_, or_, select

from innocap_lms import clock
from innocap_lms.catalogue.queries import EditionView, edition
from innocap_lms.config import Settings
from innocap_lms.extensions import db, writing
from innocap_lms.ids import new_id
from innocap_lms.jobs.mail import send
from innocap_lms.jobs.outbox import enqueue
from innocap_lms.learning.models import Enrolment
from innocap_lms.learning.outline import title_and_minutes
from innocap_lms.people.mail import site_address
from innocap_lms.people.queries import account_of
from innocap_lms.tasks import assessing, storage
from innocap_lms.tasks.access import in_role
from innocap_lms.tasks.models import LAST_SEAT, Assessment, Submission

log = logging.getLogger(__name__)

REMINDER_JOB = "task.reminder_mail"
EARLY = timedelta(days=3)
DAY = timedelta(days=1)
LATE = timedelta(days=7)
DRAWN_LATE = "drawn-late"


def look_after() -> None:
    """Take seats from those whose role has ended, draw for seats that are free, and remind. Bytes
    that no case names go. A repeating job.

    A case with which something fails is logged, and keeps no other waiting.
    """
    for assessment_id in _without_the_role():
        with _alone("seat", assessment_id):
            assessing.hand_over(assessment_id, None)
    for submission_id in _short_of_assessors():
        with _alone("case", submission_id):
            assessing.draw_again(submission_id)
    with writing():
        for assessment_id, reminder in _reminders(clock.utcnow()):
            _remind(assessment_id, reminder)
    storage.sweep()


@contextmanager
def _alone(what: str, id_: str) -> Iterator[None]:
    try:
        with writing():
            yield
    except Exception:
        log.exception("the %s %s cannot be looked after", what, id_)


def _reminders(now: datetime) -> list[tuple[str, str]]:
    """Seats that have not scored, and which of their reminders is due: those that were due before
    may be among them, and are sent once."""
    rows = db.session.execute(
        select(Assessment.id, Assessment.drawn_at, Submission.promised_at)
        .join(Submission, Submission.id == Assessment.submission_id)
        .where(
            Submission.state == "handed_in",
            or_(
                Submission.promised_at.between(now - LATE, now + EARLY),
                Assessment.drawn_at.between(now - LATE, now - EARLY),
            ),
            Assessment.released_at.is_(None),
            Assessment.scored_at.is_(None),
        )
    ).all()
    return [(row[0], due) for row in rows if (due := _due(row.drawn_at, row.promised_at, now))]


def _due(drawn_at: datetime, promised_at: datetime, now: datetime) -> str:
    """The reminder of a seat that is due: three days before the promise or on its day, where the
    mail of the draw has not just said it; else three days after a draw that came too late for
    both. Trainers see a case that is late, so after a week nobody is reminded any more."""
    if drawn_at >= promised_at - DAY:
        return DRAWN_LATE if now - LATE <= drawn_at <= now - EARLY else ""
    if promised_at < now - LATE:
        return ""
    before = DAY if promised_at - now < DAY else EARLY
    due = promised_at - now <= before and drawn_at < promised_at - before
    return str(before.days) if due else ""


def _without_the_role() -> list[str]:
    """Seats at open cases of assessors who have not scored and no longer have the role."""
    return list(
        db.session.scalars(
            select(Assessment.id)
            .join(Submission, Submission.id == Assessment.submission_id)
            .where(
                Submission.state == "handed_in",
                Assessment.released_at.is_(None),
                Assessment.scored_at.is_(None),
                not_(in_role(clock.utcnow())),
            )
        )
    )


def _short_of_assessors() -> list[str]:
    """Open cases with a free seat, or where all who sit have scored: then a third is wanted."""
    active = and_(Assessment.submission_id == Submission.id, Assessment.released_at.is_(None))
    return list(
        db.session.scalars(
            select(Submission.id)
            .outerjoin(Assessment, active)
            .where(Submission.state == "handed_in")
            .group_by(Submission.id)
            .having(
                or_(
                    func.count(Assessment.id) < LAST_SEAT - 1,
                    func.count(Assessment.id) == func.count(Assessment.scored_at),
                )
            )
        )
    )


def _remind(assessment_id: str, reminder: str) -> None:
    payload = {"assessment_id": assessment_id, "message_id": new_id()}
    enqueue(REMINDER_JOB, f"task.reminder:{assessment_id}:{reminder}", payload)


def send_drawn(payload: dict[str, Any]) -> None:
    """Outbox kind DRAWN_JOB; payload: assessment_id, message_id."""
    _to_assessor(payload, "drawn")


def send_reminder(payload: dict[str, Any]) -> None:
    """Outbox kind REMINDER_JOB; payload: assessment_id, message_id."""
    _to_assessor(payload, "reminder")


def _to_assessor(payload: dict[str, Any], name: str) -> None:
    """Nobody is written to who has scored meanwhile, or was released."""
    row = db.session.execute(
        select(Assessment.assessor_id, Submission)
        .join(Submission, Submission.id == Assessment.submission_id)
        .where(
            Assessment.id == payload["assessment_id"],
            Assessment.released_at.is_(None),
            Assessment.scored_at.is_(None),
            Submission.state == "handed_in",
        )
    ).first()
    if row is not None:
        address = f"{site_address()}/assess/{row.Submission.id}"
        _write(row.assessor_id, row.Submission, name, address, payload)


def send_decided(payload: dict[str, Any]) -> None:
    """Outbox kind DECIDED_JOB; payload: submission_id, message_id."""
    case = db.session.get(Submission, payload["submission_id"])
    if case is None:
        return
    learner = db.session.execute(
        select(Enrolment.person_id).where(Enrolment.id == case.enrolment_id)
    ).scalar_one()
    course = edition(case.edition_id).course.id
    address = f"{site_address()}/courses/{course}/{case.task_id}"
    _write(learner, case, "decided", address, payload)


def _write(
    person_id: str, case: Submission, name: str, address: str, payload: dict[str, Any]
) -> None:
    account = account_of(person_id)
    if account is None or not account.email or not account.is_open:
        return
    settings: Settings = current_app.extensions["innocap_settings"]
    with force_locale(account.language):
        subject, parts = _words(name, case, account.language, address)
        greeting = _("Hello %(name)s,", name=account.name)
        text = "\n\n".join((greeting, *parts, settings.site_name)) + "\n"
        send(account.email, subject, text, str(payload["message_id"]))


def _words(name: str, case: Submission, language: str, address: str) -> tuple[str, tuple[str, ...]]:
    """Subject and paragraphs. Not a template: those escape values as pages need it."""
    title = _title(edition(case.edition_id), case, language)
    if name == "decided":
        told = _(
            "Your practical task “%(task)s” has been assessed. Read what the assessors say here:",
            task=title,
        )
        return _("Your practical task has been assessed"), (f"{told}\n{address}",)
    promised = _(
        "The learner has been promised an answer by %(day)s. Read and score it here:",
        day=format_date(case.promised_at, "full"),
    )
    way_out = _(
        "If you know the learner too well, or cannot get round to it, hand the case over on that "
        "page: another assessor is then drawn."
    )
    if name == "drawn":
        first = _(
            "You have been drawn to assess a case of the practical task “%(task)s”.", task=title
        )
        return _("A case to assess"), (first, f"{promised}\n{address}", way_out)
    first = _("A case of the practical task “%(task)s” waits for your assessment.", task=title)
    return _("A case waits for your assessment"), (first, f"{promised}\n{address}", way_out)


def _title(found: EditionView, case: Submission, language: str) -> str:
    return title_and_minutes(found.course.activity(case.task_id), found, language)[0]
