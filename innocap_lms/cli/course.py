"""innocap-lms course …"""

import importlib
import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import click

from innocap_lms import clock
from innocap_lms.config import load_settings
from innocap_lms.content.formats import FORMATS
from innocap_lms.content.kinds import QuestionKind
from innocap_lms.content.naming import BANKS, banks_in
from innocap_lms.content.problems import Problem, errors
from innocap_lms.content.reader import read_course
from innocap_lms.content.report import as_text
from innocap_lms.learning import built_in
from innocap_lms.plugin_host.host import PluginHost
from innocap_lms.plugin_host.loading import PluginRejected


class CourseVerbs(click.Group):
    """Loads `publish`, which needs the whole site, only when it is called: `check` is quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return ["check", "publish"]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name == "publish":
            found: click.Command = importlib.import_module("innocap_lms.cli.publish").command
            return found
        return super().get_command(ctx, cmd_name)


@click.group(cls=CourseVerbs)
def command() -> None:
    """Check the files of courses, publish editions.

    Example: innocap-lms course check
    """


@command.command()
@click.argument("paths", nargs=-1, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--format", "form", type=click.Choice(["text", *FORMATS]), default="text", help="For whom."
)
def check(paths: tuple[Path, ...], form: str) -> None:
    """Every problem of the courses below PATHS (default: courses), with line and advice.

    Exit status 0 when no course has an error, 1 when one has, 2 when there is no course to check
    or a plugin cannot be loaded.

    Example: innocap-lms course check courses/service-design/frame-and-explore
    """
    folders, kinds = _courses_below(paths or (Path("courses"),)), _kinds()
    found: list[Problem] = []
    sources: dict[str, str] = {}
    for folder in folders:
        today = clock.utcnow().date()
        reading = read_course(folder, kinds, banks=banks_in(_beside(folder)), today=today)
        for problem in reading.problems:
            found.append(replace(problem, file=_path(folder, problem.file)))
        sources.update({_path(folder, name): text for name, text in reading.sources.items()})
    found = list(dict.fromkeys(found))  # courses that share a bank share its problems
    if form == "text":
        click.echo(as_text(found, sources), nl=False)
    elif written := FORMATS[form](found):
        click.echo(written)
    sys.exit(1 if errors(found) else 0)


def _path(folder: Path, file: str) -> str:
    """Where a file of a reading lies: banks stand beside the course."""
    return str((_beside(folder) if file.startswith(f"{BANKS}/") else folder) / file)


def _beside(folder: Path) -> Path:
    return folder / ".." if folder.name in ("", "..") else folder.parent


def _kinds() -> Sequence[QuestionKind]:
    """The question kinds of all plugins: a broken one is told, since its questions would be too."""
    host = PluginHost(strict=True)
    try:
        host.load({"question_kinds": built_in}, load_settings(os.environ).plugin_dirs)
    except PluginRejected as error:
        raise click.UsageError(str(error)) from error
    return list(host.kinds.values())


def _courses_below(paths: tuple[Path, ...]) -> list[Path]:
    found = sorted(
        {
            file.parent
            for path in paths
            for file in path.rglob("course.md")
            if not file.parent.name.startswith("_")
        }
    )
    if not found:
        raise click.UsageError(
            f"there is no course.md below {', '.join(map(str, paths))}: name the folder of a course"
        )
    return found
