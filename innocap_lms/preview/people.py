"""Who looks at a preview: one person of each role that has to do with a course."""

from typing import Final

from flask import current_app

from innocap_lms.catalogue.queries import EditionView
from innocap_lms.ids import new_id
from innocap_lms.learning.services import let_in
from innocap_lms.people import services as people
from innocap_lms.people.queries import viewer_of

VISITOR: Final = "visitor"
COACH: Final = "coach"

# Who it is, and their role on the site. A newcomer has not begun the course.
PEOPLE: Final = {
    COACH: ("Emma Berglund", "learner"),
    "newcomer": ("Peter Holm", "learner"),
    "trainer": ("Johan Näslund", "trainer"),
    "assessor": ("Birgitta Hedlund", "assessor"),
    "hr": ("Lars Vikström", "hr"),
}


def add_people() -> None:
    """Add everybody. Inside a write transaction, on an empty site."""
    organisation = people.create_organisation("Nordviks kommun")
    current_app.extensions["innocap_preview_place"] = (
        organisation,
        people.create_unit(organisation, "Vård och omsorg"),
    )
    for key in PEOPLE:
        add_person(key)


def add_person(key: str) -> None:
    """Add somebody of PEOPLE, in the place of who was that until now: a coach who has done nothing
    yet, say. Inside a write transaction."""
    name, role = PEOPLE[key]
    organisation, unit = current_app.extensions["innocap_preview_place"]
    made = people.invite_person(
        name=name,
        login=f"{key}-{new_id()}",
        role=role,
        organisation_id=organisation,
        unit_id=unit if role == "learner" else None,
        send_mail=False,
    )
    _known()[key] = made


def person_id(key: str) -> str:
    """The id of somebody of PEOPLE."""
    return _known()[key]


def key_of(person: str) -> str:
    """Who of PEOPLE has this id, or VISITOR."""
    return next((key for key, known in _known().items() if known == person), VISITOR)


def begin(found: EditionView) -> None:
    """Let the coach have begun a course, so that its parts open. Inside a write transaction."""
    let_in(viewer_of(person_id(COACH)), found, found.course.languages[0])


def _known() -> dict[str, str]:
    known: dict[str, str] = current_app.extensions.setdefault("innocap_preview_people", {})
    return known
