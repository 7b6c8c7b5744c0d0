"""Tables of people: who they are, where they belong, what they may do."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    UniqueConstraint,
    and_,
    or_,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from innocap_lms.extensions import Base
from innocap_lms.ids import new_id

ROLES = ("learner", "trainer", "assessor", "hr", "manager", "coordinator", "admin")
READERS = ("learner", "manager", "hr", "invitation", "round")  # and kinds of mail to anybody
EVERYWHERE = ("coordinator", "admin")  # roles that belong to no organisation
ON_ITS_WAY = "sent_at IS NULL AND problem IS NULL"  # of an invitation
OF_A_TRACK = ("trainer", "assessor")  # roles that may be for the courses of one track


class Organisation(Base):
    """An employer. Its units, memberships and records belong to it."""

    __tablename__ = "organisation"
    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(unique=True)
    country: Mapped[str] = mapped_column(default="SE")  # ISO 3166-1 alpha-2
    closed_catalogue: Mapped[bool] = mapped_column(default=False)


class Unit(Base):
    """A part of an organisation. `path` holds the ids from the top: a subtree is a prefix."""

    __tablename__ = "unit"
    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"), index=True)
    parent_id: Mapped[str | None] = mapped_column(ForeignKey("unit.id"))
    name: Mapped[str]
    path: Mapped[str] = mapped_column(unique=True)  # "/<id>/<id>/"
    closed_at: Mapped[datetime | None]  # from then on nobody belongs to it
    __table_args__ = (
        UniqueConstraint("organisation_id", "parent_id", "name"),
        Index(  # NULLs are never equal, so the units at the top need an index of their own
            "uq_unit_top",
            "organisation_id",
            "name",
            unique=True,
            sqlite_where=text("parent_id IS NULL"),
            postgresql_where=text("parent_id IS NULL"),
        ),
    )


class Person(Base):
    """One account per person and site. `email` is lower case; without mail there is a `login`."""

    __tablename__ = "person"
    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    name: Mapped[str]
    email: Mapped[str | None] = mapped_column(unique=True)
    login: Mapped[str | None] = mapped_column(unique=True)
    password_hash: Mapped[str | None]
    language: Mapped[str] = mapped_column(default="sv")
    timezone: Mapped[str | None]
    protected: Mapped[bool] = mapped_column(default=False)  # identity: never named in lists
    created_at: Mapped[datetime]
    suspended_at: Mapped[datetime | None]
    left_at: Mapped[datetime | None]  # from then on the account is closed
    __table_args__ = (
        CheckConstraint("email IS NOT NULL OR login IS NOT NULL", name="reachable"),
        Index("ix_person_name_id", "name", "id"),
        Index("ix_person_listing", "protected", "name", "id"),  # the order of follow-up lists
    )


class Membership(Base):
    """A role, where it holds, and when. No unit: the whole organisation; EVERYWHERE needs neither.

    `track` is the one whose courses a trainer keeps, or whose practical tasks an assessor
    assesses; without it, those of every track.
    """

    __tablename__ = "membership"
    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    organisation_id: Mapped[str | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    unit_id: Mapped[str | None] = mapped_column(ForeignKey("unit.id"), index=True)
    role: Mapped[str]
    track: Mapped[str | None]
    valid_from: Mapped[datetime]
    valid_until: Mapped[datetime | None]
    __table_args__ = (
        CheckConstraint(f"role IN {ROLES}", name="role"),
        CheckConstraint(f"role IN {EVERYWHERE} OR organisation_id IS NOT NULL", name="somewhere"),
        CheckConstraint("role <> 'manager' OR unit_id IS NOT NULL", name="manager_unit"),
        CheckConstraint(f"role IN {OF_A_TRACK} OR track IS NULL", name="track"),
    )


def holds(membership: Any, at: Any) -> ColumnElement[bool]:
    """Condition: that the membership (the class, or columns of its table) holds at a moment."""
    begun = membership.valid_from <= at
    return and_(begun, or_(membership.valid_until.is_(None), membership.valid_until > at))


def may_enter(person: Any, at: Any) -> ColumnElement[bool]:
    """Condition: that the account of a person (the class, or columns of its table) is open at a
    moment: not suspended, and not of somebody who has left."""
    stays = or_(person.left_at.is_(None), person.left_at > at)
    return and_(person.suspended_at.is_(None), stays)


class EmployeeNumber(Base):
    """What an organisation's own systems call somebody: no personal identity number."""

    __tablename__ = "employee_number"
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    number: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    __table_args__ = (UniqueConstraint("organisation_id", "person_id"),)


class SignIn(Base):
    """A session. The cookie holds a random token, this table only its SHA-256."""

    __tablename__ = "sign_in"
    token_hash: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)


class Pass(Base):
    """A single-use way in: an invitation, a forgotten password, or a printed code.

    `secret_hash` is SHA-256 of a link's 130 random bits; a printed code, being short, is Argon2id.
    """

    __tablename__ = "pass"
    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    purpose: Mapped[str]  # invitation, reset, code
    secret_hash: Mapped[str] = mapped_column(index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Invitation(Base):
    """An invitation that was asked for: one of a batch, and on its way until it is sent or refused.

    `problem` is what the mail server said of the address.
    """

    __tablename__ = "invitation"
    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    batch: Mapped[str] = mapped_column(index=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"), index=True)
    asked_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    send_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    problem: Mapped[str | None]
    __table_args__ = (
        Index(
            "uq_invitation_on_its_way",
            "person_id",
            unique=True,
            sqlite_where=text(ON_ITS_WAY),
            postgresql_where=text(ON_ITS_WAY),
        ),
    )


class Feed(Base):
    """The address of a person's calendar: one at a time, of which only the SHA-256 is kept."""

    __tablename__ = "feed"
    secret_hash: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), unique=True)
    opened_at: Mapped[datetime]


class FailedSignIn(Base):
    """A failed sign-in, kept a short while so that guessing can be slowed down."""

    __tablename__ = "failed_sign_in"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    account_hash: Mapped[str]
    address_hash: Mapped[str]
    at: Mapped[datetime] = mapped_column(index=True)
    __table_args__ = (
        Index("ix_failed_sign_in_account_hash_at", "account_hash", "at"),
        Index("ix_failed_sign_in_address_hash_at", "address_hash", "at"),
    )


class NoticeText(Base):
    """An organisation's own words around the mails of one kind, in one language; "" where the
    site's words stay. The weekly digest is one kind for each `reader`; a mail that anybody may get
    stands in its place. See people.notices for the places that they may name."""

    __tablename__ = "notice_text"
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    reader: Mapped[str] = mapped_column(primary_key=True)
    language: Mapped[str] = mapped_column(primary_key=True)
    subject: Mapped[str]
    opening: Mapped[str]
    closing: Mapped[str]
    set_at: Mapped[datetime]
    set_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    __table_args__ = (CheckConstraint(f"reader IN {READERS}", name="reader"),)
