"""innocap-lms plugin doctor"""

import logging
import os
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from innocap_lms.cli.site import close_connections
from innocap_lms.config import load_settings
from innocap_lms.preview.examination import Finding, examine
from innocap_lms.preview.site import make_site

MOST_FAULTS = 20  # that are told of one plugin


@click.command("doctor")
def command() -> None:
    """Try every plugin on a site of its own: before an upgrade, or after a change of a plugin.

    Tables of plugins go up, down and up again; courses are published, each page is opened in each
    language, quizzes are answered, printed and reviewed. Your own site is not touched. Exit status
    1 when a plugin is not well.

    Example: innocap-lms plugin doctor
    """
    logger = logging.getLogger("innocap_lms")
    logger.addHandler(logging.NullHandler())
    logger.propagate = False  # what is wrong is told below, once
    settings = replace(load_settings(os.environ), relay=False, strict_plugins=False)
    with TemporaryDirectory(prefix="innocap-doctor-") as folder:
        app = make_site(settings, Path(folder), "http://127.0.0.1")
        app.config["WTF_CSRF_ENABLED"] = False
        try:
            found = examine(app, Path(folder) / "files")
        finally:
            close_connections(app)
    for finding in found:
        for line in _said(finding):
            click.echo(line)
    ill = [finding.name for finding in found if not finding.is_well]
    click.echo(f"{len(found)} plugins: " + (f"not well: {', '.join(ill)}" if ill else "all well"))
    sys.exit(1 if ill else 0)


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
