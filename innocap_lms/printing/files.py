"""Sheets and slides of a course on disk, written without a site: HTML and PDF in a folder."""

import datetime as dt
import shutil
from collections.abc import Iterator
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup

from innocap_lms.content.model import Course
from innocap_lms.content.page import Resolve
from innocap_lms.printing.html import Drawn, drawn_deck, drawn_sheet
from innocap_lms.printing.pdf import PLAIN_HUE, deck_pdf, sheet_pdf
from innocap_lms.printing.sheets import sheet_of
from innocap_lms.printing.slides import deck_of
from innocap_lms.printing.tree import ReadFile

TEMPLATES: Final = Path(__file__).parent / "templates"


def write_all(
    course: Course, folder: Path, to: Path, style: str, hue: str = PLAIN_HUE
) -> Iterator[Path]:
    """Write everything that a course has to print, in each language; gives each file.

    `folder` holds the course, `style` is the style sheet that the HTML takes along. Pictures are
    copied beside it. Raises OSError.
    """
    day = dt.date.fromisoformat(course.reviewed)
    to.mkdir(parents=True, exist_ok=True)
    pictures = [path for path in course.assets if path.startswith("images/")]
    for path in pictures:
        (to / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(folder / path, to / path)

    def resolve(target: str) -> str | None:
        return target if target in pictures else None

    for name, drawn, pdf in _everything(course, resolve, reader_of(folder, course), day, hue):
        for place, data in ((f"{name}.html", _page(drawn, style).encode()), (f"{name}.pdf", pdf)):
            (to / place).write_bytes(data)
            yield to / place


def reader_of(folder: Traversable, course: Course) -> ReadFile:
    """Gives the files of a course in a folder, and None for whatever else lies there."""
    return lambda path: folder.joinpath(path).read_bytes() if path in course.assets else None


def _everything(
    course: Course,
    resolve: Resolve,
    read: ReadFile,
    day: dt.date,
    hue: str,
) -> Iterator[tuple[str, Drawn, bytes]]:
    """Each sheet and each lesson's slides: name of the file, HTML, PDF."""
    for companion in course.companions:
        for language in companion.bodies:
            sheet = sheet_of(course, companion, language)
            name = f"{companion.id}.{language}"
            yield name, drawn_sheet(sheet, course, resolve), sheet_pdf(sheet, read, day, hue)
    for lesson in course.lessons:
        for language in lesson.texts:
            deck = deck_of(course, lesson, language)
            name = f"{lesson.id}.slides.{language}"
            yield name, drawn_deck(deck, course, resolve), deck_pdf(deck, read, day, hue)


def _page(drawn: Drawn, style: str) -> str:
    pages = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True)
    template = pages.get_template("printing/file.html")
    return template.render(drawn=drawn, style=Markup(style))  # noqa: S704 - ours
