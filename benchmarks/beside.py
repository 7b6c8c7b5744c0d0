"""How soon lesson pages come while the worker is busy, compared with when it is not."""

import statistics
import subprocess
import time
from collections.abc import Callable, Iterator
from itertools import cycle, product

from sqlalchemy import insert, select

from benchmarks.material import COURSES, LESSONS
from benchmarks.seed import cookie_of
from benchmarks.servers import APP, Server
from benchmarks.town import Town
from innocap_lms.extensions import db, writing
from innocap_lms.ids import new_id
from innocap_lms.learning.models import Enrolment
from innocap_lms.people.models import Membership
from innocap_lms.people.sign_in import open_session

LEARNERS, IDLE, PAUSE = 150, 20.0, 0.02  # seconds


def lessons(
    town: Town, work: "subprocess.Popen[str]", begin: Callable[[], None]
) -> tuple[float, float]:
    """Milliseconds within which 99 of 100 lesson pages come: idle, and until `work`, which
    `begin` sets going, has ended. Each page is one that its learner has not opened."""
    environ = {
        "INNOCAP_DATA_DIR": str(town.settings.data_dir),
        "INNOCAP_PLUGIN_DIRS": ":".join(map(str, town.settings.plugin_dirs)),
        "INNOCAP_DATABASE_URL": town.settings.database_url,
        "INNOCAP_SECRET_KEY": town.settings.secret_key,
        "INNOCAP_RELAY": "off",
    }
    pages = cycle(product(LESSONS, _learners(town)))
    with Server(APP, "/login", environ) as server:
        ends = time.perf_counter() + IDLE
        idle = list(_times(server, pages, lambda: time.perf_counter() < ends))
        begin()
        busy = list(_times(server, pages, lambda: work.poll() is None))
    return _p99(idle), _p99(busy)


def _learners(town: Town) -> list[str]:
    """Cookies of learners who are enrolled and signed in."""
    with town.app.app_context():
        learners = select(Membership.person_id).where(Membership.role == "learner")
        people = db.session.scalars(learners.limit(LEARNERS)).all()
        with writing():
            for person in people:
                values = {
                    "id": new_id(), "person_id": person, "course_id": COURSES[0],
                    "edition_id": town.edition, "fingerprint": "f", "language": "sv",
                    "unit_id": None, "organisation_id": town.organisation,
                    "enrolled_at": town.start,
                }  # fmt: skip
                db.session.execute(insert(Enrolment).values(values))
            tokens = [open_session(person, 24) for person in people]
    return [cookie_of(town.app, token) for token in tokens]


def _times(
    server: Server, pages: Iterator[tuple[str, str]], goes_on: Callable[[], bool]
) -> Iterator[float]:
    while goes_on():
        lesson, cookie = next(pages)
        _body, seconds = server.get(f"/courses/{COURSES[0]}/{lesson}", cookie)
        yield 1000 * seconds
        time.sleep(PAUSE)


def _p99(times: list[float]) -> float:
    return statistics.quantiles(times, n=100)[-1]
