"""Cases of practical tasks in the town, made by the site's own services."""

import hashlib
from datetime import timedelta

from sqlalchemy import select

from innocap_lms import clock
from innocap_lms.content.model import Task
from innocap_lms.extensions import db, writing
from innocap_lms.people.queries import account_of, viewer_of
from innocap_lms.tasks import assessing, services, storage
from innocap_lms.tasks.models import Assessment
from tests.browser.town import Someone, Town

CASE = """Beställningen lät så här: ”Gör en tydligare broschyr om stödet till anhöriga.” Den kom \
från enhetschefen i mars.

Behovsfrågan i dag: Hur kan vi göra det lättare för den som just har börjat vårda en närstående \
att veta vem hon kan ringa, också en söndag? I den första versionen stod det ”informera bättre”. \
Efter den första intervjun strök vi det: ingen hade letat efter information.

Två intervjuer, 32 och 28 minuter. Vi frågade om den senaste gången det blev svårt.

Fem observationer, ordagrant:
– ”Jag ringde tre gånger på en vecka och fick berätta allt från början.”
– ”Söndagar är värst.”
– Lappen med numret satt på insidan av ett skåp.
– ”Jag visste inte att jag räknades som anhörig.”
– Hon skrev upp namnet på den som svarade, varje gång."""
REMARK = """Bra fråga, och ärligt att ni visar den första versionen.

Säg vad deltagarna fick veta om radering, och vem du frågade om rättslig grund."""


class Practice:
    """The practical task of one course in the town."""

    def __init__(self, town: Town, course_id: str) -> None:
        self.town, self.course_id = town, course_id
        self.edition = town.course(course_id)
        self.task: Task = self.edition.course.tasks[0]

    def case(self, who: Someone, *, hand_in: bool = True, days_ago: int = 0, files: int = 0) -> str:
        """A case of somebody; returns its id."""
        app = self.town.site.app
        with clock.at(clock.utcnow() - timedelta(days=days_ago)):
            enrolment = self.town.start(who, self.course_id, "sv")
            with app.app_context():
                kept = [self._file(number) for number in range(files)]
                with writing():
                    case = services.save(enrolment, self.edition, self.task, CASE, "sv", 0).id
                    services.add_files(case, kept)
                    if hand_in:
                        services.hand_in(viewer_of(who.id), case, self.edition, self.task)
        return case

    def _file(self, number: int) -> services.Stored:
        name = ("intervjuguide.odt", "aktörskarta från workshop.jpg")[number]
        kind = ("application/vnd.oasis.opendocument.text", "image/jpeg")[number]
        digest = hashlib.sha256(name.encode()).hexdigest()
        return services.Stored(name, kind, 184_320 + number * 2_400_000, digest, storage.keep(b"x"))

    def seats(self, case: str) -> dict[int, str]:
        """Who sits on a case, by seat."""
        with self.town.site.app.app_context():
            rows = db.session.scalars(select(Assessment).where(Assessment.submission_id == case))
            return {row.seat: row.assessor_id for row in rows}

    def account(self, person_id: str) -> str:
        with self.town.site.app.app_context():
            found = account_of(person_id)
            assert found is not None
            assert found.email is not None
            return found.email

    def score(self, case: str, seat: int, *, enough: bool) -> None:
        """Let a seat find that the case meets every criterion, or all but the protection."""
        scores = {criterion.id: criterion.meets for criterion in self.task.criteria}
        if not enough:
            scores["protection"] = "voluntary"
        with self.town.site.app.app_context():
            assessor = self.seats(case)[seat]
            with writing():
                assessing.score(assessor, case, scores, "" if enough else REMARK)
