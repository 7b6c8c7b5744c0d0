"""Requirements of the demo: what its municipalities ask of their people, who is excepted, and what
somebody learnt elsewhere."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from innocap_lms import clock
from innocap_lms.catalogue.queries import EditionView
from innocap_lms.extensions import writing
from innocap_lms.ledger import services as ledger
from innocap_lms.people.queries import viewer_of
from innocap_lms.recognition import external
from innocap_lms.recognition.external import Told
from innocap_lms.requirements import following, services
from innocap_lms.requirements.rules import Audience, Rule
from innocap_lms.requirements.services import About

BACK = 200  # days ago, when they were set


def require(
    courses: Sequence[EditionView],
    organisations: tuple[str, str],
    units: Sequence[str],
    people: Mapping[str, str],
) -> None:
    """Set requirements in both organisations, pause and except somebody, and let standings follow.

    `units` are of the first organisation, with all below them; `people` are ids by name.
    """
    if len(courses) < 3:
        return
    first, second, third = (edition.course.id for edition in courses[:3])
    home, other = organisations
    start = clock.utcnow() - timedelta(days=BACK)
    day, hr, their_hr = start.date(), people["Lars Vikström"], people["Aila Päiviö"]
    law = "Cybersäkerhetslag 2025:1506, 3 kap."
    rules = (
        (home, hr, Rule("course", first, "employer", day, due_days=180, validity_months=24)),
        (home, hr, Rule("course", second, "law", day, Audience(units=tuple(units)), law,
                        due_days=120, validity_months=12)),
        (home, hr, Rule("course", third, "own", day, due=day + timedelta(days=BACK + 21))),
        (other, their_hr, Rule("course", first, "employer", day, due_days=240)),
    )  # fmt: skip
    with clock.at(start), writing():
        ids = [services.set_requirement(where, rule, who) for where, who, rule in rules]
    with clock.at(clock.utcnow() - timedelta(days=100)), writing():
        leave = About(people["Anders Nyberg"], home, hr)
        until = (clock.utcnow() + timedelta(days=160)).date()
        services.pause(leave, clock.utcnow(), until, "Föräldraledig")
        holm = About(people["Peter Holm"], home, hr)
        services.exempt(holm, ids[2], clock.utcnow(), None, "Går i pension i vår")
        told = Told("Dataskydd för chefer", "Regionen", clock.utcnow().date(), 7.5)
        external.send(viewer_of(people["Emma Berglund"]), told, None, None)
    follow()


def follow() -> None:
    """Seal the ledger and bring all standings into line with it."""
    sealed = ledger.BATCH
    while sealed == ledger.BATCH:
        with writing():
            sealed = ledger.seal()
    following.follow()
