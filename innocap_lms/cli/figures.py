"""innocap-lms course figures"""

import os
from pathlib import Path

import click

from innocap_lms.cli.checking import plugins_for, sound_courses
from innocap_lms.config import load_settings
from innocap_lms.content.counted import counted
from innocap_lms.content.dialect import dialect


@click.command("figures")
@click.argument("paths", nargs=-1, type=click.Path(exists=True, file_okay=False, path_type=Path))
def command(paths: tuple[Path, ...]) -> None:
    """Count what the courses below PATHS (default: courses) hold, as tables in Markdown.

    Of each lesson its words, minutes, practice questions, sources and reading index in each
    language; of each outcome the questions and practical tasks that test it.

    Example: innocap-lms course figures courses/digital-technology
    """
    host, markdown = plugins_for(load_settings(os.environ)), dialect()
    for _folder, course in sound_courses(paths or (Path("courses"),), host):
        click.echo(counted(course, markdown))
