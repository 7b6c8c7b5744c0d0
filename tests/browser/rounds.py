"""Rounds for the scenes: one that is coming and asked for, one under way, one cancelled."""

from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import select

from innocap_lms import clock
from innocap_lms.catalogue.queries import offering
from innocap_lms.extensions import db, writing
from innocap_lms.rounds import arranging, asking_help, attendance, following, services
from innocap_lms.rounds.arranging import Subject
from innocap_lms.rounds.enrolments import Asking, Hand, Place
from innocap_lms.rounds.models import RoundEnrolment, RoundSession
from innocap_lms.rounds.plans import Meeting, Plan
from tests.browser.town import Someone, Town

LINK = "https://moten.example.org/nordvik-2027"


def prepare(town: Town, course: str) -> dict[str, str]:
    """Rounds of a course, led by Nordvik's trainer, with people in each state."""
    peter = town.person("peter.holm")
    hanna, erik = (town.newcomer(name, language="sv") for name in ("Hanna Moberg", "Erik Strand"))
    with town.site.app.app_context():
        stage = _Stage(town)
        coming = stage.add(course, 12, 40, seats=2)
        for someone in (peter, hanna, erik):
            stage.enrol(coming, someone)
        asked = stage.add(course, 20, 60)
        stage.ask(asked, town.person("anders.nyberg"), Asking("manager", stage.day(8)))
        running = stage.add(course, -6, 30, back=20)
        with clock.at(clock.utcnow() - timedelta(days=19)):
            for account in ("peter.holm", "gudrun.jonsdottir"):
                stage.enrol(running, town.person(account))
        following.follow()
        first = stage.attend(running)
        with writing():
            asking_help.ask_for_help(
                stage.enrolment(running, peter),
                "Jag hittar inget eget ärende att arbeta med. Kan vi prata om det?",
            )
        off = stage.add(course, 30, 30)
        with writing():
            arranging.cancel_round(off, "För få anmälda.", stage.trainer.id)
    return {
        "round_coming": coming,
        "round_asked": asked,
        "round_running": running,
        "round_off": off,
        "round_session": first,
        "asked_to_round": town.person("anders.nyberg").account,
        "waiting_for_round": erik.account,
    }


class _Stage:
    def __init__(self, town: Town) -> None:
        self.town = town
        self.trainer = town.person("johan.naslund")
        self.manager = town.person("karin.edstrom")
        self.north, self.units = town.organisation("Nordviks kommun")
        self.south, _units = town.organisation("Fjällmarks kommun")

    def day(self, ahead: int) -> date:
        return (clock.utcnow() + timedelta(days=ahead)).date()

    def meeting(self, ahead: int, place: str) -> Meeting:
        starts = datetime.combine(self.day(ahead), time(8), UTC)
        mode = "both" if place else "online"
        return Meeting("", starts, starts + timedelta(hours=3), mode, place, LINK)

    def add(self, course: str, first: int, last: int, seats: int = 16, back: int = 0) -> str:
        """A round from so many days ahead, set up `back` days ago."""
        found = offering(course)
        assert found is not None
        plan = Plan(
            self.trainer.id,
            "sv",
            self.day(first),
            self.day(last),
            self.day(first),
            seats,
            "Ta med ett ärende ur er egen verksamhet.",
            "Europe/Stockholm",
            frozenset({self.north, self.south}),
            (self.meeting(first, "Stadshuset, sal Skärgården"), self.meeting(last, "")),
        )
        with clock.at(clock.utcnow() - timedelta(days=back)), writing():
            return arranging.set_up(Subject(course, found.track, self.north), plan, self.trainer.id)

    def enrol(self, round_id: str, someone: Someone) -> None:
        with writing():
            services.enrol(round_id, someone.id)

    def ask(self, round_id: str, someone: Someone, asking: Asking) -> None:
        with writing():
            place = Place(someone.id, self.north, self.units[0])
            services.ask(round_id, place, asking, Hand(self.manager.id, "manager"))

    def enrolment(self, round_id: str, someone: Someone) -> str:
        query = select(RoundEnrolment.id).where(
            RoundEnrolment.round_id == round_id,
            RoundEnrolment.person_id == someone.id,
        )
        return str(db.session.scalar(query))

    def attend(self, round_id: str) -> str:
        """Confirm that one was at the first session; returns its id."""
        query = select(RoundSession.id).where(RoundSession.round_id == round_id)
        session_id = str(db.session.scalar(query.order_by(RoundSession.starts_at)))
        minutes = {self.enrolment(round_id, self.town.person("peter.holm")): 180}
        with writing():
            attendance.confirm(round_id, session_id, minutes, self.trainer.id)
        return session_id
