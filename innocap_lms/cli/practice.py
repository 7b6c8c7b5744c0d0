"""Practical tasks of the demo: cases that were handed in some days ago and wait at the desk."""

from collections.abc import Sequence
from datetime import timedelta

from innocap_lms import clock
from innocap_lms.catalogue.queries import EditionView
from innocap_lms.extensions import writing
from innocap_lms.learning import services as learning
from innocap_lms.people.queries import viewer_of
from innocap_lms.tasks import services as tasks

CASE = """Uppdraget löd: ”Gör en tydligare broschyr om stödet till anhöriga.”

Vår behovsfråga i dag: Hur kan vi göra det lättare för den som just har börjat vårda en närstående \
att veta vem hon kan ringa, också en söndag? Efter den första intervjun strök vi ordet \
”information”: ingen hade letat efter information.

Två intervjuer, 32 och 28 minuter, om den senaste gången det blev svårt. Vi berättade först vad vi \
antecknar och hur länge vi sparar det. Inga namn finns med här.

Vi såg: ”Jag ringde tre gånger på en vecka och fick berätta allt från början.” Lappen med numret \
satt på insidan av ett skåp."""


def hand_in_case(
    courses: Sequence[EditionView], person_id: str, language: str, days_ago: int
) -> None:
    """Let a learner hand in a case so many days ago, where a course has a practical task."""
    edition = next((each for each in courses if each.course.tasks), None)
    if edition is None:
        return
    viewer, task = viewer_of(person_id), edition.course.tasks[0]
    with clock.at(clock.utcnow() - timedelta(days=days_ago)), writing():
        enrolment = learning.enrol(viewer, edition, language)
        case = tasks.save(enrolment, edition, task, CASE, language, 0).id
        tasks.hand_in(viewer, case, edition, task)
