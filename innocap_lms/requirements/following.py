"""Making the standings anew as the ledger grows: a leased job, in small steps.

Who is named by a new event is computed whole, of all that the sealed ledger says, and what is
stored is brought into line. So nothing can drift, and a step done twice changes nothing. Reading
and computing hold no lock; a step writes for some milliseconds, and moves the mark in the same
transaction: of two at once, one finds the mark moved and writes nothing. No commit waits for the
disk: a power cut takes the mark back with the rows, and they are made again of the ledger.
"""

import logging
from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any, Final, NamedTuple

from sqlalchemy import delete, func, select, update

from innocap_lms.extensions import db, deriving, insert_once
from innocap_lms.ledger.models import LedgerContent, LedgerEvent, LedgerSeal
from innocap_lms.ledger.services import DISPOSAL
from innocap_lms.people.models import Membership
from innocap_lms.requirements import stored
from innocap_lms.requirements.days import site_zone
from innocap_lms.requirements.facts import ABOUT_PEOPLE, Fact
from innocap_lms.requirements.history import Asked, Row, bearing, by_about, history
from innocap_lms.requirements.known_days import known_days
from innocap_lms.requirements.ledger import about_organisation, about_people
from innocap_lms.requirements.models import (
    Followed,
    Foreseen,
    KnownDay,
    Overall,
    RequirementRow,
    Standing,
    Tally,
)
from innocap_lms.requirements.organisation import Organisation
from innocap_lms.requirements.stored import Changes
from innocap_lms.requirements.writes import carry_out

log = logging.getLogger(__name__)

EVENTS: Final = 200  # of the ledger looked at in one step
PEOPLE: Final = 50  # computed in one step
ROWS: Final = 30  # from which on no more people are written in one transaction
MANY: Final = 2000  # events that wait, from which on everybody is computed once
# Nobody is in a unit that is new; whom a disposal concerns, nothing tells any more.
CONCERNS_ALL: Final = ("requirement.set", "unit.moved", DISPOSAL)
_MARK: Final = 1  # the id of the only row


class Mark(NamedTuple):
    """How far the ledger has been followed. In the middle of computing everybody, `target` is how
    far it will have been followed after that, and `within` the last person done."""

    sequence: int
    target: int = 0
    within: str = ""


def follow() -> int:
    """Follow the sealed ledger to its end; returns how many steps that took."""
    steps = 0
    while _step(_mark()):
        steps += 1
    return steps


def rebuild() -> int:
    """Throw all standings away and make them anew; returns how many steps that took."""
    with deriving():
        for table in (Standing, Overall, Tally, Foreseen, KnownDay):
            db.session.execute(delete(table))
        db.session.execute(update(Followed).values(Mark(0)._asdict()))
    return follow()


def _mark() -> Mark:
    row = db.session.execute(select(Followed.sequence, Followed.target, Followed.within)).first()
    return Mark(*row) if row else Mark(0)


def _step(mark: Mark) -> bool:
    """Bring some people into line; False when there is nothing more to follow."""
    newest = db.session.scalar(select(func.max(LedgerSeal.sequence))) or 0
    if newest <= mark.sequence:
        return False
    known_days(mark.sequence)
    if db.session.scalar(select(RequirementRow.id).limit(1)) is None:
        _bring_into_line(mark, Mark(newest), ())
    elif mark.target > mark.sequence + 1 or (not mark.target and newest - mark.sequence > MANY):
        _everybody(mark, mark.target or newest)
    else:
        _by_events(mark, _events_after(mark.sequence))
    return True


def _by_events(mark: Mark, events: list[Any]) -> None:
    first = events[0]
    if first.kind in CONCERNS_ALL:
        only = (first.content or {}).get("requirement")
        _everybody(mark, first.sequence, first.organisation_id, only)
    else:
        _of_the_named(mark, events)


def _events_after(sequence: int) -> list[Any]:
    rows = db.session.execute(
        select(
            LedgerSeal.sequence,
            LedgerEvent.kind,
            LedgerEvent.organisation_id,
            LedgerContent.person_id,
            LedgerContent.content,
        )
        .join(LedgerEvent, LedgerEvent.id == LedgerSeal.event_id)
        .outerjoin(LedgerContent, LedgerContent.event_id == LedgerEvent.id)
        .where(LedgerSeal.sequence > sequence)
        .order_by(LedgerSeal.sequence)
        .limit(EVENTS)
    )
    return list(rows)


def _of_the_named(mark: Mark, events: list[Any]) -> None:
    """Whoever is named before the next event that concerns everybody of an organisation."""
    people: dict[str, None] = {}
    last = mark.sequence
    for event in events:
        if event.kind in CONCERNS_ALL or len(people) == PEOPLE:
            break
        last = event.sequence
        if event.kind in ABOUT_PEOPLE and event.person_id:
            people[event.person_id] = None
    _bring_into_line(mark, Mark(last), people)


def _everybody(
    mark: Mark, target: int, organisation_id: str | None = None, only: str | None = None
) -> None:
    """The next people of an organisation, or of all; for one requirement, or for all of them."""
    query = select(Membership.person_id).where(Membership.person_id > mark.within).distinct()
    if organisation_id is not None:
        query = query.where(Membership.organisation_id == organisation_id)
    people = db.session.scalars(query.order_by(Membership.person_id).limit(PEOPLE)).all()
    at_end = len(people) < PEOPLE
    after = Mark(target) if at_end else Mark(mark.sequence, target, people[-1])
    changes = _changes(mark, people, only)
    some: dict[str, Changes] = {}
    for person_id in (each for each in people if each in changes):
        some[person_id] = changes[person_id]
        if sum(map(len, some.values())) >= ROWS:
            within = Mark(mark.sequence, target, person_id)
            if not _write(mark, within, some):
                return
            mark, some = within, {}
    _write(mark, after, some)


def _bring_into_line(mark: Mark, after: Mark, people: Collection[str]) -> None:
    _write(mark, after, _changes(mark, people, None) if people else {})


def _write(mark: Mark, after: Mark, changes: Mapping[str, Changes]) -> bool:
    """Bring some people into line and move the mark; False where another has moved it."""
    ready = stored.writes(changes.values(), known_days(mark.sequence)) if changes else []
    with deriving():
        if moved := _move(mark, after):
            carry_out(ready)
    return moved


def _move(mark: Mark, after: Mark) -> bool:
    """Move the mark; False where another has moved it meanwhile."""
    insert_once(Followed, ("id",), id=_MARK, **Mark(0)._asdict())
    moved = db.session.execute(
        update(Followed)
        .where(
            Followed.sequence == mark.sequence,
            Followed.target == mark.target,
            Followed.within == mark.within,
        )
        .values(after._asdict())
        .returning(Followed.id)
    )
    return moved.first() is not None


def _changes(mark: Mark, people: Collection[str], only: str | None) -> Mapping[str, Changes]:
    """By person, what differs between the stored rows and what the ledger says."""
    zone = site_zone()
    facts = about_people(people)
    organisations = {organisation for _person, organisation in facts if organisation}
    organisations |= _belonged_to(people)  # of which nothing may be told after a disposal
    changes: defaultdict[str, Changes] = defaultdict(Changes)
    for organisation_id in sorted(organisations):
        wanted = _requirements(organisation_id, only)
        if not wanted:
            continue
        about_all = Organisation(about_organisation(organisation_id), zone)
        computed: dict[tuple[str, str], list[Row]] = {}
        sorted_facts = {each: by_about(facts.get((each, organisation_id), ())) for each in people}
        for requirement_id in wanted:
            asked = Asked(requirement_id, organisation_id, zone)
            for person_id in people:
                of_one = bearing(requirement_id, about_all, sorted_facts[person_id])
                rows = _history(asked, about_all, of_one)
                if rows is not None:
                    computed[person_id, requirement_id] = rows
        stored.compare(changes, organisation_id, computed)
    stored.compare_overall(changes.values(), known_days(mark.sequence))
    return changes


def _belonged_to(people: Collection[str]) -> set[str]:
    query = select(Membership.organisation_id).where(Membership.person_id.in_(people)).distinct()
    return set(filter(None, db.session.scalars(query)))


def _history(asked: Asked, organisation: Organisation, facts: list[Fact]) -> list[Row] | None:
    """The rows of a person; None where they cannot be computed. What is stored of this one person
    stays then, is told in the log, and nobody else waits for it."""
    try:
        return history(asked, organisation, facts)
    except Exception:
        log.exception("standings towards %s cannot be computed", asked.requirement_id)
        return None


def _requirements(organisation_id: str, only: str | None) -> list[str]:
    query = select(RequirementRow.id).where(RequirementRow.organisation_id == organisation_id)
    if only:
        query = query.where(RequirementRow.id == only)
    return list(db.session.scalars(query.order_by(RequirementRow.id)))
