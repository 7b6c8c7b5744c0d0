"""Where the files of courses come from: plugins, and what is written in the browser."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from typing import Any

from innocap_lms.authoring.folder import HeldFolder, LazyFiles
from innocap_lms.authoring.paths import is_fit
from innocap_lms.authoring.queries import Authored, authored_courses, newest
from innocap_lms.authoring.versions import DamagedError
from innocap_lms.catalogue.checked import course_id_in
from innocap_lms.content.draws import bank_named_in
from innocap_lms.content.files import MAX_DEPTH, decoded
from innocap_lms.content.naming import BANKS, SHARED, bank_of, is_quiz
from innocap_lms.plugin_host.contract import CourseSource
from innocap_lms.plugin_host.host import PluginHost


@dataclass(frozen=True)
class Supplied:
    """The files of a course, and the plugin whose course it is. Of one that is written in the
    browser, its id, and what keeps its files from being read."""

    plugin: str
    source: CourseSource
    written_here: str = ""
    fault: str = ""


def supplied(host: PluginHost) -> list[Supplied]:
    """Every course that there are files of. What is written here stands in the place of the files
    that it was adopted from, and draws from its own banks alone."""
    here = {(each.plugin, each.course_id): each for each in authored_courses()}
    found = [
        Supplied(plugin, source)
        for plugin, source in host.courses
        if not here or (plugin, course_id_of(source)) not in here
    ]
    return [*found, *map(_written, here.values())]


def _written(course: Authored) -> Supplied:
    try:
        folder, fault = newest(course), ""
        if not folder.joinpath(SHARED).is_file():
            fault = "its first files are still on their way, or it has lost its course.md"
    except DamagedError as damaged:
        folder, fault = HeldFolder({}, course.course_id), str(damaged)
    source = CourseSource(course.track, folder)
    return Supplied(course.plugin, source, course.course_id, fault)


def plugins_own(host: PluginHost, plugin: str, course_id: str) -> CourseSource | None:
    """The files that a plugin supplies of a course, whatever stands in their place."""
    for name, source in host.courses:
        if name == plugin and course_id_of(source) == course_id:
            return source
    return None


def course_id_of(source: CourseSource) -> str:
    """The id of a course by its course.md, or else by the name of its folder."""
    return course_id_in(shared_text(source)) or source.folder.name


def shared_text(source: CourseSource) -> str:
    """What stands in the course.md; nothing where it cannot be read."""
    try:
        return source.folder.joinpath(SHARED).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return ""


def bytes_of(source: CourseSource) -> LazyFiles:
    """The files in the folder of a course, as far as a course may have them."""
    return LazyFiles(_fit(source))


def whole_of(source: CourseSource) -> LazyFiles:
    """The same and, as its own, the banks beside it that its quizzes draw from: what leaves so
    stands by itself, and courses that share a bank are not touched."""
    found = _fit(source)
    drawn = {_bank_in(path, read()) for path, read in found.items() if is_quiz(path)}
    lacking = drawn - {"", *map(bank_of, found)}
    if source.banks is not None and lacking:
        beside = _files(source.banks, f"{BANKS}/", 0)
        found |= {path: read for path, read in beside if bank_of(path) in lacking}
    return LazyFiles(found)


def _fit(source: CourseSource) -> dict[str, Callable[[], bytes]]:
    return {path: read for path, read in _files(source.folder, "", 0) if is_fit(path)}


def _bank_in(path: str, data: bytes) -> str:
    return bank_named_in(path, decoded(data, path, []) or "")


def left_out(source: CourseSource) -> list[str]:
    """The files that lie in the folder of a course and that no course may have."""
    return [path for path, _read in _files(source.folder, "", 0) if not is_fit(path)]


def files_in(folder: Traversable) -> LazyFiles:
    """The files of a folder and of those in it, by their paths; links are not followed."""
    return LazyFiles(dict(_files(folder, "", 0)))


def _files(
    folder: Traversable, start: str, depth: int
) -> Iterator[tuple[str, Callable[[], bytes]]]:
    for entry in sorted(folder.iterdir(), key=lambda each: each.name):
        if entry.name.startswith((".", "__")):
            continue  # as the reader does
        link: Any = getattr(entry, "is_symlink", None)
        if link is not None and link():
            continue
        if entry.is_dir() and depth < MAX_DEPTH:
            yield from _files(entry, f"{start}{entry.name}/", depth + 1)
        elif entry.is_file():
            yield f"{start}{entry.name}", entry.read_bytes
