"""The plugins of this site, for administrators: which work, why others do not, their settings."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext

from innocap_lms.admin import plugin_settings
from innocap_lms.catalogue.cards import in_words
from innocap_lms.catalogue.claims import disputes
from innocap_lms.extensions import writing
from innocap_lms.people.language import request_language
from innocap_lms.people.policy import allow, require_viewer
from innocap_lms.plugin_host.contract import Setting
from innocap_lms.plugin_host.current import plugins
from innocap_lms.plugin_host.settings import UnfitValue, Value, bounds, in_force, read

views = Blueprint("admin_plugins", __name__, template_folder="templates")

FIELD = "setting-"  # before the name of each, so that none is taken for another part of the form

# Group of the sign, and the word beside it.
STATES = {
    "loaded": ("in-order", lazy_gettext("In use")),
    "quarantined": ("late", lazy_gettext("Stopped after faults")),
    "rejected": ("late", lazy_gettext("Not loaded")),
    "missing": ("paused", lazy_gettext("Missing")),
}

# Why a typed value is not taken, by the kind of setting and the word for it.
REFUSALS = {
    ("number", "number"): lazy_gettext("Write a whole number, such as 10."),
    ("number", "least"): lazy_gettext("Write a number that is at least %(least)s."),
    ("number", "most"): lazy_gettext("Write a number that is at most %(most)s."),
    ("text", "least"): lazy_gettext("Write at least %(least)s characters."),
    ("text", "most"): lazy_gettext("Write at most %(most)s characters."),
    ("choice", "choice"): lazy_gettext("Choose one of those in the list."),
}


@views.get("/admin/plugins")
@allow("admin")
def overview() -> ResponseReturnValue:
    host = plugins()
    supplied = [name for name, _source in host.courses]
    return render_template(
        "admin/plugins.html",
        plugins=host.statuses,
        states=STATES,
        refused=disputes(host),
        courses={name: supplied.count(name) for name in supplied},
        with_settings={name for name, manifest in host.manifests.items() if manifest.settings},
    )


@views.get("/admin/plugins/<name>/settings")
@allow("admin")
def settings(name: str) -> ResponseReturnValue:
    schema = _schema(name)
    found = in_force(schema, plugin_settings.kept().get(name, {}))
    fell_back = _("What was set before no longer fits. The plugin uses the value shown here.")
    return _page(name, schema, found.values, dict.fromkeys(found.fallen_back, fell_back))


@views.post("/admin/plugins/<name>/settings")
@allow("admin")
def change_settings(name: str) -> ResponseReturnValue:
    schema = _schema(name)
    wanted, errors = _typed(schema)
    if errors:
        shown = {each.name: request.form.get(FIELD + each.name, "") for each in schema}
        return _page(name, schema, shown, errors), 422
    with writing():
        plugin_settings.save(name, schema, wanted, require_viewer().id)
    flash(_("The settings are saved and apply from now on."), "success")
    return redirect(url_for(".settings", name=name), 303)


def _schema(name: str) -> tuple[Setting, ...]:
    """The settings of a plugin of this site that has some; else 404."""
    manifest = plugins().manifests.get(name)
    if manifest is None or not manifest.settings:
        abort(404)
    return manifest.settings


def _typed(schema: tuple[Setting, ...]) -> tuple[dict[str, Value], dict[str, str]]:
    """The values of the form that was sent, and what is wrong with it, by setting."""
    wanted, errors = dict[str, Value](), dict[str, str]()
    for setting in schema:
        try:
            wanted[setting.name] = read(setting, request.form.get(FIELD + setting.name))
        except UnfitValue as unfit:
            least, most = bounds(setting)
            words = str(REFUSALS[setting.kind, unfit.why])
            errors[setting.name] = words % {"least": least, "most": most}
    return wanted, errors


def _page(
    name: str, schema: tuple[Setting, ...], values: Mapping[str, Any], errors: Mapping[str, str]
) -> str:
    return render_template(
        "admin/plugin_settings.html",
        name=name,
        fields=[_field(each, values[each.name], errors.get(each.name, "")) for each in schema],
        errors=[(FIELD + field, message) for field, message in errors.items()],
    )


def _field(setting: Setting, value: Any, error: str) -> dict[str, Any]:
    """A setting as the form shows it, in the reader's language."""
    language = request_language()
    return {
        "kind": setting.kind,
        "name": FIELD + setting.name,
        "label": in_words(setting.labels, language),
        "hint": in_words(setting.hints, language),
        "options": [(each, in_words(words, language)) for each, words in setting.choices.items()],
        "required": setting.kind != "text" or bounds(setting)[0] > 0,
        "value": value,
        "error": error,
    }
