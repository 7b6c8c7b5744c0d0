"""The workbench of a preview: the real page in a frame, and beside it what its author must know."""

from collections.abc import Iterator
from typing import Any

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from innocap_lms.catalogue.cards import url_of
from innocap_lms.catalogue.comparison import compared
from innocap_lms.catalogue.parts import title_of
from innocap_lms.content.changes import FRONT, changes_between
from innocap_lms.extensions import writing
from innocap_lms.people.browser import let_in, site_settings
from innocap_lms.people.entrance import Entered
from innocap_lms.people.language import request_language
from innocap_lms.people.local_path import local_path
from innocap_lms.people.policy import current_viewer, public
from innocap_lms.people.services import set_preferences
from innocap_lms.people.sign_in import open_session
from innocap_lms.preview.desk import notes_of
from innocap_lms.preview.drafts import Draft, Drafts
from innocap_lms.preview.people import COACH, PEOPLE, VISITOR, add_person, begin, key_of, person_id

views = Blueprint("preview", __name__, template_folder="templates", url_prefix="/preview")

HERE = ("127.0.0.1", "localhost")
BEAT_SECONDS = 15  # a connection on which nothing comes would be taken for dead


def _drafts() -> Drafts:
    drafts: Drafts = current_app.extensions["innocap_drafts"]
    return drafts


def _draft(name: str) -> Draft:
    return _drafts().get(name) or abort(404)


@views.get("")
@public
def index() -> ResponseReturnValue:
    drafts = _drafts().all()
    if len(drafts) == 1:
        return redirect(url_for(".workbench", name=drafts[0].name))
    return render_template("preview/index.html", drafts=drafts)


@views.get("/<name>")
@public
def workbench(name: str) -> ResponseReturnValue:
    draft, viewer = _draft(name), current_viewer()
    who = key_of(viewer.id) if viewer else VISITOR
    return render_template(
        "preview/workbench.html",
        draft=draft,
        turn=_drafts().turn,
        notes=notes_of(draft, request_language()),
        who=who,
        people=_people(),
        at=_sent_at(request.args.get("at")) or _desk_of(who, draft),
    )


@views.get("/<name>/notes")
@public
def notes(name: str) -> ResponseReturnValue:
    """What stands beside the page, for the script that keeps it up to date."""
    draft = _draft(name)
    return render_template(
        "preview/notes.html", draft=draft, notes=notes_of(draft, request_language())
    )


@views.get("/<name>/changes/<part>")
@public
def comparison(name: str, part: str) -> ResponseReturnValue:
    """A part of the course in service beside the draft; the course's own id is its front page."""
    draft = _draft(name)
    if draft.shown is None or draft.live is None:
        abort(404)
    course = draft.shown.course
    wanted = FRONT if part == course.id else part
    change = next((each for each in changes_between(draft.live, course) if each.id == wanted), None)
    if change is None or change.state == "same":
        abort(404)
    languages, wanted_language = change.languages or course.languages, request.args.get("language")
    language = wanted_language if wanted_language in languages else languages[0]
    rows = compared(draft.live, course, wanted, language)
    return render_template(
        "studio/comparison.html",
        title=title_of(course, wanted, language),
        rows=rows,
        change=change,
        body_lang=language,
        places=sum(row.state != "same" for row in rows),
    )


@views.post("/<name>/as/<who>")
@public
def look_as(name: str, who: str) -> ResponseReturnValue:
    """Be somebody else: of those that a preview has."""
    draft = _draft(name)
    if who != VISITOR and who not in PEOPLE:
        abort(404)
    at = _desk_of(who, draft)
    if at.startswith(("/courses/", "/programmes/")):
        at = _sent_at(request.form.get("at")) or at
    target = url_for(".workbench", name=name, at=at)
    if who == VISITOR:
        session.clear()
        return redirect(target, 303)
    language, chosen = request_language(), person_id(who)
    with writing():
        set_preferences(chosen, language=language, timezone=None)
        token = open_session(chosen, site_settings().session_hours)
    return let_in(Entered(chosen, token), target)


@views.post("/<name>/start-over")
@public
def start_again(name: str) -> ResponseReturnValue:
    """Be a coach who has done nothing yet."""
    _draft(name)
    with writing():
        add_person(COACH)
        for draft in _drafts().all():
            if draft.shown is not None:
                begin(draft.shown)
    return look_as(name, COACH)


@views.get("/saves.events")  # no folder of a course has a dot in its name
@public
def changes() -> ResponseReturnValue:
    """Tells of each save, for as long as the page is open (Server-Sent Events)."""
    drafts = _drafts()
    known = request.headers.get("Last-Event-ID") or request.args.get("turn", "")
    turn = int(known) if known.isdecimal() and len(known) < 10 else drafts.turn

    def tell(turn: int) -> Iterator[str]:
        while True:
            now = drafts.wait(turn, BEAT_SECONDS)
            yield f"id: {now}\ndata: {now}\n\n" if now != turn else ": still here\n\n"
            turn = now

    return Response(tell(turn), mimetype="text/event-stream")


@views.before_app_request
def refuse_other_names() -> None:
    """A page of another site could have its own name lead to this machine, and read drafts and keys
    (DNS rebinding)."""
    if request.host.rpartition(":")[0] not in HERE and request.host not in HERE:
        abort(400)


@views.after_app_request
def allow_the_frame(response: Response) -> Response:
    """Pages of a site refuse every frame; those of a preview stand in its own."""
    policy = response.headers.get("Content-Security-Policy", "")
    response.headers["Content-Security-Policy"] = policy.replace(
        "frame-ancestors 'none'", "frame-ancestors 'self'; frame-src 'self'"
    )
    return response


def _sent_at(sent: str | None) -> str | None:
    """The page that is to be shown, if it is one of the site: the workbench holds no other."""
    path = local_path(sent)
    return path if path and not path.startswith("/preview") else None


def _people() -> list[tuple[str, str]]:
    """Everybody one can be, in words."""
    return [
        (VISITOR, _("Visitor")),
        ("newcomer", _("Coach, not begun")),
        ("coach", _("Coach")),
        ("trainer", _("Trainer")),
        ("assessor", _("Assessor")),
        ("hr", _("HR")),
    ]


def _desk_of(who: str, draft: Draft) -> str:
    """Where somebody looks first."""
    desks: dict[str, Any] = {
        "trainer": lambda: url_for("studio.overview"),
        "assessor": lambda: url_for("assessing.overview"),
        "hr": lambda: url_for("hr.completions"),
    }
    if who in desks:
        return str(desks[who]())
    return url_of(draft.shown.kind, draft.shown.course.id) if draft.shown else url_for("web.front")
