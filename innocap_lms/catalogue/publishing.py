"""From the files of a plugin to editions: reading, checking, publishing course by course."""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

from sqlalchemy.exc import IntegrityError

from innocap_lms.catalogue.checked import course_id_in, read_checked, unknown_design
from innocap_lms.catalogue.claims import Claims
from innocap_lms.catalogue.others import Others
from innocap_lms.catalogue.queries import OfferingView, editions_of, offerings, owners
from innocap_lms.catalogue.services import Published, PublishRefused, publish, store_files
from innocap_lms.catalogue.sources import Supplied, plugins_own, supplied
from innocap_lms.content.lasting import Past
from innocap_lms.content.model import Course
from innocap_lms.content.problems import Problem, errors
from innocap_lms.content.programme_reader import read_programme
from innocap_lms.extensions import writing
from innocap_lms.plugin_host.contract import CourseSource, ProgrammeSource
from innocap_lms.plugin_host.host import PluginHost

log = logging.getLogger(__name__)

TRIES = 3
Then = Callable[[Published], object]


@dataclass(frozen=True)
class SourceReport:
    """What became of one source: the problems of its files, and the edition, if there is one.

    `refused` says why the course or programme cannot be published although its files may be sound.
    """

    plugin: str
    source: CourseSource | ProgrammeSource
    course_id: str
    problems: tuple[Problem, ...]
    course: Course | None = None
    published: Published | None = None
    refused: str = ""
    written_here: bool = False

    @property
    def name(self) -> str:
        """How it is called among files: the folder of a course, the id of a programme."""
        source = self.source
        return source.id if isinstance(source, ProgrammeSource) else source.folder.name


def check_sources(host: PluginHost, only: Iterable[str] = ()) -> Iterator[SourceReport]:
    """Read every course that there are files of, or those whose folder is named in `only`.

    A course that cannot be read at all is refused; in strict mode the reason is raised.
    """
    wanted, in_service = set(only), {each.course_id: each for each in offerings()}
    claims, others = Claims(owners()), Others(host)
    for each in supplied(host):
        if not wanted or each.source.folder.name in wanted:
            report = _read(each, host, in_service, others)
            yield _claimed(report, each.source.folder.name, claims, host)


def check_plugins_own(host: PluginHost, plugin: str, course_id: str) -> SourceReport | None:
    """Read a course as its plugin supplies it, whatever stands in the place of those files; None
    where it does not."""
    source = plugins_own(host, plugin, course_id)
    if source is None:
        return None
    in_service = {each.course_id: each for each in offerings()}
    report = _read(Supplied(plugin, source), host, in_service, Others(host))
    return _claimed(report, source.folder.name, Claims(owners()), host)


def _claimed(report: SourceReport, where: str, claims: Claims, host: PluginHost) -> SourceReport:
    """The report with what refuses a course or programme beside its files, which lie `where`: its
    id is another's, or its track is not there."""
    plugin, track = report.plugin, report.source.track
    refused = claims.refusal(report.course_id, plugin, where)
    if track not in host.tracks:
        refused = refused or f"plugin {plugin} names a track {track}: there is none"
    return replace(report, refused=report.refused or refused)


def check_programmes(host: PluginHost, only: Iterable[str] = ()) -> Iterator[SourceReport]:
    """Read every programme that a plugin supplies, or those named by their ids."""
    wanted, claims, others = set(only), Claims(owners()), Others(host)
    for plugin, source in host.programmes:
        if wanted and source.id not in wanted:
            continue
        reading = others.beside(read_programme(source.folder, source.id))
        problems = sorted([*reading.problems, *unknown_design(reading, host)])
        course = None if errors(problems) else reading.course
        report = SourceReport(plugin, source, source.id, tuple(problems), course)
        yield _claimed(report, f"{source.id}.programme.md", claims, host)


def _read(
    found: Supplied, host: PluginHost, in_service: Mapping[str, OfferingView], others: Others
) -> SourceReport:
    plugin, source, name = found.plugin, found.source, found.source.folder.name
    here = bool(found.written_here)
    if found.fault:
        return SourceReport(plugin, source, name, (), refused=found.fault, written_here=here)
    try:
        reading = others.beside(read_checked(source, host, _past(source, in_service)))
    except Exception as error:  # a question kind is a plugin's
        if host.strict:
            raise
        log.exception("the course in %s of plugin %s cannot be read", name, plugin)
        return SourceReport(plugin, source, name, (), refused=f"it cannot be read: {error}")
    said = course_id_in(reading.sources.get("course.md", ""))
    course_id = found.written_here or said or name
    problems, course = tuple(reading.problems), reading.course
    if here and course is not None and course.id != course_id:
        # Whoever may write one course could else put it in the place of another.
        why = f"its course.md calls it {course.id}: the id of a course never changes"
        return SourceReport(plugin, source, course_id, problems, refused=why, written_here=here)
    return SourceReport(plugin, source, course_id, problems, course, written_here=here)


def _past(source: CourseSource, in_service: Mapping[str, OfferingView]) -> Past | None:
    try:
        shared = source.folder.joinpath("course.md").read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return None
    found = in_service.get(course_id_in(shared))
    if found is None:
        return None
    return Past(found.edition.course, lambda: (e.course for e in editions_of(found.course_id)))


def publish_sources(
    host: PluginHost,
    files: Path,
    *,
    only: Iterable[str] = (),
    only_new: bool = False,
    then: Then | None = None,
    actor_id: str | None = None,
) -> Iterator[SourceReport]:
    """Publish every course and programme whose files hold no error; the last good edition of others
    serves on.

    What is written in the browser is published there, or where it is named in `only`. `only_new`
    leaves alone courses that are in service already. Opens one transaction per course;
    in it `then` is told of each new edition.
    """
    in_service, named = owners().keys() if only_new else (), set(only)
    for report in chain(check_sources(host, named), check_programmes(host, named)):
        if report.written_here and not named:
            continue
        if report.course is None or report.refused or report.course_id in in_service:
            yield report
            continue
        try:
            published = put_into_service(report, files, then, actor_id)
        except PublishRefused as refused:
            yield replace(report, refused=str(refused))
        else:
            yield replace(report, published=published)


def put_into_service(
    report: SourceReport, files: Path, then: Then | None = None, actor_id: str | None = None
) -> Published:
    """Publish what was read, in a transaction of its own; where somebody publishes the same course
    just now, look again at the result. Raises PublishRefused, and ValueError for files with
    errors."""
    course = report.course
    if course is None:
        raise ValueError(f"the files of {report.course_id} hold errors")
    store_files(course.assets.values(), report.source.folder, files)
    for _again in range(TRIES - 1):
        try:
            return _publish(report, course, then, actor_id)
        except IntegrityError:
            log.info("the course %s is being published elsewhere", course.id)
    return _publish(report, course, then, actor_id)


def _publish(
    report: SourceReport, course: Course, then: Then | None, actor_id: str | None
) -> Published:
    with writing():
        track, plugin = report.source.track, report.plugin
        published = publish(course, track=track, plugin=plugin, actor_id=actor_id)
        if then is not None:
            then(published)
        return published
