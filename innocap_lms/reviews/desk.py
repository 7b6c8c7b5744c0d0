"""Reviews at the trainer's desk, over HTTP."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from innocap_lms.catalogue.parts import parts_of, title_of
from innocap_lms.catalogue.publishing import SourceReport, check_sources
from innocap_lms.catalogue.services import PublishRefused, store_files
from innocap_lms.content.changes import FRONT
from innocap_lms.extensions import writing
from innocap_lms.people.browser import site_settings
from innocap_lms.people.language import request_language
from innocap_lms.people.policy import allow, require_viewer
from innocap_lms.people.viewer import keeps_track
from innocap_lms.plugin_host.current import plugins
from innocap_lms.reviews import services
from innocap_lms.reviews.queries import ReviewView, comments_of, own_review, reviews_of

views = Blueprint("studio_reviews", __name__, template_folder="templates")

LONGEST_NOTE = 500


@views.get("/studio/courses/<course_id>/reviews")
@allow("trainer", "admin")
def overview(course_id: str) -> ResponseReturnValue:
    report = _own_files(course_id)
    found = reviews_of(require_viewer(), course_id)
    if report is None and not found:
        abort(404)
    return render_template(
        "reviews/overview.html", course_id=course_id, reviews=found, can_ask=_is_sound(report)
    )


@views.post("/studio/courses/<course_id>/reviews")
@allow("trainer", "admin")
def ask(course_id: str) -> ResponseReturnValue:
    """Keep the files as they are now, and open them to whoever gets the link."""
    report = _own_files(course_id)
    if report is None:
        abort(404)
    if report.course is None:
        flash(_("The files have errors. Mend them first: then others can read them."), "warning")
        return redirect(url_for(".overview", course_id=course_id), 303)
    files = site_settings().data_dir / "files"
    try:
        store_files(report.course.assets.values(), report.source.folder, files)
    except PublishRefused:
        flash(_("The files are being changed. Ask again in a moment."), "warning")
        return redirect(url_for(".overview", course_id=course_id), 303)
    note = request.form.get("note", "").strip()[:LONGEST_NOTE]
    with writing():
        made = services.ask_for_review(
            report.course, report.source.track, note, require_viewer().id
        )
    flash(_("The link is ready. Send it to those who are to read."), "success")
    return redirect(url_for(".review", review_id=made), 303)


@views.get("/studio/reviews/<review_id>")
@allow("trainer", "admin")
def review(review_id: str) -> ResponseReturnValue:
    found = _own(review_id)
    language, said = request_language(), comments_of(review_id)
    by_part = [
        (part.title, part.id, [each for each in said if each.part == part.id])
        for part in parts_of(found.course, language)
    ]
    return render_template(
        "reviews/review.html",
        review=found,
        title=title_of(found.course, FRONT, language),
        link=site_settings().public_url.rstrip("/") + url_for("reviews.read", review_id=review_id),
        parts=[(title, part, some) for title, part, some in by_part if some],
        count=len(said),
    )


@views.post("/studio/reviews/<review_id>/comments/<comment_id>/settle")
@allow("trainer", "admin")
def settle(review_id: str, comment_id: str) -> ResponseReturnValue:
    found = _own(review_id)
    with writing():
        services.settle(found, comment_id, require_viewer().id)
    return redirect(f"{url_for('.review', review_id=review_id)}#comments", 303)


@views.post("/studio/reviews/<review_id>/close")
@allow("trainer", "admin")
def close(review_id: str) -> ResponseReturnValue:
    found = _own(review_id)
    with writing():
        services.close(found)
    flash(_("The link leads nowhere any more. What was said stays here."), "success")
    return redirect(url_for(".review", review_id=review_id), 303)


def _own(review_id: str) -> ReviewView:
    return own_review(require_viewer(), review_id) or abort(404)


def _own_files(course_id: str) -> SourceReport | None:
    """The files of a course of the viewer's own that its own plugin supplies."""
    for report in check_sources(plugins()):
        own = keeps_track(require_viewer(), report.source.track)
        if report.course_id == course_id and own and not report.refused:
            return report
    return None


def _is_sound(report: SourceReport | None) -> bool:
    return report is not None and report.course is not None
