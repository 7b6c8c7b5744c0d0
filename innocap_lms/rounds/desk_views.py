"""The desk of who arranges rounds, over HTTP: set up, change, cancel, and what its leader does."""

from collections.abc import Mapping

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from innocap_lms.extensions import let_reads_go, writing
from innocap_lms.ids import name_of, new_id
from innocap_lms.people.identity import InvalidInputError
from innocap_lms.people.language import LANGUAGES, request_language
from innocap_lms.people.policy import allow, require_viewer
from innocap_lms.printing.pages import for_leader
from innocap_lms.requirements.days import today
from innocap_lms.rounds import arranging, choices, pages, queries, rights
from innocap_lms.rounds.arranging import Subject
from innocap_lms.rounds.plans import LINE, MOST_SESSIONS, SPARE_LINES, as_form, lines_of, read_plan
from innocap_lms.rounds.queries import RoundView
from innocap_lms.rounds.words import mode_words

views = Blueprint("rounds_desk", __name__, template_folder="templates")


@views.get("/rounds/desk")
@allow("trainer", "hr", "admin")
def overview() -> ResponseReturnValue:
    viewer = require_viewer()
    rounds = queries.arranged(viewer)
    rows = pages.rows_of(rounds, choices.titles(request_language()))
    both = [
        (row, found, rights.leads(viewer, found.leader_id, found.organiser_id, found.track))
        for row, found in zip(rows, rounds, strict=True)
    ]
    return render_template("rounds/desk.html", both=both, today=today())


@views.route("/rounds/desk/new", methods=["GET", "POST"])
@allow("trainer", "hr", "admin")
def new() -> ResponseReturnValue:
    """First what and where, then all the rest: who may lead it depends on both."""
    viewer, language = require_viewer(), request_language()
    places = choices.arranging_organisations(viewer)
    organisation = request.values.get("organisation", "") or next(iter(places), "")
    if organisation not in places:
        abort(404)
    known = choices.courses(viewer, organisation, language)
    course = request.values.get("course", "")
    if course not in known:
        return render_template(
            "rounds/new.html",
            places=places if len(places) > 1 else {},
            organisation=organisation,
            courses=[(key, title) for key, (title, _track) in known.items()],
            chosen=course,
        )
    about = _About(course, known[course][1], organisation, None)
    if request.method != "POST":
        typed = as_form(None) | {"language": language, "new": new_id()}
        return _form(about, typed, [organisation], {})
    return _save(about)


@views.route("/rounds/<round_id>/change", methods=["GET", "POST"])
@allow("trainer", "hr", "admin")
def change(round_id: str) -> ResponseReturnValue:
    found = _arranged(round_id)
    about = _About(found.course_id, found.track, found.organiser_id, found)
    if request.method == "POST":
        return _save(about)
    return _form(about, as_form(found), list(queries.organisations_of(round_id)), {})


@views.get("/rounds/<round_id>/desk")
@allow("trainer", "hr", "admin")
def one(round_id: str) -> ResponseReturnValue:
    return desk(_arranged(round_id), {})


@views.post("/rounds/<round_id>/cancel")
@allow("trainer", "hr", "admin")
def cancel(round_id: str) -> ResponseReturnValue:
    found = _arranged(round_id)
    let_reads_go()
    try:
        with writing():
            told = arranging.cancel_round(
                round_id, request.form.get("because", ""), require_viewer().id
            )
    except InvalidInputError as error:
        return desk(found, error.errors), 422
    words = ngettext("One person is told by mail.", "%(num)s people are told by mail.", told)
    flash(_("The round is cancelled. %(told)s", told=words if told else ""), "success")
    return redirect(url_for(".one", round_id=round_id), 303)


def desk(found: RoundView, errors: dict[str, str], answering: str = "") -> str:
    """The page of a round for whoever arranges or leads it; `answering` is what its leader was
    answering when something was wrong with the answer."""
    leads = rights.leads(require_viewer(), found.leader_id, found.organiser_id, found.track)
    context = pages.desk_page(found, leads=leads)
    return render_template(
        "rounds/desk_round.html",
        **context,
        errors=errors,
        typed=request.form,
        answering=answering,
        to_print=for_leader(found.course_id, require_viewer()),
        list_is_open=lambda day: rights.list_is_open(day, found.last_day, today()),
    )


class _About:
    """What a form is about: of which course, arranged by whom, and the round that is changed."""

    def __init__(
        self, course_id: str, track: str, organiser_id: str, found: RoundView | None
    ) -> None:
        self.course_id, self.track, self.organiser_id = course_id, track, organiser_id
        self.found = found
        self.leaders = choices.leaders(organiser_id, track)
        self.organisations = choices.organisations()


def _save(about: _About) -> ResponseReturnValue:
    chosen, actor = request.form.getlist("organisations"), require_viewer().id
    plan, errors = read_plan(request.form, chosen, about.leaders, about.organisations)
    if plan is None:
        return _form(about, request.form, chosen, errors), 422
    let_reads_go()
    try:
        with writing():
            if about.found is None:
                subject = Subject(about.course_id, about.track, about.organiser_id)
                name = name_of(request.form.get("new", ""))
                round_id, told = arranging.set_up(subject, plan, actor, name), False
            else:
                round_id = about.found.id
                told = arranging.change_round(round_id, plan, actor)
    except InvalidInputError as error:
        return _form(about, request.form, chosen, error.errors), 422
    words = _("Saved. Whoever is in the round is told of the new dates by mail.")
    flash(words if told else _("Saved."), "success")
    return redirect(url_for(".one", round_id=round_id), 303)


def _form(
    about: _About, typed: Mapping[str, str], chosen: list[str], errors: dict[str, str]
) -> str:
    lines = lines_of(typed)
    spare = range(max(lines, default=-1) + 1, MOST_SESSIONS)
    shown = lines if errors else [*lines, *list(spare)[:SPARE_LINES]]
    titles = choices.titles(request_language())
    return render_template(
        "rounds/form.html",
        about=about,
        title=titles.get(about.course_id, about.course_id),
        typed=typed,
        chosen=chosen,
        errors=errors,
        summary=[(name, _placed(name, words, shown)) for name, words in errors.items()],
        lines=[_line(number, typed, errors) for number in shown],
        modes=list(mode_words().items()),
        zones=[(name, name) for name in choices.zones()],
        in_languages=list(LANGUAGES.items()),
    )


def _placed(name: str, words: str, shown: list[int]) -> str:
    """What is wrong, with the place in the form where that is."""
    part, dash, number = name.partition("-")
    days = {
        "first_day": _("First day"),
        "last_day": _("Last day"),
        "enrol_by": _("Last day to enrol"),
        "seats": _("Seats"),
    }
    if dash and number.isdigit():
        where = _("Session %(number)s", number=shown.index(int(number)) + 1)
        return f"{where}: {words}"
    return f"{days[part]}: {words}" if part in days else words


def _line(
    number: int, typed: Mapping[str, str], errors: Mapping[str, str]
) -> dict[str, dict[str, str]]:
    """The fields of a session, with what was typed and what is wrong with it."""
    return {
        part: {
            "name": f"{part}-{number}",
            "value": typed.get(f"{part}-{number}", ""),
            "error": errors.get(f"{part}-{number}", ""),
        }
        for part in LINE
    }


def _arranged(round_id: str) -> RoundView:
    viewer = require_viewer()
    found = queries.find(viewer, round_id)
    if found is None or not rights.arranges_in(viewer, found.organiser_id, found.track):
        abort(404)
    return found
