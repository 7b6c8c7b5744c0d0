"""innocap-lms course print"""

import os
from importlib.resources import files
from pathlib import Path
from typing import Final

import click

from innocap_lms.cli.checking import plugins_for, sound_courses
from innocap_lms.cli.writing import writing_to
from innocap_lms.config import load_settings
from innocap_lms.plugin_host.host import PluginHost
from innocap_lms.printing.files import write_all
from innocap_lms.printing.pdf import PLAIN_HUE, page_count

STYLE: Final = files("innocap_lms.web") / "static" / "web" / "printed.css"
ONE_PAGE: Final = "pocket-guide."


@click.command("print")
@click.argument("paths", nargs=-1, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--to",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("printed"),
    show_default=True,
    help="Folder; each course gets one of its own in it.",
)
def command(paths: tuple[Path, ...], to: Path) -> None:
    """Write what the courses below PATHS (default: courses) have to print, as HTML and as PDF.

    Templates, the pocket guide, the facilitator's guide, and slides of each lesson, in every
    language, from the files as they are. It needs no site.

    Example: innocap-lms course print courses/digital-technology/data-gis-iot --to printed
    """
    host = plugins_for(load_settings(os.environ))
    style = STYLE.read_text(encoding="utf-8")
    for folder, course in sound_courses(paths or (Path("courses"),), host):
        with writing_to(to):
            for file in write_all(course, folder, to / course.id, style, _hue(host, folder)):
                click.echo(file)
                if file.name.startswith(ONE_PAGE) and file.suffix == ".pdf":
                    _warn_of_length(file)


def _warn_of_length(file: Path) -> None:
    pages = page_count(file.read_bytes())
    if pages > 1:
        click.echo(f"{file} has {pages} pages: shorten it until it fits on one", err=True)


def _hue(host: PluginHost, folder: Path) -> str:
    """The colour of the track whose plugin supplies the course, if one does."""
    tracks = {str(source.folder): source.track for _plugin, source in host.courses}
    track = host.tracks.get(tracks.get(str(folder.resolve()), ""))
    return track.hue_light if track else PLAIN_HUE
