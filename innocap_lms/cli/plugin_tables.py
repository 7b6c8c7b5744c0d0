"""innocap-lms plugin upgrade, downgrade and purge: the tables that plugins bring."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import click

from innocap_lms.admin.plugin_remains import Remains, plugins_with_remains, purge, remains_of
from innocap_lms.cli.site import opened
from innocap_lms.migrations import plugin_steps
from innocap_lms.plugin_host.current import plugins

Outcome = TypeVar("Outcome")


@click.command("upgrade")
@click.argument("name")
@click.argument("revision", default="head")
def upgrade(name: str, revision: str) -> None:
    """Bring the tables of plugin NAME up to REVISION, the newest unless one is named.

    Example: innocap-lms plugin upgrade our_track
    """
    with opened():
        _at_once(lambda: plugin_steps.upgrade(name, _steps_of(name), revision))
        click.echo(f"the tables of {name} are at {remains_of(name).revision}")


@click.command("downgrade")
@click.argument("name")
@click.argument("revision")
def downgrade(name: str, revision: str) -> None:
    """Take the tables of plugin NAME back to REVISION; "base" is before the first.

    What only newer tables hold is lost. Back up first.

    Example: innocap-lms plugin downgrade our_track 0001
    """
    with opened():
        _at_once(lambda: plugin_steps.downgrade(name, _steps_of(name), revision))
        click.echo(f"the tables of {name} are at {remains_of(name).revision or 'base'}")


@click.command("purge")
@click.argument("name")
@click.option("--yes", is_flag=True, help="do not ask")
def forget(name: str, yes: bool) -> None:
    """Drop the tables and settings that plugin NAME has left. They cannot be brought back.

    Take the plugin away first. Back up first, too.

    Example: innocap-lms plugin purge our_track
    """
    with opened():
        if name in plugins().manifests:
            raise click.ClickException(
                f"{name} is loaded: take it away first, or empty its tables by "
                f"`innocap-lms plugin downgrade {name} base`"
            )
        left = remains_of(name)
        if not left:
            raise click.ClickException(f"{name} has left nothing: `innocap-lms plugin list`")
        if not yes:
            click.confirm(f"Drop {_counted(left)} for good?", abort=True)
        purge(name)
        click.echo(f"dropped: {_counted(left)}")


def remains() -> Iterator[tuple[str, str]]:
    """(plugin, what there is of it) for each that is not loaded and has left something. In an app
    context."""
    for name in sorted(plugins_with_remains() - plugins().manifests.keys()):
        left = _counted(remains_of(name))
        yield name, f"it has left {left}; `innocap-lms plugin purge {name}` drops them"


def state_of_tables(name: str) -> list[str]:
    """At which step the tables of a loaded plugin are, and what to do where one waits; nothing
    where it brings none. In an app context."""
    folder = plugins().migrations.get(name)
    if folder is None:
        return []
    at = remains_of(name).revision
    try:
        waiting = plugin_steps.waiting(name, folder, at)
    except plugin_steps.PluginStepFailed as failure:
        return [str(failure)]
    words = f"tables at {at}" if at else "no tables yet"
    if waiting:
        words += f"; {', '.join(waiting)} to come: `innocap-lms plugin upgrade {name}`"
    return [words]


def _counted(left: Remains) -> str:
    parts = ((len(left.tables), "table"), (left.rows, "row"), (left.settings, "setting"))
    return ", ".join(f"{count} {what}{'' if count == 1 else 's'}" for count, what in parts)


def _steps_of(name: str) -> Path:
    folder = plugins().migrations.get(name)
    if folder is None:
        raise click.ClickException(
            f"{name} is not loaded, or brings no tables: `innocap-lms plugin list`"
        )
    return folder


def _at_once(work: Callable[[], Outcome]) -> Outcome:
    """Do it; what fails is told in one line."""
    try:
        return work()
    except plugin_steps.PluginStepFailed as failure:
        raise click.ClickException(str(failure)) from None
