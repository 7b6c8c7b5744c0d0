"""What HR notes about a person, over HTTP: pauses, exemptions, credits, and their end."""

from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from innocap_lms import clock
from innocap_lms.extensions import let_reads_go, writing
from innocap_lms.hr import standings
from innocap_lms.hr.card_pages import of_organisation
from innocap_lms.hr.matrix_pages import titles_of
from innocap_lms.hr.oneself import by_another
from innocap_lms.hr.reach import reach
from innocap_lms.hr.tags import set_tags
from innocap_lms.people.identity import InvalidInputError
from innocap_lms.people.language import request_language
from innocap_lms.people.policy import allow, require_viewer
from innocap_lms.requirements import noting, services
from innocap_lms.requirements.days import site_zone, start_of, today
from innocap_lms.requirements.facts import Fact
from innocap_lms.requirements.ledger import held_about
from innocap_lms.requirements.services import About

views = Blueprint("hr_noting", __name__, template_folder="templates")

KINDS = ("pause", "exempt", "credit")


class Whom(NamedTuple):
    """Whom something is noted about, in words: a person, "" where protected, and an
    organisation."""

    name: str
    organisation: str


@views.route("/hr/people/<person_id>/note", methods=["GET", "POST"])
@allow("hr", "admin")
@by_another
def note(person_id: str) -> ResponseReturnValue:
    """A pause, an exemption or a credit of a person of the viewer's organisation."""
    about, whom = _about(person_id)
    if request.method != "POST":
        return _page(about, whom, {})
    kind, errors = request.form.get("kind", ""), dict[str, str]()
    if kind not in KINDS:
        errors["kind"] = _("Choose what to note.")
    first, last = (_day(field, errors) for field in ("first", "last"))
    requirement = request.form.get("requirement", "")
    if kind in ("exempt", "credit") and requirement not in _own_requirements(about):
        errors["requirement"] = _("Choose a requirement.")
    if errors:
        return _page(about, whom, errors), 422
    let_reads_go()
    try:
        with writing():
            _write(about, kind, (_moment(first), last), requirement)
    except InvalidInputError as error:
        return _page(about, whom, error.errors), 422
    flash(_("Noted. The standings follow within a minute."), "success")
    return redirect(url_for("hr.person", person_id=person_id))


def _write(about: About, kind: str, days: tuple[datetime, date | None], requirement: str) -> None:
    """Note it, unless a form that was sent twice has noted the same."""
    (at, last), reason = days, request.form.get("reason", "")
    if kind == "credit":
        noting.credit(about, requirement, at, reason, request.form.get("evidence", ""))
    elif _is_noted(about, kind, days, requirement):
        return
    elif kind == "pause":
        services.pause(about, at, last, reason)
    else:
        services.exempt(about, requirement, at, last, reason)


def _is_noted(
    about: About, kind: str, days: tuple[datetime, date | None], requirement: str
) -> bool:
    """Whether a pause or an exemption of the same days and reason holds."""
    first, last = days[0].astimezone(site_zone()).date(), days[1]
    same = ("paused", None) if kind == "pause" else ("exempted", requirement)
    return any(
        (fact.kind, fact.content.get("requirement")) == same
        and fact.at.astimezone(site_zone()).date() == first
        and fact.content["until"] == (last.isoformat() if last else None)
        and fact.content["reason"] == request.form.get("reason", "").strip()
        for fact in _holding(about)
    )


@views.post("/hr/people/<person_id>/tags")
@allow("hr", "admin")
@by_another
def tags(person_id: str) -> ResponseReturnValue:
    """The tags that a person is to hold, separated by commas."""
    about, _whom = _about(person_id)
    let_reads_go()
    try:
        with writing():
            set_tags(about, request.form.get("tags", "").split(","))
    except InvalidInputError as error:
        flash(" ".join(error.errors.values()), "error")
    else:
        flash(_("Noted. The standings follow within a minute."), "success")
    return redirect(url_for("hr.person", person_id=person_id))


@views.post("/hr/people/<person_id>/note/<noted_id>/end")
@allow("hr", "admin")
@by_another
def end(person_id: str, noted_id: str) -> ResponseReturnValue:
    """End a pause or an exemption, now or after a last day, also one that has passed; a credit is
    withdrawn with a reason, see recognition."""
    about, _whom = _about(person_id)
    errors = dict[str, str]()
    last = _day("last", errors)
    let_reads_go()
    try:
        with writing():
            held = (each for each in _holding(about) if noted_id in _names(each))
            fact = next(held, None) or abort(404)
            if errors:
                raise InvalidInputError(errors)
            _end(about, fact, last)
    except InvalidInputError as error:
        flash(" ".join(error.errors.values()), "error")
    else:
        flash(_("Ended. The standings follow within a minute."), "success")
    return redirect(url_for("hr.person", person_id=person_id))


def _end(about: About, fact: Fact, last: date | None) -> None:
    services.check_days(fact.at, last)
    at = start_of(last + timedelta(days=1)) if last else clock.utcnow()
    if fact.kind == "paused":
        services.resume(about, fact.content["pause"], at)
    else:
        said = fact.content
        services.end_exemption(about, said["exemption"], said["requirement"], at)


def _holding(about: About) -> list[Fact]:
    """The pauses and exemptions of the person that nobody has ended."""
    facts = held_about(about.person_id, about.organisation_id)
    over = {
        name
        for fact in facts
        if fact.kind in ("pause.ended", "exemption.ended")
        for name in _names(fact)
    }
    return [
        fact for fact in facts if fact.kind in ("paused", "exempted") and not over & _names(fact)
    ]


def _names(fact: Fact) -> set[str]:
    names = (fact.content.get(key) for key in ("pause", "exemption"))
    return {name for name in names if name}


def _about(person_id: str) -> tuple[About, Whom]:
    """Whom it is about, in the organisation in which the viewer decides; else 404."""
    viewer, wanted = require_viewer(), request.values.get("organisation", "")
    reached = reach(viewer, person_id, today())
    found = [where for where in reached.decided if wanted in ("", where)] if reached else []
    if reached is None or not found:
        abort(404)
    return About(person_id, found[0], viewer.id), Whom(reached.name, reached.decided[found[0]])


def _own_requirements(about: About) -> dict[str, str]:
    found = standings.requirements(require_viewer(), today())
    required = of_organisation(found, about.organisation_id)
    return titles_of(required, request_language())


def _day(field: str, errors: dict[str, str]) -> date | None:
    text = request.form.get(field, "").strip()
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        errors[field] = _("%(text)s is not a date: write it as 2026-11-23.", text=text[:100])
        return None


def _moment(day: date | None) -> datetime:
    """The start of a day where the organisation is; now, where none or today was given."""
    now = clock.utcnow()
    if day is None or day == now.astimezone(site_zone()).date():
        return now
    return datetime.combine(day, time.min, site_zone())


def _page(about: About, whom: Whom, errors: dict[str, Any]) -> str:
    return render_template(
        "hr/note.html",
        person_id=about.person_id,
        organisation_id=about.organisation_id,
        name=whom.name,
        organisation=whom.organisation,
        errors=errors,
        typed=request.form,
        today=today(),
        kinds=[
            ("pause", _("A pause: nothing is asked, and deadlines move by its days")),
            ("exempt", _("An exemption from one requirement")),
            ("credit", _("Credit for what was learnt elsewhere")),
        ],
        required=[("", _("Choose")), *_own_requirements(about).items()],
    )
