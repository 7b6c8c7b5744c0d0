"""The small numbers by which standings name people, requirements and places."""

from collections.abc import Iterable, Mapping

from sqlalchemy import select

from innocap_lms.extensions import db, insert_once, writing
from innocap_lms.requirements.models import NumberedPerson, NumberedPlace, NumberedRequirement

Numbers = dict[str, int]


def of_people(ids: Iterable[str]) -> Numbers:
    """The numbers of people by their ids; whoever has none is given one. One statement, if all
    have."""
    return _numbers(NumberedPerson, {each: {} for each in ids})


def of_requirements(ids: Iterable[str], organisation_id: str) -> Numbers:
    """The same for requirements of an organisation."""
    return _numbers(NumberedRequirement, _within(organisation_id, ids))


def of_places(ids: Iterable[str], organisation_id: str) -> Numbers:
    """The same for units of an organisation, or itself."""
    return _numbers(NumberedPlace, _within(organisation_id, ids))


def _within(organisation_id: str, ids: Iterable[str]) -> dict[str, dict[str, str]]:
    return {each: {"organisation_id": organisation_id} for each in ids}


def _numbers(
    model: type[NumberedPerson | NumberedRequirement | NumberedPlace],
    wanted: Mapping[str, Mapping[str, str]],
) -> Numbers:
    found = _known(model, wanted)
    missing = [each for each in wanted if each not in found]
    if missing:
        with writing():
            for each in missing:
                insert_once(model, ("id",), id=each, **wanted[each])
        found |= _known(model, missing)
    return found


def _known(
    model: type[NumberedPerson | NumberedRequirement | NumberedPlace], ids: Iterable[str]
) -> Numbers:
    rows = db.session.execute(select(model.id, model.number).where(model.id.in_(list(ids))))
    return {row.id: row.number for row in rows}
