"""Which organisations' assessors assess for each other."""

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import delete, select
from sqlalchemy.orm import aliased

from innocap_lms import clock
from innocap_lms.extensions import db, insert_once
from innocap_lms.people.identity import InvalidInputError
from innocap_lms.people.models import Organisation
from innocap_lms.people.trail import note
from innocap_lms.tasks.models import AssessorAgreement


@dataclass(frozen=True)
class AgreementRow:
    """Two organisations by id and name, and since when."""

    one_id: str
    other_id: str
    one: str
    other: str
    agreed_at: datetime


def agreements() -> list[AgreementRow]:
    """Every agreement, by the names of the organisations."""
    one, other = aliased(Organisation), aliased(Organisation)
    rows = db.session.execute(
        select(
            AssessorAgreement.one_id,
            AssessorAgreement.other_id,
            one.name,
            other.name,
            AssessorAgreement.agreed_at,
        )
        .join(one, one.id == AssessorAgreement.one_id)
        .join(other, other.id == AssessorAgreement.other_id)
        .order_by(one.name, other.name)
    )
    return [AgreementRow(*row) for row in rows]


def agreed_with(organisation_id: str) -> set[str]:
    """The organisations whose assessors may sit on cases of this one."""
    pairs = db.session.execute(
        select(AssessorAgreement.one_id, AssessorAgreement.other_id).where(
            (AssessorAgreement.one_id == organisation_id)
            | (AssessorAgreement.other_id == organisation_id)
        )
    )
    return {name for pair in pairs for name in pair} - {organisation_id}


def agree(first: str, second: str, *, actor_id: str) -> None:
    """Let two organisations assess for each other. Doing so twice is once.

    Raises InvalidInputError.
    """
    known = set(
        db.session.scalars(select(Organisation.id).where(Organisation.id.in_((first, second))))
    )
    for field, name in (("one", first), ("other", second)):
        if name not in known:
            raise InvalidInputError({field: _("Choose an organisation.")})
    if first == second:
        raise InvalidInputError({"other": _("Choose two different organisations.")})
    one_id, other_id = sorted((first, second))
    made = insert_once(
        AssessorAgreement,
        ("one_id", "other_id"),
        one_id=one_id,
        other_id=other_id,
        agreed_at=clock.utcnow(),
    )
    if made:
        _note("assessors.agreed", actor_id, one_id, other_id)


def end_agreement(first: str, second: str, *, actor_id: str) -> None:
    """From now on, draw no assessors across; who has a seat keeps it."""
    one_id, other_id = sorted((first, second))
    gone = db.session.execute(
        delete(AssessorAgreement)
        .where(AssessorAgreement.one_id == one_id, AssessorAgreement.other_id == other_id)
        .returning(AssessorAgreement.one_id)
    )
    if gone.first() is not None:
        _note("assessors.agreement_ended", actor_id, one_id, other_id)


def _note(kind: str, actor_id: str, one_id: str, other_id: str) -> None:
    note(kind, actor_id, organisation_id=one_id, one=one_id, other=other_id)
