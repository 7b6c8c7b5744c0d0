"""A course as it stands in an edition: every language, no answer keys except in `Course.keys`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Use = Literal["graded", "practice"]
Show = Literal["all", "one"]
Counts = Literal["best", "last", "first"]
Enforce = Literal["advise", "block"]
CompanionKind = Literal["template", "pocket-guide", "facilitator"]
Layout = Literal["", "card", "canvas", "checklist"]


@dataclass(frozen=True)
class Source:
    """Where a fact comes from; printed at the foot of the lesson."""

    title: str
    fact: str = ""
    publisher: str = ""
    url: str = ""
    year: int | None = None


@dataclass(frozen=True)
class Outcome:
    """What a learner can do after the course."""

    id: str
    text: str


@dataclass(frozen=True)
class CourseText:
    """What one language says of the course. `body` is Markdown."""

    title: str
    summary: str
    outcomes: tuple[Outcome, ...]
    body: str
    fingerprint: str


@dataclass(frozen=True)
class LessonText:
    """One language of a lesson. `body` is Markdown, `minutes` what its author promises."""

    title: str
    minutes: int
    goals: tuple[str, ...]
    sources: tuple[Source, ...]
    review_by: str
    body: str
    fingerprint: str


@dataclass(frozen=True)
class Lesson:
    """A lesson; `texts` is keyed by language."""

    id: str
    texts: Mapping[str, LessonText]


@dataclass(frozen=True)
class Question:
    """A question without its key. `views` holds, by language, what its kind needs to ask it.

    `file` and `line` say where its author wrote it, in the lead language; `bank` names the bank it
    comes from, and is empty for a question of the quiz itself.
    """

    id: str
    kind: str
    points: float
    outcome: str
    shuffle: bool
    views: Mapping[str, Mapping[str, Any]]
    tags: tuple[str, ...] = ()
    bank: str = ""
    file: str = ""
    line: int = 0


@dataclass(frozen=True)
class Draw:
    """What each attempt takes from a bank by chance: so many questions of each tag, and `count`
    more of any."""

    bank: str
    tags: Mapping[str, int]
    count: int = 0

    @property
    def total(self) -> int:
        """How many questions each attempt takes."""
        return sum(self.tags.values()) + self.count


@dataclass(frozen=True)
class Quiz:
    """A quiz; `pass_mark` is a share from 0 to 1, `attempts` None where there is no limit.

    `questions` holds those of the quiz itself, which every attempt asks, and then all that `draw`
    may take from its bank. `show` puts all questions on one page or one at a time; `counts` says
    which attempt decides; `wait_hours` pass between two attempts; `minutes` is the time limit of an
    attempt, None where there is none. `feedback` holds by language the Markdown for who has
    "passed" and who has "failed".
    """

    id: str
    use: Use
    pass_mark: float
    attempts: int | None
    titles: Mapping[str, str]
    questions: tuple[Question, ...]
    fingerprint: str
    show: Show = "all"
    counts: Counts = "best"
    wait_hours: float = 0.0
    minutes: int | None = None
    draw: Draw | None = None
    feedback: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def own(self) -> tuple[Question, ...]:
        """The questions that every attempt asks."""
        return tuple(question for question in self.questions if not question.bank)

    @property
    def asked_count(self) -> int:
        """How many questions an attempt asks: the quiz's own and those drawn from its bank."""
        return len(self.own) + (self.draw.total if self.draw else 0)

    def question(self, question_id: str) -> Question:
        """The question of that id. Raises KeyError."""
        for question in self.questions:
            if question.id == question_id:
                return question
        raise KeyError(question_id)


@dataclass(frozen=True)
class Level:
    """How well a criterion can be met; `texts` holds a line of Markdown by language."""

    id: str
    texts: Mapping[str, str]


@dataclass(frozen=True)
class Criterion:
    """What a case is assessed by. `levels` go from the weakest to the strongest; `meets` is the id
    of the lowest that is enough."""

    id: str
    titles: Mapping[str, str]
    texts: Mapping[str, str]
    levels: tuple[Level, ...]
    meets: str

    def is_met_by(self, level_id: str) -> bool:
        """Whether a level is enough. Raises ValueError for one that the criterion lacks."""
        ids = [level.id for level in self.levels]
        return ids.index(level_id) >= ids.index(self.meets)


@dataclass(frozen=True)
class Task:
    """A practical task: a real case that people assess, never a machine.

    `briefs` are Markdown by language. A case is answered within `answer_days`, by so many
    `assessors`, who do not see each other's scores before both have given them.
    """

    id: str
    minutes: int
    answer_days: int
    assessors: int
    goals: tuple[str, ...]
    titles: Mapping[str, str]
    briefs: Mapping[str, str]
    criteria: tuple[Criterion, ...]
    fingerprint: str


Activity = Lesson | Quiz | Task


@dataclass(frozen=True)
class Companion:
    """A text beside the lessons, made to be printed: a template to fill in, a pocket guide, or a
    facilitator's guide. Nobody has to read it to complete the course.

    `bodies` are Markdown by language. `id` is that of a template, else the kind; `layout` says how
    a template is printed, and is empty for the others.
    """

    id: str
    kind: CompanionKind
    titles: Mapping[str, str]
    bodies: Mapping[str, str]
    fingerprint: str
    layout: Layout = ""


@dataclass(frozen=True)
class CompletionRule:
    """All these lessons read, all these quizzes and practical tasks passed."""

    lessons: tuple[str, ...]
    quizzes: tuple[str, ...]
    tasks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Alignment:
    """Where a course stands in a framework that others know, such as DigComp or ESCO. Certificates
    name it, in English, since they are read elsewhere too."""

    framework: str
    name: str
    url: str
    code: str = ""


@dataclass(frozen=True)
class Validity:
    """How long a completion counts, and how many days before its end renewal opens."""

    months: int
    renewal_opens_days: int


@dataclass(frozen=True)
class Asset:
    """A file of the course, known by the SHA-256 of its bytes.

    `size` counts bytes; `width` and `height` are CSS pixels of a picture, None where not known.
    """

    path: str
    sha256: str
    media_type: str
    size: int
    width: int | None = None
    height: int | None = None


@dataclass(frozen=True)
class Course:
    """A whole course. `activities` are in the author's order; `languages[0]` is the lead language.

    `keys` maps quiz id to question id to {"key": …, "feedback": {lang: …}}; it is stored apart
    from everything else and is empty in a course read back from an edition. `prerequisites` are ids
    of courses and programmes to complete first; with `enforce` "block" nobody enrols before that.
    """

    id: str
    languages: tuple[str, ...]
    hours: float
    licence: str
    owner: str
    completion: CompletionRule
    validity: Validity | None
    reviewed: str
    texts: Mapping[str, CourseText]
    activities: tuple[Activity, ...]
    assets: Mapping[str, Asset]
    fingerprint: str
    keys: Mapping[str, Mapping[str, Mapping[str, Any]]] = field(default_factory=dict, repr=False)
    alignments: tuple[Alignment, ...] = ()
    prerequisites: tuple[str, ...] = ()
    enforce: Enforce = "advise"
    companions: tuple[Companion, ...] = ()

    @property
    def lessons(self) -> tuple[Lesson, ...]:
        return tuple(item for item in self.activities if isinstance(item, Lesson))

    @property
    def quizzes(self) -> tuple[Quiz, ...]:
        return tuple(item for item in self.activities if isinstance(item, Quiz))

    @property
    def tasks(self) -> tuple[Task, ...]:
        return tuple(item for item in self.activities if isinstance(item, Task))

    def activity(self, activity_id: str) -> Activity:
        """The lesson, quiz or practical task of that id. Raises KeyError."""
        for item in self.activities:
            if item.id == activity_id:
                return item
        raise KeyError(activity_id)

    def companion(self, companion_id: str) -> Companion:
        """The text beside the lessons of that id. Raises KeyError."""
        for item in self.companions:
            if item.id == companion_id:
                return item
        raise KeyError(companion_id)

    def quiz(self, quiz_id: str) -> Quiz:
        """The quiz of that id. Raises KeyError, also for a lesson's id."""
        item = self.activity(quiz_id)
        if not isinstance(item, Quiz):
            raise KeyError(quiz_id)
        return item

    def language(self, wanted: str) -> str:
        """The language to show to someone who wants `wanted`: that one, English, or the lead."""
        for candidate in (wanted, "en"):
            if candidate in self.languages:
                return candidate
        return self.languages[0]
