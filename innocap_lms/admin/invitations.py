"""Invitations over HTTP: who waits for one, what they will read, and that it is sent."""

from typing import cast

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale, ngettext

from innocap_lms.admin.person_page import own_scope
from innocap_lms.extensions import writing
from innocap_lms.people import directory, inviting
from innocap_lms.people.directory import OrganisationRow
from innocap_lms.people.inviting import WHOM, Whom
from innocap_lms.people.language import LANGUAGES
from innocap_lms.people.mail import example_invitation
from innocap_lms.people.notices import Words, words_of
from innocap_lms.people.policy import allow, require_viewer

views = Blueprint("invitations", __name__, url_prefix="/admin/people/invitations")

SHOWN = 50  # of those who will be written to


@views.get("")
@allow("admin", "hr")
def overview() -> ResponseReturnValue:
    own = directory.organisations(own_scope())
    rows = [(each, inviting.how_it_stands(each.id)) for each in own]
    return render_template("admin/invitations.html", rows=rows)


@views.get("/<organisation_id>/<whom>")
@allow("admin", "hr")
def look(organisation_id: str, whom: str) -> ResponseReturnValue:
    """Whom it goes to, when, and what they read, each in their language."""
    own = _own(organisation_id, whom)
    people = inviting.waiting(organisation_id, whom)
    return render_template(
        "admin/invitation.html",
        organisation=own,
        whom=whom,
        people=people[:SHOWN],
        number=len(people),
        minutes=-(-len(people) // inviting.BATCH),
        batch=inviting.BATCH,
        texts=[(code, LANGUAGES[code], _text(own, code)) for code in _languages(people)],
    )


@views.post("/<organisation_id>/<whom>")
@allow("admin", "hr")
def send(organisation_id: str, whom: str) -> ResponseReturnValue:
    _own(organisation_id, whom)
    with writing():
        number = inviting.ask_for(organisation_id, cast("Whom", whom), require_viewer().id)
    words = ngettext(
        "%(num)s invitation is on its way.", "%(num)s invitations are on their way.", number
    )
    flash(words, "success")
    return redirect(url_for(".overview"), 303)


def _own(organisation_id: str, whom: str) -> OrganisationRow:
    """The organisation, if the viewer administers it; else 404."""
    found = directory.organisations(own_scope(), organisation_id)
    if not found or whom not in WHOM:
        abort(404)
    return found[0]


def _languages(people: list[inviting.Waiting]) -> list[str]:
    return sorted({person.language for person in people if person.language in LANGUAGES})


def _text(own: OrganisationRow, language: str) -> str:
    """The mail as somebody made up would read it, in the organisation's words."""
    words = words_of(own.id, "invitation").get(language, Words())
    with force_locale(language):
        _subject, text = example_invitation(words, "Kim Exempel", own.name)
    return text
