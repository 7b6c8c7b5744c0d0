"""The contract between innocap-lms and its plugins. Arguments are read-only snapshots, never rows.

What a hook may give stands in its signature, and the host holds plugins to it. Each hook has a
heading with its exact signature in docs/plugins.md, a test, and a shipping user.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.resources.abc import Traversable
from typing import Literal, TypeVar

import pluggy

from innocap_lms.content.kinds import QuestionKind
from innocap_lms.content.model import Course
from innocap_lms.content.naming import banks_in, programmes_below
from innocap_lms.content.problems import Problem
from innocap_lms.plugin_host.report_types import Report
from innocap_lms.plugin_host.words import Words

Function = TypeVar("Function", bound=Callable[..., object])

PLUGIN_API = "1.7"
NAMESPACE = "innocap_lms"


class Deprecated(DeprecationWarning):
    """Something of the contract that is to go with its next first number, since which version, and
    what to use instead. Of a hook it is `hookspec(warn_on_impl=…)`, of a parameter
    `hookspec(warn_on_impl_args={…})`."""

    def __init__(self, since: str, instead: str) -> None:
        super().__init__(f"deprecated since {since}: {instead}")


hookspec = pluggy.HookspecMarker(NAMESPACE)
hookimpl = pluggy.HookimplMarker(NAMESPACE)


def implements(hook: str) -> Callable[[Function], Function]:
    """Marks a function as the implementation of another plugin's hook, named `<plugin>.<hook>`.
    Where that plugin is not there, nobody calls it."""
    return hookimpl(specname=hook, optionalhook=True)


Texts = Mapping[str, str]  # name of a file of a course to what stands in it


@dataclass(frozen=True)
class Setting:
    """What an administrator may set of a plugin, in a form made from this. Nothing secret.

    `name`: lower-case letters, digits and underscores. `default` is a text, a whole number, True or
    False, or one of `choices` (value to words), as `kind` says. `least` and `most` bound a number,
    and count the characters of a text (0 to 500 where they are left out).
    """

    name: str
    kind: Literal["text", "number", "yes_no", "choice"]
    default: str | int | bool
    labels: Words
    hints: Words = field(default_factory=dict)
    least: int | None = None
    most: int | None = None
    choices: Mapping[str, Words] = field(default_factory=dict)


@dataclass(frozen=True)
class Plugin:
    """A plugin's manifest, in its module as `plugin`.

    `name` is unique: lower-case letters, digits and underscores. `needs_api` is the oldest version
    of the contract that will do; a later one with the same first number does as well. `settings`
    are what an administrator may set.
    """

    name: str
    version: str
    needs_api: str = "1.0"
    settings: tuple[Setting, ...] = ()


@dataclass(frozen=True)
class Track:
    """A curriculum track. `slug` is its address: lower-case letters, digits and hyphens.

    `hue_light` and `hue_dark` are #RRGGBB, legible as text on the light and the dark ground.
    `line` is its drawing: two or more points (x, y) from 0 to 100, left to right.
    """

    slug: str
    names: Words
    summaries: Words
    hue_light: str
    hue_dark: str
    line: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class CourseSource:
    """A folder, or a package resource, in the course format; `track` is the slug of its track.

    `banks` is the folder of the banks that courses share, None where there are none: its quizzes
    draw from those, and from the banks in the course's own folder.
    """

    track: str
    folder: Traversable
    banks: Traversable | None = None


@dataclass(frozen=True)
class ProgrammeSource:
    """A programme: `<id>.programme.md` and its languages in `folder`; `track` is the slug of its
    track."""

    track: str
    folder: Traversable
    id: str


@dataclass(frozen=True)
class Learner:
    """A learner as plugins see one: language and completed courses, nothing that names a person."""

    language: str
    completed: frozenset[str]


@dataclass(frozen=True)
class Card:
    """A card for the learner's own page; `url` is empty or a path of this site: /courses/x."""

    title: str
    text: str
    url: str = ""
    link_text: str = ""


@dataclass(frozen=True)
class CertificateDesign:
    """How certificates look. `track` (a slug) and `organisation` (the name of the issuer) say of
    which, "" of all; of several the one that says most counts, an organisation before a track.
    One with a `name` is only for programmes whose file names it: it counts before all others.

    `logo` is an SVG of at most 100 kB, `logo_words` what it shows. `hue` is #RRGGBB, legible on
    white, "" for that of the track. `signatory` is a name, `signatory_roles` what that person is.
    """

    track: str = ""
    organisation: str = ""
    logo: Traversable | None = None
    logo_words: Words = field(default_factory=dict)
    hue: str = ""
    signatory: str = ""
    signatory_roles: Words = field(default_factory=dict)
    name: str = ""


@dataclass(frozen=True)
class Competence:
    """Something by which people place themselves. `id`, for ever: lower-case letters, digits and
    hyphens. `statements` say what somebody does who has it."""

    id: str
    titles: Words
    statements: Words


@dataclass(frozen=True)
class CompetenceArea:
    """Competences that belong together."""

    titles: Words
    competences: tuple[Competence, ...]


@dataclass(frozen=True)
class SelfAssessment:
    """Competences by which people place themselves, before and after, for their own eyes alone, at
    /me/self-assessments/<name>; lower-case letters, digits and hyphens.

    `levels` are the words to choose among, two to six, from the lowest to the highest.
    """

    name: str
    titles: Words
    summaries: Words
    levels: tuple[Words, ...]
    areas: tuple[CompetenceArea, ...]


def courses_in(track: Track, folder: Traversable) -> list[CourseSource]:
    """Every course of `track` in `folder`: the folders that hold a course.md, by name, with the
    banks beside them. A folder whose name begins with `_` is no course."""
    found = [place for place in folder.iterdir() if place.joinpath("course.md").is_file()]
    courses = [place for place in found if not place.name.startswith("_")]
    banks = banks_in(folder)
    return [
        CourseSource(track.slug, place, banks) for place in sorted(courses, key=lambda at: at.name)
    ]


def programmes_in(track: Track, folder: Traversable) -> list[ProgrammeSource]:
    """Every programme of `track` in `folder`, beside its courses: the files named
    `<id>.programme.md`, by name."""
    return [ProgrammeSource(track.slug, folder, name) for name in programmes_below(folder)]


@hookspec
def register_tracks() -> Sequence[Track]:  # type: ignore[empty-body]
    """Tracks that this plugin supplies. Called at start."""


@hookspec
def register_courses() -> Sequence[CourseSource]:  # type: ignore[empty-body]
    """Courses that this plugin supplies. Called at start."""


@hookspec
def register_programmes() -> Sequence[ProgrammeSource]:  # type: ignore[empty-body]
    """Programmes that this plugin supplies; their steps may be any plugin's. Called at start."""


@hookspec
def register_question_kinds() -> Sequence[QuestionKind]:  # type: ignore[empty-body]
    """Question kinds that quiz files may use. Called at start."""


@hookspec
def register_certificate_designs() -> Sequence[CertificateDesign]:  # type: ignore[empty-body]
    """How certificates of a track or an organisation look. Called at start."""


@hookspec
def register_reports() -> Sequence[Report]:  # type: ignore[empty-body]
    """Reports for HR, unit managers and administrators. Called at start."""


@hookspec
def register_self_assessments() -> Sequence[SelfAssessment]:  # type: ignore[empty-body]
    """Competences by which people place themselves, for their own eyes alone. Called at start."""


@hookspec
def dashboard_cards(learner: Learner) -> Sequence[Card]:  # type: ignore[empty-body]
    """Cards for the learner's own page, called each time it is shown. Leave out by returning []."""


@hookspec
def check_course(course: Course, texts: Texts) -> Sequence[Problem]:  # type: ignore[empty-body]
    """What else is wrong with a course, called by the checker and before an edition is made.

    `texts` maps the names of its Markdown files to what stands in them, to find the line. A
    problem's code is the plugin's own; an error keeps the course from being published.
    """
