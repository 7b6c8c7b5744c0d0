"""What a rule would do in a large organisation: worked out by a job, and kept for whoever asked.

Of 20,000 people that takes some ten seconds, in which a request would hold a thread of the site. It
is kept for a day, with ids in the place of names.
"""

import time
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import bindparam, delete, select, update

from innocap_lms import clock
from innocap_lms.extensions import db, save_at_once, writing
from innocap_lms.hr.models import RuleTry
from innocap_lms.hr.reach import decides_in
from innocap_lms.ids import new_id
from innocap_lms.jobs.outbox import enqueue
from innocap_lms.people.viewer import Viewer
from innocap_lms.requirements.days import site_zone
from innocap_lms.requirements.dry_run import as_values, effects, people_of
from innocap_lms.requirements.rules import Rule, as_json, rule_of

TRY_JOB: Final = "requirement.try"
AT_ONCE: Final = 1000  # people for whom a request works it out itself
STEP_SECONDS: Final = 0.5  # between two notes of how far it is
KEPT: Final = timedelta(days=1)
_note_done = (
    update(RuleTry)
    .where(RuleTry.id == bindparam("of_try"))
    .values(done=bindparam("number"))
    .returning(RuleTry.id)
)


def takes_long(organisation_id: str) -> bool:
    """Whether so many people belong to an organisation that a job has to look at them."""
    return people_of(organisation_id) > AT_ONCE


def ask(
    viewer: Viewer,
    organisation_id: str,
    requirement_id: str | None,
    rule: Rule,
    typed: Mapping[str, list[str]],
) -> str:
    """Let it be worked out; the id under which `asked_by` finds it. In a write transaction."""
    name = new_id()
    db.session.add(
        RuleTry(
            id=name,
            person_id=viewer.id,
            organisation_id=organisation_id,
            requirement_id=requirement_id,
            typed=dict(typed),
            rule=as_json(rule),
            done=0,
            total=people_of(organisation_id),
            asked_at=clock.utcnow(),
        )
    )
    db.session.flush()
    enqueue(TRY_JOB, f"{TRY_JOB}:{name}", {"try": name})
    return name


def asked_by(viewer: Viewer, try_id: str) -> RuleTry | None:
    """What the viewer has asked for, as long as they decide in that organisation. One statement."""
    mine = select(RuleTry).where(RuleTry.id == try_id, RuleTry.person_id == viewer.id)
    found = db.session.scalars(mine).one_or_none()
    return found if found and decides_in(viewer, found.organisation_id) else None


def carry_out(payload: dict[str, Any]) -> None:
    """Work out what a rule would do. A job: done twice, it finds the same."""
    asked = db.session.get(RuleTry, payload["try"])
    if asked is None or asked.found is not None:
        return
    noted = time.monotonic()

    def tell(done: int) -> None:
        nonlocal noted
        if time.monotonic() - noted >= STEP_SECONDS:
            save_at_once(_note_done, {"of_try": asked.id, "number": done})
            noted = time.monotonic()

    rule = rule_of(asked.rule)
    found = effects(asked.organisation_id, asked.requirement_id, rule, site_zone(), tell)
    with writing():
        db.session.execute(
            update(RuleTry)
            .where(RuleTry.id == asked.id)
            .values(done=asked.total, found=as_values(found))
        )


def forget_old() -> None:
    """Forget what was asked for before yesterday. A repeating job: opens its own transaction."""
    with writing():
        db.session.execute(delete(RuleTry).where(RuleTry.asked_at < clock.utcnow() - KEPT))
