"""Writes: people and their accounts, and with their neighbours whatever is done to people.

What opens, closes or changes what somebody may do is in the ledger; `actor_id` is who did it, None
a command.
"""

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, delete, or_, select, update

from innocap_lms import clock
from innocap_lms.extensions import db
from innocap_lms.ids import new_id
from innocap_lms.jobs.outbox import enqueue
from innocap_lms.people.closing import close_unit
from innocap_lms.people.identity import (
    InvalidInputError,
    clean_name,
    email_problem,
    fold_account,
    login_problem,
    name_problem,
)
from innocap_lms.people.mail import INVITATION_JOB
from innocap_lms.people.memberships import add_membership, end_membership, keep_an_admin
from innocap_lms.people.models import Pass, Person, SignIn
from innocap_lms.people.once import flush_once
from innocap_lms.people.organisations import (
    change_organisation,
    create_organisation,
    create_unit,
    move_unit,
    rename_unit,
)
from innocap_lms.people.passwords import PasswordHash
from innocap_lms.people.queries import hash_token
from innocap_lms.people.staff import end_person, move_person, set_number
from innocap_lms.people.trail import note

__all__ = [
    "add_membership",
    "change_organisation",
    "close_unit",
    "create_organisation",
    "create_unit",
    "end_membership",
    "end_person",
    "end_sessions",
    "invite_person",
    "move_person",
    "move_unit",
    "rename_person",
    "rename_unit",
    "resume_person",
    "set_number",
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
    valid_from: datetime | None = None,
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
    add_membership(
        person_id,
        role,
        organisation_id,
        unit_id,
        track=track,
        valid_from=valid_from,
        actor_id=actor_id,
    )
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


def rename_person(person_id: str, name: str, *, actor_id: str | None = None) -> None:
    """Call somebody by another name from now on. Certificates keep the name of their day, and the
    ledger says that it was changed, not from what. Raises InvalidInputError."""
    name = clean_name(name)
    if problem := name_problem(name):
        raise InvalidInputError({"name": problem})
    person = db.session.get_one(Person, person_id)
    if person.name != name:
        person.name = name
        note("person.renamed", actor_id, person_id=person_id)
    db.session.flush()


def set_protected(person_id: str, *, protected: bool, actor_id: str | None = None) -> None:
    """Mark a protected identity, whose name lists, pages and exports leave out."""
    person = db.session.get_one(Person, person_id)
    if person.protected is not protected:
        person.protected = protected
        note("person.protected", actor_id, person_id=person_id, protected=protected)
    db.session.flush()


def suspend_person(person_id: str, *, actor_id: str | None = None) -> None:
    """Close an account for now, and end its sessions at once. Raises InvalidInputError."""
    keep_an_admin(besides=person_id)
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
