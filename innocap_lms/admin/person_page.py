"""What the administration shows of one person, whichever form was sent about them."""

from typing import Any

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from innocap_lms.admin.choices import Place, places, roles_to_give
from innocap_lms.catalogue.cards import in_words
from innocap_lms.people import directory
from innocap_lms.people.directory import OrganisationRow, PersonCard
from innocap_lms.people.language import LANGUAGES, request_language
from innocap_lms.people.policy import require_viewer
from innocap_lms.people.scope import AdminScope, admin_scope
from innocap_lms.people.staff import numbers_of
from innocap_lms.plugin_host.current import plugins
from innocap_lms.requirements.days import today

Errors = dict[str, str]


def own_scope() -> AdminScope:
    """What the viewer may administer."""
    return admin_scope(require_viewer())


def card_of(person_id: str, *, to_open: bool = False) -> PersonCard:
    """The person, if the viewer may see them, and open their account if so asked; else 404."""
    card = directory.person_card(own_scope(), person_id)
    if card is None or (to_open and not own_scope().may_open(card.ever)):
        abort(404)
    return card


def track_names() -> dict[str, str]:
    """The tracks of the site by slug, in the reader's language."""
    host = plugins()
    language = request_language()
    return {slug: in_words(track.names, language) for slug, track in host.tracks.items()}


def by_field(errors: Errors) -> Errors:
    """The errors as the forms name their fields: organisation and unit are one choice here."""
    names = {"organisation_id": "place", "unit_id": "place"}
    return {names.get(field, field): message for field, message in errors.items()}


def person_page(card: PersonCard, errors: Errors, status: int = 200) -> ResponseReturnValue:
    """The page of a person, with what is wrong in the form that was sent."""
    scope = own_scope()
    own = directory.organisations(scope)
    offered = places(scope, own)
    employers = card.employers()
    page = render_template(
        "admin/person.html",
        person=card,
        errors={**by_field(errors), **errors},
        typed=request.form,
        places_to_choose=offered,
        roles=roles_to_give(scope, track_names()),
        own_place=_own_place(card, offered),
        may_open=scope.may_open(card.ever),
        scope=scope,
        language=LANGUAGES.get(card.language, card.language),
        tracks=track_names(),
        employers=employers,
        units_of={each.id: _units(each) for each in own if each.id in employers},
        numbers=numbers_of(card.id),
        today=today(),
    )
    return page, status


def _units(own: OrganisationRow) -> list[tuple[str, str]]:
    """(id, name) of the units that are open, indented by their depth."""
    whole = ("", _("The whole of %(organisation)s", organisation=own.name))
    return [
        whole,
        *((unit.id, "– " * unit.depth + unit.name) for unit in own.units if not unit.is_closed()),
    ]


def _own_place(card: PersonCard, offered: list[tuple[str, Any]]) -> str:
    """Where a new role is likely to hold: where the person is, else the first place there is."""
    own = (Place.of(held) for held in card.roles if held.organisation_id and not held.is_over())
    return next(own, offered[0][0] if offered else "")
