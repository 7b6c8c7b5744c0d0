"""Tables of rounds: when and where, who is in them and how far, who was there."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from innocap_lms.extensions import Base
from innocap_lms.ids import new_id
from innocap_lms.rounds.states import GROUNDS, STATES

MODES = ("on_site", "online", "both")


class Round(Base):
    """A course, or a programme, held from `first_day` to `last_day`: who completes it by then
    completes the round. `revision` counts what members were told of: days, hours and places."""

    __tablename__ = "round"
    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    course_id: Mapped[str] = mapped_column(index=True)
    track: Mapped[str]
    organiser_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"), index=True)
    leader_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    language: Mapped[str]
    first_day: Mapped[date]
    last_day: Mapped[date]
    enrol_by: Mapped[date]  # the last day on which one can enrol
    seats: Mapped[int]
    note: Mapped[str]
    revision: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    created_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    cancelled_at: Mapped[datetime | None]
    cancelled_because: Mapped[str | None]
    __table_args__ = (
        CheckConstraint("first_day <= last_day AND enrol_by <= last_day", name="days"),
        CheckConstraint("seats > 0", name="seats"),
        Index("ix_round_last_day", "last_day"),
    )


class RoundOrganisation(Base):
    """That members of an organisation may enrol in a round."""

    __tablename__ = "round_organisation"
    round_id: Mapped[str] = mapped_column(ForeignKey("round.id"), primary_key=True)
    organisation_id: Mapped[str] = mapped_column(
        ForeignKey("organisation.id"), primary_key=True, index=True
    )


class RoundSession(Base):
    """A time at which a round meets. `zone` is the one its hours were written in, `day` the site's
    day on which it begins."""

    __tablename__ = "round_session"
    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    round_id: Mapped[str] = mapped_column(ForeignKey("round.id"), index=True)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    zone: Mapped[str]
    day: Mapped[date]
    mode: Mapped[str]
    place: Mapped[str]
    link: Mapped[str]
    __table_args__ = (
        CheckConstraint("starts_at < ends_at", name="order"),
        CheckConstraint(f"mode IN {MODES}", name="mode"),
    )


class RoundEnrolment(Base):
    """A person in a round, from one place in an organisation. The state is the newest: all changes,
    with time and actor, are events of the ledger. `joined_at` is when the seat was taken."""

    __tablename__ = "round_enrolment"
    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    round_id: Mapped[str] = mapped_column(ForeignKey("round.id"))
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"))
    unit_id: Mapped[str | None] = mapped_column(ForeignKey("unit.id"))
    state: Mapped[str]
    ground: Mapped[str]
    provision: Mapped[str]
    answer_by: Mapped[date | None]
    changed_at: Mapped[datetime]
    joined_at: Mapped[datetime | None]
    __table_args__ = (
        UniqueConstraint("round_id", "person_id"),
        CheckConstraint(f"state IN {STATES}", name="state"),
        CheckConstraint(f"ground IN {GROUNDS}", name="ground"),
    )


class RoundWaiting(Base):
    """Somebody who waits for a seat of a full round, first come, first served."""

    __tablename__ = "round_waiting"
    round_id: Mapped[str] = mapped_column(ForeignKey("round.id"), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    since: Mapped[datetime]


class RoundAttendance(Base):
    """How many minutes of a session somebody was there, as its leader has confirmed. Place and day
    stand here too, so that hours are summed from this table alone."""

    __tablename__ = "round_attendance"
    session_id: Mapped[str] = mapped_column(ForeignKey("round_session.id"), primary_key=True)
    enrolment_id: Mapped[str] = mapped_column(ForeignKey("round_enrolment.id"), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"))
    unit_id: Mapped[str | None] = mapped_column(ForeignKey("unit.id"))
    day: Mapped[date]
    minutes: Mapped[int]
    confirmed_at: Mapped[datetime]
    confirmed_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    __table_args__ = (
        CheckConstraint("minutes >= 0", name="minutes"),
        Index("ix_round_attendance_day", "organisation_id", "day"),
    )


class RoundHelp(Base):
    """What a member asks the leader for, and what the leader answers."""

    __tablename__ = "round_help"
    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    enrolment_id: Mapped[str] = mapped_column(ForeignKey("round_enrolment.id"), index=True)
    text: Mapped[str]
    asked_at: Mapped[datetime]
    answer: Mapped[str | None]
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
