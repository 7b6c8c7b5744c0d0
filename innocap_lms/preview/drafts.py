"""The drafts of a preview: what is on disk, read anew at each save, in service on its own site."""

import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Final

from flask import Flask

from innocap_lms.catalogue.checked import id_taken, read_checked, unknown_design
from innocap_lms.catalogue.queries import EditionView, edition
from innocap_lms.catalogue.services import publish, store_files
from innocap_lms.content.files import legible
from innocap_lms.content.identifiers import is_id
from innocap_lms.content.lasting import Past
from innocap_lms.content.model import Course
from innocap_lms.content.problems import Problem
from innocap_lms.content.programme_reader import read_programme
from innocap_lms.content.reader import Reading
from innocap_lms.content.sequence import in_sequence
from innocap_lms.content.surroundings import known_in
from innocap_lms.extensions import db, writing
from innocap_lms.learning.moving import drop_unsent, move_all
from innocap_lms.plugin_host.contract import CourseSource, ProgrammeSource
from innocap_lms.plugin_host.host import PluginHost
from innocap_lms.preview.people import begin

log = logging.getLogger(__name__)

LOOK_SECONDS: Final = 0.05
PLUGIN: Final = "preview"  # what supplies the courses of a preview, whoever will later

Source = CourseSource | ProgrammeSource
Before = Callable[[Path], Past | None]  # the editions of the course in a folder
State = Callable[[Path], object]  # differs from before when a file of a draft has changed


@dataclass(frozen=True)
class Draft:
    """A course or programme as its files are, at a `place`: the folder of the one, the file of the
    other. `problems` are of the last look; `shown` is the edition that can be seen, None where none
    could be read yet; it `is_old` while the files cannot be shown.

    `files` maps ids of parts ("" is the front page) to their file in the lead language; `live` is
    the edition in service.
    """

    source: Source
    place: Path
    shown: EditionView | None = None
    is_old: bool = False
    problems: tuple[Problem, ...] = ()
    files: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    live: Course | None = None

    @property
    def name(self) -> str:
        """What the draft is called in addresses: the name of its folder, or the programme's id."""
        if isinstance(self.source, ProgrammeSource):
            return self.source.id
        return legible(self.place.resolve().name)

    @property
    def where(self) -> str:
        """Its place, as a page can show it."""
        return legible(str(self.place))


def _is_twin(other: Draft, draft: Draft, course_id: str) -> bool:
    """Whether another folder's course is shown under that id."""
    if other.name == draft.name or other.shown is None:
        return False
    return other.shown.course.id == course_id


class Drafts:
    """All drafts of a preview, and how often any of them has changed."""

    def __init__(
        self, app: Flask, sources: Mapping[Path, Source], past: Before, state: State
    ) -> None:
        self._app, self._past, self._state = app, past, state
        drafts = [Draft(source, place) for place, source in sources.items()]
        self._drafts = {draft.name: draft for draft in drafts}
        self._seen: dict[str, object] = {}
        self._turn = 0
        self._changed, self._over = threading.Condition(), threading.Event()

    def all(self) -> list[Draft]:
        return list(self._drafts.values())

    def get(self, name: str) -> Draft | None:
        return self._drafts.get(name)

    @property
    def turn(self) -> int:
        """How often something has changed since the start."""
        return self._turn

    def look(self) -> bool:
        """Read what has changed since the last look; whether anything had."""
        changed = False
        for name, draft in self._drafts.items():
            state = self._state(draft.place)
            if self._seen.get(name) != state:
                self._drafts[name] = self._read(draft)
                self._seen[name] = state
                changed = True
        if changed:
            with self._changed:
                self._turn += 1
                self._changed.notify_all()
        return changed

    def keep_looking(self) -> None:
        """Look until `stop`."""
        while not self._over.wait(LOOK_SECONDS):
            try:
                self.look()
            except Exception:  # the next save is another chance
                log.exception("the courses could not be looked at")

    def wait(self, turn: int, seconds: float) -> int:
        """The turn, once it is another than `turn` or that time has passed."""
        with self._changed:
            self._changed.wait_for(lambda: self._turn != turn or self._over.is_set(), seconds)
            return self._turn

    def stop(self) -> None:
        self._over.set()
        with self._changed:
            self._changed.notify_all()

    def _read(self, draft: Draft) -> Draft:
        host: PluginHost = self._app.extensions["innocap_host"]
        with self._app.app_context():
            past = None
            if isinstance(draft.source, ProgrammeSource):
                reading = self._programme(draft.source, host)
            else:
                past = self._past(draft.place)
                reading = read_checked(draft.source, host, past)
            read = replace(
                draft,
                problems=tuple(reading.problems),
                files=reading.part_files,
                live=past.serving if past else None,
                is_old=True,
            )
            try:
                return self._put_into_service(read, reading)
            except Exception:  # of a course with errors anything may be missing
                log.debug("%s cannot be shown as it is", draft.place, exc_info=True)
                return replace(read, is_old=True)
            finally:
                db.session.remove()

    def _programme(self, source: ProgrammeSource, host: PluginHost) -> Reading:
        """The programme beside the courses and programmes that are followed."""
        reading = in_sequence(
            read_programme(source.folder, source.id),
            known_in(
                [each.folder for _plugin, each in host.courses],
                [(each.folder, each.id) for _plugin, each in host.programmes],
            ),
        )
        return replace(
            reading, problems=sorted([*reading.problems, *unknown_design(reading, host)])
        )

    def _put_into_service(self, draft: Draft, reading: Reading) -> Draft:
        course = reading.draft
        if course is None or not is_id(course.id):
            return replace(draft, is_old=True)
        if twin := next((each for each in self.all() if _is_twin(each, draft, course.id)), None):
            more = id_taken(reading, twin.place)
            return replace(draft, is_old=True, problems=(*draft.problems, more))
        files = self._app.extensions["innocap_settings"].data_dir / "files"
        store_files(course.assets.values(), draft.source.folder, files)
        with writing():
            made = publish(course, track=draft.source.track, plugin=PLUGIN, actor_id=None)
            shown = edition(made.edition_id)
            begin(shown)
            move_all(shown)
            drop_unsent(shown)
        return replace(draft, shown=shown, is_old=False)
