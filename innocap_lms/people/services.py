"""Writes: people, where they belong, and what they may do.

A membership says who held which role when. It is ended, never deleted or overwritten. What opens,
closes or changes what somebody may do is in the ledger; `actor_id` is who did it, None a command.
"""

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, delete, or_, select, update

from innocap_lms import clock
from innocap_lms.extensions import db
from innocap_lms.ids import new_id
from innocap_lms.jobs.outbox import enqueue
from innocap_lms.people.identity import (
    InvalidInputError,
    clean_name,
    email_problem,
    fold_account,
    login_problem,
    name_problem,
)
from innocap_lms.people.mail import INVITATION_JOB
from innocap_lms.people.models import ROLES, Membership, Organisation, Pass, Person, SignIn, holds
from innocap_lms.people.once import flush_once
from innocap_lms.people.organisations import (
    change_organisation,
    create_organisation,
    create_unit,
    move_unit,
    rename_unit,
    unit_in,
)
from innocap_lms.people.passwords import PasswordHash
from innocap_lms.people.queries import hash_token
from innocap_lms.people.trail import note

__all__ = [
    "add_membership",
    "change_organisation",
    "create_organisation",
    "create_unit",
    "end_membership",
    "end_sessions",
    "invite_person",
    "move_unit",
    "rename_unit",
    "resume_person",
    "set_password",
    "set_preferences",
    "set_protected",
    "suspend_person",
]


def invite_person(
    *,
    name: str,
    role: str,
    email: str | None = None,
    login: str | None = None,
    language: str = "sv",
    organisation_id: str | None = None,
    unit_id: str | None = None,
    track: str | None = None,
    send_mail: bool = True,
    actor_id: str | None = None,
) -> str:
    """A new account with its first role; returns the person's id. Raises InvalidInputError.

    Whoever has the e-mail address or login name already keeps that account and gets the role: one
    account per person. With mail, and `send_mail`, the outbox sends the link.
    """
    name = clean_name(name)
    email = fold_account(email) if email else None
    login = fold_account(login) if login else None
    _check_person(name, email, login)
    person_id = _person_known_as(email, login)
    if person_id is None:
        person_id = _add_person(name, email, login, language)
        note("person.added", actor_id, person_id=person_id, organisation_id=organisation_id)
        if email and send_mail:
            message = f"invitation-{new_id()}"
            enqueue(INVITATION_JOB, message, {"person_id": person_id, "message_id": message})
    add_membership(person_id, role, organisation_id, unit_id, track=track, actor_id=actor_id)
    return person_id


def _check_person(name: str, email: str | None, login: str | None) -> None:
    errors = {
        "name": name_problem(name),
        "email": email_problem(email) if email else None,
        "login": login_problem(login) if login else None,
    }
    if not email and not login:
        errors["email"] = _("Enter an e-mail address, or a login name for a person without one.")
    if found := {field: problem for field, problem in errors.items() if problem}:
        raise InvalidInputError(found)


def _person_known_as(email: str | None, login: str | None) -> str | None:
    """Who has this address or login name. Raises InvalidInputError when they are two people."""
    known: list[ColumnElement[bool]] = []
    if email:
        known.append(Person.email == email)
    if login:
        known.append(Person.login == login)
    found = db.session.scalars(select(Person.id).where(or_(*known))).all()
    if len(found) > 1:
        raise InvalidInputError({"login": _("This login name belongs to somebody else.")})
    return found[0] if found else None


def _add_person(name: str, email: str | None, login: str | None, language: str) -> str:
    person = Person(
        id=new_id(),
        name=name,
        email=email,
        login=login,
        language=language,
        created_at=clock.utcnow(),
    )
    with flush_once("", _("Somebody added this person a moment ago. Look in the list.")):
        db.session.add(person)
    return person.id


def add_membership(
    person_id: str,
    role: str,
    organisation_id: str | None = None,
    unit_id: str | None = None,
    *,
    track: str | None = None,
    valid_from: datetime | None = None,
    valid_until: datetime | None = None,
    actor_id: str | None = None,
) -> str:
    """Give a role, from now on or from `valid_from`; returns the membership's id.

    A trainer's may be for the courses of one `track`.

    A role that is held there already, without an end, is not given twice. Raises InvalidInputError.
    """
    _check_place(role, organisation_id, unit_id)
    if track and role != "trainer":
        raise InvalidInputError({"role": _("Only a trainer's role is for one track.")})
    _lock(person_id)
    held = db.session.scalar(
        select(Membership.id).where(
            Membership.person_id == person_id,
            Membership.role == role,
            Membership.organisation_id.is_not_distinct_from(organisation_id),
            Membership.unit_id.is_not_distinct_from(unit_id),
            Membership.track.is_not_distinct_from(track),
            Membership.valid_until.is_(None),
        )
    )
    if held:
        return held
    start = valid_from or clock.utcnow()
    if valid_until and valid_until <= start:
        raise InvalidInputError({"valid_until": _("The end must come after the start.")})
    membership = Membership(
        id=new_id(),
        person_id=person_id,
        role=role,
        organisation_id=organisation_id,
        unit_id=unit_id,
        track=track,
        valid_from=start,
        valid_until=valid_until,
    )
    db.session.add(membership)
    db.session.flush()
    _note_role("role.given", actor_id, membership)
    return membership.id


def _note_role(kind: str, actor_id: str | None, membership: Membership) -> None:
    until = membership.valid_until
    note(
        kind,
        actor_id,
        person_id=membership.person_id,
        organisation_id=membership.organisation_id,
        membership=membership.id,
        role=membership.role,
        unit=membership.unit_id,
        track=membership.track,
        valid_from=membership.valid_from.isoformat(),
        valid_until=until.isoformat() if until else None,
    )


def _check_place(role: str, organisation_id: str | None, unit_id: str | None) -> None:
    if role not in ROLES:
        raise InvalidInputError({"role": _("Choose a role.")})
    if role == "admin":
        if organisation_id or unit_id:
            raise InvalidInputError({"role": _("An administrator belongs to the whole site.")})
        return
    if not organisation_id or db.session.get(Organisation, organisation_id) is None:
        raise InvalidInputError({"organisation_id": _("Choose an organisation.")})
    if role == "hr" and unit_id:
        words = _("HR is for a whole organisation. For a unit, choose unit manager.")
        raise InvalidInputError({"role": words})
    if role == "manager" and not unit_id:
        raise InvalidInputError({"unit_id": _("Choose the unit that this person manages.")})
    if unit_id:
        unit_in(organisation_id, unit_id, "unit_id")


def end_membership(
    membership_id: str, at: datetime | None = None, *, actor_id: str | None = None
) -> None:
    """End a role, now or at `at`; one that had not begun never begins. Raises InvalidInputError."""
    membership = db.session.get_one(Membership, membership_id)
    end = at or clock.utcnow()
    if membership.role == "admin":
        _keep_an_admin(besides=membership.person_id)
    if membership.valid_until is None or membership.valid_until > end:
        membership.valid_until = max(end, membership.valid_from)
        _note_role("role.ended", actor_id, membership)
    db.session.flush()


def set_protected(person_id: str, *, protected: bool, actor_id: str | None = None) -> None:
    """Mark a protected identity, whose name lists, pages and exports leave out."""
    db.session.get_one(Person, person_id).protected = protected
    note("person.protected", actor_id, person_id=person_id, protected=protected)
    db.session.flush()


def suspend_person(person_id: str, *, actor_id: str | None = None) -> None:
    """Close an account for now, and end its sessions at once. Raises InvalidInputError."""
    _keep_an_admin(besides=person_id)
    person = db.session.get_one(Person, person_id)
    if person.suspended_at is None:
        person.suspended_at = clock.utcnow()
        note("account.closed", actor_id, person_id=person_id)
    db.session.flush()
    end_sessions(person_id)


def resume_person(person_id: str, *, actor_id: str | None = None) -> None:
    """Open a suspended account again."""
    person = db.session.get_one(Person, person_id)
    if person.suspended_at is not None:
        person.suspended_at = None
        note("account.opened", actor_id, person_id=person_id)
    db.session.flush()


def set_password(person_id: str, password_hash: PasswordHash, *, keep_token: str = "") -> None:
    """Change a password. Ends every session but `keep_token`'s, and every link and code."""
    now = clock.utcnow()
    db.session.get_one(Person, person_id).password_hash = password_hash
    db.session.flush()
    db.session.execute(
        update(Pass)
        .where(Pass.person_id == person_id, Pass.used_at.is_(None))
        .values(used_at=now)
        .execution_options(synchronize_session=False)
    )
    end_sessions(person_id, keep_token=keep_token)


def end_sessions(person_id: str, *, keep_token: str = "") -> None:
    """Sign a person out everywhere, but for the session of `keep_token`."""
    sessions = delete(SignIn).where(SignIn.person_id == person_id)
    if keep_token:
        sessions = sessions.where(SignIn.token_hash != hash_token(keep_token))
    db.session.execute(sessions.execution_options(synchronize_session=False))


def set_preferences(person_id: str, *, language: str, timezone: str | None) -> None:
    """Keep a person's language, and time zone (None: the site's)."""
    person = db.session.get_one(Person, person_id)
    person.language, person.timezone = language, timezone
    db.session.flush()


def _lock(person_id: str) -> None:
    """Let changes of one person wait for each other (SQLite writes one at a time anyway)."""
    db.session.execute(select(Person.id).where(Person.id == person_id).with_for_update()).one()


def _keep_an_admin(besides: str) -> None:
    """Raises InvalidInputError when nobody but `besides` could administer the site."""
    now = clock.utcnow()
    admins = (
        select(Person.id)
        .join(Membership, Membership.person_id == Person.id)
        .where(
            Membership.role == "admin",
            holds(Membership, now),
            Person.suspended_at.is_(None),
        )
        .with_for_update()
    )
    held = set(db.session.scalars(admins))
    if held == {besides}:
        message = _("This is the only administrator. Make somebody else an administrator first.")
        raise InvalidInputError({"": message})
