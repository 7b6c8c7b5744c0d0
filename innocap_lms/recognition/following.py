"""What rests on a completion follows what is corrected of it: the job that does so.

A programme is completed when its rule is met. So where a course of it was on another day, the
programme may have been too; where one counts no longer, it may not be complete at all. Its own
completion is corrected or withdrawn by events of its own, and its certificate with it; whoever is
without it goes on in it with what is left. A place in a round is completed by completing the course
within it, and is judged anew.
"""

from typing import Any

from flask import current_app

from innocap_lms.config import Settings
from innocap_lms.credentials.signing import prepare
from innocap_lms.extensions import writing
from innocap_lms.learning.completing import complete_programmes
from innocap_lms.learning.in_force import FELL_WITH
from innocap_lms.learning.reopening import Judged, go_on, judged_anew
from innocap_lms.recognition.corrections import correct_moment, withdraw
from innocap_lms.recognition.queries import entries
from innocap_lms.requirements.days import site_zone
from innocap_lms.requirements.services import About
from innocap_lms.rounds.following import judge_places


def follow(payload: dict[str, Any]) -> None:
    """The job after a completion was corrected or ended. `payload` is as `tell_of_change` writes
    it; running twice is once."""
    prepare()
    person_id, course_id = payload["person_id"], payload["course_id"]
    with writing():
        for judged in judged_anew(person_id, course_id):
            _follow(judged, payload)
        complete_programmes(person_id, payload["actor_id"])  # one may be met by the right day
    judge_places(person_id, course_id)


def _follow(judged: Judged, payload: dict[str, Any]) -> None:
    settings: Settings = current_app.extensions["innocap_settings"]
    completion, moment, reason = judged.completion, judged.met_at, payload["reason"]
    entry = next(each for each in entries(completion.person_id) if each.id == completion.id)
    about = About(completion.person_id, entry.organisation_id, payload["actor_id"])
    if moment is None:
        withdraw(about, entry, reason, settings, **{FELL_WITH: payload["completion_id"]})
        go_on(completion, payload["actor_id"])
        return
    zone = site_zone()
    if moment.astimezone(zone).date() != completion.completed_at.astimezone(zone).date():
        correct_moment(about, entry, moment, reason, settings)
