"""Organisations and their units, over HTTP. HR sees and changes its own."""

from collections.abc import Callable
from datetime import timedelta

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _

from innocap_lms.admin.day_fields import ends, wrong_days
from innocap_lms.extensions import writing
from innocap_lms.people import directory, services
from innocap_lms.people.directory import OrganisationRow
from innocap_lms.people.identity import InvalidInputError
from innocap_lms.people.policy import allow, require_viewer
from innocap_lms.people.scope import admin_scope
from innocap_lms.requirements.days import site_zone

views = Blueprint("organisations", __name__, url_prefix="/admin/organisations")

Errors = dict[str, str]


@views.get("")
@allow("admin", "hr")
def overview() -> ResponseReturnValue:
    return _overview_page({})


@views.post("")
@allow("admin")
def create() -> ResponseReturnValue:
    try:
        with writing():
            organisation_id = services.create_organisation(
                request.form.get("name", ""),
                country=_country() or "SE",
                actor_id=require_viewer().id,
            )
    except InvalidInputError as error:
        return _overview_page(error.errors)
    flash(_("The organisation is created. Add its units next."), "success")
    return redirect(url_for(".organisation", organisation_id=organisation_id), 303)


@views.get("/<organisation_id>")
@allow("admin", "hr")
def organisation(organisation_id: str) -> ResponseReturnValue:
    return _organisation_page(_own(organisation_id), {})


@views.post("/<organisation_id>")
@allow("admin", "hr")
def change(organisation_id: str) -> ResponseReturnValue:
    # One closed catalogue closes the whole site to strangers: that is for an administrator.
    own = _own(organisation_id)
    closed, country = own.closed_catalogue, own.country
    if admin_scope(require_viewer()).everything:
        closed, country = "closed" in request.form, _country() or own.country
    name = request.form.get("name", "")
    return _change(
        organisation_id,
        lambda: services.change_organisation(
            organisation_id,
            name=name,
            closed_catalogue=closed,
            country=country,
            actor_id=require_viewer().id,
        ),
    )


@views.post("/<organisation_id>/units")
@allow("admin", "hr")
def add_unit(organisation_id: str) -> ResponseReturnValue:
    return _change(
        organisation_id,
        lambda: services.create_unit(
            organisation_id,
            request.form.get("unit_name", ""),
            request.form.get("unit_parent_id") or None,
            actor_id=require_viewer().id,
        ),
        form="unit",
    )


@views.get("/<organisation_id>/units/<unit_id>")
@allow("admin", "hr")
def unit(organisation_id: str, unit_id: str) -> ResponseReturnValue:
    return _unit_page(_own(organisation_id), unit_id, {})


@views.post("/<organisation_id>/units/<unit_id>")
@allow("admin", "hr")
def change_unit(organisation_id: str, unit_id: str) -> ResponseReturnValue:
    own = _own(organisation_id)
    if unit_id not in {row.id for row in own.units}:
        abort(404)
    try:
        with writing():
            actor, above = require_viewer().id, request.form.get("parent_id") or None
            services.rename_unit(unit_id, request.form.get("name", ""), actor_id=actor)
            services.move_unit(unit_id, above, actor_id=actor)
    except InvalidInputError as error:
        return _unit_page(own, unit_id, error.errors)
    flash(_("The change is saved."), "success")
    return redirect(url_for(".organisation", organisation_id=organisation_id), 303)


@views.post("/<organisation_id>/units/<unit_id>/close")
@allow("admin", "hr")
def close_unit(organisation_id: str, unit_id: str) -> ResponseReturnValue:
    """Close a unit with the end of a day, and let its people go on in another; without a day, let
    it stay open."""
    own = _own(organisation_id)
    if unit_id not in {row.id for row in own.units}:
        abort(404)
    if errors := wrong_days(["last"]):
        return _unit_page(own, unit_id, errors)
    try:
        with writing():
            moves_to = request.form.get("moves_to") or None
            services.close_unit(unit_id, ends("last"), moves_to, actor_id=require_viewer().id)
    except InvalidInputError as error:
        renamed = {"unit_id": "moves_to"}
        return _unit_page(own, unit_id, {renamed.get(k, k): v for k, v in error.errors.items()})
    flash(_("The change is saved. Past days show the unit as it was."), "success")
    return redirect(url_for(".organisation", organisation_id=organisation_id), 303)


def _country() -> str:
    """The country of a sent form; "" where it is none."""
    code = request.form.get("country", "")
    return code if code in dict(_countries()) else ""


def _countries() -> list[tuple[str, str]]:
    """(ISO 3166-1 alpha-2, name) in the order of the names."""
    locale = get_locale()
    named = locale.territories.items() if locale else ()
    known = [(code, name) for code, name in named if len(code) == 2 and code.isalpha()]
    return sorted(known, key=lambda country: country[1])


def _own(organisation_id: str) -> OrganisationRow:
    """The organisation, if the viewer administers it; else 404."""
    found = directory.organisations(admin_scope(require_viewer()), organisation_id)
    if not found:
        abort(404)
    return found[0]


def _change(
    organisation_id: str, change: Callable[[], object], form: str = ""
) -> ResponseReturnValue:
    own = _own(organisation_id)
    try:
        with writing():
            change()
    except InvalidInputError as error:
        # Two forms on this page have a name: the id of a field tells them apart.
        errors = {
            f"{form}_{field}" if form else field: message for field, message in error.errors.items()
        }
        return _organisation_page(own, errors)
    flash(_("The change is saved."), "success")
    return redirect(url_for(".organisation", organisation_id=organisation_id), 303)


def _overview_page(errors: Errors) -> ResponseReturnValue:
    scope = admin_scope(require_viewer())
    page = render_template(
        "admin/organisations.html",
        errors=errors,
        typed=request.form,
        organisations=directory.organisations(scope),
        may_create=scope.everything,
        countries=_countries(),
    )
    return page, 422 if errors else 200


def _organisation_page(own: OrganisationRow, errors: Errors) -> ResponseReturnValue:
    page = render_template(
        "admin/organisation.html",
        organisation=own,
        errors=errors,
        typed=request.form,
        above=_units_to_choose(own),
        may_close=admin_scope(require_viewer()).everything,
        countries=_countries(),
    )
    return page, 422 if errors else 200


def _unit_page(own: OrganisationRow, unit_id: str, errors: Errors) -> ResponseReturnValue:
    row = next((row for row in own.units if row.id == unit_id), None)
    if row is None:
        abort(404)
    page = render_template(
        "admin/unit.html",
        organisation=own,
        unit=row,
        errors=errors,
        typed=request.form,
        above=[choice for choice in _units_to_choose(own) if choice[0] != unit_id],
        last=row.closed_at.astimezone(site_zone()).date() - timedelta(days=1)
        if row.closed_at
        else None,
    )
    return page, 422 if errors else 200


def _units_to_choose(own: OrganisationRow) -> list[tuple[str, str]]:
    top = ("", _("At the top of %(organisation)s", organisation=own.name))
    return [
        top,
        *((row.id, "– " * row.depth + row.name) for row in own.units if not row.is_closed()),
    ]
