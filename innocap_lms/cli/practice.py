"""Practical tasks of the demo: cases that were handed in some days ago and wait at the desk."""

from collections.abc import Sequence
from datetime import timedelta

from innocap_lms import clock
from innocap_lms.catalogue.queries import EditionView
from innocap_lms.extensions import writing
from innocap_lms.learning import services as learning
from innocap_lms.people.queries import viewer_of
from innocap_lms.tasks import services as tasks

CASE = """Behovet: ”Jag behöver kunna dela en mötestid med en extern part, för att slippa ringa \
tre gånger.” Verbet är dela, alltså kommunikation och samarbete. Säkerhet låg nära, men min \
kollega var osäker på hur man gör, inte på om hon får.

Återanvänd från andra talar för vår gemensamma kalender, eftersom två enheter redan delar tider i \
den. Balansen för den personliga integriteten talar emot, eftersom hela hennes dag syns för den \
som bjuds in. Alltså frågade jag IT-stödet vad en extern part får se.

Målet: efter en kvart kan hon bjuda in en extern part, utan hjälp. Jag visade en gång, med ett \
påhittat möte. I steg tre letade hon i fel meny. Jag frågade vad hon såg och väntade.

Efter åtta dagar hade hon bjudit in två externa själv och visat en kollega."""


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
