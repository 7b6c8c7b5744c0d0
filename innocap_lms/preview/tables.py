"""Tables of plugins on a site made to try things: brought up; by the doctor also down and up."""

import logging
from pathlib import Path

from flask import Flask
from sqlalchemy import inspect

from innocap_lms.engines import READING
from innocap_lms.extensions import db
from innocap_lms.migrations import plugin_steps
from innocap_lms.migrations.plugin_steps import PluginStepFailed
from innocap_lms.migrations.plugin_tables import names_of, shape_of
from innocap_lms.plugin_host.host import PluginHost

log = logging.getLogger(__name__)


def make_tables(app: Flask) -> None:
    """Bring up the tables of every plugin; what fails is logged. In an app context."""
    host: PluginHost = app.extensions["innocap_host"]
    for failure in plugin_steps.upgrade_all(host.migrations):
        log.error("%s", failure)


def faults_of_tables(plugin: str, folder: Path) -> list[str]:
    """What goes wrong when the tables of a plugin go up, down to nothing, and up again. In an app
    context, on a site where nothing can be lost."""
    try:
        plugin_steps.upgrade(plugin, folder)
        before = _shapes(plugin)
        plugin_steps.downgrade(plugin, folder, "base")
        if left := _shapes(plugin):
            return [f"going down to base leaves {', '.join(left)}"]
        plugin_steps.upgrade(plugin, folder)
    except PluginStepFailed as failure:
        return [str(failure)]
    return [] if _shapes(plugin) == before else ["up, down and up again gives other tables"]


def _shapes(plugin: str) -> dict[str, tuple[str, ...]]:
    with db.engines[READING].connect() as connection:
        inspector = inspect(connection)
        return {name: shape_of(inspector, name) for name in names_of(connection, plugin)}
