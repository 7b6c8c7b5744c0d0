"""From the files of one course to its model, part by part, with every problem on the way."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import cast

from innocap_lms.content import companions
from innocap_lms.content.banks import Bank, put_bank_together, read_bank, with_draw
from innocap_lms.content.codes import Place, problem
from innocap_lms.content.craft import check_craft, untested
from innocap_lms.content.fields import Named
from innocap_lms.content.fingerprints import of_course
from innocap_lms.content.kinds import QuestionKind
from innocap_lms.content.lasting import (
    ACTIVITIES,
    OUTCOMES,
    Key,
    Past,
    changed_ids,
    returned_ids,
)
from innocap_lms.content.links import check_links
from innocap_lms.content.model import (
    Activity,
    Companion,
    CompanionKind,
    Course,
    CourseText,
    Lesson,
    Quiz,
    Task,
)
from innocap_lms.content.naming import SHARED, Contents, TextFamily, sort_out
from innocap_lms.content.questions import Keys
from innocap_lms.content.quizzes import put_together, read_quiz
from innocap_lms.content.rules import CourseRules, check_ids, read_rules, settle_completion
from innocap_lms.content.shelf import Shelf
from innocap_lms.content.tasks import one_task, read_task
from innocap_lms.content.text_reader import TextReader
from innocap_lms.content.texts import (
    check_lesson,
    lesson_texts,
    read_front,
    read_lesson,
    same_outcomes,
)


@dataclass(kw_only=True)
class CourseReader(TextReader):
    """One course on its way from files to model: `read` gives it, `problems` what is wrong. A part
    that is broken is kept with empty values, so that the rest of the course is checked as well.
    `part_files` maps the ids of parts ("" is the front page) to their file in the lead language."""

    shelf: Shelf
    kinds: Sequence[QuestionKind]
    today: dt.date | None
    outcomes: tuple[str, ...] = ()
    outcome_places: Mapping[str, Place] = field(default_factory=dict)
    keys: dict[str, Keys] = field(default_factory=dict)
    banks: dict[str, Bank | None] = field(default_factory=dict)
    id_places: dict[str, Place] = field(default_factory=dict)
    part_places: dict[str, Place] = field(default_factory=dict)
    rubric_places: dict[Key, Place] = field(default_factory=dict)
    part_files: dict[str, str] = field(default_factory=dict)
    named: tuple[Named, ...] = ()  # what should come first

    def read(self) -> Course | None:
        if SHARED not in self.files.texts:
            if not any(each.file == SHARED for each in self.problems):
                advice = "write it: see docs/course-format.md"
                self.problems.append(
                    problem("C001", Place(SHARED), "there is no course.md", advice)
                )
            return None
        rules = read_rules(self._document(SHARED), self.problems)
        if not rules.languages:
            return None
        self.languages, self.named = rules.languages, rules.prerequisites
        contents = sort_out(self.files.texts, self.languages, self.problems)
        texts = self._front(contents.front)
        activities = self._activities(contents)
        self._undrawn()
        beside = [self._companion(family) for family in contents.companions]
        stems = (family.stem for family in (*contents.activities, *contents.companions))
        places = [self.id_places[stem] for stem in stems]
        self.part_places = check_ids([*activities, *beside], places, self.problems)
        self.part_files = {name: place.file for name, place in self.part_places.items()}
        self.part_files[""] = contents.front.files.get(self.lead, SHARED)
        self._check_links()
        self.problems.extend(untested(activities, self.outcome_places))
        self.problems.extend(check_craft(activities, self.part_places, self.lead, self.keys))
        return self._course(rules, texts, activities, beside)

    def _course(
        self,
        rules: CourseRules,
        texts: Mapping[str, CourseText],
        activities: Sequence[Activity],
        beside: Sequence[Companion],
    ) -> Course:
        course = Course(
            id=rules.id,
            languages=self.languages,
            hours=rules.hours,
            licence=rules.licence,
            owner=rules.owner,
            completion=settle_completion(rules, activities, self.problems),
            validity=rules.validity,
            reviewed=rules.reviewed,
            alignments=rules.alignments,
            prerequisites=tuple(each.id for each in rules.prerequisites),
            enforce=rules.enforce,
            texts=texts,
            activities=tuple(activities),
            assets=self.files.assets,
            fingerprint="",
            keys=self.keys,
            companions=tuple(beside),
        )
        return replace(course, fingerprint=of_course(course))

    def _front(self, family: TextFamily) -> dict[str, CourseText]:
        texts: dict[str, CourseText] = {}
        for language, document in self._in_order(family):
            self._surveyed(document, "", language, is_quiz=False)
            front = read_front(document, self.problems)
            texts[language] = front.text
            first = next(iter(texts.values()))
            if front.text is not first:
                self.problems.extend(same_outcomes(first, front.text, front.place, language))
            else:
                self.outcomes = tuple(outcome.id for outcome in first.outcomes)
                self.outcome_places = front.places
        return texts

    def _activities(self, contents: Contents) -> list[Activity]:
        read: dict[str, Callable[[TextFamily], Activity]]
        read = {"lesson": self._lesson, "quiz": self._quiz, "task": self._task}
        found: list[Activity] = [read[family.kind](family) for family in contents.activities]
        if not any(isinstance(item, Lesson) for item in found):
            advice = f"write a file 01-<slug>.{self.lead}.md"
            self.problems.append(
                problem("C004", Place(SHARED), "the course has no lessons", advice)
            )
        return found

    def _lesson(self, family: TextFamily) -> Lesson:
        files = {}
        for language, document in self._in_order(family):
            is_lead = language == self.lead
            files[language] = read_lesson(document, is_lead=is_lead, problems=self.problems)
            self._surveyed(document, files[language].id, language, is_quiz=False)
            self.problems.extend(check_lesson(files[language], self.outcomes, self.today))
        texts = lesson_texts(files, self.lead, self.problems)
        first = next(iter(files.values()))
        self.id_places[family.stem] = first.id_place
        return Lesson(first.id, texts)

    def _quiz(self, family: TextFamily) -> Quiz:
        files = {}
        for language, document in self._in_order(family):
            # The id is not known yet, and nobody links to a heading inside a quiz.
            tokens = self._surveyed(document, "", language, is_quiz=True)
            is_lead = language == self.lead
            files[language] = read_quiz(
                document, tokens, is_lead=is_lead, language=language, problems=self.problems
            )
        quiz, keys = put_together(files, self.lead, self.kinds, self.outcomes, self.problems)
        first = next(iter(files.values()))
        if first.draw and (bank := self._bank(first.draw.bank, first.places["draw"])):
            quiz, keys, found = with_draw(
                quiz, keys, first.draw, bank, self.outcomes, first.places["draw"]
            )
            self.problems.extend(found)
        self.keys[quiz.id] = keys
        self.id_places[family.stem] = first.places["id"]
        return quiz

    def _bank(self, bank_id: str, place: Place) -> Bank | None:
        """The bank that a quiz draws from; each is read once."""
        if bank_id not in self.banks:
            family = self.shelf.take(bank_id, self.languages, place)
            self.banks[bank_id] = self._read_bank(bank_id, family) if family else None
        return self.banks[bank_id]

    def _undrawn(self) -> None:
        """Read the course's own banks that no quiz draws from, too: who is writing one learns what
        is wrong with it."""
        for bank_id, family in self.shelf.own(self.languages).items():
            if bank_id in self.banks:
                continue
            place = Place(next(iter(family.files.values()), f"{family.stem}.{self.lead}.md"))
            self._bank(bank_id, place)
            said = "no quiz draws from this bank"
            advice = f"write draw: {{from: {bank_id}, count: 1}} at the head of a quiz"
            self.problems.append(problem("C079", place, said, advice))

    def _read_bank(self, bank_id: str, family: TextFamily) -> Bank | None:
        files = {}
        for language, document in self._in_order(family):
            tokens = self._surveyed(document, "", language, is_quiz=True)
            is_lead = language == self.lead
            files[language] = read_bank(
                document,
                tokens,
                bank_id,
                is_lead=is_lead,
                language=language,
                problems=self.problems,
            )
        if not files:
            return None
        return put_bank_together(bank_id, files, self.lead, self.kinds, self.problems)

    def _task(self, family: TextFamily) -> Task:
        files = {}
        for language, document in self._in_order(family):
            # Its headings are criteria: they are checked with the rubric.
            tokens = self._surveyed(document, "", language, is_quiz=True)
            is_lead = language == self.lead
            files[language] = read_task(document, tokens, is_lead=is_lead, problems=self.problems)
        first = next(iter(files.values()))
        self.id_places[family.stem] = first.places["id"]
        for block in first.criteria:
            criterion = (ACTIVITIES, first.id, block.id)
            self.rubric_places[criterion] = block.place
            self.rubric_places |= {(*criterion, each.id): each.place for each in block.levels}
        return one_task(files, self.lead, self.outcomes, self.problems)

    def _companion(self, family: TextFamily) -> Companion:
        kind, files = cast(CompanionKind, family.kind), dict[str, companions.CompanionFile]()
        for language, document in self._in_order(family):
            is_lead = language == self.lead
            file = companions.read(document, kind, is_lead=is_lead, problems=self.problems)
            owner = file.id if kind in companions.LINKED else ""
            tokens = self._surveyed(document, owner, language, is_quiz=False)
            files[language] = replace(file, spaces=companions.spaces_in(tokens))
        self.id_places[family.stem] = next(iter(files.values())).places["id"]
        return companions.put_together(files, kind, self.lead, self.problems)

    def _check_links(self) -> None:
        refused = frozenset(each.file for each in self.problems) - frozenset(self.files.assets)
        known = [name for name in self.part_places if name and name != "facilitator"]
        self.problems.extend(
            check_links(self.surveys, self.languages, known, self.files.assets, refused)
        )

    def compare_ids(self, course: Course, past: Past) -> None:
        """Note the ids that have changed since the edition in service, and those that come back."""
        places = self._places(course)
        self.problems.extend(changed_ids(course, past.serving, places))
        self.problems.extend(returned_ids(course, past, places))

    def _places(self, course: Course) -> dict[Key, Place]:
        """Where ids stand: each but those of options."""
        found: dict[Key, Place] = {
            (ACTIVITIES, quiz.id, each.id): Place(each.file, each.line)
            for quiz in course.quizzes
            for each in quiz.questions
        }
        found |= {(OUTCOMES, name): place for name, place in self.outcome_places.items()}
        found |= {(ACTIVITIES, name): place for name, place in self.part_places.items()}
        return found | self.rubric_places
