"""innocap-lms plugin doctor"""

import logging
import os
import sys
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from innocap_lms.cli.site import close_connections
from innocap_lms.config import Settings, load_settings
from innocap_lms.preview.examination import Finding, examine
from innocap_lms.preview.scratch import NoScratchError, scratch_database
from innocap_lms.preview.site import make_site

MOST_FAULTS = 20  # that are told of one plugin


@click.command("doctor")
@click.option(
    "--database",
    "server",
    metavar="URL",
    default="",
    help="A PostgreSQL server, to try them there as well: in a database made for it, then dropped.",
)
def command(server: str) -> None:
    """Try every plugin on a site of its own: before an upgrade, or after a change of a plugin.

    Tables of plugins go up, down and up again; courses are published, each page is opened in each
    language, quizzes are answered, printed and reviewed. Your own site is not touched. Exit status
    1 when a plugin is not well.

    Example: innocap-lms plugin doctor --database postgresql://user:password@host/postgres
    """
    logger = logging.getLogger("innocap_lms")
    logger.addHandler(logging.NullHandler())
    logger.propagate = False  # what is wrong is told below, once
    settings = replace(load_settings(os.environ), relay=False, strict_plugins=False)
    found = {"SQLite": _examined(settings, "")}
    if server:
        try:
            with scratch_database(server) as address:
                found["PostgreSQL"] = _examined(settings, address)
        except NoScratchError as error:
            raise click.ClickException(f"--database: {error}") from None
    for database, findings in found.items():
        if server:
            click.echo(f"on {database}")
        for line in chain.from_iterable(map(_said, findings)):
            click.echo(line)
    every = [finding for findings in found.values() for finding in findings]
    ill = list(dict.fromkeys(finding.name for finding in every if not finding.is_well))
    count = len(found["SQLite"])
    click.echo(f"{count} plugins: " + (f"not well: {', '.join(ill)}" if ill else "all well"))
    sys.exit(1 if ill else 0)


def _examined(settings: Settings, database: str) -> list[Finding]:
    """What is found of every plugin on a site with that database, "" for a file of its own."""
    with TemporaryDirectory(prefix="innocap-doctor-") as folder:
        app = make_site(settings, Path(folder), "http://127.0.0.1", database)
        app.config["FORM_TOKENS"] = False
        try:
            return examine(app, Path(folder) / "files")
        finally:
            close_connections(app)


def _said(finding: Finding) -> Iterator[str]:
    word = "well" if finding.is_well else "not well"
    about = f"{word:<9} {finding.name} {finding.version}".rstrip()
    tried = f"{_count(finding.courses, 'course')}, {_count(finding.pages, 'page')}"
    yield f"{about}: {tried}  ({finding.origin})"
    for fault in finding.faults[:MOST_FAULTS]:
        yield f"          {fault}"
    if more := finding.faults[MOST_FAULTS:]:
        yield f"          and {len(more)} more"
    for note in finding.notes:
        yield f"          {note}"


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
