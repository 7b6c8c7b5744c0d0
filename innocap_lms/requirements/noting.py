"""What HR notes as done: completions and credits, their corrections and withdrawals.

In a write transaction, as in `services`; each is an event of the ledger. A completion that was
noted counts as any other and names who noted it. It has no certificate: nobody here has seen that
the rule of the course was met. A credit is no completion and no participation.
"""

from datetime import date, datetime, time, timedelta
from typing import Any, Final, Literal, NamedTuple, cast

from flask_babel import gettext as _
from sqlalchemy import Table, bindparam, case, delete, func, insert, select, update

from innocap_lms import clock
from innocap_lms.catalogue.queries import OfferingView
from innocap_lms.extensions import db, fetch, insert_once
from innocap_lms.ids import new_id
from innocap_lms.learning.completing import complete_programmes, tell_of_change
from innocap_lms.learning.models import Completion
from innocap_lms.ledger.models import LedgerContent, LedgerEvent
from innocap_lms.people.identity import InvalidInputError
from innocap_lms.people.models import Membership, holds
from innocap_lms.requirements.days import site_zone, today
from innocap_lms.requirements.models import Noted
from innocap_lms.requirements.services import LONGEST_REASON, About, check_days, reason_of

How = Literal["manual", "import"]

_CHANGES: Final = ("completion.corrected", "completion.revoked", "certificate.revoked")

# Of the table: through the class, a certificate would be promised where none is given.
_insert_completion = insert(cast("Table", Completion.__table__))


class AlreadyNotedError(InvalidInputError):
    """The same is noted of the person for that day."""


class Done(NamedTuple):
    """What was done, and on what ground one says so. `hours` None: as the course says."""

    at: datetime
    reason: str
    evidence: str = ""
    hours: float | None = None
    how: How = "manual"
    evidence_file: str = ""


def complete(about: About, course: OfferingView, done: Done) -> str:
    """Note that somebody has completed a course or programme; returns the completion's id.
    Programmes that waited for this course alone are completed with it.

    How long it counts is what the course says today. Raises InvalidInputError without a reason, for
    a day to come, and where the same is noted for that day already.
    """
    found, kind = course.edition.course, course.edition.kind
    said = _ground(done.at, done.reason, done.evidence)
    once = _note_once(about, f"{kind}:{course.course_id}", done.at, again=done.how == "manual")
    hours = found.hours if done.hours is None else done.hours
    row = _completion(about, course, done) | {"id": once, "hours": hours}
    db.session.execute(_insert_completion, row)
    content = {
        "completion": once,
        kind: course.course_id,
        "noted": done.how,
        "hours": hours,
        "validity_months": found.validity.months if found.validity else None,
        **said,
        **({"evidence_file": done.evidence_file} if done.evidence_file else {}),
    }
    about.say("completed", done.at, content)
    complete_programmes(about.person_id, about.actor_id)
    return once


def _completion(about: About, course: OfferingView, done: Done) -> dict[str, Any]:
    """The row of a completion that is noted: of no enrolment, edition or language."""
    return {
        "person_id": about.person_id,
        "kind": course.edition.kind,
        "course_id": course.course_id,
        "track": course.track,
        "fingerprint": "",
        "language": "",
        "organisation_id": about.organisation_id,
        "unit_id": _unit(about, done.at),
        "completed_at": done.at,
        "because": {"noted": done.how},
        "certificate_id": None,
        "noted_by": about.actor_id,
    }


def credit(
    about: About, requirement_id: str, at: datetime, reason: str, evidence: str, **also: str
) -> str:
    """Recognise what somebody learnt elsewhere; returns the credit's id.

    It is no completion and no participation. Source: docs/privacy.md, definitions. `also` is kept
    with it. Raises InvalidInputError without a reason, for a day to come, and where the same is
    noted for that day already.
    """
    content = {"requirement": requirement_id, **_ground(at, reason, evidence), **also}
    name = _note_once(about, f"requirement:{requirement_id}", at)
    about.say("credited", at, {"completion": name, **content})
    return name


def _ground(at: datetime, reason: str, evidence: str) -> dict[str, str]:
    """Why something done then is noted, as the ledger keeps it. Raises InvalidInputError."""
    if at > clock.utcnow():
        raise InvalidInputError({"day": _("The day has not come yet.")})
    check_days(at, None)
    return {"reason": reason_of(reason), "evidence": evidence.strip()[:LONGEST_REASON]}


def _note_once(about: About, what: str, at: datetime, *, again: bool = True) -> str:
    """A new id for what was done that day, unless it has one. What was withdrawn may be noted
    `again`. Raises InvalidInputError."""
    name, day = new_id(), at.astimezone(site_zone()).date()
    if again:
        db.session.execute(
            delete(Noted).where(
                Noted.organisation_id == about.organisation_id,
                Noted.person_id == about.person_id,
                Noted.about == what,
                Noted.day == day,
                Noted.withdrawn_at.is_not(None),
            )
        )
    made = insert_once(
        Noted,
        ("organisation_id", "person_id", "about", "day"),
        organisation_id=about.organisation_id,
        person_id=about.person_id,
        about=what,
        day=day,
        completion_id=name,
    )
    if not made:
        raise AlreadyNotedError({"day": _("This is noted for that day already.")})
    return name


def correct(
    about: About, completion_id: str, named: dict[str, Any], instead: datetime, reason: str
) -> None:
    """Say that a completion or credit was at another time. `named` is what it is about, such as
    {"course": id}. What rests on it follows. Raises InvalidInputError."""
    said = _ground(instead, reason, "")
    _move(completion_id, instead.astimezone(site_zone()).date())
    content = {
        "completion": completion_id,
        **named,
        "instead": instead.isoformat(),
        "reason": said["reason"],
    }
    about.say("completion.corrected", _after_what_was_said(about, completion_id), content)
    _tell_of_change(about, completion_id, named, said["reason"])


def _move(completion_id: str, day: date) -> None:
    row = db.session.scalars(select(Noted).where(Noted.completion_id == completion_id)).first()
    if row is None or row.day == day:
        return
    taken = {name: getattr(row, name) for name in ("organisation_id", "person_id", "about")}
    db.session.delete(row)
    db.session.flush()
    unique = (*taken, "day")
    if not insert_once(Noted, unique, **taken, day=day, completion_id=completion_id):
        raise AlreadyNotedError({"day": _("This is noted for that day already.")})


def revoke(about: About, completion_id: str, named: dict[str, Any], reason: str) -> None:
    """Say that a completion or credit counts no longer. What rests on it follows.
    Raises InvalidInputError."""
    content = {"completion": completion_id, **named, "reason": reason_of(reason)}
    now = _after_what_was_said(about, completion_id)
    about.say("completion.revoked", now, content)
    db.session.execute(
        update(Noted).where(Noted.completion_id == completion_id).values(withdrawn_at=now)
    )
    _tell_of_change(about, completion_id, named, content["reason"])


def _after_what_was_said(about: About, completion_id: str) -> datetime:
    """Now, or just after what was said last of a completion, whatever the clock says: of two
    changes the later one holds, for every reader, and moments are what they go by."""
    said = select(func.max(LedgerEvent.happened_at)).join(
        LedgerContent, LedgerContent.event_id == LedgerEvent.id
    )
    last = db.session.scalar(
        said.where(
            LedgerContent.person_id == about.person_id,
            LedgerEvent.kind.in_(_CHANGES),
            LedgerContent.content["completion"].as_string() == completion_id,
        )
    )
    now = clock.utcnow()
    return max(now, last + timedelta(microseconds=1)) if last else now


def _tell_of_change(about: About, completion_id: str, named: dict[str, Any], reason: str) -> None:
    if course_id := named.get("course") or named.get("programme"):
        tell_of_change(about.person_id, course_id, completion_id, reason, about.actor_id)


def moment_of(day: date) -> datetime:
    """When something was done of which only the day is known: at noon where the site is, so that
    it is that day to a reader in another zone, too; now at the latest, if the day is today."""
    noon = datetime.combine(day, time(12), site_zone())
    return min(noon, clock.utcnow()) if day == today() else noon


_held = Membership.__table__.c
_at = bindparam("at", type_=_held.valid_from.type)
# Built once: a list of old completions asks this of each of its rows.
_unit_then = (
    select(_held.unit_id)
    .where(
        _held.person_id == bindparam("person"),
        _held.organisation_id == bindparam("organisation"),
    )
    .order_by(
        case((holds(_held, _at), 0), else_=1),
        case((_held.role == "learner", 0), else_=1),
        _held.valid_from.desc(),
    )
    .limit(1)
)


def _unit(about: About, at: datetime) -> str | None:
    """Where the person belonged then, or else first or last: before or after all their time."""
    names = {"person": about.person_id, "organisation": about.organisation_id}
    found = fetch(_unit_then, {**names, "at": at})
    return found[0].unit_id if found else None
