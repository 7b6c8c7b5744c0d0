"""An adopted course goes back to its plugin: what that leaves behind, what has to be done first."""

import logging
from dataclasses import dataclass

from flask import abort, flash, redirect, url_for
from flask_babel import gettext as _

from innocap_lms.authoring import services
from innocap_lms.authoring.queries import (
    Authored,
    Elsewhere,
    authored,
    drafts_of,
    ever_authored,
    open_elsewhere,
    repository,
    saves_of,
    version,
)
from innocap_lms.authoring.versions import DamagedError, Version
from innocap_lms.catalogue.publishing import SourceReport, check_plugins_own
from innocap_lms.catalogue.queries import EditionView, editions_of
from innocap_lms.catalogue.services import PublishRefused
from innocap_lms.catalogue.sources import plugins_own, whole_of
from innocap_lms.content.model import Course
from innocap_lms.people.policy import require_viewer
from innocap_lms.people.viewer import keeps_track
from innocap_lms.plugin_host.current import plugins
from innocap_lms.studio.differences import Lines, difference
from innocap_lms.studio.notes import GIVEN_BACK, noted

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Leaving:
    """A course that would go back to its plugin. `edition` is the one that would be in service
    again, None for a new one; `last` is the newest version here, `only_here` the
    files that differ from those of the plugin, each with how it reads here instead; `drafts` are
    the viewer's, `elsewhere` others', and `waiting` the notes of versions that are being made."""

    course: Authored
    edition: EditionView | None
    last: Version | None
    only_here: tuple[tuple[str, Lines], ...]
    drafts: tuple[str, ...]
    elsewhere: tuple[Elsewhere, ...]
    waiting: tuple[str, ...]

    @property
    def note(self) -> str:
        """What the newest version is noted as."""
        return noted(self.last.note) if self.last else ""

    @property
    def is_held_up(self) -> bool:
        """Whether something has to be done first."""
        return bool(self.drafts or self.elsewhere or self.waiting)

    def carry_out(self) -> None:
        """Give it back, in the transaction that puts the plugin's edition in service. Raises
        PublishRefused."""
        note = GIVEN_BACK + self.course.plugin
        try:
            services.give_back(self.course.course_id, note, require_viewer().id)
        except services.NotHereError:
            raise PublishRefused(_("it was given back already")) from None
        except services.BusyError:
            said = _("somebody has a draft of it, or a version is being made")
            raise PublishRefused(said) from None


def plugins_files(course_id: str) -> tuple[Leaving, SourceReport, Course]:
    """The course as its plugin supplies it, beside what is here, for who keeps its track; else
    404. Where it cannot go back, the way leads to a page that says why."""
    viewer, course = require_viewer(), ever_authored(course_id)
    if course is None or not course.is_adopted or not keeps_track(viewer, course.track):
        abort(404)
    if authored(course_id) is None:
        flash(_("The course is the plugin’s already."))
        abort(redirect(url_for("studio.course", course_id=course_id), 303))
    report = check_plugins_own(plugins(), course.plugin, course_id)
    if report and report.course and not report.refused:
        try:
            return _leaving(course, report.course, viewer.id), report, report.course
        except DamagedError:
            log.exception("the course %s cannot be given back", course_id)
            abort(503)  # an administrator restores the repository
    if report is None:
        why = _("the plugin %(plugin)s does not supply it any more.", plugin=course.plugin)
    else:
        errors = _("the files of the plugin %(plugin)s hold errors.", plugin=course.plugin)
        why = report.refused or errors
    flash(_("The course cannot be given back: %(reason)s", reason=why), "warn")
    return abort(redirect(url_for("writing.overview", course_id=course_id), 303))


def _leaving(course: Authored, theirs: Course, person_id: str) -> Leaving:
    found, course_id = repository(), course.course_id
    same = (e for e in editions_of(course_id) if e.course.fingerprint == theirs.fingerprint)
    here, last = version(course, found.head()), found.versions(course.folder, most=1)
    source = plugins_own(plugins(), course.plugin, course_id)
    files = whole_of(source) if source else {}
    differing = [
        (path, difference(files.get(path), here[path]))
        for path in here
        if files.get(path) != here[path]
    ]
    gone = [(path, difference(files[path], None)) for path in files if path not in here]
    return Leaving(
        course,
        next(same, None),
        last[0] if last else None,
        tuple(sorted([*differing, *gone])),
        tuple(drafts_of(course_id, person_id)),
        tuple(open_elsewhere(course_id, person_id)),
        tuple(noted(each.note) for each in saves_of(course_id) if not each.done_at),
    )
