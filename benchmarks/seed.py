"""A site to measure: migrated and published by its own commands, then filled in bulk.

Three organisations: *Learners*, whose people have ten courses each, half of them begun, and two of
1,000 and 10,000 people with twenty completed courses each, for the lists of their HR.
"""

import itertools
import os
import secrets
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import insert, select

from benchmarks.material import COURSES, LESSONS, TRACK, write_plugin
from benchmarks.servers import BIN, ROOT
from innocap_lms import clock
from innocap_lms.app import create_app
from innocap_lms.catalogue.models import Edition, Offering
from innocap_lms.config import load_settings
from innocap_lms.extensions import db, writing
from innocap_lms.ids import new_id
from innocap_lms.learning.models import Completion, Enrolment, LessonProgress
from innocap_lms.people.models import Membership, Organisation, Person, SignIn, Unit
from innocap_lms.people.queries import hash_token

LEARNERS = 2000
THEIR_COURSES = COURSES[:10]
BEGUN = 5  # lessons opened and read in each of the later five of their courses
REAL_COURSE = "digital-foundations"  # of a track that ships, for what goes over the wire
BATCH = 5000


@dataclass(frozen=True)
class Seeded:
    """The site's environment, and cookies of people who are signed in."""

    environ: dict[str, str]
    learners: list[str]
    hr: dict[int, str]  # number of people in the organisation: cookie of its HR

    def app(self) -> Flask:
        """The site in this process, for counting statements; nothing runs in the background."""
        return create_app(load_settings({**self.environ, "INNOCAP_RELAY": "off"}))


@dataclass(frozen=True)
class _Place:
    organisation: str
    units: list[str]


def seed_site(folder: Path, *, sizes: Iterable[int], database: str = "") -> Seeded:
    """Make a site in `folder` with an HR organisation of each of `sizes`; `database` is the address
    of an empty PostgreSQL, or empty for SQLite."""
    folder.mkdir(exist_ok=True)
    write_plugin(folder / "plugins")
    environ = {
        "INNOCAP_DATA_DIR": str(folder / "data"),
        "INNOCAP_PLUGIN_DIRS": str(folder / "plugins"),
        "INNOCAP_DATABASE_URL": database,
    }
    for verbs in (["db", "upgrade"], ["course", "publish"]):
        subprocess.run(
            [str(BIN / "innocap-lms"), *verbs],
            env={**os.environ, **environ},
            cwd=ROOT,
            check=True,
            stdout=subprocess.DEVNULL,
        )
    app = Seeded(environ, [], {}).app()
    with app.app_context():
        editions = _editions()
        tokens = _seed_learners(editions)
        hr = {size: _seed_organisation(size, editions) for size in sizes}
    return Seeded(
        environ,
        [cookie_of(app, token) for token in tokens],
        {size: cookie_of(app, token) for size, token in hr.items()},
    )


def cookie_of(app: Flask, token: str) -> str:
    """What the browser keeps of a session that began with a password, from its first page on:
    there the form token is made."""
    signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    signed = signer.dumps({"_user_id": token, "_fresh": True, "csrf_token": secrets.token_hex(20)})
    return f"{app.config['SESSION_COOKIE_NAME']}={signed}"


def _editions() -> dict[str, Edition]:
    found = db.session.execute(
        select(Edition).join(Offering, Offering.edition_id == Edition.id)
    ).scalars()
    return {edition.course_id: edition for edition in found}


def _write(model: Any, rows: Iterable[dict[str, Any]]) -> None:
    waiting = iter(rows)
    while batch := list(itertools.islice(waiting, BATCH)):
        with writing():
            db.session.execute(insert(model), batch)


def _organisation(name: str, units: int) -> _Place:
    organisation = new_id()
    ids = [new_id() for _ in range(units)]
    _write(Organisation, [{"id": organisation, "name": name}])
    _write(
        Unit,
        (
            {"id": unit, "organisation_id": organisation, "name": f"Unit {n}", "path": f"/{unit}/"}
            for n, unit in enumerate(ids, 1)
        ),
    )
    return _Place(organisation, ids)


def _people(place: _Place, prefix: str, size: int) -> list[tuple[str, str]]:
    """Make learners of a place; returns (person, unit) of each."""
    now = clock.utcnow()
    made = [(new_id(), place.units[n % len(place.units)]) for n in range(size)]
    _write(
        Person,
        (
            {
                "id": person,
                "name": f"{prefix.title()} Person {n:05}",
                "language": "sv",
                "email": f"{prefix}{n}@example.org",
                "created_at": now,
            }
            for n, (person, _unit) in enumerate(made)
        ),
    )
    _write(Membership, (_member(place, person, unit, "learner") for person, unit in made))
    return made


def _member(place: _Place, person: str, unit: str | None, role: str) -> dict[str, Any]:
    return {
        "person_id": person,
        "organisation_id": place.organisation,
        "unit_id": unit,
        "role": role,
        "valid_from": clock.utcnow() - timedelta(days=400),
    }


def _sign_in(people: Iterable[str]) -> list[str]:
    """Begin a session for each; returns their tokens."""
    now = clock.utcnow()
    tokens = {person: new_id() for person in people}
    _write(
        SignIn,
        (
            {
                "token_hash": hash_token(token),
                "person_id": person,
                "created_at": now,
                "expires_at": now + timedelta(hours=12),
            }
            for person, token in tokens.items()
        ),
    )
    return list(tokens.values())


def _enrolment(
    person: str, unit: str, place: _Place, edition: Edition, at: datetime
) -> dict[str, Any]:
    return {
        "id": new_id(),
        "person_id": person,
        "course_id": edition.course_id,
        "edition_id": edition.id,
        "fingerprint": edition.fingerprint,
        "language": "sv",
        "organisation_id": place.organisation,
        "unit_id": unit,
        "enrolled_at": at,
    }


def _seed_learners(editions: dict[str, Edition]) -> list[str]:
    place = _organisation("Learners", 20)
    people = _people(place, "learner", LEARNERS)
    now = clock.utcnow()
    wanted = [editions[course] for course in THEIR_COURSES]
    rows = [
        _enrolment(person, unit, place, edition, now)
        for person, unit in people
        for edition in wanted
    ]
    rows.append(_enrolment(*people[0], place, editions[REAL_COURSE], now))
    _write(Enrolment, rows)
    later = set(THEIR_COURSES[len(THEIR_COURSES) // 2 :])
    _write(
        LessonProgress,
        (
            {
                "enrolment_id": row["id"],
                "lesson_id": lesson,
                "fingerprint": row["fingerprint"],
                "language": "sv",
                "opened_at": now,
                "read_at": now,
            }
            for row in rows
            if row["course_id"] in later
            for lesson in LESSONS[:BEGUN]
        ),
    )
    return _sign_in(person for person, _unit in people)


def _seed_organisation(size: int, editions: dict[str, Edition]) -> str:
    """An organisation whose people have completed every course; returns a token of its HR."""
    place = _organisation(f"Organisation of {size}", max(1, size // 50))
    people = _people(place, f"org{size}-", size)
    _write_completions(place, people, [editions[course] for course in COURSES])
    hr = new_id()
    _write(
        Person,
        [
            {
                "id": hr,
                "name": f"HR of {size}",
                "email": f"hr{size}@example.org",
                "language": "sv",
                "created_at": clock.utcnow(),
            }
        ],
    )
    _write(Membership, [_member(place, hr, None, "hr")])
    return _sign_in([hr])[0]


def _write_completions(
    place: _Place, people: list[tuple[str, str]], editions: list[Edition]
) -> None:
    for part in _parts(people, BATCH // len(editions)):
        enrolments = list(_enrolments(place, part, editions))
        _write(Enrolment, enrolments)
        _write(Completion, (_completion(row) for row in enrolments))


def _parts(people: list[tuple[str, str]], size: int) -> Iterator[list[tuple[str, str]]]:
    for at in range(0, len(people), size):
        yield people[at : at + size]


def _enrolments(
    place: _Place, people: Iterable[tuple[str, str]], editions: list[Edition]
) -> Iterator[dict[str, Any]]:
    now = clock.utcnow()
    for n, (person, unit) in enumerate(people):
        for day, edition in enumerate(editions):
            yield _enrolment(
                person, unit, place, edition, now - timedelta(days=300 - day, minutes=n)
            )


def _completion(enrolment: dict[str, Any]) -> dict[str, Any]:
    named = (
        "person_id",
        "course_id",
        "edition_id",
        "fingerprint",
        "language",
        "organisation_id",
        "unit_id",
    )
    return {
        **{name: enrolment[name] for name in named},
        "id": new_id(),
        "enrolment_id": enrolment["id"],
        "track": TRACK,
        "hours": 2.0,
        "completed_at": enrolment["enrolled_at"] + timedelta(days=7),
        "because": {"lessons_read": list(LESSONS), "quizzes_passed": ["final"]},
    }
