"""Training that a learner took elsewhere: sent in by them, approved or refused by their HR.

In a write transaction, but for reads. What is approved can count towards requirements, as a credit:
no completion and no participation. Source: docs/privacy.md, definitions.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from flask_babel import gettext as _
from sqlalchemy import select, update

from innocap_lms import clock
from innocap_lms.extensions import db, insert_once
from innocap_lms.ids import new_id
from innocap_lms.people.identity import InvalidInputError
from innocap_lms.people.viewer import Viewer
from innocap_lms.recognition.intakes import NotNowError
from innocap_lms.recognition.models import ExternalTraining
from innocap_lms.requirements import noting
from innocap_lms.requirements.services import About, reason_of
from innocap_lms.tasks.file_checks import Upload

LONGEST: Final = 200  # characters of a title or a provider
MOST_WAITING: Final = 50  # of one person
SHOWN: Final = 200


@dataclass(frozen=True)
class Told:
    """What a learner says of a training."""

    title: str
    provider: str
    day: date
    hours: float | None


def send(viewer: Viewer, told: Told, stored: str | None, upload: Upload | None) -> None:
    """Send a training in to the organisation one learns in. Sending the same twice is once. Raises
    InvalidInputError."""
    home = viewer.home()
    problems = _problems(told)
    if home is None or home.organisation_id is None:
        problems["title"] = _("You belong to no organisation that could recognise it.")
    waiting = select(ExternalTraining.id).where(
        ExternalTraining.person_id == viewer.id, ExternalTraining.state == "sent"
    )
    if len(db.session.scalars(waiting).all()) >= MOST_WAITING:
        problems["title"] = _("Wait for answers to what you have sent in.")
    if problems or home is None or home.organisation_id is None:
        raise InvalidInputError(problems)
    name = new_id()
    made = insert_once(
        ExternalTraining,
        ("person_id", "organisation_id", "title", "day"),
        id=name,
        person_id=viewer.id,
        organisation_id=home.organisation_id,
        title=told.title.strip(),
        provider=told.provider.strip(),
        day=told.day,
        hours=told.hours,
        file_name=upload.name if upload else None,
        media_type=upload.media_type if upload else None,
        stored=stored,
        state="sent",
        sent_at=clock.utcnow(),
        credits=[],
    )
    if not made:
        raise InvalidInputError({"title": _("You have sent this in already.")})
    about = About(viewer.id, home.organisation_id, viewer.id)
    about.say("training.sent", clock.utcnow(), {"training": name, "title": told.title.strip()})


def _problems(told: Told) -> dict[str, str]:
    problems: dict[str, str] = {}
    for name, said in (("title", told.title), ("provider", told.provider)):
        if not said.strip():
            problems[name] = _("Write something here.")
        elif len(said) > LONGEST:
            problems[name] = _("Write at most %(most)s characters.", most=LONGEST)
    return problems


def withdraw(viewer: Viewer, training_id: str) -> str | None:
    """Take back what has not been answered; the name of its file on the disk. Raises
    NotNowError."""
    found = _settled(
        training_id, "withdrawn", viewer.id, "", ExternalTraining.person_id == viewer.id
    )
    return str(found.stored) if found.stored else None


def approve(
    viewer: Viewer, training: ExternalTraining, reason: str, requirement_ids: Iterable[str]
) -> None:
    """Recognise a training, as a credit towards these requirements. Raises InvalidInputError
    without a reason, NotNowError where it is answered already."""
    wanted, said = list(requirement_ids), reason_of(reason)
    _settled(training.id, "approved", viewer.id, said)
    db.session.execute(
        update(ExternalTraining).where(ExternalTraining.id == training.id).values(credits=wanted)
    )
    about = About(training.person_id, training.organisation_id, viewer.id)
    evidence = f"{training.title}, {training.provider}"
    moment = noting.moment_of(training.day)
    for requirement_id in wanted:
        noting.credit(about, requirement_id, moment, said, evidence, training=training.id)
    about.say("training.approved", clock.utcnow(), {"training": training.id, "reason": said})


def refuse(viewer: Viewer, training: ExternalTraining, reason: str) -> None:
    """Say why a training is not recognised. Raises InvalidInputError, NotNowError."""
    said = reason_of(reason)
    _settled(training.id, "refused", viewer.id, said)
    about = About(training.person_id, training.organisation_id, viewer.id)
    about.say("training.refused", clock.utcnow(), {"training": training.id, "reason": said})


def _settled(training_id: str, state: str, by: str, reason: str, *conditions: Any) -> Any:
    """Answer it once, whoever else answers."""
    found = db.session.execute(
        update(ExternalTraining)
        .where(ExternalTraining.id == training_id, ExternalTraining.state == "sent", *conditions)
        .values(state=state, decided_at=clock.utcnow(), decided_by=by, reason=reason)
        .returning(ExternalTraining.id, ExternalTraining.stored)
    ).first()
    if found is None:
        raise NotNowError(training_id)
    return found


def own(person_id: str) -> list[ExternalTraining]:
    """What somebody has sent in, the newest first."""
    query = select(ExternalTraining).where(ExternalTraining.person_id == person_id)
    return list(db.session.scalars(query.order_by(ExternalTraining.sent_at.desc()).limit(SHOWN)))
