"""People, for administrators and for HR within its organisation, over HTTP."""

from flask import (
    Blueprint,
    abort,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from innocap_lms.admin.choices import Place, places, roles_to_give
from innocap_lms.admin.day_fields import begins, ends, wrong_days
from innocap_lms.admin.import_views import views as import_views
from innocap_lms.admin.invitations import views as invitation_views
from innocap_lms.admin.organisations import views as organisation_views
from innocap_lms.admin.person_page import by_field, card_of, own_scope, person_page, track_names
from innocap_lms.admin.staff import views as staff_views
from innocap_lms.config import Settings
from innocap_lms.extensions import let_reads_go, writing
from innocap_lms.people import directory, passes, queries, services
from innocap_lms.people.identity import InvalidInputError
from innocap_lms.people.language import LANGUAGES
from innocap_lms.people.mail import link_address, site_address
from innocap_lms.people.passwords import BusyError, hash_password
from innocap_lms.people.policy import allow, require_viewer

views = Blueprint("admin", __name__, template_folder="templates")

Errors = dict[str, str]


@views.get("/admin")
@allow("admin", "hr")
def overview() -> ResponseReturnValue:
    return render_template("admin/overview.html")


@views.get("/admin/people")
@allow("admin", "hr")
def people() -> ResponseReturnValue:
    search, after = request.args.get("q", "").strip(), request.args.get("after", "")
    try:
        page = directory.find_people(own_scope(), search, after)
    except LookupError:
        abort(404)
    return render_template(
        "admin/people.html", page=page, search=search, first=not after, tracks=track_names()
    )


@views.route("/admin/people/new", methods=["GET", "POST"])
@allow("admin", "hr")
def new_person() -> ResponseReturnValue:
    if request.method != "POST":
        return _newperson_page({})
    form, place = request.form, Place.read(request.form.get("place", ""))
    (role, track), errors = _wanted(place)
    if form.get("language") not in LANGUAGES:
        errors["language"] = _("Choose one of the languages.")
    if not errors and _is_somebody_elses(form.get("email"), form.get("login")):
        errors[""] = _("This person cannot be added here. Ask an administrator to do it.")
    if errors:
        return _newperson_page(errors)
    try:
        with writing():
            person_id = services.invite_person(
                name=form.get("name", ""),
                email=form.get("email") or None,
                login=form.get("login") or None,
                language=form["language"],
                role=role,
                track=track,
                organisation_id=place.organisation_id,
                unit_id=place.unit_id,
                actor_id=require_viewer().id,
            )
    except InvalidInputError as error:
        return _newperson_page(error.errors)
    flash(
        _(
            "The person is added. A new person with an e-mail address gets an invitation. Without "
            "one, make a link or print a code here."
        ),
        "success",
    )
    return _to_person(person_id)


def _is_somebody_elses(*names: str | None) -> bool:
    """Whether an address or login name is that of an account outside the viewer's scope.

    Who is HR elsewhere must not learn of it, and must not take a hand in it by inviting.
    """
    scope = own_scope()
    accounts = (queries.find_account(name) for name in names if name)
    known = [account.id for account in accounts if account]
    return any(directory.person_card(scope, person_id) is None for person_id in known)


@views.get("/admin/people/<person_id>")
@allow("admin", "hr")
def person(person_id: str) -> ResponseReturnValue:
    return person_page(card_of(person_id), {})


@views.post("/admin/people/<person_id>/roles")
@allow("admin", "hr")
def add_role(person_id: str) -> ResponseReturnValue:
    card, place = card_of(person_id), Place.read(request.form.get("place", ""))
    (role, track), errors = _wanted(place)
    errors |= wrong_days(("from", "until"))
    if not errors:
        try:
            with writing():
                services.add_membership(
                    person_id,
                    role,
                    place.organisation_id,
                    place.unit_id,
                    track=track,
                    valid_from=begins("from"),
                    valid_until=ends("until"),
                    actor_id=require_viewer().id,
                )
        except InvalidInputError as error:
            errors = error.errors
    if errors:
        return person_page(card, errors, 422)
    flash(_("The role is given."), "success")
    return _to_person(person_id)


@views.post("/admin/people/<person_id>/roles/<membership_id>/end")
@allow("admin", "hr")
def end_role(person_id: str, membership_id: str) -> ResponseReturnValue:
    card = card_of(person_id)
    held = next((held for held in card.roles if held.id == membership_id), None)
    if held is None or not own_scope().may_give(held.role, held.organisation_id):
        abort(404)
    try:
        with writing():
            services.end_membership(membership_id, actor_id=require_viewer().id)
    except InvalidInputError as error:
        return person_page(card, error.errors, 422)
    flash(_("The role has ended. It stays in the history."), "success")
    return _to_person(person_id)


@views.post("/admin/people/<person_id>/name")
@allow("admin", "hr")
def rename(person_id: str) -> ResponseReturnValue:
    card = card_of(person_id, to_open=True)
    if not card.name:
        abort(404)  # a protected identity, whose name this viewer does not know
    try:
        with writing():
            name = request.form.get("name", "")
            services.rename_person(person_id, name, actor_id=require_viewer().id)
    except InvalidInputError as error:
        return person_page(card, error.errors, 422)
    flash(_("The change is made."), "success")
    return _to_person(person_id)


@views.post("/admin/people/<person_id>/protection")
@allow("admin")
def protect(person_id: str) -> ResponseReturnValue:
    """Mark a protected identity, or take the mark away: `protected` is yes or no."""
    card_of(person_id)
    with writing():
        protected = request.form.get("protected") == "yes"
        services.set_protected(person_id, protected=protected, actor_id=require_viewer().id)
    flash(_("The change is made."), "success")
    return _to_person(person_id)


@views.post("/admin/people/<person_id>/suspend")
@allow("admin", "hr")
def suspend(person_id: str) -> ResponseReturnValue:
    card = card_of(person_id, to_open=True)
    try:
        with writing():
            services.suspend_person(person_id, actor_id=require_viewer().id)
    except InvalidInputError as error:
        return person_page(card, error.errors, 422)
    flash(_("The account is closed for now. Everything recorded is kept."), "success")
    return _to_person(person_id)


@views.post("/admin/people/<person_id>/resume")
@allow("admin", "hr")
def resume(person_id: str) -> ResponseReturnValue:
    card_of(person_id, to_open=True)
    with writing():
        services.resume_person(person_id, actor_id=require_viewer().id)
    flash(_("The account is open again."), "success")
    return _to_person(person_id)


@views.post("/admin/people/<person_id>/link")
@allow("admin", "hr")
def make_link(person_id: str) -> ResponseReturnValue:
    """The link is in this one answer and nowhere else; only its hash is kept."""
    card = card_of(person_id, to_open=True)
    with writing():
        secret = passes.make_link(person_id, passes.INVITATION, actor_id=require_viewer().id)
    link = link_address(passes.INVITATION, secret)
    return render_template("admin/link.html", person=card, link=link)


@views.post("/admin/people/<person_id>/code")
@allow("admin", "hr")
def print_code(person_id: str) -> ResponseReturnValue:
    """The code is in this one answer and nowhere else; only its hash is kept."""
    card, code = card_of(person_id, to_open=True), passes.new_code()
    settings: Settings = current_app.extensions["innocap_settings"]
    let_reads_go()  # nothing waits for the hash
    try:
        code_hash = hash_password(passes.fold_code(code), settings.password_memory_kib)
    except BusyError:
        busy = _("Many people are signing in right now. Try again in a minute.")
        return person_page(card, {"": busy}, 503)
    with writing():
        expires_at = passes.make_code(person_id, code_hash, actor_id=require_viewer().id)
    return render_template(
        "admin/code.html", person=card, code=code, address=site_address(), expires_at=expires_at
    )


def _to_person(person_id: str) -> Response:
    return redirect(url_for(".person", person_id=person_id), 303)


def _wanted(place: Place) -> tuple[tuple[str, str | None], Errors]:
    """The role and track of a sent form, and why they may not be given there."""
    role, slash, track = request.form.get("role", "").partition("/")
    if slash and track not in track_names():
        return (role, None), {"role": _("Choose one of the roles in the list.")}
    return (role, track or None), _not_yours(role, place)


def _not_yours(role: str, place: Place) -> Errors:
    scope = own_scope()
    if scope.may_give(role, place.organisation_id):
        return {}
    if place.organisation_id not in scope.organisation_ids:
        return {"place": _("Choose one of the places in the list.")}
    return {"role": _("Choose one of the roles in the list.")}


def _newperson_page(errors: Errors) -> ResponseReturnValue:
    scope = own_scope()
    page = render_template(
        "admin/new_person.html",
        errors=by_field(errors),
        typed=request.form,
        places_to_choose=places(scope, directory.organisations(scope)),
        roles=roles_to_give(scope, track_names()),
        choices=list(LANGUAGES.items()),
    )
    return page, 422 if errors else 200


views.register_blueprint(organisation_views)
views.register_blueprint(staff_views)
views.register_blueprint(import_views)
views.register_blueprint(invitation_views)
