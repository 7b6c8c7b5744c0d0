"""innocap-lms hr …"""

import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile

import click
from flask import Flask
from flask_babel import force_locale

from innocap_lms.cli.site import opened
from innocap_lms.extensions import writing
from innocap_lms.people.identity import InvalidInputError
from innocap_lms.people.queries import find_account, viewer_of
from innocap_lms.people.viewer import Viewer
from innocap_lms.recognition import intake_queries, intakes, working
from innocap_lms.recognition.intakes import Made
from innocap_lms.recognition.lists import COLUMNS, NAMES
from innocap_lms.spreadsheets.columns import proposed
from innocap_lms.spreadsheets.problems import of_file
from innocap_lms.spreadsheets.table import TableError

SHOWN = 20  # faults on the screen


@click.group()
def command() -> None:
    """What HR does, from the command line.

    Example: innocap-lms hr import completions register.csv --by hr@kommun.example --dry-run
    """


@command.group("import")
def take_in() -> None:
    """Take in what an earlier system knew.

    Example: innocap-lms hr import completions register.csv --by hr@kommun.example --dry-run
    """


@take_in.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--by", required=True, help="e-mail of the HR officer who answers for it")
@click.option("--organisation", default="", help="its name, where the officer has several")
@click.option("--course", default="", help="id of the course, for rows that name none")
@click.option("--day", default="", help="the day, for rows that name none")
@click.option("--reason", default="", help="how it is known; the name of the file, if not said")
@click.option(
    "--column",
    "columns",
    multiple=True,
    help=f"what a title means, as in who=E-post; one of {', '.join(NAMES)}",
)
@click.option("--dry-run", is_flag=True, help="say what would be added and what is wrong, no more")
@click.option("--problems", type=click.Path(path_type=Path), help="a CSV for all that is wrong")
def completions(
    file: Path,
    by: str,
    organisation: str,
    course: str,
    day: str,
    reason: str,
    columns: tuple[str, ...],
    dry_run: bool,
    problems: Path | None,
) -> None:
    """Take in earlier completions from a CSV or XLSX file. Exit status 1 when rows cannot be taken.

    Columns are known by their titles. The same file again adds nothing, so after a stop the command
    is simply run again.

    Example: innocap-lms hr import completions register.csv --by hr@kommun.example --dry-run
    """
    shared = {"course": course, "day": day, "reason": reason or file.name}
    shared = {name: said for name, said in shared.items() if said}
    with opened() as app, told(app):
        viewer = _officer(by)
        made = Made(_organisation(viewer, organisation), viewer.id)
        intake_id = _sent(app, made, file, columns, shared)
        faulty = _looked_at(viewer, intake_id, problems)
        if dry_run:
            with writing():
                intakes.discard(intake_queries.known(viewer, intake_id))
        else:
            with writing():
                intakes.confirm(intake_queries.known(viewer, intake_id), viewer.id)
            _work(intake_id, "added")
            click.echo(f"{intake_queries.outcomes(intake_id).get('added', 0)} rows added")
    sys.exit(1 if faulty else 0)


@contextmanager
def told(app: Flask) -> Iterator[None]:
    """What is refused ends the command with the words for it."""
    with app.test_request_context(), force_locale("en"):
        try:
            yield
        except TableError as error:
            raise click.ClickException(of_file(error)) from None
        except InvalidInputError as error:
            words = " ".join(f"{name}: {said}" for name, said in error.errors.items())
            raise click.ClickException(words) from None


def _officer(by: str) -> Viewer:
    account = find_account(by)
    if account is None:
        raise click.ClickException(f"nobody has the address {by}")
    viewer = viewer_of(account.id)
    if not intake_queries.organisations(viewer):
        raise click.ClickException(f"{by} is not HR of any organisation")
    return viewer


def _organisation(viewer: Viewer, name: str) -> str:
    own = intake_queries.organisations(viewer)
    found = [key for key, said in own.items() if name in ("", said)]
    if len(found) != 1:
        raise click.ClickException(f"--organisation is one of: {', '.join(own.values())}")
    return found[0]


def _sent(
    app: Flask, made: Made, file: Path, columns: tuple[str, ...], shared: dict[str, str]
) -> str:
    """Hand a copy of the file in with its columns; the id of its list."""
    folder: Path = app.extensions["innocap_settings"].data_dir
    with file.open("rb") as content, NamedTemporaryFile(dir=folder, delete=False) as copy:
        shutil.copyfileobj(content, copy)
    try:
        intake_id, header = intakes.received(Path(copy.name))
    finally:
        Path(copy.name).unlink(missing_ok=True)
    places = proposed(header, COLUMNS)
    for pair in columns:
        name, _sign, title = pair.partition("=")
        if name not in NAMES or title not in header:
            raise click.ClickException(
                f"--column {pair}: names are {', '.join(NAMES)}, titles {', '.join(header)}"
            )
        places[name] = header.index(title)
    with writing():
        intake = intakes.begin(made, intake_id, file.name, header)
        intakes.read_columns(intake, "completion", places, shared)
    return intake_id


def _looked_at(viewer: Viewer, intake_id: str, problems: Path | None) -> bool:
    """Read and check the list, and say what is found; whether anything is wrong."""
    _work(intake_id, "checked")
    intake = intake_queries.known(viewer, intake_id)
    if intake.refused:
        raise TableError(*intake.refused)
    counts = intake_queries.outcomes(intake_id)
    faulty = counts.get("fault", 0) + counts.get("course", 0)
    click.echo(f"{counts.get('add', 0)} rows to add, {counts.get('there', 0)} there already")
    click.echo(f"{counts.get('double', 0)} twice in the list, {faulty} cannot be taken")
    for fault in intake_queries.faults(intake)[:SHOWN]:
        click.echo(f"row {fault.row}, {fault.column}: “{fault.said}” {fault.words}", err=True)
    if problems is not None:
        problems.write_text("".join(intake_queries.faults_csv(intake)), encoding="utf-8")
    return bool(faulty)


def _work(intake_id: str, done: str) -> None:
    """Do the steps of a list, with progress where somebody looks on."""
    while working.step(intake_id):
        if sys.stderr.isatty():
            counts = intake_queries.outcomes(intake_id)
            so_far = counts.get("added", 0) if done == "added" else sum(counts.values())
            click.echo(f"\r{so_far} rows {done}", nl=False, err=True)
    if sys.stderr.isatty():
        click.echo(err=True)
