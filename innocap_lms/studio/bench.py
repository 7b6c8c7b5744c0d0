"""A course as somebody has it open in the browser: its files, what is wrong, how it will look."""

import hashlib
import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from flask import abort, url_for
from flask_babel import gettext as _
from markupsafe import Markup

from innocap_lms.authoring import services
from innocap_lms.authoring.merging import ConflictError, merge
from innocap_lms.authoring.paths import is_text
from innocap_lms.authoring.queries import Authored, Working, authored, repository, working
from innocap_lms.authoring.rights import rights_in
from innocap_lms.authoring.services import Content
from innocap_lms.authoring.versions import DamagedError
from innocap_lms.catalogue.checked import id_changed, read_checked
from innocap_lms.catalogue.comparison import asked, pieces
from innocap_lms.catalogue.others import Others
from innocap_lms.catalogue.queries import editions_of, offering
from innocap_lms.catalogue.services import write_whole
from innocap_lms.content.lasting import Past
from innocap_lms.content.model import Course
from innocap_lms.content.naming import BANKS, bank_of, stem_of
from innocap_lms.content.page import Resolve
from innocap_lms.content.problems import Problem
from innocap_lms.content.reader import Reading
from innocap_lms.content.versions import compared_with, version_in
from innocap_lms.people.browser import site_settings
from innocap_lms.people.policy import require_viewer
from innocap_lms.plugin_host.contract import CourseSource
from innocap_lms.plugin_host.current import plugins
from innocap_lms.studio.differences import Lines, difference

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Place:
    """Where a file belongs: the id of its part ("" is the front page; that of a bank is given with
    its folder, "_banks/basics"), and its language."""

    part: str
    language: str


@dataclass(frozen=True)
class Bench:
    """A course, what the viewer may do with it, and its files with the viewer's own drafts."""

    course: Authored
    rights: frozenset[str]
    working: Working

    @cached_property
    def reading(self) -> Reading:
        """The files, read and checked."""
        host = plugins()
        source = CourseSource(self.course.track, self.working.folder(self.course.course_id))
        serving = offering(self.course.course_id)
        past = Past(serving.edition.course, self._every) if serving else None
        found = Others(host).beside(read_checked(source, host, past))
        if found.draft is None or found.draft.id in ("", self.course.course_id):
            return found
        problems = [*found.problems, id_changed(found, self.course.course_id)]
        return replace(found, course=None, problems=sorted(problems))

    def _every(self) -> Iterator[Course]:
        return (each.course for each in editions_of(self.course.course_id))

    @property
    def title(self) -> str:
        draft = self.reading.draft
        texts = list(draft.texts.values()) if draft else []
        return texts[0].title if texts else self.course.course_id

    def problems_of(self, path: str) -> list[Problem]:
        return [each for each in self.reading.problems if each.file == path]

    def is_readable(self, path: str) -> bool:
        """Whether a file is text, so that it can be written on here without losing a letter."""
        return _text_in(self.working.files[path]) is not None

    def place_of(self, path: str) -> Place | None:
        """Where a file belongs; None for the rules, for pictures and for what is no part."""
        if not is_text(path) or path.count(".") < 2:
            return None
        stem, language = stem_of(path), path.split(".")[-2]
        for part, lead in self._leads.items():
            if stem_of(lead) == stem:
                return Place(part, language)
        return None

    @cached_property
    def _leads(self) -> Mapping[str, str]:
        """The file in the lead language of each part and each bank."""
        banks = {f"{BANKS}/{name}": bank.file for name, bank in self.reading.banks.items()}
        return {**self.reading.part_files, **banks}

    def lead_of(self, path: str) -> str:
        """The file that a translation is of; "" for one in the lead language."""
        place = self.place_of(path)
        lead = self._leads.get(place.part, "") if place else ""
        return "" if lead == path else lead

    def newer(self, path: str) -> Lines:
        """How the newest version differs from the viewer's draft, where somebody has changed in it
        what the draft changes too: the two cannot be put together by themselves. Else nothing."""
        draft, now = self.working.drafts.get(path), self.working.kept.get(path, "")
        if draft is None or draft.text is None or draft.base == now:
            return []
        newest = repository().read([now])[0] if now else b""
        try:
            before = repository().read([draft.base])[0].decode() if draft.base else ""
            if now:
                merge(before, newest.decode(), draft.text)
                return []
        except (ConflictError, UnicodeDecodeError, DamagedError):
            pass
        return difference(draft.text.encode(), newest)

    def lead_changes(self, path: str) -> Lines:
        """How the lead language has changed since this translation was compared with it; nothing
        where it has not, or the earlier text is not among the newest versions."""
        lead, sources = self.lead_of(path), self.reading.sources
        then = compared_with(sources.get(path, "")) if lead else ""
        if not then or then == version_in(sources.get(lead, "")):
            return []
        found = repository()
        for each in found.versions(self.course.folder, lead):
            kept = found.files(each.id, self.course.folder).get(lead)
            earlier = found.read([kept])[0] if kept else b""
            if version_in(earlier.decode(errors="replace")) == then:
                return difference(earlier, sources[lead].encode())
        return []

    def shown(self, path: str) -> list[Markup]:
        """The part that a file is of, as learners will read it, piece by piece."""
        place, draft = self.place_of(path), self.reading.draft
        if place is None or draft is None:
            return []
        resolve, bank = self._resolver(draft), self.reading.banks.get(bank_of(path))
        found = (
            asked(draft, bank.questions, place.language, resolve)
            if bank
            else pieces(draft, place.part, place.language, resolve)
        )
        return [Markup(each.html) for each in found]  # noqa: S704 - sanitised by rendering

    def _resolver(self, draft: Course) -> Resolve:
        """Links of the text lead to the files that are written."""
        course_id = self.course.course_id

        def resolve(target: str) -> str | None:
            if target in draft.assets:
                return url_for("editor.raw", course_id=course_id, path=target)
            if lead := self.reading.part_files.get(target):
                return url_for("editor.edit", course_id=course_id, path=lead)
            return None

        return resolve


def bench(course_id: str, *need: str) -> Bench:
    """The course on the viewer's bench; 404 without any right to it, 403 without each of `need`."""
    viewer, found = require_viewer(), authored(course_id)
    rights = rights_in(viewer, found.track, course_id) if found else frozenset[str]()
    if found is None or not rights:
        abort(404)
    if not rights.issuperset(need):
        abort(403)
    try:
        return Bench(found, rights, working(found, viewer.id))
    except DamagedError:
        log.exception("the course %s cannot be opened", course_id)
        abort(503)  # an administrator restores the repository; drafts lie in the database


def put(found: Bench, path: str, content: Content, *, over: bool = False) -> None:
    """Make this the viewer's draft of a file, from the newest version on. In a write transaction.

    Raises UnfitError, and StaleError where the viewer has a draft of it already, unless that is to
    be written `over`.
    """
    draft = found.working.drafts.get(path) if over else None
    base, stamp = found.working.kept.get(path, ""), draft.stamp if draft else ""
    services.keep(found.course.course_id, path, require_viewer().id, content, base, stamp)


def draft_first(path: str) -> str:
    """What to say where something would take the place of a draft."""
    return _("You have a draft of %(path)s. Save it as a version or discard it first.", path=path)


def picture(data: bytes) -> Content:
    """What is no text, kept beside the database by its SHA-256."""
    sha256 = hashlib.sha256(data).hexdigest()
    folder = site_settings().data_dir / "files"
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / sha256).is_file():
        write_whole(data, folder / sha256)
    return Content(sha256=sha256)


def held(path: str, data: bytes) -> Content:
    """The bytes of a file as a draft holds them."""
    text = _text_in(data) if is_text(path) else None
    return picture(data) if text is None else Content(text=text)


def _text_in(data: bytes) -> str | None:
    """None for what is no UTF-8, or has a character zero, which PostgreSQL keeps in no column."""
    try:
        text = data.decode()
    except UnicodeDecodeError:  # to be replaced: the checker names it
        return None
    return None if "\0" in text else text
