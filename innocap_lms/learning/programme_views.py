"""Joining a programme, going on in a newer edition and taking it again, over HTTP. Its page is
among those that join rooms."""

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from innocap_lms.catalogue.queries import OfferingView, offering
from innocap_lms.extensions import writing
from innocap_lms.learning import moving, renewing, services
from innocap_lms.people.language import request_language
from innocap_lms.people.policy import require_viewer, signed_in

views = Blueprint("programmes", __name__)


@views.post("/programmes/<programme_id>/start")
@signed_in
def start(programme_id: str) -> ResponseReturnValue:
    """Join, in the edition in service. What is completed already counts at once."""
    found = _in_service(programme_id)
    try:
        with writing():
            services.enrol(require_viewer(), found.edition, _language(found))
    except services.NotYetError:
        flash(_("Complete what comes first: then you can join this programme."), "warning")
    return _to_its_page(programme_id)


@views.post("/programmes/<programme_id>/renew")
@signed_in
def renew(programme_id: str) -> ResponseReturnValue:
    """Take the programme again, in the edition in service."""
    found = _in_service(programme_id)
    try:
        with writing():
            renewing.renew(require_viewer(), found.edition, _language(found))
    except renewing.NotOpenError:
        flash(_("There is nothing to renew in this programme yet."), "warning")
    return _to_its_page(programme_id)


@views.post("/programmes/<programme_id>/edition")
@signed_in
def move_on(programme_id: str) -> ResponseReturnValue:
    """Go on in the edition in service, if it is the one that was looked at."""
    found = _in_service(programme_id)
    if request.form.get("edition") != found.edition.id:
        flash(_("A newer edition came meanwhile: look at what it changes first."), "warning")
        return _to_its_page(programme_id)
    with writing():
        moved = moving.move_on(require_viewer(), found.edition)
    if moved:
        words = _("You go on in edition %(number)s.", number=found.edition.number)
        flash(words, "success")
    return _to_its_page(programme_id)


def _in_service(programme_id: str) -> OfferingView:
    return offering(programme_id, "programme") or abort(404)


def _language(found: OfferingView) -> str:
    return found.edition.course.language(request_language())


def _to_its_page(programme_id: str) -> ResponseReturnValue:
    return redirect(url_for("web.programme", programme_id=programme_id), 303)
