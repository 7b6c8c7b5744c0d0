"""From the files of one programme to its model. It is read like the front page of a course.

Whether its courses exist, and what comes before what, is seen with all of them at hand: `sequence`.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from innocap_lms.content.codes import Place, problem
from innocap_lms.content.course_reader import CourseReader
from innocap_lms.content.dialect import checking_dialect
from innocap_lms.content.fields import Fields, Named
from innocap_lms.content.files import CourseFiles, Folder, gather_text
from innocap_lms.content.fingerprints import of_course
from innocap_lms.content.following import without_what_follows
from innocap_lms.content.frontmatter import Document, Node
from innocap_lms.content.model import CompletionRule
from innocap_lms.content.naming import TextFamily
from innocap_lms.content.problems import errors
from innocap_lms.content.programme import Programme, Step
from innocap_lms.content.reader import Reading
from innocap_lms.content.rules import (
    read_alignments,
    read_languages,
    read_prerequisites,
    read_validity,
)
from innocap_lms.content.shelf import Shelf

MOST_TASKS = 50


def read_programme(folder: Folder, programme_id: str, *, today: dt.date | None = None) -> Reading:
    """Read and check `<id>.programme.md` in `folder` and its languages. What is wrong with the
    files never raises: it is in the reading's `problems`."""
    files = CourseFiles()
    start = f"{programme_id}.programme."
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.name.startswith(start) and entry.name.endswith(".md"):
            gather_text(entry, entry.name, files)
    reading = ProgrammeReader(
        files=files,
        shelf=Shelf(None, files),
        kinds=(),
        markdown=checking_dialect(),
        today=today,
        programme_id=programme_id,
    )
    programme = reading.read()
    problems = sorted(set(without_what_follows(reading.problems, reading.leads, {})))
    return Reading(
        None if errors(problems) else programme,
        problems,
        files.texts,
        programme,
        {"": f"{start}md"},
        named=reading.named,
        rule_places=reading.rule_places,
    )


@dataclass(kw_only=True)
class ProgrammeReader(CourseReader):
    """One programme on its way from files to model; see `CourseReader`."""

    programme_id: str = ""
    rule_places: dict[str, Place] = field(default_factory=dict)

    def read(self) -> Programme | None:
        shared = f"{self.programme_id}.programme.md"
        if shared not in self.files.texts:
            if not any(each.file == shared for each in self.problems):
                said, advice = f"there is no {shared}", "write it: see docs/course-format.md"
                self.problems.append(problem("C001", Place(shared), said, advice))
            return None
        fields = Fields((document := self._document(shared)).node, shared, self.problems)
        programme = self._rules(fields, document)
        fields.finish()
        if not programme.languages:
            return None
        self.languages = programme.languages
        places = {each.id: each.place for each in self.named}
        self.part_places = {name: places[name] for name in programme.course_ids}
        texts = self._front(self._family())
        self._check_links()
        whole = replace(programme, texts=texts)
        return replace(whole, fingerprint=of_course(whole))

    def _rules(self, fields: Fields, document: Document) -> Programme:
        programme_id = fields.identifier("id")
        if programme_id and programme_id != self.programme_id:
            said = f"the file is named {document.file}"
            fields.note("C136", "id", said, f"write id: {self.programme_id}, or rename the files")
        languages = read_languages(fields)
        hours, licence, owner = fields.number("hours"), fields.text("licence"), fields.text("owner")
        steps, named = self._steps(fields)
        prerequisites, enforce = read_prerequisites(fields)
        self.named = (*named, *prerequisites)
        self.rule_places = {name: fields.place(name) for name in ("hours", "tasks", "certificate")}
        return Programme(
            id=programme_id or "",
            languages=languages,
            hours=hours or 0.0,
            licence=licence or "",
            owner=owner or "",
            completion=CompletionRule((), ()),
            validity=read_validity(fields),
            reviewed=fields.date("reviewed") or "",
            texts={},
            activities=(),
            assets={},
            fingerprint="",
            alignments=tuple(read_alignments(fields)),
            prerequisites=tuple(each.id for each in prerequisites),
            enforce=enforce,
            steps=steps,
            task_count=fields.whole("tasks", required=False, high=MOST_TASKS) or 0,
            design=fields.identifier("certificate", required=False) or "",
        )

    def _steps(self, fields: Fields) -> tuple[tuple[Step, ...], tuple[Named, ...]]:
        example = "[first-course, {choose: 1, of: [second-course, third-course]}]"
        found = [self._step(fields, node) for node in fields.items("steps", example)]
        if "steps" in fields and not any(found):
            fields.note("C130", "steps", "there is no step", f"write steps: {example}")
        named = tuple(self._each_once(found))
        steps = (
            Step(tuple(e.id for e in courses), choose) for choose, courses in filter(None, found)
        )
        return tuple(steps), named

    def _step(self, fields: Fields, node: Node) -> tuple[int, tuple[Named, ...]] | None:
        """How many of which courses; None where nothing can be made of it."""
        if not isinstance(node.value, dict):
            one = fields.named_by(node)
            return (1, (one,)) if one else None
        inside = Fields(node, self._file, self.problems)
        choose, courses = inside.whole("choose", high=100), inside.named("of")
        inside.finish()
        if choose and courses and choose >= len(courses):
            said = f"{choose} of {len(courses)} courses is no choice"
            advice = f"write choose: {len(courses) - 1}, name more courses, or list them as steps"
            inside.note("C131", "choose", said, advice)
        return (choose or 1, courses) if courses else None

    def _each_once(self, found: Sequence[tuple[int, tuple[Named, ...]] | None]) -> Iterator[Named]:
        seen = set[str]()
        for _choose, courses in filter(None, found):
            for each in courses:
                if each.id in seen:
                    said, advice = f"the course “{each.id}” stands twice", "name it once"
                    self.problems.append(problem("C031", each.place, said, advice))
                seen.add(each.id)
                yield each

    @property
    def _file(self) -> str:
        return f"{self.programme_id}.programme.md"

    def _family(self) -> TextFamily:
        """The texts of the programme by language; files in others are told."""
        family, start = (
            TextFamily(f"{self.programme_id}.programme", "front", 0),
            len(self._file) - 2,
        )
        for name in sorted(self.files.texts.keys() - {self._file}):
            language = name[start:].removesuffix(".md")
            if language in self.languages:
                family.files[language] = name
                continue
            advice = f"add {language} to languages in {self._file}"
            said = f"the programme does not list the language “{language}”"
            self.problems.append(problem("C006", Place(name), said, advice))
        family.files = {one: family.files[one] for one in self.languages if one in family.files}
        return family
