"""From the files of a plugin to editions: reading, checking, publishing course by course."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from innocap_lms import clock
from innocap_lms.catalogue.queries import offerings
from innocap_lms.catalogue.services import Published, PublishRefused, publish, store_files
from innocap_lms.content.model import Course
from innocap_lms.content.problems import Problem
from innocap_lms.content.reader import read_course
from innocap_lms.extensions import writing
from innocap_lms.plugin_host.contract import CourseSource
from innocap_lms.plugin_host.host import PluginHost


@dataclass(frozen=True)
class SourceReport:
    """What became of one source: the problems of its files, and the edition, if there is one."""

    plugin: str
    source: CourseSource
    course_id: str
    problems: tuple[Problem, ...]
    course: Course | None = None
    published: Published | None = None
    refused: str = ""


def check_sources(host: PluginHost, only: Iterable[str] = ()) -> Iterator[SourceReport]:
    """Read every source that a plugin supplies, or those whose folder is named in `only`."""
    wanted = set(only)
    kinds = list(host.kinds.values())
    for plugin, source in host.courses:
        if not wanted or source.folder.name in wanted:
            reading = read_course(source.folder, kinds, today=clock.utcnow().date())
            course, name = reading.course, source.folder.name
            course_id = course.id if course else name
            yield SourceReport(plugin, source, course_id, tuple(reading.problems), course)


def publish_sources(
    host: PluginHost, files: Path, *, only: Iterable[str] = (), only_new: bool = False
) -> Iterator[SourceReport]:
    """Publish every source whose files hold no error; the last good edition of others serves on.

    `only_new` leaves alone courses that are in service already. Opens one transaction per course.
    """
    in_service = {item.course_id for item in offerings()} if only_new else set()
    for report in check_sources(host, only):
        course, source = report.course, report.source
        if course is None or course.id in in_service:
            yield report
            continue
        store_files(
            {
                asset.sha256: source.folder.joinpath(asset.path).read_bytes()
                for asset in course.assets.values()
            },
            files,
        )
        try:
            with writing():
                published = publish(course, track=source.track, plugin=report.plugin, actor_id=None)
        except PublishRefused as refused:
            yield replace(report, refused=str(refused))
        else:
            yield replace(report, published=published)
