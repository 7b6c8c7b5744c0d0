"""What plugins import. Light: neither Flask nor SQLAlchemy comes with it."""

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
from innocap_lms.plugin_host.calling import own_settings
from innocap_lms.plugin_host.contract import (
    PLUGIN_API,
    Card,
    CourseSource,
    Learner,
    Plugin,
    Setting,
    Track,
    courses_in,
    hookimpl,
)

__all__ = [
    "PLUGIN_API",
    "AnswerBlock",
    "AnswerRefused",
    "Card",
    "Course",
    "CourseSource",
    "Learner",
    "Mark",
    "OptionBlock",
    "PairBlock",
    "Parsed",
    "Plugin",
    "Problem",
    "QuestionBlock",
    "QuestionKind",
    "Setting",
    "Track",
    "courses_in",
    "hookimpl",
    "own_settings",
]
