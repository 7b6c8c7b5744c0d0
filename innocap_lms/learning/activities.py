"""What other rooms report of a part of a course that they look after: begun, passed.

Each function is called inside a write transaction.
"""

from sqlalchemy import update

from innocap_lms import clock
from innocap_lms.extensions import db, insert_once
from innocap_lms.learning.completing import complete_if_due, complete_programmes
from innocap_lms.learning.models import ActivityResult
from innocap_lms.people.viewer import Viewer

KEY = ("enrolment_id", "activity_id")


def begin_activity(enrolment_id: str, activity_id: str) -> None:
    """Note that the learner has begun; the first time counts."""
    insert_once(
        ActivityResult,
        KEY,
        enrolment_id=enrolment_id,
        activity_id=activity_id,
        begun_at=clock.utcnow(),
        passed_at=None,
    )


def pass_activity(
    learner: Viewer,
    enrolment_id: str,
    activity_id: str,
    language: str,
    actor_id: str,
) -> bool:
    """Note that the learner has passed; True when that completes the course.

    `actor_id` names who found so: here it is not the learner who acts.
    """
    begin_activity(enrolment_id, activity_id)
    db.session.execute(
        update(ActivityResult)
        .where(
            ActivityResult.enrolment_id == enrolment_id,
            ActivityResult.activity_id == activity_id,
            ActivityResult.passed_at.is_(None),
        )
        .values(passed_at=clock.utcnow())
    )
    completed = complete_if_due(learner, enrolment_id, language, actor_id)
    if not completed:  # a programme may count the task although the course does not ask for it
        complete_programmes(learner.id, actor_id)
    return completed
