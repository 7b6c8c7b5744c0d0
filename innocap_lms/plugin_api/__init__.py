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
from innocap_lms.plugin_host.calling import call_hook, own_rows, own_settings, write_rows
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
from innocap_lms.plugin_host.report_types import (
    Report,
    ReportAsked,
    ReportChoice,
    ReportColumn,
    ReportRow,
    ReportWish,
)
from innocap_lms.plugin_host.rows import AddRow, ChangeRows, RemoveRows

__all__ = [
    "PLUGIN_API",
    "AddRow",
    "AnswerBlock",
    "AnswerRefused",
    "Card",
    "CertificateDesign",
    "ChangeRows",
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
    "RemoveRows",
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
    "own_rows",
    "own_settings",
    "programmes_in",
    "write_rows",
]

# Names that are to go: what each gives until then, and what to use instead.
DEPRECATED: dict[str, tuple[object, Deprecated]] = {}

if not TYPE_CHECKING:  # a type checker would take every misspelt name for one of them
    __getattr__ = giving(DEPRECATED)
