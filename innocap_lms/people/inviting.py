"""Invitations in batches, one a minute: who waits for one, who got it, who is to be asked again.

A batch is one job. It sends what of it is not sent yet and notes each at once: killed in the
middle, it goes on with the rest, and at most the one in flight goes twice, with one Message-ID.
"""

import smtplib
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final, Literal, NamedTuple, get_args

from sqlalchemy import ColumnElement, case, delete, exists, func, or_, select, update

from innocap_lms import clock
from innocap_lms.extensions import db, insert_once, writing
from innocap_lms.ids import new_id
from innocap_lms.jobs.outbox import enqueue
from innocap_lms.people import mail, passes
from innocap_lms.people.models import Invitation, Membership, Pass, Person, holds, may_enter
from innocap_lms.people.trail import note

BATCH_JOB: Final = "people.invitations"
BATCH: Final = 50  # invitations
EVERY: Final = timedelta(minutes=1)  # a batch
KEPT: Final = timedelta(days=180)

Whom = Literal["never", "expired"]
WHOM: Final[tuple[Whom, ...]] = get_args(Whom)


class Waiting(NamedTuple):
    """Somebody who has not chosen a password yet. No name where protected. `state` is one of:
    never, asked (on its way), sent, expired."""

    id: str
    name: str
    language: str
    state: str


class Standing(NamedTuple):
    """How it stands with an organisation's invitations: how many wait by state, when the last that
    is on its way goes, and what mail servers said: (person, problem)."""

    numbers: dict[str, int]
    last_at: datetime | None
    problems: list[tuple[str, str]]


def waiting(organisation_id: str, state: str = "") -> list[Waiting]:
    """Who has no password yet, by name, protected identities last, so that their place does not
    tell it; in one state, if so asked. One statement."""
    query = _waiting(organisation_id)
    ordered = query.order_by(Person.protected, Person.name, Person.id)
    rows = (Waiting(*row) for row in db.session.execute(ordered))
    return [row for row in rows if state in ("", row.state)]


def how_it_stands(organisation_id: str) -> Standing:
    """Three statements."""
    numbers: dict[str, int] = {}
    for row in waiting(organisation_id):
        numbers[row.state] = numbers.get(row.state, 0) + 1
    of_it = Invitation.organisation_id == organisation_id
    last = select(func.max(Invitation.send_at)).where(of_it, _on_its_way())
    problems = (
        select(case((Person.protected, ""), else_=Person.name), Invitation.problem)
        .join(Person, Person.id == Invitation.person_id)
        .where(of_it, Invitation.problem.is_not(None), Person.password_hash.is_(None))
        .order_by(Invitation.send_at.desc())
        .limit(50)
    )
    told = [(row[0], row[1] or "") for row in db.session.execute(problems)]
    return Standing(numbers, db.session.scalar(last), told)


def _waiting(organisation_id: str) -> Any:
    now = clock.utcnow()
    latest = (
        select(func.max(Pass.expires_at))
        .where(Pass.person_id == Person.id, Pass.purpose == passes.INVITATION)
        .correlate(Person)
        .scalar_subquery()
    )
    state = case(
        (exists().where(Invitation.person_id == Person.id, _on_its_way()), "asked"),
        (latest.is_(None), "never"),
        (latest <= now, "expired"),
        else_="sent",
    )
    belongs = exists().where(
        Membership.person_id == Person.id,
        Membership.organisation_id == organisation_id,
        holds(Membership, now),
    )
    name = case((Person.protected, ""), else_=Person.name)
    return select(Person.id, name, Person.language, state).where(
        belongs,
        Person.email.is_not(None),
        Person.password_hash.is_(None),
        may_enter(Person, now),
    )


def _on_its_way() -> ColumnElement[bool]:
    return Invitation.sent_at.is_(None) & Invitation.problem.is_(None)


def ask_for(organisation_id: str, whom: Whom, actor_id: str) -> int:
    """Have invitations sent to those who never got one, or whose last has expired; returns how
    many. In a write transaction. Who is on the way already is not asked for twice."""
    people = [row.id for row in waiting(organisation_id, whom)]
    start = _free_from()
    asked = 0
    for number in range(0, len(people), BATCH):
        at = start + EVERY * (number // BATCH)
        asked += _ask_batch(people[number : number + BATCH], organisation_id, actor_id, at)
    if asked:
        note("people.invited", actor_id, organisation_id=organisation_id, number=asked, whom=whom)
    return asked


def _free_from() -> datetime:
    """The next minute in which no batch goes: those of all organisations share one mail server."""
    last = db.session.scalar(select(func.max(Invitation.send_at)).where(_on_its_way()))
    now = clock.utcnow()
    return max(now, last + EVERY) if last else now


def _ask_batch(people: Sequence[str], organisation_id: str, actor_id: str, at: datetime) -> int:
    batch = new_id()
    asked = sum(
        insert_once(
            Invitation,
            ("person_id",),
            id=new_id(),
            batch=batch,
            person_id=person,
            organisation_id=organisation_id,
            asked_by=actor_id,
            send_at=at,
            sent_at=None,
            problem=None,
        )
        for person in people
    )
    if asked:
        enqueue(BATCH_JOB, f"invitations:{batch}", {"batch": batch}, run_at=at)
    return asked


def send_batch(payload: dict[str, Any]) -> None:
    """Outbox kind BATCH_JOB; payload: batch. Raises what the mail server's absence raises: the rest
    is tried again."""
    query = (
        select(Invitation.id, Invitation.person_id, Person.password_hash.is_not(None))
        .join(Person, Person.id == Invitation.person_id)
        .where(Invitation.batch == payload["batch"], _on_its_way())
        .order_by(Invitation.id)
    )
    for invitation_id, person_id, has_entered in db.session.execute(query).all():
        problem = None
        if not has_entered:
            message = {"person_id": person_id, "message_id": f"invitation-{invitation_id}"}
            try:
                mail.send_invitation(message)
            except smtplib.SMTPRecipientsRefused as error:
                problem = _said(error)
            except ValueError as error:  # an address that no header may hold
                problem = str(error)[:200]
        with writing():
            db.session.execute(
                update(Invitation)
                .where(Invitation.id == invitation_id)
                .values(problem=problem, sent_at=None if problem else clock.utcnow())
            )


def _said(error: smtplib.SMTPRecipientsRefused) -> str:
    """What the server said of the one address."""
    code, words = next(iter(error.recipients.values()), (0, b""))
    return f"{code} {words.decode(errors='replace')}"[:200]


def forget_invitations() -> None:
    """Delete what is known of invitations of half a year ago. A repeating job. Source of the time:
    docs/privacy.md."""
    old = Invitation.send_at < clock.utcnow() - KEPT
    over = or_(Invitation.sent_at.is_not(None), Invitation.problem.is_not(None))
    with writing():
        db.session.execute(delete(Invitation).where(old, over))
