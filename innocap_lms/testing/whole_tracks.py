"""What a finished track is held to, beside what every track is: a plugin tests it by
`class TestTrack(WholeTrackTests)` and the same two names."""

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterator
from importlib.resources.abc import Traversable

from innocap_lms.content.model import Companion, Course, Lesson, Question, Quiz
from innocap_lms.content.readability import running_words
from innocap_lms.printing.files import reader_of
from innocap_lms.printing.pdf import page_count, sheet_pdf
from innocap_lms.printing.sheets import sheet_of
from innocap_lms.printing.slides import deck_of
from innocap_lms.testing.courses import read
from innocap_lms.testing.tracks import TrackTests

FEWEST_LESSONS = 4
MINUTES = range(10, 21)  # one sitting between two meetings
WORDS = range(600, 1201)  # read one after the other: tables, pictures, checklists come on top
PRACTICE = range(3, 6)  # questions after a lesson
FEWEST_IN_BANK, ASKED = 20, 10
FEWEST_KINDS = 4
FEWEST_OF_AN_OUTCOME = 3  # so that a second attempt meets another one
FEWEST_CRITERIA = 4
FEWEST_SLIDES = 5
BOXES = ("[!TRY]", "[!MISTAKES]", "[!SUMMARY]")
SUM_OF_OTHERS = re.compile(
    r"\b(?:alla|inget|inga|ingen) (?:av )?(?:ovan|de andra|alternativ)"
    r"|\b(?:all|none|both) of the (?:above|others)",
    re.IGNORECASE,
)


class WholeTrackTests(TrackTests):
    """Lessons of one sitting, practice after each, a final quiz that another attempt finds new,
    answers that teach, a task at work, a drawing of the course's own, and what a workshop needs on
    paper."""

    def quizzes(self, use: str) -> Iterator[tuple[Course, Quiz]]:
        for course in self.courses():
            yield from ((course, quiz) for quiz in course.quizzes if quiz.use == use)

    def test_each_lesson_is_read_in_one_sitting(self) -> None:
        for course in self.courses():
            assert len(course.lessons) >= FEWEST_LESSONS, course.id
            for lesson in course.lessons:
                for language, text in lesson.texts.items():
                    name = f"{course.id}/{lesson.id} ({language})"
                    assert text.minutes in MINUTES, f"{name}: {text.minutes} minutes"
                    words = running_words(text.body)
                    assert words in WORDS, f"{name}: {words} words"

    def test_each_lesson_has_something_to_try_common_mistakes_and_a_summary(self) -> None:
        for course in self.courses():
            for lesson in course.lessons:
                for language, text in lesson.texts.items():
                    missing = [box for box in BOXES if box not in text.body]
                    assert not missing, f"{course.id}/{lesson.id} ({language}): {missing}"

    def test_each_source_has_an_address_and_a_year(self) -> None:
        for course in self.courses():
            for lesson in course.lessons:
                for language, text in lesson.texts.items():
                    name = f"{course.id}/{lesson.id} ({language})"
                    assert text.sources, name
                    for source in text.sources:
                        assert source.url, f"{name}: “{source.title}” has no address"
                        assert source.year, f"{name}: “{source.title}” has no year"

    def test_each_lesson_is_followed_by_practice_of_what_it_is_for(self) -> None:
        for course in self.courses():
            after = zip(course.activities, course.activities[1:], strict=False)
            for lesson, quiz in ((one, two) for one, two in after if isinstance(one, Lesson)):
                name = f"{course.id}/{lesson.id}"
                assert isinstance(quiz, Quiz), name
                assert quiz.use == "practice", name
                assert len(quiz.questions) in PRACTICE, name
                goals = next(iter(lesson.texts.values())).goals
                assert {each.outcome for each in quiz.questions} <= {*goals}, name

    def test_another_attempt_at_the_final_quiz_asks_something_else(self) -> None:
        for course, quiz in self.quizzes("graded"):
            assert quiz.asked_count == ASKED, course.id
            assert len(quiz.questions) >= FEWEST_IN_BANK, course.id
            assert len({each.kind for each in quiz.questions}) >= FEWEST_KINDS, course.id

    def test_no_practice_gives_a_question_of_the_final_quiz_away(self) -> None:
        for course, quiz in self.quizzes("graded"):
            graded = {_asked(question) for question in quiz.questions}
            for other in course.quizzes:
                if other.use == "practice":
                    same = graded & {_asked(question) for question in other.questions}
                    assert not same, f"{course.id}/{other.id}: {same}"

    def test_each_outcome_is_tested_by_several_questions(self) -> None:
        for course, quiz in self.quizzes("graded"):
            found = Counter(question.outcome for question in quiz.questions)
            for outcome in course.texts[course.languages[0]].outcomes:
                assert found[outcome.id] >= FEWEST_OF_AN_OUTCOME, f"{course.id}: {outcome.id}"

    def test_each_option_says_why(self) -> None:
        """Of a kind of the track's own: once one of its options does."""
        for course in self.courses():
            silent = [
                f"{quiz.id}/{question.id} ({language}): {option['id']}"
                for quiz in course.quizzes
                for question in quiz.questions
                for language, view in question.views.items()
                if (said := _said_of_options(course, quiz, question, language))
                or question.kind in ("single", "multiple")
                for option in view.get("options", ())
                if option["id"] not in said and "terms" not in view
            ]
            assert not silent, f"{course.id}: {silent}"

    def test_no_option_is_the_sum_of_the_others(self) -> None:
        for course in self.courses():
            for quiz in course.quizzes:
                for question in quiz.questions:
                    for view in question.views.values():
                        for option in view.get("options", ()):
                            name = f"{course.id}/{quiz.id}/{question.id}: {option['text']}"
                            assert not SUM_OF_OTHERS.search(option["text"]), name

    def test_each_marked_question_teaches_afterwards(self) -> None:
        for course in self.courses():
            silent = [
                f"{quiz.id}/{question.id} ({language})"
                for quiz in course.quizzes
                for question in quiz.questions
                for language in question.views
                if question.points
                and not _said_of_options(course, quiz, question, language)
                and not course.keys[quiz.id][question.id]["feedback"][language].get("question")
            ]
            assert not silent, f"{course.id}: {silent}"

    def test_each_course_leads_to_work_that_others_assess(self) -> None:
        for course in self.courses():
            assert course.tasks, course.id
            for task in course.tasks:
                assert len(task.criteria) >= FEWEST_CRITERIA, f"{course.id}/{task.id}"

    def test_each_course_has_templates_a_pocket_guide_and_a_facilitators_guide(self) -> None:
        for course in self.courses():
            kinds = {each.kind for each in course.companions}
            missing = {"template", "pocket-guide", "facilitator"} - kinds
            assert not missing, f"{course.id}: no {', no '.join(sorted(missing))}"
            for each in course.companions:
                assert set(each.bodies) == set(course.languages), f"{course.id}/{each.id}"

    def test_templates_and_pocket_guides_are_one_printed_page(self) -> None:
        for source in self.track.register_courses():
            course = read(source, self.kinds())
            for each in course.companions:
                for language in each.bodies if each.kind != "facilitator" else ():
                    pages = _pages(course, each, language, source.folder)
                    assert pages == 1, f"{course.id}/{each.id} ({language}): {pages} pages"

    def test_each_lesson_gives_slides(self) -> None:
        for course in self.courses():
            for lesson in course.lessons:
                for language in lesson.texts:
                    slides = deck_of(course, lesson, language).slides
                    name = f"{course.id}/{lesson.id} ({language})"
                    assert len(slides) >= FEWEST_SLIDES, f"{name}: {len(slides)} slides"

    def test_each_course_has_a_drawing_that_says_in_words_what_it_shows(self) -> None:
        for source in self.track.register_courses():
            folder = source.folder / "images"
            files = list(folder.iterdir()) if folder.is_dir() else []
            for language in ("sv", "en"):
                own = [each for each in files if each.name.endswith(f".{language}.svg")]
                assert own, f"{source.folder.name}: no drawing in {language}"
                for each in own:
                    text = each.read_text(encoding="utf-8")
                    missing = [mark for mark in ("<title", "<desc") if mark not in text]
                    assert not missing, f"{source.folder.name}: {each.name} lacks {missing}"


def _said_of_options(course: Course, quiz: Quiz, question: Question, language: str) -> set[str]:
    """The options that have feedback of their own."""
    return set(course.keys[quiz.id][question.id]["feedback"][language].get("options", ()))


def _pages(course: Course, companion: Companion, language: str, folder: Traversable) -> int:
    day = dt.date.fromisoformat(course.reviewed)
    return page_count(
        sheet_pdf(sheet_of(course, companion, language), reader_of(folder, course), day)
    )


def _asked(question: Question) -> str:
    return str(next(iter(question.views.values()))["text"])
