"""innocap-lms course new"""

import sys
from pathlib import Path

import click

from innocap_lms.authoring.scaffold import course_texts
from innocap_lms.content.identifiers import LANGUAGE_PATTERN, is_id, slug


@click.command("new")
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@click.option("--title", help="What the course is called; it can be changed later.")
@click.option("--languages", help="The lead language first: sv,en.")
@click.option("--owner", help="Who keeps the course; as a rule the track.")
def command(
    folder: Path | None, title: str | None, languages: str | None, owner: str | None
) -> None:
    """Begin a course in FOLDER: an example of everything, ready to be changed.

    The name of the folder becomes the id of the course, which never changes. Asked from a terminal
    without FOLDER, it asks for all it needs.

    Example: innocap-lms course new courses/service-design/first-interviews --languages sv,en
    """
    if folder is None:
        if not sys.stdin.isatty():
            raise click.UsageError("name the folder of the new course")
        folder = Path(click.prompt("Folder of the course", default="courses/my-track/my-course"))
        title = title or click.prompt("Title", default=_title(folder))
        languages = languages or click.prompt("Languages, the lead first", default="sv,en")
    chosen = _languages(languages or "sv,en")
    if not is_id(folder.name):
        better = slug(folder.name, "my-course")
        raise click.UsageError(f"“{folder.name}” cannot be an id: name the folder {better}")
    refuse_what_is_there(folder)
    texts = course_texts(folder.name, chosen, title or _title(folder), owner or _owner(folder))
    write_texts(folder, texts)
    click.echo(f"\nChange the texts, then: innocap-lms course check {folder}")


def _title(folder: Path) -> str:
    return folder.name.replace("-", " ").capitalize()


def _owner(folder: Path) -> str:
    return folder.absolute().parent.name or "my-track"


def _languages(said: str) -> list[str]:
    found = list(dict.fromkeys(part.strip() for part in said.split(",") if part.strip()))
    wrong = [name for name in found if not LANGUAGE_PATTERN.match(name)]
    if wrong or not found:
        raise click.UsageError(f"“{wrong[0] if wrong else said}” is no language: write sv,en")
    return found


def write_texts(folder: Path, texts: list[tuple[str, str]]) -> None:
    """Write the files of something new, and say which. Raises ClickException."""
    for name, text in texts:
        file = folder / name
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(text.encode("utf-8"))
        except OSError as error:
            raise click.ClickException(f"{file} cannot be written: {error.strerror}") from None
        click.echo(file)


def refuse_what_is_there(folder: Path) -> None:
    """Raises UsageError where a folder holds something already."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise click.UsageError(f"there is something in {folder} already: name another folder")
