"""innocap-lms course check"""

import os
import sys
import time
from contextlib import redirect_stdout
from dataclasses import replace
from pathlib import Path

import click

from innocap_lms.cli import remembered
from innocap_lms.cli.remembered import Found
from innocap_lms.config import load_settings
from innocap_lms.content.problems import errors
from innocap_lms.content.report import as_text

FORMATS = ("text", "json", "sarif", "github")
LOOK_SECONDS = 0.2


@click.command("check")
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", help="For whom.")
@click.option("--fix", is_flag=True, help="Write missing ids, put fields in order; never wording.")
@click.option("--watch", is_flag=True, help="Check again at each save, until Ctrl-C.")
@click.option("--online", is_flag=True, help="Ask whether outer addresses can be reached.")
def command(paths: tuple[Path, ...], form: str, fix: bool, watch: bool, online: bool) -> None:
    """Every problem of the courses and programmes below PATHS (default: courses), with line and
    advice. A programme can be named by its file.

    Exit status 0 when no course has an error, 1 when one has, 2 when there is no course to check
    or a plugin cannot be loaded.

    Example: innocap-lms course check courses/service-design/frame-and-explore
    """
    places = paths or (Path("courses"),)
    if fix:
        _fix(places)
    found = _check(places, online=online)
    _say(found, form)
    while watch:
        _wait_for_a_change(found)
        click.echo(f"\n-- {time.strftime('%H:%M:%S')}", err=True)
        try:
            found = _check(places, online=online)
        except click.UsageError as error:  # a file is away, as when an editor saves it
            click.echo(error.message, err=True)
            found = replace(found, problems=[], state=remembered.state_of(found.roots))
        else:
            _say(found, form)
    sys.exit(1 if errors(found.problems) else 0)


def _check(places: tuple[Path, ...], *, online: bool) -> Found:
    """What is wrong, from memory where nothing has changed since it was found."""
    settings = load_settings(os.environ)
    known = None if online else remembered.recall(places, settings)
    if known is not None:
        return known
    from innocap_lms.cli.checking import check_below

    with redirect_stdout(sys.stderr):  # what a plugin prints is no part of a report
        found = check_below(places, settings, online=online)
    if not online:
        remembered.remember(places, settings, found)
    return found


def _fix(places: tuple[Path, ...]) -> None:
    from innocap_lms.cli.checking import courses_in
    from innocap_lms.content.fixing import fix_course

    for folder in courses_in(places):
        try:
            for file, done in fix_course(folder):
                click.echo(f"{file}: {done}", err=True)
        except OSError as error:
            click.echo(f"{folder}: nothing can be written there: {error.strerror}", err=True)


def _say(found: Found, form: str) -> None:
    if form == "text":
        # click leaves colours out where nobody reads them on a terminal.
        colours = not os.environ.get("NO_COLOR")
        texts = remembered.texts_of(found)
        click.echo(as_text(found.problems, texts, colours=colours), nl=False)
        return
    from innocap_lms.content.formats import FORMATS as WRITERS

    if written := WRITERS[form](found.problems):
        click.echo(written)


def _wait_for_a_change(found: Found) -> None:
    while remembered.state_of(found.roots) == found.state:
        time.sleep(LOOK_SECONDS)
