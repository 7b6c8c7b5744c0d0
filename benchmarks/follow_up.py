"""Follow-up at scale: many people, 50 requirements, a ledger of about 50 events a person.

`python -m benchmarks.follow_up 2000` measures this part alone. The data goes through the ledger:
its events are written and sealed, and the standings follow from them.
"""

import random
import secrets
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import func, insert, select

from benchmarks.material import COURSES, write_plugin
from innocap_lms import clock
from innocap_lms.app import create_app
from innocap_lms.catalogue.publishing import publish_sources
from innocap_lms.catalogue.queries import offering
from innocap_lms.config import Settings
from innocap_lms.extensions import db, writing
from innocap_lms.ids import new_id
from innocap_lms.ledger import services as ledger
from innocap_lms.ledger.hashes import content_hash
from innocap_lms.ledger.models import LedgerContent, LedgerEvent
from innocap_lms.migrations import steps
from innocap_lms.people import services as people
from innocap_lms.people.models import Membership, Person
from innocap_lms.people.sign_in import open_session
from innocap_lms.requirements import following, services
from innocap_lms.requirements.models import Standing
from innocap_lms.requirements.rules import Audience, Rule

REQUIREMENTS, COMPLETED = 50, 24
TIMES = 20
BACK = timedelta(days=700)


class Town:
    """One organisation with so many people in 400 units, and what they completed."""

    def __init__(self, folder: Path, size: int, database: str = "") -> None:
        write_plugin(folder / "plugins")
        settings = Settings(
            data_dir=folder / "data",
            database_url=database,
            secret_key=new_id() * 2,
            plugin_dirs=(folder / "plugins",),
            relay=False,
        )
        settings.data_dir.mkdir(parents=True)
        self.app, self.size, self.chance = create_app(settings), size, random.Random(7)
        self.start = clock.utcnow() - BACK
        with self.app.app_context():
            steps.upgrade()
            host = self.app.extensions["innocap_host"]
            list(publish_sources(host, settings.data_dir / "files", only=[COURSES[0]]))
            found = offering(COURSES[0])
            assert found is not None
            self.edition = found.edition.id
            self.organisation, self.units, self.hr = self._place()
            self._people()
            self.requirements = self._requirements()
            seal()

    def _place(self) -> tuple[str, list[str], str]:
        with clock.at(self.start), writing():
            organisation = people.create_organisation("Bench")
            units: list[str] = []
            for number in range(400):
                parent = units[(number - 1) // 8] if number else None
                units.append(people.create_unit(organisation, f"Unit {number}", parent))
            hr = people.invite_person(
                name="HR", email="hr@example.org", role="hr", organisation_id=organisation,
                send_mail=False,
            )  # fmt: skip
        return organisation, units, hr

    def _people(self) -> None:
        """In bulk: what `invite_person` and the rooms of learning would have written."""
        rows = iter(self._lives())
        while some := list(islice(rows, 200)):
            with writing():
                for model, index in ((Person, 0), (Membership, 1)):
                    db.session.execute(insert(model), [row[index] for row in some])
                events = [event for row in some for event in row[2]]
                db.session.execute(insert(LedgerEvent), [event[0] for event in events])
                db.session.execute(insert(LedgerContent), [event[1] for event in events])

    def _lives(self) -> Iterator[tuple[dict[str, Any], dict[str, Any], list[Any]]]:
        for number in range(self.size):
            person, unit = new_id(), self.chance.choice(self.units)
            member = {
                "id": new_id(), "person_id": person, "organisation_id": self.organisation,
                "unit_id": unit, "role": "learner", "track": None, "valid_from": self.start,
                "valid_until": None,
            }  # fmt: skip
            named = {
                "id": person, "name": f"Coach {number:06}", "email": f"c{number}@example.org",
                "login": None, "password_hash": None, "language": "sv", "timezone": None,
                "protected": number % 200 == 0, "created_at": self.start, "suspended_at": None,
            }  # fmt: skip
            given = {
                "membership": member["id"], "role": "learner", "unit": unit, "track": None,
                "valid_from": self.start.isoformat(), "valid_until": None,
            }  # fmt: skip
            events = [self._event("role.given", self.start, person, given)]
            for course in self.chance.sample(range(REQUIREMENTS), COMPLETED):
                at = self.start + timedelta(days=self.chance.randrange(1, BACK.days))
                about = {"course": f"course-{course}", "edition": self.edition}
                events.append(self._event("enrolled", at, person, {**about, "enrolment": new_id()}))
                done = {**about, "completion": new_id()}
                events.append(self._event("completed", at + timedelta(hours=1), person, done))
            yield named, member, events

    def _event(self, kind: str, at: datetime, person: str, content: dict[str, Any]) -> Any:
        event, salt = new_id(), secrets.token_hex(16)
        return (
            {
                "id": event, "kind": kind, "happened_at": at, "recorded_at": at,
                "organisation_id": self.organisation, "disposed_under": None, "sealed": False,
                "content_hash": content_hash(salt, person, person, content),
            },
            {
                "event_id": event, "person_id": person, "actor_id": person, "salt": salt,
                "content": content,
            },
        )  # fmt: skip

    def _requirements(self) -> list[str]:
        with clock.at(self.start), writing():
            return [
                services.set_requirement(self.organisation, self._rule(number), self.hr)
                for number in range(REQUIREMENTS)
            ]

    def _rule(self, number: int, due_days: int = 365) -> Rule:
        units = () if number % 2 else (self.units[1 + number % 8],)
        return Rule(
            "course", f"course-{number}", "employer", self.start.date(), Audience(units=units),
            due_days=due_days, validity_months=12 if number % 3 else None,
        )  # fmt: skip


def seal() -> None:
    sealed = ledger.BATCH
    while sealed == ledger.BATCH:
        with writing():
            sealed = ledger.seal()


def measure(town: Town, tell: Callable[[str], None]) -> None:
    """Tell the figures of a town, one a line."""
    with town.app.app_context():
        began = time.perf_counter()
        following.follow()
        tell(f"follow the whole ledger: {time.perf_counter() - began:.1f} s")
        tell(f"rows of standing: {db.session.scalar(select(func.count()).select_from(Standing)):,}")
        with writing():
            token = open_session(town.hr, 12)
    client = town.app.test_client()
    with client.session_transaction() as session:
        session["_user_id"] = token
    then = (clock.utcnow() - timedelta(days=200)).date().isoformat()
    for name, path in {
        "dashboard": "/hr",
        "dashboard then": f"/hr?on={then}",
        "matrix": "/hr/matrix",
        "matrix late": "/hr/matrix?state=expired",
        "matrix unit": f"/hr/matrix?unit={town.units[9]}",
        "matrix name": "/hr/matrix?name=1999",
        "matrix as shown": f"/hr/matrix?on={then}&known=shown",
        "requirements": "/hr/requirements",
    }.items():
        times = []
        for _time in range(TIMES):
            began = time.perf_counter()
            assert client.get(path).status_code == 200, path
            times.append(1000 * (time.perf_counter() - began))
        tell(f"{name}: p95 {statistics.quantiles(times, n=20)[-1]:.0f} ms")
    for name, path in {"wide": "/hr/matrix.csv", "long": "/hr/matrix.csv?form=long"}.items():
        began = time.perf_counter()
        answer = client.get(path)
        first = next(answer.response)  # type: ignore[call-overload]
        start = time.perf_counter() - began
        lines = len(first.splitlines()) + sum(part.count(b"\n") for part in answer.response)  # type: ignore[union-attr,misc]
        whole = time.perf_counter() - began
        tell(f"{name} csv: first byte {start:.2f} s, {lines:,} lines in {whole:.1f} s")


def change_one(town: Town, tell: Callable[[str], None]) -> None:
    """Change a requirement that asks everybody, and let the standings follow."""
    with town.app.app_context():
        with writing():
            rule = town._rule(1, due_days=200)
            services.set_requirement(town.organisation, rule, town.hr, town.requirements[1])
        seal()
        began = time.perf_counter()
        following.follow()
        tell(f"one requirement changed, all followed: {time.perf_counter() - began:.1f} s")


def main() -> int:
    size = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    with tempfile.TemporaryDirectory(prefix="innocap-follow-up-") as folder:
        began = time.perf_counter()
        town = Town(Path(folder), size)
        print(
            f"{size} people, seeded and sealed in {time.perf_counter() - began:.0f} s", flush=True
        )
        measure(town, lambda words: print(words, flush=True))
        change_one(town, lambda words: print(words, flush=True))
        total = sum(file.stat().st_size for file in (Path(folder) / "data").glob("*.db*"))
        print(f"database: {total / 1e6:.0f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
