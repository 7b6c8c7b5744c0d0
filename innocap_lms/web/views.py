"""The pages that join rooms: the public front, tracks, courses, a person's own page, health."""

import logging
from datetime import timedelta

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from innocap_lms import clock
from innocap_lms.catalogue.cards import track_cards
from innocap_lms.catalogue.queries import offering
from innocap_lms.extensions import db, let_reads_go, writing
from innocap_lms.jobs.schedule import last_seen
from innocap_lms.migrations import HEAD, revision_of
from innocap_lms.people import feeds
from innocap_lms.people.language import request_language
from innocap_lms.people.mail import site_address
from innocap_lms.people.policy import (
    current_viewer,
    of_catalogue,
    public,
    require_viewer,
    signed_in,
)
from innocap_lms.web.assets import send
from innocap_lms.web.calendar import calendar_of
from innocap_lms.web.course import course_page, with_progress
from innocap_lms.web.home import home_page
from innocap_lms.web.programme import programme_page
from innocap_lms.web.required import required_page

log = logging.getLogger(__name__)

views = Blueprint("web", __name__, template_folder="templates")

SILENT_TOO_LONG = timedelta(minutes=1)


@views.get("/")
@of_catalogue
def front() -> ResponseReturnValue:
    tracks = with_progress(track_cards(request_language()), current_viewer())
    return render_template("web/front.html", tracks=tracks)


@views.get("/tracks/<slug>")
@of_catalogue
def track(slug: str) -> ResponseReturnValue:
    tracks = with_progress(track_cards(request_language()), current_viewer())
    found = next((card for card in tracks if card.slug == slug), None)
    if found is None:
        abort(404)
    return render_template(
        "catalogue/track.html", track=found, courses=found.courses, programmes=found.programmes
    )


@views.get("/courses/<course_id>")
@of_catalogue
def course(course_id: str) -> ResponseReturnValue:
    found = offering(course_id)
    if found is None:
        abort(404)
    return render_template("catalogue/course.html", **course_page(found, current_viewer()))


@views.get("/programmes/<programme_id>")
@of_catalogue
def programme(programme_id: str) -> ResponseReturnValue:
    found = offering(programme_id, "programme")
    if found is None:
        abort(404)
    return render_template("catalogue/programme.html", **programme_page(found, current_viewer()))


@views.get("/me")
@signed_in
def home() -> ResponseReturnValue:
    return render_template("web/home.html", **home_page(require_viewer()))


@views.get("/me/requirements")
@signed_in
def own_requirements() -> ResponseReturnValue:
    return render_template("web/required.html", **required_page(require_viewer()))


@views.post("/me/calendar")
@signed_in
def open_calendar() -> ResponseReturnValue:
    """A new address for one's calendar, shown once; or none any more."""
    viewer = require_viewer()
    let_reads_go()
    with writing():
        if request.form.get("do") == "close":
            feeds.close_feed(viewer.id)
            secret = ""
        else:
            secret = feeds.open_feed(viewer.id)
    address = f"{site_address()}{url_for('.calendar', secret=secret)}" if secret else ""
    return render_template("web/required.html", **required_page(viewer), address=address)


@views.get("/calendar/<secret>.ics")
@public
def calendar(secret: str) -> ResponseReturnValue:
    """Open to whoever holds the address; one that is over is not there."""
    subscriber = feeds.subscriber_of(secret)
    if subscriber is None:
        log.warning("a calendar was asked for by an address that leads nowhere")
        abort(404)
    return Response(
        calendar_of(subscriber),
        mimetype="text/calendar",
        headers={"Cache-Control": "private, no-store", "X-Robots-Tag": "noindex"},
    )


@views.get("/accessibility")
@public
def accessibility() -> ResponseReturnValue:
    return render_template("web/accessibility.html")


@views.get("/styleguide")
@public
def styleguide() -> ResponseReturnValue:
    return render_template("web/styleguide.html")


@views.get("/assets/<digest>/<path:path>")
@public
def asset(digest: str, path: str) -> ResponseReturnValue:
    """A static file; another digest than that of its content is not found."""
    found = current_app.extensions["innocap_assets"].get(path)
    if found is None or found.digest != digest:
        abort(404)
    return send(found)


@views.get("/healthz")
@public
def health() -> ResponseReturnValue:
    return Response("ok\n", mimetype="text/plain")


@views.get("/readyz")
@public
def ready() -> ResponseReturnValue:
    """200 when the database has this version's tables and somebody relays the outbox, else 503
    with the reason."""
    try:
        with db.engine.connect() as connection:
            tables = revision_of(connection)
        if tables != HEAD:
            found = f"the tables are of revision {tables}" if tables else "there are no tables yet"
            words = f"{found}, this version needs {HEAD}\n"
            return Response(words, 503, mimetype="text/plain")
        seen = last_seen("relay")
    except SQLAlchemyError:
        return Response("the database does not answer\n", 503, mimetype="text/plain")
    relaying = seen is not None and seen > clock.utcnow() - SILENT_TOO_LONG
    text = "ready\n" if relaying else "nobody has relayed the outbox for a minute\n"
    return Response(text, 200 if relaying else 503, mimetype="text/plain")
