"""A small believable municipality: organisations with units, people in each role, history."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import Flask

from innocap_lms import clock
from innocap_lms.catalogue.queries import EditionView, offerings, quiz_keys
from innocap_lms.cli.placing import place_themselves
from innocap_lms.cli.practice import hand_in_case
from innocap_lms.cli.required import require
from innocap_lms.cli.rounds import hold_rounds
from innocap_lms.cli.well_answered import well_answered
from innocap_lms.content.model import Quiz
from innocap_lms.credentials.queries import newest_certificate
from innocap_lms.extensions import writing
from innocap_lms.learning import services as learning
from innocap_lms.learning.attempts import AnswerSheet, start_attempt
from innocap_lms.learning.closing import hand_in
from innocap_lms.learning.drawing import draw
from innocap_lms.learning.own_attempts import attempt_of
from innocap_lms.people import services as people
from innocap_lms.people.passwords import hash_password
from innocap_lms.people.queries import list_accounts, viewer_of
from innocap_lms.tasks.agreements import agree

PASSWORD = "northern-lights-2026"  # noqa: S105 - the demo's, printed at every start
DOMAIN = "example.org"

NORDVIK, FJALL = "Nordviks kommun", "Fjällmarks kommun"
UNITS = {
    NORDVIK: {
        "Vård och omsorg": ("Hemtjänst norr", "Särskilt boende Strandgården"),
        "Samhällsbyggnad": (),
        "Kommunledning": (),
    },
    FJALL: {"Bildning": ("Bibliotek",), "Omsorg": ()},
}


@dataclass(frozen=True)
class Someone:
    """A person of the demo. `done` and `begun` name how many of the courses, in their order; `case`
    is how many days ago they handed in a practical task, 0 for never; `joined` says whether they
    are in a programme."""

    name: str
    role: str
    organisation: str = ""
    unit: str = ""
    done: int = 0
    begun: int = 0
    case: int = 0
    language: str = "sv"
    joined: bool = False


PEOPLE = (
    Someone("Ingrid Sjölund", "admin"),
    Someone("Niamh Gallagher", "coordinator", language="en"),
    Someone("Lars Vikström", "hr", NORDVIK),
    Someone("Aila Päiviö", "hr", FJALL),
    Someone("Karin Edström", "manager", NORDVIK, "Vård och omsorg"),
    Someone("Johan Näslund", "trainer", NORDVIK, "Kommunledning"),
    Someone("Sara Lundgren", "trainer", FJALL, "Bildning"),
    Someone("Emma Berglund", "learner", NORDVIK, "Hemtjänst norr", done=1, begun=1, joined=True),
    Someone("Mikael Öberg", "learner", NORDVIK, "Hemtjänst norr", done=2),
    Someone(
        "Fatima Hassan", "learner", NORDVIK, "Särskilt boende Strandgården", done=3, joined=True
    ),
    Someone("Anders Nyberg", "learner", NORDVIK, "Särskilt boende Strandgården", begun=1),
    Someone("Elin Sandström", "learner", NORDVIK, "Samhällsbyggnad", done=1, begun=2, case=12),
    Someone("Peter Holm", "learner", NORDVIK, "Kommunledning"),
    Someone("Máret Ánne Sara", "learner", FJALL, "Bildning", done=2, begun=1, case=3),
    Someone("Siobhán O’Neill", "learner", FJALL, "Bibliotek", done=1, language="en"),
    Someone("Guðrún Jónsdóttir", "learner", FJALL, "Omsorg", begun=1, language="en"),
    Someone("Olof Wikberg", "learner", FJALL, "Omsorg", done=3, joined=True),
    Someone("Birgitta Hedlund", "assessor", NORDVIK),
    Someone("Tomas Granath", "assessor", NORDVIK),
    Someone("Risten Labba", "assessor", FJALL),
)


def is_empty() -> bool:
    """Whether nobody is there yet."""
    return not list_accounts(limit=1)


def populate(app: Flask) -> None:
    """Load organisations, units, people, their history of the last months, requirements and
    rounds."""
    memory = app.extensions["innocap_settings"].password_memory_kib
    hashed = hash_password(PASSWORD, memory)  # one hash for all: nobody's secret is at stake
    now = clock.utcnow()
    with clock.at(now - timedelta(days=240)), writing():
        places = _places()
        tracks = iter(app.extensions["innocap_host"].tracks)  # each trainer has one of the first
        ids = {
            someone: _add(
                someone, places, next(tracks, None) if someone.role == "trainer" else None
            )
            for someone in PEOPLE
        }
        # The two assess for each other: none of them has enough assessors of its own.
        agree(places[NORDVIK, ""][0], places[FJALL, ""][0], actor_id=ids[PEOPLE[0]])
        for person_id in ids.values():
            people.set_password(person_id, hashed)
    chance = random.Random(2026)  # noqa: S311 - a believable history, not a secret
    courses = [item.edition for item in offerings()]
    for someone, person_id in ids.items():
        _live(app, someone, person_id, courses, now - timedelta(days=200), chance)
    _join({person_id: each.language for each, person_id in ids.items() if each.joined})
    for someone in (each for each in PEOPLE if each.case):
        hand_in_case(courses, ids[someone], someone.language, someone.case)
    place_themselves(
        [ids[each] for each in PEOPLE if each.joined],
        app.extensions["innocap_host"].self_assessments,
        chance,
    )
    app.extensions["innocap_relay"].run_due()
    both = (places[NORDVIK, ""][0], places[FJALL, ""][0])
    by_name = {someone.name: person_id for someone, person_id in ids.items()}
    require(courses, both, [str(places[NORDVIK, "Vård och omsorg"][1])], by_name)
    first = next(iter(app.extensions["innocap_host"].tracks), "")
    hold_rounds([edition for edition in courses if edition.track == first], both, by_name)


def _places() -> dict[tuple[str, str], tuple[str, str | None]]:
    places: dict[tuple[str, str], tuple[str, str | None]] = {}
    for organisation, units in UNITS.items():
        organisation_id = people.create_organisation(organisation)
        places[organisation, ""] = (organisation_id, None)
        for unit, parts in units.items():
            unit_id = people.create_unit(organisation_id, unit)
            places[organisation, unit] = (organisation_id, unit_id)
            for part in parts:
                part_id = people.create_unit(organisation_id, part, unit_id)
                places[organisation, part] = (organisation_id, part_id)
    return places


def _add(
    someone: Someone, places: dict[tuple[str, str], tuple[str, str | None]], track: str | None
) -> str:
    organisation_id, unit_id = places.get((someone.organisation, someone.unit), (None, None))
    return people.invite_person(
        name=someone.name,
        email=_email(someone.name),
        role=someone.role,
        language=someone.language,
        organisation_id=organisation_id,
        unit_id=unit_id,
        track=track,
        send_mail=False,
    )


def _email(name: str) -> str:
    plain = str.maketrans("åäöáðúóé’ ", "aaoaduoe'.")
    return f"{name.lower().translate(plain).replace(chr(39), '')}@{DOMAIN}"


def _live(
    app: Flask,
    someone: Someone,
    person_id: str,
    courses: list[EditionView],
    start: datetime,
    chance: random.Random,
) -> None:
    moment = start + timedelta(days=chance.randrange(60), hours=chance.randrange(8))
    for number, edition in enumerate(courses[: someone.done + someone.begun]):
        moment += timedelta(days=chance.randrange(9, 40), minutes=chance.randrange(300))
        lessons = len(edition.course.lessons) if number < someone.done else chance.randrange(1, 4)
        with clock.at(moment):
            _take(app, person_id, edition, someone.language, lessons, number < someone.done)
            app.extensions["innocap_relay"].run_due()


def _join(languages: dict[str, str]) -> None:
    """Let these people, each with their language, join the first programme there is."""
    for programme in offerings("programme")[:1]:
        for person_id, language in languages.items():
            with writing():
                learning.enrol(viewer_of(person_id), programme.edition, language)


def _take(
    app: Flask, person_id: str, edition: EditionView, language: str, lessons: int, finish: bool
) -> None:
    """Enrol, read so many lessons and, to finish, answer the quizzes right."""
    viewer = viewer_of(person_id)
    with writing():
        enrolment_id = learning.enrol(viewer, edition, language)
        for lesson in edition.course.lessons[:lessons]:
            learning.read_lesson(viewer, enrolment_id, lesson, language)
    if not finish:
        return
    kinds = app.extensions["innocap_host"].kinds
    for quiz in edition.course.quizzes:
        _pass(viewer, enrolment_id, edition, quiz, language, kinds)


def _pass(
    viewer: Any, enrolment_id: str, edition: EditionView, quiz: Quiz, language: str, kinds: Any
) -> None:
    keys = quiz_keys(edition.id, quiz.id)
    asked = draw(quiz, kinds, edition.course.languages[0])
    with writing():
        attempt_id = start_attempt(enrolment_id, edition, quiz, asked, language)
    attempt = attempt_of(viewer.id, attempt_id)
    assert attempt is not None
    answers = {name: well_answered(keys[name]["key"]) for name, _ in asked}
    hand_in(viewer, attempt, edition, quiz, AnswerSheet(answers, {}, changed=True), language)


def describe() -> dict[str, Any]:
    """People with their passwords, courses in service, and the newest certificate's id."""
    known = {_email(someone.name): someone for someone in PEOPLE}
    found = [known[account.email] for account in list_accounts() if account.email in known]
    return {
        "people": [
            {
                "role": someone.role,
                "email": _email(someone.name),
                "password": PASSWORD,
                "organisation": someone.organisation,
                "unit": someone.unit,
                "name": someone.name,
            }
            for someone in sorted(found, key=PEOPLE.index)
        ],
        "courses": [item.course_id for item in offerings()],
        "certificate": newest_certificate(),
    }
