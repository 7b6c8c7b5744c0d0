"""Tables of certificates, of what became of them, and of the keys they are signed with."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from innocap_lms.extensions import Base
from innocap_lms.ids import new_id

THE_SITE = ""  # the issuer where no organisation is


class Certificate(Base):
    """A certificate as issued. Nothing in it follows later changes of person or course.

    `number` counts the certificates of one completion: the first, then corrections. `supersedes`
    is the certificate whose place it takes, by a correction or a renewal. `credential` and `token`
    are the same promise as signed, in two forms; `status_list` and `status_index` are where its bit
    lies. `withdrawn_at` is since when its holder shows it to nobody, `unnamed` whether they show it
    without their name.
    """

    __tablename__ = "certificate"
    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    completion_id: Mapped[str] = mapped_column(ForeignKey("completion.id"))
    number: Mapped[int] = mapped_column(default=1, server_default="1")
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    holder_name: Mapped[str]
    issuer: Mapped[str] = mapped_column(default=THE_SITE, server_default="")  # organisation's id
    issuer_name: Mapped[str]
    course_id: Mapped[str]
    track: Mapped[str]
    edition_id: Mapped[str] = mapped_column(ForeignKey("edition.id"))
    edition_number: Mapped[int]
    fingerprint: Mapped[str]
    language: Mapped[str]
    details: Mapped[dict[str, Any]] = mapped_column(JSON)  # title, outcomes, hours, because, …
    completed_at: Mapped[datetime]
    issued_at: Mapped[datetime]
    valid_until: Mapped[datetime | None]
    supersedes: Mapped[str | None] = mapped_column(ForeignKey("certificate.id"), unique=True)
    status_list: Mapped[str | None]
    status_index: Mapped[int | None]
    credential: Mapped[str | None]
    token: Mapped[str | None]
    withdrawn_at: Mapped[datetime | None]
    unnamed: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    __table_args__ = (
        UniqueConstraint("completion_id", "number"),
        UniqueConstraint("status_list", "status_index"),
    )


class Revocation(Base):
    """That a certificate no longer counts: since when, by whose decision, and why."""

    __tablename__ = "certificate_revocation"
    certificate_id: Mapped[str] = mapped_column(ForeignKey("certificate.id"), primary_key=True)
    revoked_at: Mapped[datetime]
    revoked_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str]


class IssuerKey(Base):
    """The public half of a signing key; the secret one is in the key store, never here.

    `issuer` is an organisation's id, or THE_SITE. A key that is retired signs no more; what it
    signed stays proved by it.
    """

    __tablename__ = "issuer_key"
    public: Mapped[str] = mapped_column(primary_key=True)  # as a Multikey
    issuer: Mapped[str]
    created_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]
    __table_args__ = (
        Index(
            "uq_issuer_key_active",
            "issuer",
            unique=True,
            sqlite_where=text("retired_at IS NULL"),
            postgresql_where=text("retired_at IS NULL"),
        ),
    )


class LedgerCheckpoint(Base):
    """Where the ledger's chain stood on a day, in UTC, as a signed document."""

    __tablename__ = "ledger_checkpoint"
    day: Mapped[str] = mapped_column(primary_key=True)  # YYYY-MM-DD
    document: Mapped[str]
