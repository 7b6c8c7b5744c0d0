"""Why somebody stands as they do: the period with its reasons, made of the ledger again."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from innocap_lms.requirements.audience import Stretch
from innocap_lms.requirements.facts import Fact
from innocap_lms.requirements.history import Asked, periods
from innocap_lms.requirements.ledger import about_organisation, about_people
from innocap_lms.requirements.organisation import NOW, Organisation
from innocap_lms.requirements.periods import Period


@dataclass(frozen=True)
class Answer:
    """The period of a day, the version of the rule it stands under, and all other periods."""

    period: Period | None  # None where nothing was asked that day
    stretch: Stretch | None
    all: tuple[Period, ...]
    evidence: tuple[Fact, ...]


def why(
    person_id: str,
    requirement_id: str,
    organisation_id: str,
    zone: ZoneInfo,
    day: date,
    known: int | None = None,
    sees: Callable[[str | None], bool] = lambda _unit_id: True,
) -> Answer:
    """The answer for a day, by all that is known, or was at a place of the ledger; of what was
    while the person belonged to a unit that `sees` tells of."""
    asked = Asked(requirement_id, organisation_id, zone)
    organisation = Organisation(about_organisation(organisation_id, unsealed=True), zone)
    about_one = about_people([person_id], unsealed=True).get((person_id, organisation_id), [])
    place = NOW if known is None else known
    found = [
        (period, stretch)
        for period, stretch in periods(asked, organisation, about_one, place)
        if sees(stretch.unit_id)
    ]
    for period, stretch in found:
        if period.valid_from <= day and (period.valid_until is None or day < period.valid_until):
            names = {name for reason in period.because for name in reason.events}
            evidence = tuple(fact for fact in about_one if _name(fact) in names)
            return Answer(period, stretch, tuple(each for each, _ in found), evidence)
    return Answer(None, None, tuple(each for each, _ in found), ())


def _name(fact: Fact) -> str:
    said = fact.content
    return str(said.get("completion") or said.get("exemption") or said.get("pause") or fact.id)
