"""innocap-lms plugin …"""

import logging
import os
from collections.abc import Mapping
from dataclasses import replace

import click
from sqlalchemy.exc import SQLAlchemyError

from innocap_lms.app import create_app
from innocap_lms.catalogue.claims import disputes
from innocap_lms.cli.doctor import command as doctor
from innocap_lms.cli.plugin_new import command as new
from innocap_lms.cli.plugin_tables import downgrade, forget, remains, state_of_tables, upgrade
from innocap_lms.config import load_settings, make_secret_key
from innocap_lms.plugin_host.host import PluginHost
from innocap_lms.plugin_host.quarantine import Quarantine


@click.group()
def command() -> None:
    """Begin a plugin; try those there are; see why one is not loaded; let one out of quarantine;
    bring its tables up or down, or drop what it left.

    Example: innocap-lms plugin list
    """


for each in (new, doctor, upgrade, downgrade, forget):
    command.add_command(each)


@command.command("list")
def list_() -> None:
    """One line a plugin: state, name, version, origin. Below it stands what is wrong with it.

    Example: innocap-lms plugin list
    """
    # Neither strict nor loud: the list is there to show what is wrong, one line for each.
    logging.getLogger("innocap_lms.plugin_host").setLevel(logging.CRITICAL)
    settings = replace(load_settings(os.environ), relay=False, strict_plugins=False)
    make_secret_key(settings)
    app = create_app(settings)
    host: PluginHost = app.extensions["innocap_host"]
    with app.app_context():
        told, left = _in_database(host)
    for status in host.statuses:
        click.echo(f"{status.state:<12} {status.name:<24} {status.version:<8} {status.origin}")
        below = told.get(status.name, []) if status.state == "loaded" else []
        for line in [status.reason, *below, *status.notes]:
            if line:
                click.echo(f"{'':<12} {line}")
    for name, words in left:
        click.echo(f"{'kept':<12} {name:<24} {words}")


@command.command()
@click.argument("name")
def release(name: str) -> None:
    """Let a plugin out of quarantine, once it is mended and the site restarted with it.

    Running processes notice at once.

    Example: innocap-lms plugin release our_track
    """
    settings = load_settings(os.environ)
    try:
        released = Quarantine(settings.data_dir / "quarantine").release(name)
    except OSError as error:
        raise click.ClickException(f"{name} cannot be let out: {error.strerror}") from None
    if not released:
        raise click.ClickException(f"{name} is not in quarantine: `innocap-lms plugin list`")
    click.echo(f"{name} is called again")


def _in_database(host: PluginHost) -> tuple[Mapping[str, list[str]], list[tuple[str, str]]]:
    """What the database says of each plugin that is loaded, and of those that have left something
    there; nothing before `db upgrade`."""
    try:
        refused = disputes(host)
        told = {name: [*refused.get(name, []), *state_of_tables(name)] for name in host.manifests}
        return told, list(remains())
    except SQLAlchemyError:
        return {}, []
