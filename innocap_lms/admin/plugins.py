"""The plugins of this site, for administrators: which work, and why others do not."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext

from innocap_lms.catalogue.claims import disputes
from innocap_lms.people.policy import allow
from innocap_lms.plugin_host.current import plugins

views = Blueprint("admin_plugins", __name__, template_folder="templates")

# Group of the sign, and the word beside it.
STATES = {
    "loaded": ("in-order", lazy_gettext("In use")),
    "quarantined": ("late", lazy_gettext("Stopped after faults")),
    "rejected": ("late", lazy_gettext("Not loaded")),
    "missing": ("paused", lazy_gettext("Missing")),
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
    )
