"""Issuing certificates, once per completion whatever races, and what becomes of them.

Each function but the job is called inside a write transaction.
"""

from collections.abc import Mapping
from typing import Any, Literal, get_args

from flask import current_app
from sqlalchemy import Select, select, update

from innocap_lms import clock
from innocap_lms.config import Settings
from innocap_lms.credentials.models import Certificate, Revocation
from innocap_lms.credentials.pinned import completion_of, pinned
from innocap_lms.credentials.signing import place_for, prepare, signed
from innocap_lms.credentials.succession import arrange, last_before
from innocap_lms.extensions import db, insert_once, upsert, writing
from innocap_lms.ids import new_id
from innocap_lms.learning.completing import tell_of_change
from innocap_lms.learning.models import Completion
from innocap_lms.ledger.services import record
from innocap_lms.people.once import hold

TRIES = 5  # of two at once, both may be given the same place in a status list
Sharing = Literal["named", "unnamed", "withdrawn"]
SHARINGS: tuple[Sharing, ...] = get_args(Sharing)


class UnknownCompletionError(LookupError):
    """There is no completion of that id."""


class UnknownCertificateError(LookupError):
    """There is no certificate of that id."""


class StandingError(ValueError):
    """The certificate was revoked, or corrected by another: `revoked` or `superseded`."""


def issue(payload: dict[str, Any]) -> None:
    """The job after a completion. `payload` is {"completion_id": …}; running twice is once."""
    settings: Settings = current_app.extensions["innocap_settings"]
    prepare()
    with writing():
        issue_certificate(payload["completion_id"], settings)


def issue_certificate(completion_id: str, settings: Settings) -> str:
    """Issue the certificate for a completion, or find the one issued; returns its id.

    It pins what holds today: names, the edition's words in the learner's language, the rule. The
    certificate of an earlier completion of the same course says from now on that this one takes its
    place. Raises UnknownCompletionError, NoKeyError.
    """
    found = completion_of(completion_id)
    if found is None:
        raise UnknownCompletionError(completion_id)
    hold(found.person_id)
    issued = db.session.scalar(_newest_of(completion_id))
    if issued is not None:
        return issued
    before = last_before(found.person_id, found.course_id, found.completed_at)
    values = pinned(found, settings)
    values |= _as_shown(db.session.get(Certificate, before) if before else None)
    _enter(values, found.protected, settings)
    arrange(found.person_id, found.course_id)
    place = select(Certificate.supersedes).where(Certificate.id == values["id"])
    values["supersedes"] = db.session.scalar(place)
    _record("certificate.issued", values, found.organisation_id, actor_id=None)
    return str(values["id"])


def correct(certificate_id: str, reason: str, actor_id: str, settings: Settings) -> str:
    """Issue a certificate anew, with the name and words of today; returns the new one's id.

    The old one stays as it is and says that the new one takes its place; where the day is another
    now, both find their place among other completions by it. Raises StandingError where it was
    revoked or corrected, UnknownCertificateError, NoKeyError.
    """
    old = _uncorrected(certificate_id)
    found = completion_of(old.completion_id)
    if found is None:
        raise UnknownCompletionError(old.completion_id)
    new = {"id": new_id(), "number": old.number + 1, "supersedes": old.id}
    values = pinned(found, settings) | _as_shown(old) | new
    db.session.execute(  # a renewal: of each there is one successor
        update(Certificate).where(Certificate.supersedes == old.id).values(supersedes=None)
    )
    _enter(values, found.protected, settings)
    arrange(old.person_id, old.course_id)
    db.session.execute(
        update(Completion)
        .where(Completion.id == old.completion_id)
        .values(certificate_id=values["id"])
    )
    _record("certificate.corrected", values, found.organisation_id, actor_id, reason=reason.strip())
    return str(values["id"])


def revoke(certificate_id: str, reason: str, actor_id: str) -> None:
    """Say that a certificate no longer counts, and why.

    The one of an earlier completion, whose place it took, counts again until its own end, unless a
    renewal has come since: that completion was not revoked. One that it corrected does not. Raises
    StandingError where it was revoked or corrected, UnknownCertificateError.
    """
    old = _uncorrected(certificate_id)
    now = clock.utcnow()
    made = insert_once(
        Revocation,
        ("certificate_id",),
        certificate_id=old.id,
        revoked_at=now,
        revoked_by=actor_id,
        reason=reason.strip(),
    )
    if made:
        arrange(old.person_id, old.course_id)
        _record_of(old, "certificate.revoked", actor_id, reason=reason.strip())
        tell_of_change(old.person_id, old.course_id, old.completion_id, reason.strip(), actor_id)


def share(certificate_id: str, person_id: str, how: Sharing) -> bool:
    """Show a certificate to whoever holds its id, with or without the name, or to its holder alone.

    Of one's own only; True when this call changed it.
    """
    found = db.session.get(Certificate, certificate_id)
    if found is None or found.person_id != person_id or how == _sharing(found):
        return False
    found.withdrawn_at = clock.utcnow() if how == "withdrawn" else None
    if how != "withdrawn":
        found.unnamed = how == "unnamed"
    _record_of(found, "certificate.shown", person_id, how=how)
    return True


def _sharing(certificate: Certificate) -> Sharing:
    if certificate.withdrawn_at:
        return "withdrawn"
    return "unnamed" if certificate.unnamed else "named"


def _enter(values: dict[str, Any], protected: bool, settings: Settings) -> None:
    """Sign and insert."""
    for _attempt in range(TRIES):
        values["status_list"], values["status_index"] = place_for(values["issuer"], settings)
        both = signed(values, settings, named=not (protected or values["unnamed"]))
        values |= {"credential": both.credential, "token": both.token}
        statement = upsert(Certificate).values(values).on_conflict_do_nothing()
        if db.session.execute(statement.returning(Certificate.id)).first() is not None:
            return
    raise RuntimeError(f"the certificate for {values['completion_id']} could not be entered")


def _uncorrected(certificate_id: str) -> Certificate:
    """The certificate, which says what holds of its completion, be it renewed since. Raises
    UnknownCertificateError, and StandingError where it was revoked or corrected."""
    found = db.session.get(Certificate, certificate_id)
    if found is None:
        raise UnknownCertificateError(certificate_id)
    if db.session.get(Revocation, certificate_id) is not None:
        raise StandingError("revoked")
    corrected = select(Certificate.id).where(
        Certificate.supersedes == certificate_id, Certificate.completion_id == found.completion_id
    )
    if db.session.scalar(corrected):
        raise StandingError("superseded")
    return found


def _newest_of(completion_id: str) -> Select[str]:
    return (
        select(Certificate.id)
        .where(Certificate.completion_id == completion_id)
        .order_by(Certificate.number.desc())
        .limit(1)
    )


def _as_shown(before: Certificate | None) -> dict[str, Any]:
    """How its holder shows the certificate whose place a new one takes: so is the new one."""
    return {
        "unnamed": before is not None and before.unnamed,
        "withdrawn_at": before.withdrawn_at if before else None,
    }


def _record(
    kind: str,
    values: Mapping[str, Any],
    organisation_id: str | None,
    actor_id: str | None,
    **also: Any,
) -> None:
    record(
        kind,
        person_id=values["person_id"],
        actor_id=actor_id,
        organisation_id=organisation_id,
        happened_at=clock.utcnow(),
        content={
            "certificate": values["id"],
            "completion": values["completion_id"],
            values["details"].get("kind", "course"): values["course_id"],
            "edition": values["edition_id"],
            "fingerprint": values["fingerprint"],
            "language": values["language"],
            **({"supersedes": values["supersedes"]} if values["supersedes"] else {}),
            **also,
        },
    )


def _record_of(certificate: Certificate, kind: str, actor_id: str, **also: Any) -> None:
    organisation = db.session.scalar(
        select(Completion.organisation_id).where(Completion.id == certificate.completion_id)
    )
    values = {column.name: getattr(certificate, column.name) for column in _columns}
    _record(kind, values, organisation, actor_id, **also)


_columns = Certificate.__table__.columns
