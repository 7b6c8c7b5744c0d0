"""What the forms of rounds offer: courses, organisations, leaders, time zones."""

from zoneinfo import available_timezones

from flask_babel import gettext as _
from sqlalchemy import select

from innocap_lms import clock
from innocap_lms.catalogue.queries import everything
from innocap_lms.extensions import db
from innocap_lms.people.models import Membership, Organisation, Person, holds
from innocap_lms.people.viewer import Viewer
from innocap_lms.requirements.days import site_zone
from innocap_lms.rounds.rights import arranges_in

NEAR = ("Europe/", "Atlantic/")  # zones of the northern periphery; the site's own comes with them


def organisations() -> dict[str, str]:
    """Every organisation, names by id."""
    rows = db.session.execute(
        select(Organisation.id, Organisation.name).order_by(Organisation.name)
    )
    return {row[0]: row[1] for row in rows}


def arranging_organisations(viewer: Viewer) -> dict[str, str]:
    """Those in which the viewer arranges rounds of some course."""
    if viewer.has("admin"):
        return organisations()
    own = {
        role.organisation_id
        for role in viewer.roles
        if role.name == "trainer" or (role.name == "hr" and role.unit_id is None)
    }
    return {key: name for key, name in organisations().items() if key in own}


def courses(viewer: Viewer, organisation_id: str, language: str) -> dict[str, tuple[str, str]]:
    """Courses and programmes of which the viewer arranges rounds there: title and track, by id. A
    programme is named as such, as where it is required."""
    found = {}
    for item in everything():
        if arranges_in(viewer, organisation_id, item.track):
            title = item.edition.course.texts[item.edition.course.language(language)].title
            if item.edition.kind == "programme":
                title = _("Programme: %(title)s", title=title)
            found[item.course_id] = (title, item.track)
    return dict(sorted(found.items(), key=lambda one: one[1]))


def titles(language: str) -> dict[str, str]:
    """Titles of all that is in service, by id. One statement."""
    return {
        item.course_id: item.edition.course.texts[item.edition.course.language(language)].title
        for item in everything()
    }


def leaders(organisation_id: str, track: str) -> dict[str, str]:
    """Who may lead a round there: its trainers of the track, names by id. Nobody with a protected
    identity, since members read who leads."""
    rows = db.session.execute(
        select(Person.id, Person.name)
        .join(Membership, Membership.person_id == Person.id)
        .where(
            Membership.role == "trainer",
            Membership.organisation_id == organisation_id,
            Membership.track.is_(None) | (Membership.track == track),
            holds(Membership, clock.utcnow()),
            Person.suspended_at.is_(None),
            Person.protected.is_(False),
        )
        .order_by(Person.name, Person.id)
    )
    return {row[0]: row[1] for row in rows}


def zones() -> list[str]:
    """Time zones to choose among."""
    near = {name for name in available_timezones() if name.startswith(NEAR)}
    return sorted(near | {site_zone().key})
