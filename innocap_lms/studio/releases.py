"""A later release of a plugin beside a course that was adopted from it, over HTTP."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from innocap_lms import clock
from innocap_lms.authoring import services
from innocap_lms.authoring.queries import repository, taken_over, version
from innocap_lms.authoring.releases import Offer, offers
from innocap_lms.authoring.services import Content, StaleError
from innocap_lms.catalogue.sources import plugins_own, whole_of
from innocap_lms.extensions import writing
from innocap_lms.people.policy import require_viewer, signed_in
from innocap_lms.plugin_host.current import plugins
from innocap_lms.studio.bench import Bench, bench, draft_first, held, put
from innocap_lms.studio.differences import difference

views = Blueprint("releases", __name__, template_folder="templates")

ADDRESS = "/studio/courses/<course_id>/release"


@views.get(ADDRESS)
@signed_in
def release(course_id: str) -> ResponseReturnValue:
    found = bench(course_id)
    return render_template(
        "studio/release.html",
        course=found.course,
        title=found.title,
        rights=found.rights,
        offers=[(each, difference(each.here, each.taken)) for each in offers_of(found)],
    )


@views.post(ADDRESS)
@signed_in
def take(course_id: str) -> ResponseReturnValue:
    """Take the plugin's change of a file into the viewer's draft (`take`), or do without (`leave`):
    then it is not offered again."""
    found, path = bench(course_id, "author"), request.form.get("path", "")
    offer = next((each for each in offers_of(found) if each.path == path), None)
    if offer is None:
        abort(404)
    if request.form.get("do") == "take":
        try:
            with writing():
                put(found, path, _held(path, offer.taken))
                theirs = _held(path, _of_plugin(found, path))
                services.take_over(course_id, path, require_viewer().id, theirs)
        except StaleError:
            flash(draft_first(path), "warn")
        else:
            said = _("Your draft of %(path)s has what the plugin has changed.", path=path)
            flash(said, "success")
    elif request.form.get("do") == "leave":
        _leave(found, offer)
    return redirect(url_for(".release", course_id=course_id), 303)


def offers_of(found: Bench) -> list[Offer]:
    """What the plugin offers now; nothing for a course that was begun here."""
    course = found.course
    source = plugins_own(plugins(), course.plugin, course.course_id)
    taken = repository().head(course.branch) if source else ""
    if source is None or not taken or not found.working.kept:
        # It was begun here, or its first files are on their way.
        return []

    own = taken_over(course.course_id, require_viewer().id)
    return offers(version(course, taken), whole_of(source), found.working.files, own)


def _of_plugin(found: Bench, path: str) -> bytes | None:
    """A file as the plugin has it now."""
    source = plugins_own(plugins(), found.course.plugin, found.course.course_id)
    return whole_of(source).get(path) if source else None


def _held(path: str, data: bytes | None) -> Content:
    return Content() if data is None else held(path, data)


def _leave(found: Bench, offer: Offer) -> None:
    """Count the file as taken over in the plugin's newest words."""
    course = found.course
    with writing():
        author = services.pseudonym_of(require_viewer().id)
    content = repository()
    with content.alone():
        content.commit(
            {f"{course.folder}/{offer.path}": _of_plugin(found, offer.path)},
            parent=content.head(course.branch),
            note=f"The plugin's change of {offer.path} is looked at",
            author=author,
            at=clock.utcnow(),
            branch=course.branch,
        )
