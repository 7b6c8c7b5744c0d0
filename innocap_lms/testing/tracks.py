"""What each track is held to: a plugin tests it by `class TestTrack(TrackTests)` and two names."""

import json
from pathlib import Path
from types import ModuleType
from typing import Any, ClassVar

from innocap_lms.content.kinds import QuestionKind
from innocap_lms.content.model import Course
from innocap_lms.content.programme_reader import read_programme
from innocap_lms.plugin_host.contract import Card, Learner
from innocap_lms.testing.calls import called_as
from innocap_lms.testing.courses import ids_of, problems_of, read
from innocap_lms.testing.guessing import guesses

MOST_BY_GUESSING = 0.4


class TrackTests:
    """Sound courses in Swedish and English, ids that stay, quizzes that guessing does not pass.

    `ids` is a JSON file of `ids_of` by course id. Ids are for ever: add new ones, change none.
    """

    track: ClassVar[ModuleType]
    ids: ClassVar[Path]

    def kept(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.ids.read_text(encoding="utf-8"))
        return found

    def kinds(self) -> list[QuestionKind]:
        register = getattr(self.track, "register_question_kinds", None)
        return list(register()) if register else []

    def steps(self) -> Path | None:
        """The folder with the steps of the plugin's tables, where it has some."""
        folder = Path(str(self.track.__file__)).parent / "migrations" / self.track.plugin.name
        return folder if folder.is_dir() else None

    def courses(self) -> list[Course]:
        return [read(source, self.kinds()) for source in self.track.register_courses()]

    def cards(self, language: str, *completed: str) -> list[Card]:
        """The track's cards for who has completed these courses, with its settings untouched and
        its tables empty."""
        with called_as(self.track.plugin, self.steps()):
            return list(self.track.dashboard_cards(Learner(language, frozenset(completed))))

    def test_the_files_hold_no_problem(self) -> None:
        for source in self.track.register_courses():
            assert problems_of(source, self.kinds()) == [], source.folder.name

    def test_the_files_of_programmes_hold_no_problem(self) -> None:
        """Whether their courses are there, `innocap-lms course check` sees: they may be another
        plugin's."""
        register = getattr(self.track, "register_programmes", list)
        for source in register():
            assert read_programme(source.folder, source.id).problems == [], source.id

    def test_every_course_and_lesson_is_there_in_swedish_and_english(self) -> None:
        there, kept = {course.id for course in self.courses()}, set(self.kept())
        assert there == kept, f"{self.ids} is to name each course: {sorted(there ^ kept)}"
        for course in self.courses():
            assert set(course.languages) == {"sv", "en"}
            for lesson in course.lessons:
                assert set(lesson.texts) == {"sv", "en"}, lesson.id

    def test_ids_stay(self) -> None:
        for course in self.courses():
            kept, now = self.kept().get(course.id), ids_of(course)
            line = f'"{course.id}": {json.dumps(now)}'
            assert kept is not None, f"write into {self.ids}, after a comma: {line}"
            assert now == kept, (
                f"where ids are new, and none is gone, write into {self.ids}: {line}"
            )

    def test_guessing_earns_less_than_two_fifths(self) -> None:
        for course in self.courses():
            paying = [
                guess for guess in guesses(course, self.kinds()) if guess[-1] >= MOST_BY_GUESSING
            ]
            assert not paying, f"{course.id}: {paying}"

    def test_a_card_to_practise_leads_to_a_lesson_of_the_completed_course(self) -> None:
        for language in ("sv", "en"):
            assert self.cards(language) == []
            for course in self.courses():
                cards = self.cards(language, course.id)
                assert len(cards) == 1, f"one card for who has completed {course.id} ({language})"
                (card,) = cards
                lessons = [f"/courses/{course.id}/{lesson.id}" for lesson in course.lessons]
                assert card.url in lessons

    def test_a_card_in_a_language_that_the_track_lacks_is_in_english(self) -> None:
        for course in self.kept():
            assert self.cards("fi", course) == self.cards("en", course) != []
