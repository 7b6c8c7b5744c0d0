"""What units were called on a day, and where they lay; see branches."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import cache

from innocap_lms.hr.branches import is_now, tree_of
from innocap_lms.hr.queries import Place
from innocap_lms.requirements.organisation import NOW


def as_on(places: Sequence[Place], day: date | None, known: int | None = None) -> list[Place]:
    """Places with the paths and names that their units had on a day, None: today. One statement
    for each organisation, none for today."""
    if day is None or is_now(day, known):
        return list(places)
    its_tree, at = cache(tree_of), NOW if known is None else known

    def then(place: Place) -> Place:
        tree = its_tree(place.organisation_id)
        path, name = tree.path(place.unit_id, day, at), tree.name(place.unit_id, day, at)
        return replace(place, path=path or place.path, unit=name or place.unit)

    return [then(place) if place.unit_id else place for place in places]
