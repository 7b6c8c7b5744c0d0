"""Self-assessments over HTTP: there for whoever is signed in, and about nobody else."""

from flask import Blueprint, abort, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from innocap_lms.catalogue.cards import in_words
from innocap_lms.extensions import writing
from innocap_lms.ids import new_id
from innocap_lms.people.language import request_language
from innocap_lms.people.policy import require_viewer, signed_in
from innocap_lms.plugin_host.contract import SelfAssessment
from innocap_lms.plugin_host.current import plugins
from innocap_lms.self_assessment import pages, services
from innocap_lms.self_assessment.queries import last_taken, sittings_of

views = Blueprint("self_assessment", __name__, template_folder="templates")

ADDRESS = "/me/self-assessments"
LONGEST_KEY = 40


def _found(name: str) -> SelfAssessment:
    return plugins().self_assessments.get(name) or abort(404)


@views.get(ADDRESS)
@signed_in
def overview() -> ResponseReturnValue:
    """All there are, and what is left of one whose plugin has gone."""
    taken, language = last_taken(require_viewer().id), request_language()
    there = plugins().self_assessments
    rows = [
        (
            name,
            in_words(each.titles, language),
            in_words(each.summaries, language),
            taken.get(name),
        )
        for name, each in there.items()
    ]
    gone = [(name, taken_at) for name, taken_at in taken.items() if name not in there]
    return render_template("self_assessment/overview.html", rows=rows, gone=gone)


@views.get(f"{ADDRESS}/<name>")
@signed_in
def one(name: str) -> ResponseReturnValue:
    """First and latest side by side, as a chart and a table."""
    found, language = _found(name), request_language()
    sittings = sittings_of(require_viewer().id, name)
    areas = pages.areas_of(found, sittings, language)
    return render_template(
        "self_assessment/one.html",
        name=name,
        title=in_words(found.titles, language),
        summary=in_words(found.summaries, language),
        levels=pages.levels_of(found, language),
        areas=areas,
        sums=pages.summed_up(areas),
        sittings=sittings,
    )


@views.get(f"{ADDRESS}/<name>/new")
@signed_in
def new(name: str) -> ResponseReturnValue:
    return _form(_found(name), new_id())


@views.post(f"{ADDRESS}/<name>/new")
@signed_in
def keep(name: str) -> ResponseReturnValue:
    """Keep where the person places themselves; some may be left out, not all."""
    found, viewer = _found(name), require_viewer()
    levels = pages.read_levels(found, request.form)
    key = request.form.get("key", "")[:LONGEST_KEY]
    if not levels or not key:
        return _form(found, key or new_id(), _("Choose a level for at least one of them.")), 422
    with writing():
        services.keep(viewer.id, name, key, levels)
    flash(_("Kept. Nobody but you can see it."), "good")
    return redirect(url_for(".one", name=name), 303)


@views.post(f"{ADDRESS}/<name>/erasure")
@signed_in
def erase(name: str) -> ResponseReturnValue:
    """Erase one of one's own, or all of them."""
    sitting = request.form.get("sitting", "")
    with writing():
        done = services.erase(require_viewer().id, name, sitting)
    if not done:
        abort(404)
    flash(_("Erased. It may stay in backups until they are replaced."), "good")
    return redirect(url_for(".one", name=name) if sitting else url_for(".overview"), 303)


@views.get(f"{ADDRESS}/<name>.json")
@signed_in
def taken_along(name: str) -> ResponseReturnValue:
    """All that one has kept of it, as a file."""
    found, sittings = _found(name), sittings_of(require_viewer().id, name)
    response = jsonify(pages.taken_along(found, sittings, request_language()))
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.json"'
    return response


def _form(found: SelfAssessment, key: str, error: str = "") -> str:
    language = request_language()
    return render_template(
        "self_assessment/new.html",
        name=found.name,
        title=in_words(found.titles, language),
        levels=pages.levels_of(found, language),
        areas=pages.areas_of(found, (), language),
        key=key,
        error=error,
    )
