"""The versions of a course that is written in the browser, over HTTP: what changed, who signs it
off, and back to an earlier text."""

from dataclasses import dataclass, replace

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from innocap_lms.authoring import services
from innocap_lms.authoring.queries import approvals_of, names_of, repository, version
from innocap_lms.authoring.services import StaleError
from innocap_lms.authoring.versions import Version
from innocap_lms.extensions import writing
from innocap_lms.people.policy import require_viewer, signed_in
from innocap_lms.studio.bench import Bench, bench, draft_first, held, put
from innocap_lms.studio.differences import Lines, difference
from innocap_lms.studio.notes import noted

views = Blueprint("versions", __name__, template_folder="templates")

BASE = "/studio/courses/<course_id>/versions"


@dataclass(frozen=True)
class Changed:
    """A file that a version changed, and how (see `difference`)."""

    path: str
    lines: Lines


@views.get(BASE)
@signed_in
def history(course_id: str) -> ResponseReturnValue:
    found = bench(course_id)
    path = request.args.get("path", "")
    versions = [_in_words(each) for each in repository().versions(found.course.folder, path)]
    return render_template(
        "studio/versions.html",
        course=found.course,
        title=found.title,
        path=path,
        versions=versions,
        names=names_of([each.author for each in versions]),
        approvals=approvals_of(course_id),
    )


@views.get(f"{BASE}/<commit>")
@signed_in
def one(course_id: str, commit: str) -> ResponseReturnValue:
    found = bench(course_id)
    shown, before = _version(found, commit)
    return render_template(
        "studio/version.html",
        course=found.course,
        title=found.title,
        rights=found.rights,
        version=_in_words(shown),
        names=names_of([shown.author]),
        changes=_changes(found, shown, before),
        approvals=[each for each in approvals_of(course_id) if each.version == commit],
        newest=repository().versions(found.course.folder, most=1)[0].id == commit,
        own=require_viewer().id,
    )


@views.post(f"{BASE}/<commit>/sign-off")
@signed_in
def sign_off(course_id: str, commit: str) -> ResponseReturnValue:
    """Say that a version is fit to be published."""
    found = bench(course_id, "reviewer")
    _version(found, commit)
    with writing():
        services.approve(course_id, commit, require_viewer().id)
    flash(_("You have signed this version off."), "success")
    return redirect(url_for(".one", course_id=course_id, commit=commit), 303)


@views.post(f"{BASE}/<commit>/put-back")
@signed_in
def put_back(course_id: str, commit: str) -> ResponseReturnValue:
    """Have a file, as a draft, as it was in a version."""
    found, path = bench(course_id, "author"), request.form.get("path", "")
    _version(found, commit)
    data = version(found.course, commit).get(path)
    if data is None:
        abort(404)
    address = url_for("editor.edit", course_id=course_id, path=path)
    try:
        with writing():
            put(found, path, held(path, data))
    except StaleError:
        flash(draft_first(path), "warn")
        return redirect(address, 303)
    flash(_("Your draft of %(path)s is as it was then. Save it to make a version.", path=path))
    return redirect(address, 303)


def _in_words(version: Version) -> Version:
    return replace(version, note=noted(version.note))


def _version(found: Bench, commit: str) -> tuple[Version, str]:
    """A version of the course and the id of the one before it, "" for none; else 404."""
    every = repository().versions(found.course.folder, most=1000)
    for number, each in enumerate(every):
        if each.id == commit:
            return each, every[number + 1].id if number + 1 < len(every) else ""
    return abort(404)


def _changes(found: Bench, shown: Version, before: str) -> list[Changed]:
    then, now = version(found.course, before), version(found.course, shown.id)
    return [Changed(path, difference(then.get(path), now.get(path))) for path in shown.paths]
