"""Reads of certificates: by their own random id for anyone who holds it, else of one person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Row, bindparam, select

from innocap_lms.credentials.models import Certificate, Revocation
from innocap_lms.extensions import db, fetch
from innocap_lms.learning.models import Completion
from innocap_lms.people.models import Person
from innocap_lms.people.viewer import Viewer

Standing = Literal["valid", "superseded", "expired", "revoked"]

_MISREAD = str.maketrans({"o": "0", "i": "1", "l": "1"})
LENGTH = 26


@dataclass(frozen=True)
class CertificateView:
    """A certificate as issued, and what became of it.

    `protected` is whether its holder's identity is protected today, `unnamed` whether they chose
    not to be named on it, `corrected` whether another was issued for the same completion.
    `valid_until` is the last second at which it counts. `superseded_by` is the id of the one that
    has taken its place, in its newest wording. `revoked_at` is since when its completion does not
    count, also where it had been corrected before. One that is `withdrawn` is shown to its holder
    alone.
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
    completion_id: str
    issuer: str
    superseded_by: str | None
    revoked_at: datetime | None
    revoked_because: str | None
    withdrawn: bool
    unnamed: bool
    corrected: bool

    @property
    def not_named(self) -> bool:
        """Whether others do not read its holder's name: after a correction, the old name may be
        what nobody should read any more."""
        return self.protected or self.unnamed or self.corrected

    @property
    def is_programme(self) -> bool:
        """Whether it is for a programme, not for one course."""
        return self.details.get("kind") == "programme"

    @property
    def title(self) -> str:
        """The title of the course or programme, in the certificate's language."""
        return str(self.details["title"])

    def standing(self, now: datetime) -> Standing:
        """Whether it still counts at that moment."""
        if self.revoked_at:
            return "revoked"
        if self.superseded_by:
            return "superseded"
        return "expired" if self.valid_until and now > self.valid_until else "valid"


# Of tables, not classes: a person's own page reads them, and the ORM's way round costs twice.
_issued, _person = Certificate.__table__.c, Person.__table__.c
_later, _revoked = Certificate.__table__.alias("later"), Revocation.__table__.c
# A completion names its newest certificate: the one that can be revoked, and that others lead to.
_own, _next = (Completion.__table__.alias(name) for name in ("own", "next"))
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
    _issued.completion_id,
    _issued.issuer,
    _next.c.certificate_id.label("superseded_by"),
    _revoked.revoked_at,
    _revoked.reason.label("revoked_because"),
    _issued.withdrawn_at.is_not(None).label("withdrawn"),
    _issued.unnamed,
    (_own.c.certificate_id != _issued.id).label("corrected"),
).select_from(
    Certificate.__table__.join(Person.__table__, _person.id == _issued.person_id)
    .join(_own, _own.c.id == _issued.completion_id)
    .outerjoin(_later, _later.c.supersedes == _issued.id)
    .outerjoin(_next, _next.c.id == _later.c.completion_id)
    .outerjoin(Revocation.__table__, _revoked.certificate_id == _own.c.certificate_id)
)
_by_id = _certificates.where(_issued.id == bindparam("id"))
_by_ids = _certificates.where(_issued.id.in_(bindparam("ids", expanding=True)))
_of_person = _certificates.where(_issued.person_id == bindparam("person_id")).order_by(
    _issued.completed_at.desc(), _issued.id
)
_completion = (
    select(Completion.id, Certificate.id.label("certificate_id"))
    .outerjoin(Certificate, Certificate.completion_id == Completion.id)
    .where(
        Completion.id == bindparam("completion_id"),
        Completion.person_id == bindparam("person_id"),
        Completion.noted_by.is_(None),
    )
    .order_by(Certificate.number.desc())
    .limit(1)
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
    return [_view(row) for row in fetch(_of_person, {"person_id": person_id})]


def certificates_by_ids(ids: Sequence[str]) -> list[CertificateView]:
    """The certificates of these ids, in the order of the ids. One statement."""
    found = {row.id: _view(row) for row in db.session.execute(_by_ids, {"ids": ids})}
    return [found[one] for one in ids if one in found]


def certificate_ids_of(organisation_id: str = "") -> list[str]:
    """The ids of all certificates, by course; only of completions in an organisation, if named."""
    query = select(Certificate.id).order_by(Certificate.course_id, Certificate.id)
    if organisation_id:
        query = query.join(Completion, Completion.id == Certificate.completion_id).where(
            Completion.organisation_id == organisation_id
        )
    return list(db.session.scalars(query))


def certificate_for(person_id: str, completion_id: str) -> str | None:
    """The id of the certificate for this person's completion, "" where none is issued yet.

    None where the person has no such completion, or HR has noted it: nobody here has seen the rule
    of the course met.
    """
    values = {"completion_id": completion_id, "person_id": person_id}
    row = db.session.execute(_completion, values).first()
    return None if row is None else row.certificate_id or ""


@dataclass(frozen=True)
class SignedForms:
    """A certificate as it was signed: as JSON with its proof, and as a token."""

    credential: str
    token: str


def signed_forms(certificate_id: str) -> SignedForms | None:
    """A certificate as it was signed; None where it is not signed yet."""
    row = db.session.execute(_forms, {"id": certificate_id}).first()
    return None if row is None or row.credential is None else SignedForms(*row)


_forms = select(_issued.credential, _issued.token).where(_issued.id == bindparam("id"))


def _view(row: Row[*tuple[Any, ...]]) -> CertificateView:
    return CertificateView(**row._asdict())


_newest = select(Certificate.id).order_by(Certificate.issued_at.desc(), Certificate.id).limit(1)


def newest_certificate() -> str | None:
    """The id of the certificate issued last, or None: an example to show the site with."""
    return db.session.scalar(_newest)


def may_decide(viewer: Viewer, certificate_id: str) -> bool:
    """Whether the viewer may correct or revoke a certificate: an administrator, or HR of the
    organisation in which the course was completed."""
    organisation = (
        select(Completion.organisation_id)
        .join(Certificate, Certificate.completion_id == Completion.id)
        .where(Certificate.id == certificate_id)
    )
    found = db.session.execute(organisation).first()
    return found is not None and any(
        role.name == "admin"
        or (
            role.name == "hr"
            and role.unit_id is None
            and role.organisation_id == found.organisation_id
            and found.organisation_id is not None
        )
        for role in viewer.roles
    )
