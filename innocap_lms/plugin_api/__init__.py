"""What plugins import. Light: neither Flask nor SQLAlchemy comes with it."""

from typing import TYPE_CHECKING

from innocap_lms.content.kinds import (
    AnswerBlock,
    AnswerRefused,
    Mark,
    OptionBlock,
    PairBlock,
    Parsed,
    QuestionBlock,
    QuestionKind,
)
from innocap_lms.content.model import Course
from innocap_lms.content.problems import Problem
from innocap_lms.plugin_host.calling import call_hook, own_settings
from innocap_lms.plugin_host.contract import (
    PLUGIN_API,
    Card,
    CertificateDesign,
    Competence,
    CompetenceArea,
    CourseSource,
    Deprecated,
    Learner,
    Plugin,
    ProgrammeSource,
    Report,
    ReportAsked,
    ReportChoice,
    ReportColumn,
    ReportRow,
    ReportWish,
    SelfAssessment,
    Setting,
    Track,
    courses_in,
    hookimpl,
    hookspec,
    implements,
    programmes_in,
)
from innocap_lms.plugin_host.deprecation import giving

__all__ = [
    "PLUGIN_API",
    "AnswerBlock",
    "AnswerRefused",
    "Card",
    "CertificateDesign",
    "Competence",
    "CompetenceArea",
    "Course",
    "CourseSource",
    "Learner",
    "Mark",
    "OptionBlock",
    "PairBlock",
    "Parsed",
    "Plugin",
    "Problem",
    "ProgrammeSource",
    "QuestionBlock",
    "QuestionKind",
    "Report",
    "ReportAsked",
    "ReportChoice",
    "ReportColumn",
    "ReportRow",
    "ReportWish",
    "SelfAssessment",
    "Setting",
    "Track",
    "call_hook",
    "courses_in",
    "hookimpl",
    "hookspec",
    "implements",
    "own_settings",
    "programmes_in",
]

# Names that are to go: what each gives until then, and what to use instead.
DEPRECATED: dict[str, tuple[object, Deprecated]] = {}

if not TYPE_CHECKING:  # a type checker would take every misspelt name for one of them
    __getattr__ = giving(DEPRECATED)
