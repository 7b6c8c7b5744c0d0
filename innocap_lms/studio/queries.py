"""What the trainer's desk shows: each course that a plugin supplies, its edition, its problems."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from innocap_lms.catalogue.publishing import SourceReport, check_programmes, check_sources
from innocap_lms.catalogue.queries import OfferingView, offering, offerings
from innocap_lms.content.problems import Problem, errors
from innocap_lms.learning.counts import learners_by_course
from innocap_lms.people.viewer import Viewer, keeps_track
from innocap_lms.plugin_host.host import PluginHost
from innocap_lms.plugin_host.loading import LOCAL


@dataclass(frozen=True)
class StudioCourse:
    """A course or programme at the trainer's desk. Without an edition it has never been published.

    `refusals` say why files that may be sound cannot be published. `has_files` is False for a
    course in service whose plugin is gone, or supplies it no longer; `written_here` says that they
    are written in the browser, `can_be_published` that nothing of its own keeps them back.
    """

    id: str
    title: str
    plugin: str
    track: str
    languages: tuple[str, ...]
    edition_number: int | None
    published_at: datetime | None
    changed: bool
    has_files: bool
    written_here: bool
    can_be_published: bool
    enrolled: int
    completed: int
    problems: tuple[Problem, ...]
    refusals: tuple[str, ...]

    @property
    def begun_here(self) -> bool:
        """Whether it was begun in the browser, so that no plugin has ever supplied it."""
        return self.plugin == LOCAL

    @property
    def errors(self) -> int:
        return len(errors(list(self.problems)))

    @property
    def warnings(self) -> int:
        return len(self.problems) - self.errors


def studio_courses(host: PluginHost, language: str, viewer: Viewer) -> list[StudioCourse]:
    """The viewer's own courses, in files and in service, each once, by track and title."""
    return _own(offerings(), check_sources(host), language, viewer)


def studio_programmes(host: PluginHost, language: str, viewer: Viewer) -> list[StudioCourse]:
    """The same of programmes."""
    return _own(offerings("programme"), check_programmes(host), language, viewer)


def _own(
    serving: Iterable[OfferingView],
    reports: Iterable[SourceReport],
    language: str,
    viewer: Viewer,
) -> list[StudioCourse]:
    in_service = {item.course_id: item for item in serving}
    learners = learners_by_course()
    read: defaultdict[str, list[SourceReport]] = defaultdict(list)
    for report in reports:
        read[report.course_id].append(report)
    found = [
        _joined(course_id, in_service.get(course_id), read[course_id], learners, language)
        for course_id in sorted(in_service.keys() | read.keys())
    ]
    own = [course for course in found if keeps_track(viewer, course.track)]
    return sorted(own, key=lambda course: (course.track, course.title))


def own_offering(viewer: Viewer, course_id: str) -> OfferingView | None:
    """The course in service, if its track is the viewer's own."""
    found = offering(course_id)
    return found if found is not None and keeps_track(viewer, found.track) else None


def _joined(
    course_id: str,
    offering: OfferingView | None,
    reports: Sequence[SourceReport],
    learners: dict[str, tuple[int, int]],
    language: str,
) -> StudioCourse:
    """The course as its own plugin supplies it; what others claim is among `refusals`."""
    edition = offering.edition if offering else None
    owner = offering.plugin if offering else reports[0].plugin
    report = next((report for report in reports if report.plugin == owner), None)
    course = (report.course if report else None) or (edition.course if edition else None)
    enrolled, completed = learners.get(course_id, (0, 0))
    fingerprint = report.course.fingerprint if report and report.course else None
    return StudioCourse(
        id=course_id,
        title=course.texts[course.language(language)].title if course else course_id,
        plugin=owner,
        track=report.source.track if report else offering.track if offering else "",
        languages=course.languages if course else (),
        edition_number=edition.number if edition else None,
        published_at=edition.published_at if edition else None,
        changed=bool(edition and fingerprint and fingerprint != edition.course.fingerprint),
        has_files=report is not None,
        written_here=report is not None and report.written_here,
        can_be_published=bool(report and report.course and not report.refused),
        enrolled=enrolled,
        completed=completed,
        problems=report.problems if report else (),
        refusals=tuple(each.refused for each in reports if each.refused),
    )
