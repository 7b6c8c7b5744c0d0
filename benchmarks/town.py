"""A municipality of any size whose ledger is true: real events, hashed and sealed in their order.

About 49 events a person: a role, and 24 courses enrolled in and completed over two years. They are
written in bulk, since 1,000,000 of them by the services would take hours; `ledger verify` proves
that nothing is missing from what the services and the sealer write.
"""

import random
import secrets
from array import array
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple, cast

from sqlalchemy import Table, insert, select

from benchmarks.material import COURSES, write_plugin
from innocap_lms import clock
from innocap_lms.app import create_app
from innocap_lms.catalogue.publishing import publish_sources
from innocap_lms.catalogue.queries import offering
from innocap_lms.config import Settings
from innocap_lms.extensions import db, writing
from innocap_lms.ids import new_id
from innocap_lms.ledger import services as ledger
from innocap_lms.ledger.hashes import GENESIS, chain_hash, content_hash
from innocap_lms.ledger.models import LedgerContent, LedgerEvent, LedgerSeal
from innocap_lms.migrations import steps
from innocap_lms.people import services as people
from innocap_lms.people.models import Membership, Person
from innocap_lms.people.sign_in import open_session
from innocap_lms.requirements import services
from innocap_lms.requirements.rules import Audience, Rule

REQUIREMENTS, COMPLETED, UNITS = 50, 24, 400
BACK = timedelta(days=700)
AT_A_TIME = 20_000  # events written in one transaction
MINUTES = int(BACK / timedelta(minutes=1)) - 120
_COURSE, _PERSON = 6, 24  # bits of an event's code


class _Event(NamedTuple):
    """An event as it is chained."""

    id: str
    kind: str
    happened_at: datetime
    recorded_at: datetime
    organisation_id: str
    content_hash: str


class Town:
    """One organisation with so many people in 400 units, and what they completed.

    `folder` holds plugins and data; `database` is the address of a PostgreSQL, "" for SQLite.
    """

    def __init__(self, folder: Path, size: int, database: str = "") -> None:
        write_plugin(folder / "plugins")
        self.settings = Settings(
            data_dir=folder / "data",
            database_url=database,
            secret_key=new_id() * 2,
            plugin_dirs=(folder / "plugins",),
            relay=False,
        )
        self.settings.data_dir.mkdir(parents=True)
        self.app, self.size, self.chance = create_app(self.settings), size, random.Random(7)
        self.start = clock.utcnow() - BACK
        with self.app.app_context():
            steps.upgrade()
            host = self.app.extensions["innocap_host"]
            list(publish_sources(host, self.settings.data_dir / "files", only=[COURSES[0]]))
            found = offering(COURSES[0])
            assert found is not None
            self.edition = found.edition.id
            self.organisation, self.units, self.hr = self._place()
            self.requirements = self._requirements()
            seal()
            self._write(self._lives(self._people()))
            with writing():
                self.token = open_session(self.hr, 24)

    def _place(self) -> tuple[str, list[str], str]:
        with clock.at(self.start), writing():
            organisation = people.create_organisation("Bench")
            units: list[str] = []
            for number in range(UNITS):
                parent = units[(number - 1) // 8] if number else None
                units.append(people.create_unit(organisation, f"Unit {number}", parent))
            hr = people.invite_person(
                name="HR", email="hr@example.org", role="hr", organisation_id=organisation,
                send_mail=False,
            )  # fmt: skip
        return organisation, units, hr

    def _requirements(self) -> list[str]:
        with clock.at(self.start), writing():
            return [
                services.set_requirement(self.organisation, self.rule(number), self.hr)
                for number in range(REQUIREMENTS)
            ]

    def rule(self, number: int, due_days: int = 365) -> Rule:
        """The rule of a requirement: each second one asks a part of the tree, the others all."""
        units = () if number % 2 else (self.units[1 + number % 8],)
        return Rule(
            "course", f"course-{number}", "employer", self.start.date(), Audience(units=units),
            due_days=due_days, validity_months=12 if number % 3 else None,
        )  # fmt: skip

    def _people(self) -> list[tuple[str, str, str]]:
        """Person, membership and unit of everybody, written as `invite_person` would."""
        everybody = [
            (new_id(), new_id(), self.chance.choice(self.units)) for _number in range(self.size)
        ]
        rows = enumerate(everybody)
        while some := list(islice(rows, AT_A_TIME)):
            with writing():
                _insert(Person, [self._person(number, each[0]) for number, each in some])
                _insert(Membership, [self._membership(*each) for _number, each in some])
        return everybody

    def _person(self, number: int, person: str) -> dict[str, Any]:
        return {
            "id": person, "name": f"Coach {number:06}", "email": f"c{number}@example.org",
            "login": None, "password_hash": None, "language": "sv", "timezone": None,
            "protected": number % 200 == 0, "created_at": self.start, "suspended_at": None,
        }  # fmt: skip

    def _membership(self, person: str, membership: str, unit: str) -> dict[str, Any]:
        return {
            "id": membership, "person_id": person, "organisation_id": self.organisation,
            "unit_id": unit, "role": "learner", "track": None, "valid_from": self.start,
            "valid_until": None,
        }  # fmt: skip

    def _lives(self, everybody: list[tuple[str, str, str]]) -> Iterator[tuple[Any, ...]]:
        """Kind, moment, person and content of all that happens, in the order in which it does."""
        given = self.start + timedelta(hours=1)
        for person, membership, unit in everybody:
            yield (
                "role.given", given, person,
                {"membership": membership, "role": "learner", "unit": unit, "track": None,
                 "valid_from": self.start.isoformat(), "valid_until": None},
            )  # fmt: skip
        for code in sorted(self._codes()):
            minute, number = code >> (_PERSON + _COURSE + 1), code >> (_COURSE + 1)
            person = everybody[number & ((1 << _PERSON) - 1)][0]
            is_done, course = code & 1, (code >> 1) & ((1 << _COURSE) - 1)
            about = {"course": f"course-{course}", "edition": self.edition}
            at = given + timedelta(minutes=minute)
            if is_done:
                yield "completed", at, person, {**about, "completion": new_id()}
            else:
                yield "enrolled", at, person, {**about, "enrolment": new_id()}

    def _codes(self) -> "array[int]":
        """Each event as one number that sorts by time: 10,000,000 of them fit into memory."""
        codes = array("Q")
        for number in range(self.size):
            for course in self.chance.sample(range(REQUIREMENTS), COMPLETED):
                minute = self.chance.randrange(60, MINUTES)
                for later, is_done in ((0, 0), (60, 1)):
                    code = ((minute + later) << _PERSON | number) << _COURSE | course
                    codes.append(code << 1 | is_done)
        return codes

    def _write(self, happened: Iterable[tuple[Any, ...]]) -> None:
        last = db.session.execute(
            select(LedgerSeal.sequence, LedgerSeal.chain_hash)
            .order_by(LedgerSeal.sequence.desc())
            .limit(1)
        ).first()
        sequence, chain = tuple(last) if last else (0, GENESIS)
        rest = iter(happened)
        while some := list(islice(rest, AT_A_TIME)):
            events, contents, seals = [], [], []
            for kind, at, person, content in some:
                salt, sequence = secrets.token_hex(16), sequence + 1
                its_hash = content_hash(salt, person, person, content)
                event = _Event(new_id(), kind, at, at, self.organisation, its_hash)
                chain = chain_hash(chain, sequence, cast("Any", event))
                events.append({**event._asdict(), "disposed_under": None, "sealed": True})
                contents.append(
                    {"event_id": event.id, "person_id": person, "actor_id": person, "salt": salt,
                     "content": content}
                )  # fmt: skip
                seals.append({"sequence": sequence, "event_id": event.id, "chain_hash": chain})
            with writing():
                for model, rows in (
                    (LedgerEvent, events), (LedgerContent, contents), (LedgerSeal, seals)
                ):  # fmt: skip
                    _insert(model, rows)


def _insert(model: Any, rows: list[dict[str, Any]]) -> None:
    connection = db.session.connection()
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA cache_size=-400000")  # of this connection: it seeds
    connection.execute(insert(cast("Table", model.__table__)), rows)


def seal() -> None:
    """Seal what the services have written."""
    sealed = ledger.BATCH
    while sealed == ledger.BATCH:
        with writing():
            sealed = ledger.seal()
