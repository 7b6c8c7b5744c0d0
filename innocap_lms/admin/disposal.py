"""The profile of who has left is disposed of after a time; what was completed stays.

Source of what goes and what stays: docs/privacy.md. The name stays where a completion, or hours
that were confirmed, need it: those registers have a retention of their own.
"""

from datetime import timedelta
from typing import Any, Final

from flask import current_app
from sqlalchemy import delete, or_, select

from innocap_lms import clock
from innocap_lms.config import Settings
from innocap_lms.extensions import db, writing
from innocap_lms.learning.models import Completion
from innocap_lms.people.models import (
    EmployeeNumber,
    Feed,
    Invitation,
    Pass,
    Person,
    SignIn,
)
from innocap_lms.people.trail import note
from innocap_lms.rounds.models import RoundAttendance
from innocap_lms.self_assessment.models import Sitting

AT_A_TIME: Final = 50  # people in one transaction
GONE: Final = (
    "gone-"  # begins the login name of a profile that was disposed of; nobody enters by it
)
NAMELESS: Final = "–"
_THEIRS: Final[tuple[Any, ...]] = (
    *(SignIn, Pass, Feed, Invitation, EmployeeNumber),
    Sitting,
)


def dispose_profiles() -> int:
    """Dispose of the profiles of whoever left long enough ago; returns how many. A repeating job.

    `INNOCAP_LEAVER_DAYS` says how long; 0: never.
    """
    settings: Settings = current_app.extensions["innocap_settings"]
    if not settings.leaver_days:
        return 0
    long_gone = (
        select(Person.id)
        .where(
            Person.left_at < clock.utcnow() - timedelta(days=settings.leaver_days),
            or_(Person.login.is_(None), ~Person.login.startswith(GONE)),
        )
        .order_by(Person.id)
        .limit(AT_A_TIME)
    )
    disposed = 0
    while people := db.session.scalars(long_gone).all():
        with writing():
            for person_id in people:
                _dispose(person_id)
        disposed += len(people)
    return disposed


def _dispose(person_id: str) -> None:
    for table in _THEIRS:
        db.session.execute(delete(table).where(table.person_id == person_id))
    person = db.session.get_one(Person, person_id)
    person.email, person.login = None, f"{GONE}{person_id}"
    person.password_hash = person.timezone = None
    completed = select(Completion.id).where(Completion.person_id == person_id)
    attended = select(RoundAttendance.session_id).where(
        RoundAttendance.person_id == person_id, RoundAttendance.minutes > 0
    )
    keeps_name = db.session.scalar(completed.union_all(attended).limit(1)) is not None
    if not keeps_name:
        person.name = NAMELESS
    note("profile.disposed", None, person_id=person_id, name_kept=keeps_name)
