"""What was learnt elsewhere, for the scenes: a completion that HR noted and corrected since, and
lists of earlier ones."""

from datetime import date, timedelta
from pathlib import Path
from tempfile import NamedTemporaryFile

from sqlalchemy import delete

from innocap_lms.catalogue.queries import offering
from innocap_lms.extensions import db, writing
from innocap_lms.jobs.models import OutboxMessage
from innocap_lms.people.queries import viewer_of
from innocap_lms.recognition import external, intakes, queries, working
from innocap_lms.recognition.corrections import correct_day
from innocap_lms.recognition.external import Told
from innocap_lms.recognition.intakes import Made
from innocap_lms.recognition.models import Intake
from innocap_lms.recognition.working import INTAKE_JOB
from innocap_lms.requirements.days import today
from innocap_lms.requirements.noting import Done, complete, moment_of
from innocap_lms.requirements.services import About
from tests.browser.town import COURSE, Someone, Town


def prepare(town: Town, course: str, coach: Someone, hr: Someone) -> dict[str, str]:
    """Let HR note that the coach took a course before, and correct its day; the note's id."""
    organisation, _units = town.organisation("Nordviks kommun")
    app = town.site.app
    with app.app_context():
        found = offering(course)
        assert found is not None
        about = About(coach.id, organisation, hr.id)
        done = Done(
            moment_of(date(2024, 3, 12)),
            "Kursen gavs i sal av kommunens utbildningsenhet",
            "Närvarolista, dnr KS 2024/117",
        )
        with writing():
            noted = complete(about, found, done)
        entry = next(each for each in queries.entries(coach.id) if each.id == noted)
        with writing():
            settings = app.extensions["innocap_settings"]
            day = today() - timedelta(days=400)
            correct_day(about, entry, day, "Fel år i närvarolistan", settings)
        sent = _sent(coach, hr)
    return {"noted": noted, **sent, **_lists(town, Made(organisation, hr.id), coach)}


def _sent(coach: Someone, hr: Someone) -> dict[str, str]:
    """A training that waits for an answer, and one that has one."""
    learner, officer = viewer_of(coach.id), viewer_of(hr.id)
    trainings = {
        "approved": Told(
            "Tjänstedesign, grundkurs", "Linköpings universitet", date(2025, 5, 9), 40
        ),
        "waiting": Told("Tillgänglighet på webben", "Regionen", date(2026, 3, 4), 7.5),
    }
    with writing():
        for told in trainings.values():
            external.send(learner, told, None, None)
    titles = {told.title: name for name, told in trainings.items()}
    found = {titles[each.title]: each for each in external.own(coach.id) if each.title in titles}
    with writing():
        external.approve(officer, found["approved"], "Täcker hela vår grundkurs", [])
    return {name: each.id for name, each in found.items()}


ROWS = """E-post;Kurs;Datum;Timmar;Underlag
{coach};{course};2023-04-12;6;Närvarolista 4
ulla.lind@example.org;{course};2023-04-12;6;Närvarolista 4
{coach};Värdegrund för chefer;2022-02-30;;
{coach};Digital delaktighet;2021-11-02;3,5;Intyg
"""
STATES = ("list_columns", "list_reading", "list_checked", "list_done", "list_refused")
PLACES = {"who": 0, "course": 1, "day": 2, "hours": 3, "evidence": 4}


def _lists(town: Town, made: Made, coach: Someone) -> dict[str, str]:
    """A list in each of its states, by name."""
    with town.site.app.app_context():
        found = {name: _list(town, made, coach, name) for name in STATES}
        with writing():  # nobody carries them out while they are looked at
            db.session.execute(delete(OutboxMessage).where(OutboxMessage.kind == INTAKE_JOB))
    return found


def _list(town: Town, made: Made, coach: Someone, state: str) -> str:
    words = ROWS.format(coach=coach.account, course=COURSE)
    with NamedTemporaryFile(dir=town.site.data_dir, delete=False) as file:
        file.write(words.encode())
    name, header = intakes.received(Path(file.name))
    with writing():
        intakes.begin(made, name, "Utbildningsregister 2019–2023.csv", header)
    if state == "list_columns":
        return name
    with writing():
        mine = db.session.get_one(Intake, name)
        shared = {"reason": "Ur det gamla utbildningsregistret"}
        intakes.read_columns(mine, "completion", PLACES, shared)
    if state == "list_refused":
        working.place_of(name).unlink()
    if state != "list_reading":
        working.carry_out({"intake": name})
    if state == "list_done":
        with writing():
            intakes.confirm(db.session.get_one(Intake, name), made.by)
        working.carry_out({"intake": name})
    return name
