"""Who may assess a case, and drawing one of them by chance. Called inside a write transaction."""

import random
from collections.abc import Collection

from sqlalchemy import func, or_, select

from innocap_lms import clock
from innocap_lms.extensions import db
from innocap_lms.learning.models import Enrolment
from innocap_lms.people.models import Membership, Person, Unit, holds, may_enter
from innocap_lms.tasks.agreements import agreed_with
from innocap_lms.tasks.models import Assessment, Submission

_chance = random.SystemRandom()


def draw(case: Submission) -> str | None:
    """An assessor for a free seat, or None where nobody is left who may sit on it.

    Whoever assessed the learner's last try at the task comes first: who asked for a revision knows
    what was asked for. Then who has the fewest open cases; among equals chance decides.
    """
    learner = db.session.execute(
        select(Enrolment.person_id).where(Enrolment.id == case.enrolment_id)
    ).scalar_one()
    candidates = _candidates(case, learner)
    if not candidates:
        return None
    open_cases, earlier = _open_cases(candidates), _earlier(case)
    # Mixed first, so that of equals any may come out on top.
    mixed = _chance.sample(sorted(candidates), len(candidates))
    return min(mixed, key=lambda who: (who not in earlier, open_cases.get(who, 0)))


def _candidates(case: Submission, learner: str) -> set[str]:
    """Active assessors of the track, in the learner's organisation or one agreed with it; never the
    learner, who manages the learner, or who had a seat at this case."""
    if case.organisation_id is None:
        return set()
    places = {case.organisation_id, *agreed_with(case.organisation_id)}
    seated = select(Assessment.assessor_id).where(Assessment.submission_id == case.id)
    found = db.session.scalars(
        select(Membership.person_id)
        .join(Person, Person.id == Membership.person_id)
        .where(
            Membership.role == "assessor",
            holds(Membership, clock.utcnow()),
            or_(Membership.track.is_(None), Membership.track == case.track),
            Membership.organisation_id.in_(places),
            may_enter(Person, clock.utcnow()),
            Person.id.not_in(seated),
        )
    )
    return set(found) - {learner} - _managers(learner)


def _managers(learner: str) -> set[str]:
    """Who leads a unit that the learner is in or leads, or one above it."""
    now = clock.utcnow()
    paths = db.session.scalars(
        select(Unit.path)
        .join(Membership, Membership.unit_id == Unit.id)
        .where(Membership.person_id == learner, holds(Membership, now))
    )
    units = {part for path in paths for part in path.strip("/").split("/")}
    return set(
        db.session.scalars(
            select(Membership.person_id).where(
                Membership.role == "manager", Membership.unit_id.in_(units), holds(Membership, now)
            )
        )
    )


def _open_cases(people: Collection[str]) -> dict[str, int]:
    rows = db.session.execute(
        select(Assessment.assessor_id, func.count())
        .join(Submission, Submission.id == Assessment.submission_id)
        .where(
            Assessment.assessor_id.in_(people),
            Assessment.released_at.is_(None),
            Assessment.scored_at.is_(None),
            Submission.state == "handed_in",
        )
        .group_by(Assessment.assessor_id)
    )
    return {row[0]: row[1] for row in rows}


def _earlier(case: Submission) -> set[str]:
    """Who decided on the try before this one."""
    return set(
        db.session.scalars(
            select(Assessment.assessor_id)
            .join(Submission, Submission.id == Assessment.submission_id)
            .where(
                Submission.enrolment_id == case.enrolment_id,
                Submission.task_id == case.task_id,
                Submission.number == case.number - 1,
                Assessment.released_at.is_(None),
            )
        )
    )
