"""innocap-lms db …"""

from dataclasses import replace
from pathlib import Path

import click
from flask import Flask

from innocap_lms.admin import backup as archive
from innocap_lms.admin import restoring
from innocap_lms.app import create_app
from innocap_lms.cli.site import environment, opened, speaking
from innocap_lms.config import make_secret_key
from innocap_lms.migrations import plugin_steps, steps
from innocap_lms.plugin_host.current import plugins


@click.group()
def command() -> None:
    """Upgrade the database, back it up, restore it.

    Example: innocap-lms db upgrade
    """


@command.command()
def upgrade() -> None:
    """Bring the tables of the core and of each plugin to this version; writes a secret key if there
    is none. A plugin whose tables fail is named, the others are done; the exit status is then 1.

    Example: innocap-lms db upgrade
    """
    with opened(migrated=False) as app:
        if upgrade_tables(app):
            raise click.exceptions.Exit(1)
    click.echo("the database is up to date")


def upgrade_tables(app: Flask) -> bool:
    """Run the migrations that have not been run, and name each plugin whose tables failed; True
    when one did. Call it in an app context."""
    app.extensions["innocap_settings"].data_dir.mkdir(parents=True, exist_ok=True)
    steps.upgrade()
    failed = plugin_steps.upgrade_all(plugins().migrations)
    for failure in failed:
        click.echo(f"Error: {failure}", err=True)
    return bool(failed)


@command.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def backup(file: Path) -> None:
    """Write everything into one file: tables, files of courses, secret key. The site may run on.

    Example: innocap-lms db backup /srv/backup/innocap-2026-11-23.zip
    """
    with opened() as app:
        try:
            rows = archive.backup(file, app.extensions["innocap_settings"])
        except FileExistsError:
            raise click.ClickException(f"{file} is there already: name a new file") from None
        except (archive.BackupError, OSError) as error:
            raise click.ClickException(str(error)) from None
    click.echo(f"{rows} rows written to {file}")


@command.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--without", multiple=True, metavar="PLUGIN", help="leave out the tables of this plugin"
)
def restore(file: Path, without: tuple[str, ...]) -> None:
    """Fill an empty database and data folder from a backup, of either database.

    Example: INNOCAP_DATA_DIR=/srv/new innocap-lms db restore /srv/backup/innocap-2026-11-23.zip
    """
    settings = environment()
    try:
        own_key = settings.secret_key or (settings.data_dir / "secret-key").exists()
        known = settings if own_key else replace(settings, secret_key=restoring.key_of(file))
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        with speaking(create_app(known)) as app:
            rows = restoring.restore(file, settings, without)
            failed = upgrade_tables(app)
    except (archive.BackupError, plugin_steps.PluginStepFailed, OSError) as error:
        raise click.ClickException(str(error)) from None
    if not own_key:
        make_secret_key(settings, known.secret_key)
    click.echo(f"{rows} rows restored")
    if failed:
        raise click.exceptions.Exit(1)
