"""Completed programmes, judged anew once something of one of their courses was corrected.

Each function is called inside a write transaction.
"""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select

from innocap_lms import clock
from innocap_lms.catalogue.queries import edition as edition_of
from innocap_lms.content.programme import Programme
from innocap_lms.extensions import db
from innocap_lms.ids import new_id
from innocap_lms.learning.completing import named
from innocap_lms.learning.in_force import all_done
from innocap_lms.learning.models import Completion, Enrolment
from innocap_lms.learning.way import met_at
from innocap_lms.ledger.services import record
from innocap_lms.people.once import hold


class Judged(NamedTuple):
    """A programme that was completed, and when its rule was met by what is known now, None where it
    was not."""

    completion: Completion
    met_at: datetime | None


def judged_anew(person_id: str, course_id: str) -> list[Judged]:
    """The person's programmes with this course that are completed and were not revoked. What HR
    noted as completed, course by course unseen, is left alone."""
    hold(person_id)
    completions = db.session.execute(
        select(Completion, Enrolment)
        .join(Enrolment, Enrolment.id == Completion.enrolment_id)
        .where(Completion.person_id == person_id, Completion.kind == "programme")
        .order_by(Completion.completed_at, Completion.id)
    ).all()
    found = []
    for completion, enrolment in completions:
        programme = edition_of(enrolment.edition_id).course
        if not isinstance(programme, Programme) or course_id not in programme.course_ids:
            continue
        standing = {each.completion_id: each for each in all_done(person_id, [programme.id])}
        if standing[completion.id].ended:
            continue
        found.append(Judged(completion, met_at(programme, enrolment)))
    return found


def go_on(completion: Completion, actor_id: str) -> None:
    """Let somebody whose completion of a programme counts no longer go on in it: what they have
    done of it still counts. Nothing where they have begun it anew themselves."""
    before = db.session.get_one(Enrolment, completion.enrolment_id)
    if before.renewed_at is not None:
        return
    before.renewed_at = clock.utcnow()
    db.session.flush()
    kept = ("person_id", "kind", "course_id", "edition_id", "fingerprint", "language",
            "organisation_id", "unit_id")  # fmt: skip
    again = Enrolment(
        id=new_id(), enrolled_at=before.renewed_at, **{each: getattr(before, each) for each in kept}
    )
    db.session.add(again)
    db.session.flush()
    record(
        "enrolled",
        person_id=again.person_id,
        actor_id=actor_id,
        organisation_id=again.organisation_id,
        happened_at=again.enrolled_at,
        content={"enrolment": again.id, **named(edition_of(again.edition_id), again.language)},
    )
