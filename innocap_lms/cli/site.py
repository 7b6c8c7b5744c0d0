"""The site a command works on."""

import gc
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import click
from flask import Flask
from sqlalchemy.exc import DBAPIError

from innocap_lms.app import create_app
from innocap_lms.config import Settings, load_settings, make_secret_key
from innocap_lms.engines import READING, SQLITE_MENDED, sqlite_version
from innocap_lms.extensions import db, let_reads_go
from innocap_lms.migrations import HEAD, revision_of


def environment() -> Settings:
    """The settings of a command. No command relays but those that say so. Raises SettingsError."""
    return replace(load_settings(os.environ), relay=False)


def site(settings: Settings | None = None) -> Flask:
    """The app of these settings, or of the environment's, ready for `app.app_context()`."""
    settings = settings or environment()
    make_secret_key(settings)
    return create_app(settings)


@contextmanager
def opened(*, migrated: bool = True, settings: Settings | None = None) -> Iterator[Flask]:
    """The site with its context open. Raises ClickException, in place of what the database says,
    and unless `migrated` is false, when the tables are not those of this version."""
    with speaking(site(settings)) as app:
        if migrated:
            refuse_old_tables()
        yield app


@contextmanager
def speaking(app: Flask) -> Iterator[Flask]:
    """The context of `app`; what the database refuses is told in one line, without its address."""
    with app.app_context():
        try:
            yield app
        except DBAPIError as error:
            reason = str(error.orig).strip().partition("\n")[0]
            raise click.ClickException(f"the database refuses: {reason}") from None
        finally:
            let_reads_go()
            db.session.remove()
            close_connections(app)


def settle() -> None:
    """Let the collector of garbage pass over what starting has made: it stays, and is shared by the
    processes that are forked. To go through it took a fifth of a second, now and then in the middle
    of a write transaction. A page, or a step of a job, makes thousands of objects and drops them by
    itself."""
    gc.freeze()
    gc.set_threshold(5_000, 10, 10)


def close_connections(app: Flask) -> None:
    """Say goodbye to the database, at the end or before a fork: no connection goes through one."""
    with app.app_context():
        for engine in db.engines.values():
            engine.dispose()


def refuse_old_tables() -> None:
    """Raise ClickException unless the tables are those of this version. In an app context."""
    with db.engines[READING].connect() as connection:
        found = revision_of(connection)
    if found is None:
        raise click.ClickException("the database has no tables yet: run `innocap-lms db upgrade`")
    if found != HEAD:
        raise click.ClickException(
            f"the tables are of revision {found}, this version needs {HEAD}: from "
            "older ones back up, then run `innocap-lms db upgrade`; for newer ones install the "
            "version they are of"
        )


def database_words(settings: Settings) -> tuple[str, str]:
    """Which database serves, and a warning or "". Names no address: it may hold a password."""
    if settings.database_url:
        return "PostgreSQL", ""
    name = "SQLite " + ".".join(map(str, sqlite_version()))
    if sqlite_version() >= SQLITE_MENDED:
        return name, ""
    mended = ".".join(map(str, SQLITE_MENDED))
    return name, (
        f"warning: {name} can, rarely, harm a database that several connections write to "
        f"(https://sqlite.org/wal.html, WAL-reset bug; mended in {mended}). Install the package "
        "pysqlite3, or a newer Python, or use PostgreSQL."
    )
