"""Look at rows of a list: whom and what each means, what is there already, what is wrong.

Reads only; people are looked for among those who are or were of the list's organisation, so that
the answer is the same for somebody of another one as for nobody.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import or_, select

from innocap_lms.catalogue.queries import everything
from innocap_lms.extensions import db
from innocap_lms.learning.models import Completion
from innocap_lms.people.models import Membership, Person
from innocap_lms.recognition.lists import Read, plain, read
from innocap_lms.recognition.models import Intake, IntakeRow
from innocap_lms.requirements.days import site_zone, today
from innocap_lms.requirements.models import Noted

Key = tuple[str, str, date]  # person, "course:x", "programme:x" or "requirement:x", day
NONE_OF_OURS = "-"


def checked(intake: Intake, rows: Sequence[IntakeRow]) -> list[dict[str, Any]]:
    """For each row its number with what is found: person_id, about, day, outcome, wrong. Some five
    statements, however many rows."""
    now, known = today(), subjects(intake.courses)
    readings = [read(row.said, intake.shared, now) for row in rows]
    people = _people(intake.organisation_id, rows, readings)
    found = [
        _one(intake, row, reading, people, known)
        for row, reading in zip(rows, readings, strict=True)
    ]
    keys = {_key(each) for each in found if each["outcome"] == "add"}
    there, before = _there(intake.organisation_id, keys), _before(intake.id, keys)
    for each in found:
        if each["outcome"] != "add":
            continue
        key = _key(each)
        if key in there:
            each["outcome"] = "there"
        elif before.setdefault(key, each["number"]) < each["number"]:
            each["outcome"] = "double"
    return found


def subjects(chosen: Mapping[str, str]) -> dict[str, str]:
    """What is meant by an id or a title in any language, or by what was chosen for it: "course:x",
    "programme:x", or NONE_OF_OURS. A title of two means none of them."""
    offered = everything()
    ids = {each.course_id: f"{each.edition.kind}:{each.course_id}" for each in offered}
    found: dict[str, str] = {}
    twice = set[str]()
    for each in offered:
        for title in {each.course_id, *(text.title for text in each.edition.course.texts.values())}:
            if found.setdefault(plain(title), ids[each.course_id]) != ids[each.course_id]:
                twice.add(plain(title))
    ids[NONE_OF_OURS] = NONE_OF_OURS
    meant = {word: ids[name] for word, name in chosen.items() if name in ids}
    return {word: subject for word, subject in found.items() if word not in twice} | meant


def _one(
    intake: Intake,
    row: IntakeRow,
    reading: Read,
    people: Mapping[str, str],
    known: Mapping[str, str],
) -> dict[str, Any]:
    person_id = people.get(row.said.get("person", "") or reading.who)
    named = any(name == "who" for name, _code in reading.wrong)
    wrong = list(reading.wrong)
    if person_id is None and not named:
        wrong.append(("who", "unknown_person"))
    if person_id == intake.made_by:
        wrong.append(("who", "oneself"))
    about, unknown = f"requirement:{intake.shared.get('requirement')}", False
    if intake.what == "completion":
        about = known.get(plain(reading.course), "")
        unknown = bool(reading.course) and not about
    if unknown:
        wrong.append(("course", "unknown_course"))
    outcome = "fault" if wrong else "add"
    if about == NONE_OF_OURS:
        outcome, wrong = "skip", []
    elif wrong == [("course", "unknown_course")]:
        outcome = "course"
    return {
        "number": row.number,
        "person_id": person_id,
        "about": about,
        "day": reading.day,
        "outcome": outcome,
        "wrong": wrong or None,
    }


def _key(each: Mapping[str, Any]) -> Key:
    return each["person_id"], each["about"], each["day"]


def _people(
    organisation_id: str, rows: Iterable[IntakeRow], readings: Iterable[Read]
) -> dict[str, str]:
    """The people of the organisation by e-mail, user name and id, of those that rows name."""
    names = {reading.who for reading in readings} - {""}
    ids = {row.said["person"] for row in rows if "person" in row.said}
    found = db.session.execute(
        select(Person.id, Person.email, Person.login)
        .join(Membership, Membership.person_id == Person.id)
        .where(
            Membership.organisation_id == organisation_id,
            or_(Person.email.in_(names), Person.login.in_(names), Person.id.in_(ids)),
        )
        .distinct()
    )
    return {
        name: row.id for row in found for name in (row.id, row.email, row.login) if name is not None
    }


def _there(organisation_id: str, keys: Iterable[Key]) -> set[Key]:
    """What is noted already, or was and was withdrawn, and what was completed here that day."""
    wanted = {person_id for person_id, _about, _day in keys}
    noted = db.session.execute(
        select(Noted.person_id, Noted.about, Noted.day).where(
            Noted.organisation_id == organisation_id, Noted.person_id.in_(wanted)
        )
    )
    done = db.session.execute(
        select(
            Completion.person_id, Completion.kind, Completion.course_id, Completion.completed_at
        ).where(Completion.person_id.in_(wanted), Completion.organisation_id == organisation_id)
    )
    zone = site_zone()
    return {(row.person_id, row.about, row.day) for row in noted} | {
        (row.person_id, f"{row.kind}:{row.course_id}", row.completed_at.astimezone(zone).date())
        for row in done
    }


def _before(intake_id: str, keys: Iterable[Key]) -> dict[Key, int]:
    """Where the list says the same before: the first row that is to be added."""
    wanted = {person_id for person_id, _about, _day in keys}
    rows = db.session.execute(
        select(IntakeRow.person_id, IntakeRow.about, IntakeRow.day, IntakeRow.number)
        .where(
            IntakeRow.intake_id == intake_id,
            IntakeRow.person_id.in_(wanted),
            IntakeRow.outcome == "add",
        )
        .order_by(IntakeRow.number.desc())
    )
    return {(row[0] or "", row[1] or "", row[2] or date.min): row[3] for row in rows}
