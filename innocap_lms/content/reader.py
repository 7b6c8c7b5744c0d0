"""Reading a course folder: every file, every rule, every problem in one pass."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from innocap_lms.content.banks import Bank
from innocap_lms.content.codes import Place
from innocap_lms.content.course_reader import CourseReader
from innocap_lms.content.dialect import MarkdownRule, checking_dialect
from innocap_lms.content.fields import Named
from innocap_lms.content.files import Folder, gather
from innocap_lms.content.following import without_what_follows
from innocap_lms.content.kinds import QuestionKind
from innocap_lms.content.lasting import Past
from innocap_lms.content.model import Course
from innocap_lms.content.problems import Problem, errors
from innocap_lms.content.shelf import Shelf


@dataclass(frozen=True)
class Reading:
    """What came of reading a folder. `course` is None when any problem is an error.

    `problems` are sorted by file and line; `sources` holds the text of each file, for reports.
    `draft` is the course as far as it could be read, whatever is wrong with it: to be looked at,
    never published. `part_files` maps the ids of its parts ("" is the front page) to their file in
    the lead language; `banks` are those that were read, by id; `named` are the courses and
    programmes that its rules name (`sequence`), and of a programme `rule_places` says where its
    rules stand.
    """

    course: Course | None
    problems: list[Problem]
    sources: Mapping[str, str] = field(default_factory=dict, repr=False)
    draft: Course | None = field(default=None, repr=False)
    part_files: Mapping[str, str] = field(default_factory=dict, repr=False)
    banks: Mapping[str, Bank] = field(default_factory=dict, repr=False)
    named: tuple[Named, ...] = field(default=(), repr=False)
    rule_places: Mapping[str, Place] = field(default_factory=dict, repr=False)


def read_course(
    folder: Folder,
    kinds: Sequence[QuestionKind],
    rules: Sequence[MarkdownRule] = (),
    *,
    banks: Folder | None = None,
    today: dt.date | None = None,
    past: Past | None = None,
) -> Reading:
    """Read and check the course in `folder`, on disk or inside a package.

    `banks` is the folder of banks beside it (`naming.banks_in`): its quizzes draw from those that
    it has none of its own of.

    `kinds` are asked in order which of them claims a question (see `built_in.BUILT_IN_KINDS`);
    `rules` extend the Markdown parser. Without `today`, review dates are not checked; without
    `past`, the course's editions, it is not known which ids have changed or come back. What is
    wrong with the files never raises: it is in `problems`.
    """
    files = gather(folder)
    shelf = Shelf(banks, files)
    markdown = checking_dialect(tuple(rules))
    reading = CourseReader(files=files, shelf=shelf, kinds=kinds, markdown=markdown, today=today)
    course = reading.read()
    if course is not None and past is not None and course.id == past.serving.id:
        reading.compare_ids(course, past)
    problems = sorted(set(without_what_follows(reading.problems, reading.leads, reading.parts)))
    return Reading(
        None if errors(problems) else course,
        problems,
        files.texts,
        course,
        reading.part_files,
        {name: bank for name, bank in reading.banks.items() if bank is not None},
        reading.named,
    )
