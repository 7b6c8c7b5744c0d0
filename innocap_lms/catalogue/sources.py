"""Where the files of courses come from: plugins, and what is written in the browser."""

from dataclasses import dataclass

from innocap_lms.authoring.queries import authored_courses, newest
from innocap_lms.catalogue.checked import course_id_in
from innocap_lms.content.naming import SHARED
from innocap_lms.plugin_host.contract import CourseSource
from innocap_lms.plugin_host.host import PluginHost


@dataclass(frozen=True)
class Supplied:
    """The files of a course, and the plugin whose course it is."""

    plugin: str
    source: CourseSource
    written_here: bool = False


def supplied(host: PluginHost) -> list[Supplied]:
    """Every course that there are files of. What is written here stands in the place of the files
    that it was adopted from, and draws from the same banks."""
    here = {(each.plugin, each.course_id): each for each in authored_courses()}
    banks, found = {}, []
    for plugin, source in host.courses:
        key = (plugin, course_id_of(source)) if here else ("", "")
        if key in here:
            banks[key] = source.banks
        else:
            found.append(Supplied(plugin, source))
    for key, course in here.items():
        folder = newest(course)
        if folder.joinpath(SHARED).is_file():  # else its first files are still on their way
            source = CourseSource(course.track, folder, banks.get(key))
            found.append(Supplied(course.plugin, source, written_here=True))
    return found


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
