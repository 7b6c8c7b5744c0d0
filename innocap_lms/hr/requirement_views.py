"""What an organisation requires, over HTTP: looked at, tried out and set by HR."""

from collections.abc import Callable
from typing import Any, Final

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from innocap_lms.extensions import let_reads_go, writing
from innocap_lms.hr import queries, rule_tries, standings
from innocap_lms.hr.lens import look
from innocap_lms.hr.matrix_pages import titles_of
from innocap_lms.hr.pages import courses, place_labels
from innocap_lms.hr.reach import decides_in
from innocap_lms.hr.requirement_form import Problems, filled_in, read_form
from innocap_lms.hr.rule_words import ground_names, role_names, rule_words
from innocap_lms.hr.sorting import NAME, Columns, heads, in_order, read_sort
from innocap_lms.hr.standings import Required
from innocap_lms.ids import name_of, new_id
from innocap_lms.people.identity import InvalidInputError
from innocap_lms.people.language import request_language
from innocap_lms.people.policy import allow, require_viewer
from innocap_lms.requirements import services
from innocap_lms.requirements.days import site_zone, today
from innocap_lms.requirements.dry_run import Effects, effects, with_names
from innocap_lms.requirements.periods import Group
from innocap_lms.requirements.rules import Rule

views = Blueprint("hr_requirements", __name__, template_folder="templates")

SHOWN: Final[tuple[Group, ...]] = ("late", "to_do", "paused", "in_order")  # in their order
COLUMNS: Final[Columns] = {NAME: False, **dict.fromkeys(SHOWN, True)}


@views.get("/hr/requirements")
@allow("hr", "manager", "admin")
def overview() -> ResponseReturnValue:
    viewer = require_viewer()
    required = standings.requirements(viewer, today())
    titles = titles_of(required, request_language())
    counted, _units = standings.counts(viewer, look({}, site_zone()).lens)
    places = queries.places(viewer)
    units = queries.unit_names({each.organisation_id for each in required})
    organisations = {place.organisation_id: place.organisation for place in places}
    whose = organisations if len(organisations) > 1 else {}
    rows = [
        {
            "id": each.id,
            "title": titles[each.id],
            "organisation": whose.get(each.organisation_id, ""),
            "rule": rule_words(each.rule, units),
            "changes": None if each.newest == each.rule else each.newest.starts,
            "groups": counted.get(each.id, {}),
            "decides": decides_in(viewer, each.organisation_id),
        }
        for each in required
    ]
    sort = read_sort(request.args.get("sort", "").strip(), COLUMNS)
    return render_template(
        "hr/requirements.html",
        rows=in_order(rows, sort, _values()),
        heads=heads(sort, COLUMNS, lambda sort: url_for(".overview", sort=sort or None)),
        groups=SHOWN,
        decides=viewer.has("hr", "admin"),
    )


def _values() -> dict[str, Callable[[dict[str, Any]], Any]]:
    """What rows are sorted by: title, or how many people are in a group."""

    def number(group: Group) -> Callable[[dict[str, Any]], int]:
        return lambda row: int(row["groups"].get(group, 0))

    return {
        NAME: lambda row: (row["title"].casefold(), row["organisation"], row["id"]),
        **{group: number(group) for group in SHOWN},
    }


@views.route("/hr/requirements/new", methods=["GET", "POST"])
@allow("hr", "admin")
def new() -> ResponseReturnValue:
    choices, wanted = _deciding(), request.values.get("organisation", "")
    if len(choices) > 1 and not wanted:
        return render_template("hr/requirement_of.html", organisations=choices)
    organisation = wanted or next(iter(choices), "")
    if organisation not in choices:
        abort(404)
    if request.method == "POST":
        return _set(organisation, None)
    start = {"starts": today().isoformat(), "roles": "learner", "new": new_id()}
    return _form_page(organisation, None, MultiDict(start), {})


@views.route("/hr/requirements/<requirement_id>", methods=["GET", "POST"])
@allow("hr", "admin")
def change(requirement_id: str) -> ResponseReturnValue:
    found = _required(requirement_id)
    if request.method == "POST":
        return _set(found.organisation_id, found)
    typed = filled_in(found.newest)
    if found.newest.starts < today():  # so that the days behind keep the version they had
        typed["starts"] = today().isoformat()
    return _form_page(found.organisation_id, found, typed, {})


def _set(organisation_id: str, found: Required | None) -> ResponseReturnValue:
    """Try the rule out, or save it, as the button says."""
    rule, problems = read_form(request.form)
    if rule is not None:
        problems = _refused(rule, organisation_id)
    if rule is None or problems:
        return _form_page(organisation_id, found, request.form, problems), 422
    if request.form.get("do") != "save":
        return _try(organisation_id, found, rule)
    name = found.id if found else name_of(request.form.get("new", ""))
    let_reads_go()
    try:
        with writing():
            services.set_requirement(organisation_id, rule, require_viewer().id, name)
    except LookupError:
        abort(404)
    flash(_("Saved. Standings are being worked out; that can take some minutes."), "success")
    return redirect(url_for(".overview"))


def _try(organisation_id: str, found: Required | None, rule: Rule) -> ResponseReturnValue:
    """What the rule would do: at once, or on a page of its own where many people are looked at."""
    requirement_id = found.id if found else None
    if not rule_tries.takes_long(organisation_id):
        tried = effects(organisation_id, requirement_id, rule, site_zone())
        return _form_page(organisation_id, found, request.form, {}, tried)
    viewer, typed = require_viewer(), request.form.to_dict(flat=False)
    typed.pop("csrf_token", None)
    with writing():
        name = rule_tries.ask(viewer, organisation_id, requirement_id, rule, typed)
    return redirect(url_for(".tried", try_id=name), 303)


@views.get("/hr/requirements/tries/<try_id>")
@allow("hr", "admin")
def tried(try_id: str) -> ResponseReturnValue:
    """How far it is; in the end the form as it was sent, with what the rule would do."""
    asked = rule_tries.asked_by(require_viewer(), try_id) or abort(404)
    if asked.found is None:
        return render_template("hr/rule_try.html", asked=asked)
    found = _required(asked.requirement_id) if asked.requirement_id else None
    typed, told = MultiDict(asked.typed), with_names(asked.found)
    return _form_page(asked.organisation_id, found, typed, {}, told)


def _refused(rule: Rule, organisation_id: str) -> Problems:
    try:
        services.check(rule)
    except InvalidInputError as error:
        return error.errors
    known = {target for target, _title in _targets()}
    own = {
        place.unit_id
        for place in queries.places(require_viewer())
        if place.organisation_id == organisation_id
    }
    if f"{rule.target}:{rule.target_id}" not in known:
        return {"target": _("Choose what is required.")}
    if not own.issuperset(rule.audience.units):
        return {"units": _("Choose a unit of this organisation.")}
    if not {f"course:{name}" for name in rule.equivalents} <= known:
        return {"equivalents": _("Choose courses of the list.")}
    if not role_names().keys() >= set(rule.audience.roles):
        return {"roles": _("Choose roles of the list.")}
    return {}


def _form_page(
    organisation_id: str,
    found: Required | None,
    typed: "MultiDict[str, str]",
    problems: Problems,
    tried: Effects | None = None,
) -> str:
    titles = courses(request_language())
    places = [
        place
        for place in queries.places(require_viewer())
        if place.organisation_id == organisation_id
    ]
    labels = place_labels(places)
    return render_template(
        "hr/requirement.html",
        found=found,
        action=url_for(".change", requirement_id=found.id) if found else url_for(".new"),
        organisation_id=organisation_id,
        organisation=places[0].organisation if places else "",
        typed=typed,
        errors=problems,
        tried=tried,
        targets=[("", _("Choose")), *_targets()],
        courses=[(name, title) for name, (_track, title) in titles.items()],
        units=[(place.unit_id, labels[place.unit_id]) for place in places if place.unit_id],
        roles=list(role_names().items()),
        grounds=list(ground_names().items()),
    )


def _targets() -> list[tuple[str, str]]:
    """What can be required, as (value, text): courses, then programmes."""
    language = request_language()
    programmes = courses(language, "programme")
    return [
        *((f"course:{name}", title) for name, (_track, title) in courses(language).items()),
        *(
            (f"programme:{name}", _("Programme: %(title)s", title=title))
            for name, (_track, title) in programmes.items()
        ),
    ]


def _required(requirement_id: str) -> Required:
    """The requirement, where the viewer decides about it; else 404."""
    viewer = require_viewer()
    found = [
        each
        for each in standings.requirements(viewer, today())
        if each.id == requirement_id and decides_in(viewer, each.organisation_id)
    ]
    return found[0] if found else abort(404)


def _deciding() -> dict[str, str]:
    """The organisations in which the viewer decides what is required: names by id, by name."""
    viewer = require_viewer()
    return {
        place.organisation_id: place.organisation
        for place in queries.places(viewer)
        if decides_in(viewer, place.organisation_id)
    }
