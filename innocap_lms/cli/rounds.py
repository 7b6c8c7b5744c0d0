"""Rounds of the demo: one under way, with hours confirmed, and one to come, over both
municipalities."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time, timedelta

from innocap_lms import clock
from innocap_lms.catalogue.queries import EditionView
from innocap_lms.extensions import writing
from innocap_lms.people.queries import viewer_of
from innocap_lms.rounds import arranging, attendance, following, services
from innocap_lms.rounds.arranging import Subject
from innocap_lms.rounds.enrolments import Asking, Hand
from innocap_lms.rounds.plans import Meeting, Plan
from innocap_lms.rounds.queries import find
from innocap_lms.rounds.reaching import to_ask

LEADER, MANAGER, ASKED = "Johan Näslund", "Karin Edström", "Anders Nyberg"
UNDER_WAY = ("Anders Nyberg", "Guðrún Jónsdóttir")
TO_COME = ("Siobhán O’Neill",)
LINK = "https://moten.example.org/nordvik"
NOTE = "Ta med ett ärende ur din egen vardag. Fika finns på plats."


def hold_rounds(
    courses: Sequence[EditionView], organisations: tuple[str, str], people: Mapping[str, str]
) -> None:
    """Hold two of the courses, all of one track, as rounds; `people` are ids by name."""
    if len(courses) < 2:
        return
    leader, now = people[LEADER], clock.utcnow()
    with clock.at(now - timedelta(days=24)), writing():
        running = _set_up(courses[0], organisations, leader, 21, 49)
        for name in UNDER_WAY:
            services.enrol(running, people[name])
    with writing():
        coming = _set_up(courses[1], organisations, leader, 18, 46)
        for name in TO_COME:
            services.enrol(coming, people[name])
        manager = viewer_of(people[MANAGER])
        place, _name = to_ask(manager, coming, [people[ASKED]])[people[ASKED]]
        answer_by = (now + timedelta(days=9)).date()
        services.ask(coming, place, Asking("manager", answer_by), Hand(manager.id, "manager"))
    _confirm(running, leader)
    following.follow()


def _set_up(
    edition: EditionView,
    organisations: tuple[str, str],
    leader: str,
    first: int,
    last: int,
) -> str:
    """A round with two sessions, from and to so many days ahead of today."""
    days = [(clock.utcnow() + timedelta(days=ahead)).date() for ahead in (first, last)]
    starts = [datetime.combine(day, time(12), UTC) for day in days]
    hours = timedelta(hours=3)
    plan = Plan(
        leader_id=leader,
        language="sv",
        first_day=days[0],
        last_day=days[1],
        enrol_by=days[0],
        seats=16,
        note=NOTE,
        zone="Europe/Stockholm",
        organisations=frozenset(organisations),
        meetings=(
            Meeting("", starts[0], starts[0] + hours, "on_site", "Stadshuset i Nordvik", ""),
            Meeting("", starts[1], starts[1] + hours, "online", "", LINK),
        ),
    )
    return arranging.set_up(
        Subject(edition.course.id, edition.track, organisations[0]), plan, leader
    )


def _confirm(round_id: str, leader: str) -> None:
    """Let the leader confirm who was at the first session."""
    found = find(viewer_of(leader), round_id)
    if found is None:
        raise LookupError(f"its leader does not see round {round_id}")
    session = found.sessions[0]
    listed = attendance.attendance_list(round_id, session.id)
    with writing():
        minutes = {one.enrolment_id: session.minutes for one in listed}
        attendance.confirm(round_id, session.id, minutes, leader)
