"""innocap-lms course export"""

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import Final

import click
from flask import current_app

from innocap_lms.authoring.archives import pack
from innocap_lms.authoring.scaffold import filled
from innocap_lms.catalogue.claims import Claims
from innocap_lms.catalogue.queries import owners
from innocap_lms.catalogue.services import whole
from innocap_lms.catalogue.sources import (
    Supplied,
    bytes_of,
    course_id_of,
    files_in,
    supplied,
    whole_of,
)
from innocap_lms.cli.site import opened
from innocap_lms.cli.writing import writing_to
from innocap_lms.content.naming import BANKS

HOST: Final = "innocap_host"
TEMPLATES: Final = files("innocap_lms.cli") / "scaffolds" / "courses"
VERSION: Final = re.compile(r"(0|[1-9][0-9]*)(\.(0|[1-9][0-9]*)){0,2}\Z")  # as pip spells it


@click.command("export")
@click.argument("courses", nargs=-1)
@click.option("--track", help="Every course of this track.")
@click.option("--wheel", is_flag=True, help="A plugin, to be installed elsewhere with pip.")
@click.option("--version", default="1.0", show_default=True, help="Of the plugin.")
@click.option(
    "--to",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(),
    help="Folder; this one unless told.",
)
def command(
    courses: tuple[str, ...], track: str | None, wheel: bool, version: str, to: Path
) -> None:
    """Take courses along, by their ids: each as a ZIP of text and media, or all in one wheel.

    What is written in the browser leaves in its newest version, what plugins supply as it is.

    Example: innocap-lms course export --track service-design --wheel --to dist
    """
    if not VERSION.match(version):
        raise click.UsageError(f"“{version}” is no version: write 1.2")
    if bool(courses) == bool(track):
        raise click.UsageError("name courses, or a track with --track")
    with opened() as app, app.app_context():
        found = _chosen(courses, track)
        with writing_to(to):
            to.mkdir(parents=True, exist_ok=True)
            if wheel:
                _wheel(found, track or "", version, to)
            else:
                _archives(found, to)


def _archives(found: Sequence[Supplied], to: Path) -> None:
    for each in found:
        course_id = course_id_of(each.source)
        place = to / f"{course_id}.zip"
        with whole(place) as archive:
            pack(whole_of(each.source), course_id, archive)
        click.echo(place)


def _chosen(courses: Sequence[str], track: str | None) -> list[Supplied]:
    every = _every()
    if track is not None:
        found = [each for each in every.values() if each.source.track == track]
        if not found:
            raise click.UsageError(f"there are no courses of a track “{track}”")
        return list(map(_readable, found))
    unknown = [course for course in courses if course not in every]
    if unknown:
        raise click.UsageError(f"there is no course “{unknown[0]}”: {', '.join(sorted(every))}")
    return [_readable(every[course]) for course in dict.fromkeys(courses)]


def _every() -> dict[str, Supplied]:
    """Each course that there are files of, by its id; of two plugins, the one it belongs to."""
    claims, own, others = Claims(owners()), dict[str, Supplied](), dict[str, Supplied]()
    for each in supplied(current_app.extensions[HOST]):
        course_id = course_id_of(each.source)
        refused = claims.refusal(course_id, each.plugin, each.source.folder.name)
        (others if refused else own).setdefault(course_id, each)
    return others | own


def _readable(course: Supplied) -> Supplied:
    """The course. Raises ClickException for one whose files cannot be read now."""
    if course.fault:
        raise click.ClickException(f"{course.written_here}: {course.fault}")
    return course


def _wheel(found: Sequence[Supplied], whole_track: str, version: str, to: Path) -> None:
    """Build one plugin of all; it is called after the `whole_track`, or the only course, or the
    track of those that were named, for which it is ""."""
    tracks = {each.source.track for each in found}
    if len(tracks) > 1:
        raise click.UsageError("courses of one wheel are of one track")
    (track,) = tracks
    slug = whole_track or (course_id_of(found[0].source) if len(found) == 1 else track)
    name = _name(slug)
    values = {
        "@NAME@": name,
        "@SLUG@": name.replace("_", "-"),
        "@TITLE@": slug.replace("-", " ").capitalize(),
        "@VERSION@": version,
        "@TRACK@": track,
    }
    with tempfile.TemporaryDirectory(prefix="innocap-export-") as place:
        folder = Path(place)
        _write(folder / "pyproject.toml", filled(TEMPLATES / "pyproject.toml.txt", values).encode())
        package = folder / name
        _write(package / "__init__.py", filled(TEMPLATES / "plugin.py.txt", values).encode())
        for each in found:
            course = package / "courses" / course_id_of(each.source)
            for path, data in bytes_of(each.source).items():
                _write(course / path, data)
        for path, data in _banks(found, every=bool(whole_track)).items():
            _write(package / "courses" / path, data)
        built = _build(folder)
        with built.open("rb") as wheel, whole(to / built.name) as out:
            shutil.copyfileobj(wheel, out)
    click.echo(to / built.name)


def _name(slug: str) -> str:
    """The name of the plugin, which begins with a letter as those of all plugins do."""
    name = f"{re.sub('-+', '_', slug).strip('_')}_courses"
    return f"from_{name}" if name[0].isdigit() else name


def _banks(courses: Sequence[Supplied], *, every: bool) -> dict[str, bytes]:
    """The files of the banks beside the courses that they draw from, or of `every` one, by their
    paths. Raises UsageError where two plugins each have their own of one name."""
    found: dict[str, bytes] = {}
    for each in courses:
        drawn = whole_of(each.source).keys() - bytes_of(each.source).keys()
        for name, data in files_in(each.source.banks).items() if each.source.banks else ():
            path = f"{BANKS}/{name}"
            if (every or path in drawn) and found.setdefault(path, data) != data:
                raise click.UsageError(
                    f"plugins have different banks of one name, {name}: export the courses of "
                    "each plugin in a wheel of their own"
                )
    return found


def _write(place: Path, data: bytes) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(data)


def _build(folder: Path) -> Path:
    """The wheel of a plugin, in its folder."""
    words = [sys.executable, "-m", "pip", "-qq", "--disable-pip-version-check", "wheel"]
    words += ["--no-deps", "--no-build-isolation", "-w", str(folder), str(folder)]
    done = subprocess.run(  # noqa: S603 - our own words and folders
        words, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise click.ClickException(f"the wheel cannot be built:\n{done.stderr.strip()[-2000:]}")
    return next(folder.glob("*.whl"))
