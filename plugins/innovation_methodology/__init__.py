"""The innovation methodology track: from hypothesis to effect."""

from collections.abc import Sequence
from importlib.resources import files

from innocap_lms.plugin_api import (
    Card,
    CourseSource,
    Learner,
    Plugin,
    ProgrammeSource,
    Track,
    courses_in,
    hookimpl,
    programmes_in,
)
from plugins.innovation_methodology.practice import PRACTICE

plugin = Plugin(name="innovation_methodology", version="1.0.0", needs_api="1.3")

TRACK = Track(
    slug="innovation-methodology",
    names={
        "sv": "Innovationsmetodik",
        "en": "Innovation methodology",
        "fi": "Innovaatiomenetelmät",
    },
    summaries={
        "sv": "Pröva idéer smått och ärligt, lär av det som inte höll och sprid det "
        "som gjorde nytta.",
        "en": "Test ideas small and honestly, learn from what did not hold and spread what helped.",
    },
    hue_light="#6B5200",
    hue_dark="#E2C26B",
    line=((0, 80), (16, 64), (30, 70), (44, 46), (58, 54), (76, 24), (100, 12)),
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
def dashboard_cards(learner: Learner) -> Sequence[Card]:
    """What to try at work, once the course that prepares for it is completed."""
    language = learner.language if learner.language in PRACTICE else "en"
    return [card for course, card in PRACTICE[language].items() if course in learner.completed]
