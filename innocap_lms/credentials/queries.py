"""Reads of certificates: by their own random id for anyone who holds it, else of one person."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Row, bindparam, select

from innocap_lms.credentials.models import Certificate
from innocap_lms.extensions import db
from innocap_lms.learning.models import Completion
from innocap_lms.people.models import Person

Standing = Literal["valid", "expired"]

_MISREAD = str.maketrans({"o": "0", "i": "1", "l": "1"})
LENGTH = 26


@dataclass(frozen=True)
class CertificateView:
    """A certificate as issued. `protected` is the holder's identity as it is today.

    `valid_until` is the last second at which it counts.
    """

    id: str
    person_id: str
    protected: bool
    holder_name: str
    issuer_name: str
    course_id: str
    track: str
    edition_number: int
    fingerprint: str
    language: str
    details: Mapping[str, Any]
    completed_at: datetime
    issued_at: datetime
    valid_until: datetime | None

    @property
    def title(self) -> str:
        """The course's title, in the certificate's language."""
        return str(self.details["title"])

    def standing(self, now: datetime) -> Standing:
        """Whether it still counts at that moment."""
        return "expired" if self.valid_until and now > self.valid_until else "valid"


# Of tables, not classes: a person's own page reads them, and the ORM's way round costs twice.
_issued, _person = Certificate.__table__.c, Person.__table__.c
_certificates = select(
    _issued.id,
    _issued.person_id,
    _person.protected,
    _issued.holder_name,
    _issued.issuer_name,
    _issued.course_id,
    _issued.track,
    _issued.edition_number,
    _issued.fingerprint,
    _issued.language,
    _issued.details,
    _issued.completed_at,
    _issued.issued_at,
    _issued.valid_until,
).join(Person.__table__, _person.id == _issued.person_id)
_by_id = _certificates.where(_issued.id == bindparam("id"))
_of_person = _certificates.where(_issued.person_id == bindparam("person_id")).order_by(
    _issued.completed_at.desc(), _issued.id
)
_completion = (
    select(Completion.id, Certificate.id.label("certificate_id"))
    .outerjoin(Certificate, Certificate.completion_id == Completion.id)
    .where(
        Completion.id == bindparam("completion_id"), Completion.person_id == bindparam("person_id")
    )
)


def tidy_id(typed: str) -> str:
    """A certificate's id as it may have been copied by hand: case, spaces, hyphens, o/0, i/l/1.

    Source of the letters: Crockford's base 32.
    """
    kept = "".join(sign for sign in typed.lower() if sign not in "-–" and not sign.isspace())
    return kept.translate(_MISREAD)


def certificate(certificate_id: str) -> CertificateView | None:
    """The certificate of that id. Whoever holds the id may ask; it cannot be guessed."""
    if len(certificate_id) != LENGTH:
        return None
    row = db.session.execute(_by_id, {"id": certificate_id}).first()
    return None if row is None else _view(row)


def certificates_of(person_id: str) -> list[CertificateView]:
    """A person's certificates, newest first. One statement."""
    return [_view(row) for row in db.session.execute(_of_person, {"person_id": person_id})]


def certificate_for(person_id: str, completion_id: str) -> str | None:
    """The id of the certificate for this person's completion, "" where none is issued yet.

    None where the person has no such completion.
    """
    values = {"completion_id": completion_id, "person_id": person_id}
    row = db.session.execute(_completion, values).first()
    return None if row is None else row.certificate_id or ""


def _view(row: Row[*tuple[Any, ...]]) -> CertificateView:
    return CertificateView(**row._mapping)


_newest = select(Certificate.id).order_by(Certificate.issued_at.desc(), Certificate.id).limit(1)


def newest_certificate() -> str | None:
    """The id of the certificate issued last, or None: an example to show the site with."""
    return db.session.scalar(_newest)
