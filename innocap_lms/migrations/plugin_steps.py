"""Going up and down the history of a plugin's tables, each plugin by itself.

The steps are code of the plugin with the database in its hands: only commands come here, never what
serves pages. After each step, before its commit, the host looks at what was done.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, inspect

from innocap_lms.engines import WRITING
from innocap_lms.extensions import db
from innocap_lms.migrations.plugin_tables import (
    UnusableColumn,
    names_of,
    plugins_in,
    prefix,
    reflected,
    shape_of,
    version_table,
)
from innocap_lms.migrations.steps import History

Shapes = Mapping[str, tuple[str, ...]]


class PluginStepFailed(RuntimeError):
    """The tables of a plugin cannot be brought to a step; the message names it and says why.

    Steps before the one that failed stay; the failed one has left nothing behind.
    """

    def __init__(self, plugin: str, why: object) -> None:
        super().__init__(f"the tables of plugin {plugin}: {why}")
        self.plugin = plugin


def upgrade(plugin: str, folder: Path, to: str = "head") -> None:
    """Bring a plugin's tables up to a step. Raises PluginStepFailed."""
    _go(plugin, folder, "upgrade", to)


def downgrade(plugin: str, folder: Path, to: str) -> None:
    """Take a plugin's tables back to a step, "base" before the first. Raises PluginStepFailed."""
    _go(plugin, folder, "downgrade", to)


def upgrade_all(folders: Mapping[str, Path]) -> list[PluginStepFailed]:
    """Bring the tables of each plugin to its newest step; gives the failures, the rest is done."""
    failed = []
    for plugin, folder in folders.items():
        try:
            upgrade(plugin, folder)
        except PluginStepFailed as failure:
            failed.append(failure)
    return failed


def revisions(plugin: str, folder: Path) -> set[str]:
    """The steps that a plugin knows. Raises PluginStepFailed where they cannot be read."""
    try:
        return History(folder, version_table(plugin)).revisions()
    except (Exception, SystemExit) as error:
        raise PluginStepFailed(plugin, _said(error)) from error


def waiting(plugin: str, folder: Path, at: str | None) -> list[str]:
    """The steps that have not been taken by tables that are at `at`, in their order.

    Raises PluginStepFailed where the plugin does not know that step, or its steps cannot be read.
    """
    try:
        return list(reversed(list(_after(History(folder, version_table(plugin)), at))))
    except (Exception, SystemExit) as error:
        raise PluginStepFailed(plugin, _said(error)) from error


def _after(history: History, at: str | None) -> Iterator[str]:
    script = history.script()
    if at is not None:
        script.get_revision(at)
    for step in script.walk_revisions():
        if step.revision == at:
            return
        yield step.revision


def _go(plugin: str, folder: Path, way: str, to: str) -> None:
    with db.engines[WRITING].connect() as connection:
        _refuse_tables_of_others(connection, plugin)
        before = _shapes_of_others(connection, plugin)

    def look(ctx: Any, **_said: object) -> None:
        _refuse_changes(before, _shapes_of_others(ctx.connection, plugin), plugin)
        _refuse_what_no_backup_holds(ctx.connection, plugin)

    history = History(folder, version_table(plugin), (look,))
    try:
        getattr(history, way)(to)
    except (Exception, SystemExit) as error:  # whatever a plugin's code raises
        raise PluginStepFailed(plugin, _said(error)) from error


class UnusableStep(ValueError):
    """A step does what no step of a plugin may do."""


def _refuse_tables_of_others(connection: Connection, plugin: str) -> None:
    """Before its first step a plugin has no tables: what is called so is somebody else's."""
    there = names_of(connection, plugin)
    if there and plugin not in plugins_in(connection):
        raise PluginStepFailed(plugin, f"{', '.join(there)} is there already, and another's")


def _refuse_changes(before: Shapes, after: Shapes, plugin: str) -> None:
    changed = {name for name, _shape in before.items() ^ after.items()}
    if changed:
        raise UnusableStep(
            f"a step would make, change or drop {', '.join(sorted(changed))}; the plugin's own "
            f"begin with {prefix(plugin)} and do not end in _version"
        )


def _refuse_what_no_backup_holds(connection: Connection, plugin: str) -> None:
    """Columns of other types, and keys that lead out of the plugin's own tables."""
    own, inspector = reflected(connection, plugin).tables, inspect(connection)
    for name in own:
        for key in inspector.get_foreign_keys(name):
            if key["referred_table"] not in own:
                raise UnusableStep(f"{name} refers to {key['referred_table']}: keep the id alone")


def _shapes_of_others(connection: Connection, plugin: str) -> Shapes:
    """Columns and indexes of every table that is not the plugin's, by name."""
    inspector, own = inspect(connection), {version_table(plugin), *names_of(connection, plugin)}
    return {
        name: shape_of(inspector, name) for name in inspector.get_table_names() if name not in own
    }


def _said(error: BaseException) -> str:
    if isinstance(error, UnusableStep | UnusableColumn):
        return str(error)
    return " ".join(f"{type(error).__name__}: {error}".split("\n")[0].split())
