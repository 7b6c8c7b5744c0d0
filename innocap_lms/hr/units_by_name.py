"""A unit that is asked for by what it is called: of hundreds a list to choose from is too long, and
one writes some of a name. It leads to the address with the unit's id, as every other filter has."""

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple
from urllib.parse import urlencode

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from innocap_lms.hr import queries
from innocap_lms.hr.filters import MAX_TEXT
from innocap_lms.hr.pages import place_labels, unit_choices
from innocap_lms.people.policy import require_viewer

NAMED: Final = "in"  # what of an address says what a unit is called


class Called(NamedTuple):
    """A unit: its id, its own name, and where it lies, as lists of units have it."""

    id: str
    name: str
    label: str


def lead_to_unit() -> ResponseReturnValue | None:
    """Before each request, once its reader has been let in. Where the name is that of no unit, or
    not of one alone, that is said, and all units are shown."""
    text = request.args.get(NAMED, "").strip()[:MAX_TEXT]
    if not text or request.endpoint is None or not request.path.startswith("/hr"):
        return None
    found = units_called(text, _units(request.args.get("organisation", "")))
    if not found:
        flash(_("No unit is called “%(text)s”.", text=text), "info")
    if len(found) > 1:
        flash(_("Several units fit “%(text)s”: write more of the name.", text=text), "info")
    kept = [each for each in request.args.items(multi=True) if each[0] not in (NAMED, "unit")]
    if len(found) == 1:
        kept.append(("unit", found[0]))
    query = urlencode([(name, value) for name, value in kept if value])
    return redirect(f"{request.script_root}{request.path}?{query}".removesuffix("?"))


def units_called(text: str, units: Sequence[Called]) -> list[str]:
    """The ids of those that fit best: all that lists say of a unit, or its name, or some of it."""
    wanted = text.casefold()
    ways: tuple[Callable[[Called], bool], ...] = (
        lambda unit: unit.label.casefold() == wanted,
        lambda unit: unit.name.casefold() == wanted,
        lambda unit: wanted in unit.name.casefold(),
        lambda unit: wanted in unit.label.casefold(),
    )
    every = ([unit.id for unit in units if fits(unit)] for fits in ways)
    return next(filter(None, every), [])


def _units(organisation: str) -> list[Called]:
    """The units that the reader follows up, of one organisation or of all."""
    places = queries.places(require_viewer())
    labels = dict(unit_choices(places, place_labels(places))["units"])
    return [
        Called(place.unit_id, place.unit, labels[place.unit_id])
        for place in places
        if place.unit_id and organisation in ("", place.organisation_id)
    ]
