"""innocap-lms plugin new"""

import json
import keyword
import re
import sys
from importlib.metadata import entry_points
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import click

from innocap_lms.authoring.scaffold import course_texts, filled
from innocap_lms.cli.new import refuse_what_is_there, write_texts
from innocap_lms.content.naming import bank_of
from innocap_lms.plugin_host.discovery import GROUP

EXAMPLE: Final = files("innocap_lms.cli") / "scaffolds" / "plugin"
COURSE: Final = "first-interviews"
NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,39}\Z")


@click.command("new")
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@click.option("--name", help="Of the package: lower-case letters, digits and underscores.")
@click.option("--title", help="What the track is called; it can be changed later.")
def command(folder: Path | None, name: str | None, title: str | None) -> None:
    """Begin a plugin in FOLDER: a track of one course, with its tests, ready to be installed.

    Asked from a terminal without FOLDER, it asks for all it needs.

    Example: innocap-lms plugin new my-coast --name coast --title "The coast"
    """
    if folder is None:
        if not sys.stdin.isatty():
            raise click.UsageError("name the folder of the new plugin")
        folder = Path(click.prompt("Folder of the plugin", default="my-track"))
        name = name or click.prompt("Name of the package", default=_name(folder))
        title = title or click.prompt("Title of the track", default=_title(str(name)))
    chosen = name or _name(folder)
    _refuse_unfit(chosen)
    refuse_what_is_there(folder)
    write_texts(folder, _texts(chosen, title or _title(chosen)))
    click.echo(f"\nRead {folder / 'README.md'} for how to check, test and install it.")


def _refuse_unfit(name: str) -> None:
    """Raises UsageError for what is no name of a package, and for one that would stand in the way
    of a package or a plugin that is installed here."""
    if not NAME.match(name) or keyword.iskeyword(name) or name in sys.stdlib_module_names:
        raise click.UsageError(f"“{name}” is no name of a package: write my_track")
    package = find_spec(name)  # of a mere folder that lies here it has no origin
    if (package and package.origin) or name in entry_points(group=GROUP).names:
        raise click.UsageError(f"“{name}” is installed here already: choose another name")


def _name(folder: Path) -> str:
    return re.sub(r"[^a-z0-9]+", "_", folder.name.lower()).strip("_") or "my_track"


def _title(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _texts(name: str, title: str) -> list[tuple[str, str]]:
    """The files of the new plugin: paths and texts."""
    track = name.replace("_", "-")
    values = {
        "@NAME@": name,
        "@SLUG@": track,
        "@TITLE@": json.dumps(title, ensure_ascii=False),
    }
    places = {
        "pyproject.toml": "pyproject.toml.txt",
        "README.md": "README.md.txt",
        f"{name}/__init__.py": "plugin.py.txt",
        f"{name}/practice.py": "practice.py.txt",
        f"{name}/migrations/{name}/0001_suggested.py": "0001_suggested.py.txt",
        "tests/test_track.py": "test_track.py.txt",
        "tests/test_practice.py": "test_practice.py.txt",
        "tests/ids.json": "ids.json.txt",
    }
    found = [(place, filled(EXAMPLE / file, values)) for place, file in places.items()]
    course = course_texts(COURSE, ["sv", "en"], "First interviews", track)
    return found + [(f"{name}/courses/{_shared(place)}", text) for place, text in course]


def _shared(place: str) -> str:
    """Where a file of the course lies in the track, whose courses share its banks."""
    return place if bank_of(place) else f"{COURSE}/{place}"
