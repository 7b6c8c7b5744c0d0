"""The digital technology track: digital foundations, data, AI, security, accessible services."""

from collections.abc import Sequence
from importlib.resources import files

from innocap_lms.plugin_api import (
    CourseSource,
    Plugin,
    ProgrammeSource,
    QuestionKind,
    Track,
    courses_in,
    hookimpl,
    programmes_in,
)
from plugins.digital_technology import designs
from plugins.digital_technology.alignments import check_course as check_course
from plugins.digital_technology.charts import CHART
from plugins.digital_technology.digcomp import (
    register_self_assessments as register_self_assessments,
)
from plugins.digital_technology.practice import dashboard_cards as dashboard_cards

register_certificate_designs = designs.register_certificate_designs
plugin = Plugin(name="digital_technology", version="1.1.0", needs_api="1.5")

TRACK = Track(
    slug="digital-technology",
    names={"sv": "Digital teknik", "en": "Digital technology", "fi": "Digitaalinen teknologia"},
    summaries={
        "sv": "Förstå tekniken så långt att du kan hjälpa en kollega, ställa rätt "
        "fråga och säga nej i tid.",
        "en": "Understand technology well enough to help a colleague, ask the right "
        "question and say no in time.",
    },
    hue_light="#1D4F91",
    hue_dark="#8FB8F0",
    line=((0, 70), (14, 52), (30, 60), (46, 34), (62, 42), (80, 18), (100, 26)),
)


@hookimpl
def register_tracks() -> Sequence[Track]:
    return [TRACK]


@hookimpl
def register_courses() -> Sequence[CourseSource]:
    return courses_in(TRACK, files("courses") / TRACK.slug)


@hookimpl
def register_programmes() -> Sequence[ProgrammeSource]:
    return programmes_in(TRACK, files("courses") / TRACK.slug)


@hookimpl
def register_question_kinds() -> Sequence[QuestionKind]:
    return [CHART]
