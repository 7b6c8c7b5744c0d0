"""innocap-lms db …"""

from pathlib import Path

import click
import flask_migrate
from flask import Flask

from innocap_lms.admin import backup as archive
from innocap_lms.cli.site import site


@click.group()
def command() -> None:
    """Upgrade the database, back it up, restore it."""


@command.command()
def upgrade() -> None:
    """Bring the tables to this version; writes a secret key if there is none.

    Example: innocap-lms db upgrade
    """
    app = site()
    with app.app_context():
        upgrade_tables(app)
    click.echo("the database is up to date")


def upgrade_tables(app: Flask) -> None:
    """Run the migrations that have not been run. Call it in an app context."""
    app.extensions["innocap_settings"].data_dir.mkdir(parents=True, exist_ok=True)
    flask_migrate.upgrade()


@command.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def backup(file: Path) -> None:
    """Write everything into one file: tables, files of courses, secret key. The site may run on.

    Example: innocap-lms db backup /srv/backup/innocap-2026-11-23.zip
    """
    app = site()
    with app.app_context():
        try:
            rows = archive.backup(file, app.extensions["innocap_settings"])
        except FileExistsError:
            raise click.ClickException(f"{file} is there already: name a new file") from None
    click.echo(f"{rows} rows written to {file}")


@command.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def restore(file: Path) -> None:
    """Fill an empty database and data folder from a backup, of either database.

    Example: INNOCAP_DATA_DIR=/srv/new innocap-lms db restore /srv/backup/innocap-2026-11-23.zip
    """
    archive.restore_key(file)
    app = site()
    with app.app_context():
        try:
            rows = archive.restore(file, app.extensions["innocap_settings"])
        except archive.BackupError as error:
            raise click.ClickException(str(error)) from None
    click.echo(f"{rows} rows restored")
