"""Publishing at the trainer's desk, over HTTP: first what it changes, then the deed; and back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import (
    Blueprint,
    abort,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from innocap_lms.authoring.queries import ApprovalView, approvals_of, authored, repository
from innocap_lms.authoring.rights import rights_in
from innocap_lms.catalogue.comparison import compared
from innocap_lms.catalogue.parts import parts_of, title_of
from innocap_lms.catalogue.publishing import SourceReport, Then, check_sources, put_into_service
from innocap_lms.catalogue.queries import (
    EditionView,
    OfferingView,
    edition,
    editions_of,
    offering,
    with_keys,
)
from innocap_lms.catalogue.services import Published, PublishRefused, put_back
from innocap_lms.content.changes import FILES, FRONT, RULES
from innocap_lms.content.model import Course
from innocap_lms.extensions import writing
from innocap_lms.learning.calls import call_for_renewal, take_back
from innocap_lms.learning.moving import move_readers
from innocap_lms.people.browser import site_settings
from innocap_lms.people.language import request_language
from innocap_lms.people.policy import require_viewer, signed_in
from innocap_lms.people.viewer import Viewer, keeps_track
from innocap_lms.plugin_host.current import plugins
from innocap_lms.studio.giving_back import Leaving, plugins_files
from innocap_lms.studio.impact import CHOICES, Impact, impact_of
from innocap_lms.studio.notes import noted

views = Blueprint("studio_publishing", __name__, template_folder="templates")

WEIGHT = "weight-"  # before the id of a part, in the form


@dataclass(frozen=True)
class Plan:
    """What is to be put in service: the files as they are now, or the edition `number`; those of
    the plugin where the course is `leaving` the studio for it."""

    course: Course
    track: str
    serving: OfferingView | None
    report: SourceReport | None = None
    number: int = 0
    leaving: Leaving | None = None


@views.get("/studio/courses/<course_id>/publish")
@signed_in
def plan(course_id: str) -> ResponseReturnValue:
    return _page(_plan(course_id))


@views.post("/studio/courses/<course_id>/publish")
@signed_in
def publish(course_id: str) -> ResponseReturnValue:
    """Put into service what the page showed, and nothing else."""
    found = _plan(course_id)
    sent = (request.form.get("fingerprint"), request.form.get("serving", ""))
    if sent != (found.course.fingerprint, _serving(found)):
        flash(_("Something has changed since you looked. Nothing was published."), "warning")
        return _page(found), 409
    choice = request.form.get("middle", "keep")
    if request.form.get("how") == "look" or choice not in CHOICES:
        return _page(found)
    moved, spared = list[int](), list[int]()

    def then(made: Published) -> None:
        if made.before != _serving(found):
            raise PublishRefused(_("somebody has published the course just now"))
        if found.report and found.report.written_here and authored(course_id) is None:
            raise PublishRefused(_("it was given back already"))
        if choice == "reread":
            view, actor = edition(made.edition_id), require_viewer().id
            moved.append(move_readers(view, _said(), made.before, actor))
        if request.form.get("renew") == "yes":
            call_for_renewal(edition(made.edition_id), require_viewer().id)
        elif request.form.get("asked") == "end":
            spared.append(take_back(edition(made.edition_id), require_viewer().id))
        if found.leaving:
            found.leaving.carry_out()

    try:
        made = _put(found, then)
    except PublishRefused as refused:
        flash(_("Nothing was published: %(reason)s", reason=refused), "error")
        return _page(found), 409
    _tell(made, sum(moved), sum(spared))
    if found.leaving:
        flash(_("The course is the plugin’s again. All versions of what was written here stay."))
    if found.report and found.report.written_here:
        return redirect(url_for("writing.overview", course_id=course_id), 303)
    return redirect(_course_page(found.track, course_id), 303)


@views.get("/studio/courses/<course_id>/publish/<part>")
@signed_in
def comparison(course_id: str, part: str) -> ResponseReturnValue:
    """A part in service beside what is to be published; the course's own id is its front page."""
    found = _plan(course_id)
    impact = _impact(found)
    wanted = FRONT if part == course_id else part
    change = next((each for each in impact.changes if each.id == wanted), None) if impact else None
    if impact is None or change is None or change.state == "same":
        abort(404)
    languages, asked = change.languages or found.course.languages, request.args.get("language")
    language = asked if asked in languages else languages[0]
    rows = compared(impact.before.course, found.course, wanted, language)
    return render_template(
        "studio/comparison.html",
        title=_titles(found.course, impact.before)[wanted],
        rows=rows,
        change=change,
        body_lang=language,
        places=sum(row.state != "same" for row in rows),
        edition=found.number or None,
        plugin=found.leaving.course.plugin if found.leaving else "",
        beside={name: request.args[name] for name in ("edition", "source") if name in request.args},
    )


def _plan(course_id: str) -> Plan:
    """What the address asks for, of a course of the viewer's own; else 404. Where its files cannot
    be published, a page says why and leads to the older editions."""
    viewer, serving = require_viewer(), offering(course_id)
    if request.values.get("source") == "plugin":
        leaving, report, course = plugins_files(course_id)
        return Plan(course, leaving.course.track, serving, report, leaving=leaving)
    if serving is not None and not _may(viewer, serving.track, course_id):
        abort(404)
    if sent := request.values.get("edition", ""):
        return _older(serving, int(sent) if sent.isdecimal() and len(sent) < 9 else 0)
    own = [
        report
        for report in check_sources(plugins())
        if report.course_id == course_id and _may(viewer, report.source.track, course_id)
    ]
    for report in own:
        if report.course is not None and not report.refused:
            return Plan(report.course, report.source.track, serving, report)
    if serving is None and not own:
        abort(404)
    page = _held_back(course_id, serving, own)
    return abort(make_response(page, 409 if request.method == "POST" else 200))


def _held_back(
    course_id: str, serving: OfferingView | None, reports: Sequence[SourceReport]
) -> str:
    number = serving.edition.number if serving else 0
    every = editions_of(course_id) if serving else []
    return render_template(
        "studio/held_back.html",
        course_id=course_id,
        title=title_of(serving.edition.course, FRONT, request_language()) if serving else course_id,
        serving=number,
        reports=reports,
        older=[each for each in every if each.number != number],
    )


def _may(viewer: Viewer, track: str, course_id: str) -> bool:
    return "publisher" in rights_in(viewer, track, course_id)


def _older(serving: OfferingView | None, number: int) -> Plan:
    known = editions_of(serving.course_id) if serving else []
    found = next((each for each in known if each.number == number), None)
    if serving is None or found is None:
        abort(404)
    if found.id == serving.edition.id:
        if request.form.get("fingerprint") != found.course.fingerprint:
            abort(404)
        _say_in_service(found.number)  # sent twice, or somebody else was quicker
        abort(redirect(_course_page(serving.track, found.course.id), 303))
    return Plan(with_keys(found), serving.track, serving, number=number)


def _put(found: Plan, then: Then) -> Published:
    if found.report is not None:
        files = site_settings().data_dir / "files"
        return put_into_service(found.report, files, then, require_viewer().id)
    with writing():
        made = put_back(found.course.id, found.number)
        then(made)
    return made


def _say_in_service(number: int) -> None:
    flash(_("Edition %(number)s is in service.", number=number), "success")


def _course_page(track: str, course_id: str) -> str:
    """The page of a course at the desk; for who does not keep its track, that of its files, if it
    is written here."""
    where = "writing.overview" if authored(course_id) else "studio_publishing.plan"
    if keeps_track(require_viewer(), track):
        where = "studio.course"
    return url_for(where, course_id=course_id)


def _tell(made: Published, moved: int, spared: int) -> None:
    _say_in_service(made.number)
    if moved:
        flash(
            ngettext("%(num)s learner goes on in it.", "%(num)s learners go on in it.", moved),
            "success",
        )
    if spared:
        said = ngettext(
            "%(num)s learner is no longer asked to take it again.",
            "%(num)s learners are no longer asked to take it again.",
            spared,
        )
        flash(said, "success")


def _serving(found: Plan) -> str:
    """The id of the edition in service, "" for none: what the page was compared with."""
    return found.serving.edition.id if found.serving else ""


def _impact(found: Plan) -> Impact | None:
    """None for a course that is published for the first time."""
    if found.serving is None:
        return None
    return impact_of(found.serving.edition, found.course, _said())


def _said() -> dict[str, str]:
    """What the trainer says of changes, by the id of the part."""
    return {
        name.removeprefix(WEIGHT): value
        for name, value in request.form.items()
        if name.startswith(WEIGHT) and value in ("wording", "substance")
    }


def _titles(course: Course, before: EditionView) -> Mapping[str, str]:
    """What parts are called, by id; those that are gone too."""
    language = request_language()
    found: dict[str, str] = {RULES: _("Rules of the course"), FILES: _("Pictures and files")}
    for each in (before.course, course):
        found |= {part.id: part.title for part in parts_of(each, language)}
    return found


def _version(found: Plan) -> tuple[str, Sequence[ApprovalView]] | None:
    """The note of the version that is to be published and its sign-offs, where the course is
    written in the browser."""
    course = authored(found.course.id) if found.report and found.report.written_here else None
    newest = repository().versions(course.folder, most=1) if course else []
    if not newest:
        return None
    said = [each for each in approvals_of(found.course.id) if each.version == newest[0].id]
    return noted(newest[0].note), said


def _page(found: Plan) -> str:
    impact = _impact(found)
    number = impact.before.number if impact else 0
    older = editions_of(found.course.id) if found.serving else []
    titles = _titles(found.course, impact.before) if impact else {}
    return render_template(
        "studio/publish.html",
        course_id=found.course.id,
        course_page=_course_page(found.track, found.course.id),
        title=title_of(found.course, FRONT, request_language()),
        fingerprint=found.course.fingerprint,
        serving_id=_serving(found),
        impact=impact,
        changed=[(change, titles[change.id]) for change in impact.changed] if impact else [],
        choice=request.form.get("middle", "keep"),
        renew=request.form.get("renew") == "yes",
        asked=request.form.get("asked", "end"),
        number=found.number,
        serving=number,
        older=[each for each in older if each.number != number],
        prefix=WEIGHT,
        leaving=found.leaving,
        version=_version(found),
    )
