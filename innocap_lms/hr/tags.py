"""The tags that HR gives to people: read of the ledger, and set."""

from collections import defaultdict
from collections.abc import Iterable

from sqlalchemy import select

from innocap_lms.extensions import db
from innocap_lms.people.models import Person
from innocap_lms.requirements import services
from innocap_lms.requirements.facts import Fact
from innocap_lms.requirements.ledger import about_people
from innocap_lms.requirements.services import About


def tags_of(facts: Iterable[Fact]) -> dict[str, list[str]]:
    """All ids of each tag that somebody holds: a tag given twice ends when both do."""
    held: defaultdict[str, list[str]] = defaultdict(list)
    for fact in facts:
        tag, tag_id = fact.content.get("tag", ""), fact.content.get("tag_id", "")
        if fact.kind == "tag.given":
            held[tag].append(tag_id)
        elif fact.kind == "tag.ended" and tag_id in held[tag]:
            held[tag].remove(tag_id)
    return {tag: ids for tag, ids in held.items() if ids}


def set_tags(about: About, wanted: Iterable[str]) -> None:
    """Let somebody hold the wanted tags and no others. In a write transaction. Raises
    InvalidInputError.

    What is held is read once nobody else can change it: of two who give a tag at once, the second
    sees the first's.
    """
    person = select(Person.id).where(Person.id == about.person_id)
    db.session.execute(person.with_for_update()).one()
    found = about_people([about.person_id], unsealed=True)
    held = tags_of(found.get((about.person_id, about.organisation_id), []))
    services.set_tags(about, held, wanted)
