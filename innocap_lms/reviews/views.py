"""A draft for whoever has the link to its review, over HTTP: to read, and to comment on."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from innocap_lms.catalogue.comparison import pieces
from innocap_lms.catalogue.parts import parts_of, title_of
from innocap_lms.catalogue.views import send_course_file
from innocap_lms.content.changes import FRONT
from innocap_lms.content.model import Course
from innocap_lms.content.page import Resolve
from innocap_lms.extensions import writing
from innocap_lms.people.language import request_language
from innocap_lms.people.policy import current_viewer, public
from innocap_lms.reviews import services
from innocap_lms.reviews.queries import ReviewView, comments_on, open_review
from innocap_lms.reviews.services import LONGEST, LONGEST_NAME, ReviewFullError

views = Blueprint("reviews", __name__, template_folder="templates", url_prefix="/review")

QUOTED = 200  # characters


@views.get("/<review_id>", defaults={"part": ""})
@views.get("/<review_id>/<part>")
@public
def read(review_id: str, part: str) -> ResponseReturnValue:
    review = _open(review_id)
    return _page(review, part, _language(review.course, part))


@views.post("/<review_id>", defaults={"part": ""})
@views.post("/<review_id>/<part>")
@public
def comment(review_id: str, part: str) -> ResponseReturnValue:
    review = _open(review_id)
    language = _language(review.course, part)
    said = pieces(review.course, part, language)
    sent = request.form.get("piece", "")
    piece = int(sent) if sent.isdecimal() and len(sent) < 6 else 0
    if not 1 <= piece <= len(said):
        abort(404)
    name, text = (_written(field) for field in ("name", "text"))
    if errors := _faults_of(name, text):
        return _page(review, part, language, errors, piece), 422
    try:
        with writing():
            services.say(
                review,
                part=part,
                language=language,
                piece=piece,
                quote=Markup(said[piece - 1].html).striptags()[:QUOTED],  # noqa: S704 - to strip it
                name=name,
                text=text,
            )
    except ReviewFullError:
        full = {"": _("There are so many comments that no more can be kept. Tell the trainer.")}
        return _page(review, part, language, full, piece), 422
    flash(_("Thank you. The trainer sees your comment."), "success")
    here = url_for(".read", review_id=review_id, part=part or None, language=language)
    return redirect(f"{here}#piece-{piece}", 303)


@views.get("/<review_id>/files/<sha256>/<name>")
@public
def file(review_id: str, sha256: str, name: str) -> ResponseReturnValue:
    """A file of the draft, which no edition may have yet."""
    assets = _open(review_id).course.assets.values()
    found = next(
        (each for each in assets if (each.sha256, each.path.rsplit("/", 1)[-1]) == (sha256, name)),
        None,
    )
    return abort(404) if found is None else send_course_file(found)


def _open(review_id: str) -> ReviewView:
    return open_review(review_id) or abort(404)


def _language(course: Course, part: str) -> str:
    """The language to show a part in: the one asked for, if the part has it; 404 for no part."""
    has = next((each.languages for each in parts_of(course, "") if each.id == part), None)
    if has is None:
        abort(404)
    wanted = (request.args.get("language", ""), request_language(), course.language(""))
    return next((each for each in wanted if each in has), has[0])


def _written(field: str) -> str:
    """What was written, with `\n` at the end of lines, and without letters that nobody sees, which
    could turn the direction of what follows."""
    text = request.form.get(field, "").replace("\r\n", "\n")
    return "".join(each for each in text if each == "\n" or each.isprintable()).strip()


def _faults_of(name: str, text: str) -> Mapping[str, str]:
    found = {}
    if not name or len(name) > LONGEST_NAME:
        found["name"] = _("Write who you are, so that the trainer can ask you.")
    if not text:
        found["text"] = _("Write what you want to say.")
    elif len(text) > LONGEST:
        found["text"] = _("The text is too long: at most %(most)s characters.", most=LONGEST)
    return found


def _page(
    review: ReviewView,
    part: str,
    language: str,
    errors: Mapping[str, str] = {},
    piece: int = 0,
) -> str:
    course, viewer = review.course, current_viewer()
    said = pieces(course, part, language, _resolver(review))
    return render_template(
        "reviews/read.html",
        review=review,
        title=title_of(course, part, language),
        course_title=title_of(course, FRONT, request_language()),
        pieces=[Markup(each.html) for each in said],  # noqa: S704 - sanitised by rendering
        comments=comments_on(review.id, part, language),
        parts=parts_of(course, request_language()),
        part=part,
        body_lang=language,
        errors=errors,
        at=piece,
        name=request.form.get("name", viewer.name if viewer else ""),
        text=request.form.get("text", ""),
        longest=LONGEST,
    )


def _resolver(review: ReviewView) -> Resolve:
    """Links of the draft lead to its review."""
    course = review.course

    def resolve(target: str) -> str | None:
        values: dict[str, Any] = {"review_id": review.id}
        if asset := course.assets.get(target):
            name = target.rsplit("/", 1)[-1]
            return url_for(".file", sha256=asset.sha256, name=name, **values)
        if any(item.id == target for item in (*course.activities, *course.companions)):
            return url_for(".read", part=target, **values)
        return None

    return resolve
