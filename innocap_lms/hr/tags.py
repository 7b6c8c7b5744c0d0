"""The tags that HR gives to people: read of the ledger, and set."""

from collections import defaultdict
from collections.abc import Iterable

from innocap_lms.requirements import services
from innocap_lms.requirements.facts import Fact
from innocap_lms.requirements.ledger import held_about
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
    InvalidInputError."""
    held = tags_of(held_about(about.person_id, about.organisation_id))
    services.set_tags(about, held, wanted)
