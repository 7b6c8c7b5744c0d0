"""Reading a course with all that the core and plugins find in it; needs no database."""

from dataclasses import replace

from innocap_lms import clock
from innocap_lms.content.frontmatter import split
from innocap_lms.content.model import Course
from innocap_lms.content.problems import errors
from innocap_lms.content.reader import Reading, read_course
from innocap_lms.content.rules import read_rules
from innocap_lms.plugin_host.contract import CourseSource
from innocap_lms.plugin_host.host import PluginHost


def read_checked(source: CourseSource, host: PluginHost, before: Course | None = None) -> Reading:
    """Read and check a course, with what plugins find in it; `before` is its edition in service."""
    kinds, today = list(host.kinds.values()), clock.utcnow().date()
    reading = read_course(source.folder, kinds, banks=source.banks, today=today, before=before)
    if reading.course is None:
        return reading
    found = list(reading.problems)
    for _plugin, more in host.call("check_course", course=reading.course, texts=reading.sources):
        found += more
    return replace(
        reading, problems=sorted(found), course=None if errors(found) else reading.course
    )


def course_id_in(shared: str) -> str:
    """The id in the text of a course.md, or "" when there is none that can be used."""
    return read_rules(split("course.md", shared), []).id
