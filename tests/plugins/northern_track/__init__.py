"""A small track for tests: one course of two lessons and a quiz, in two languages."""

from collections.abc import Sequence
from pathlib import Path

from innocap_lms.plugin_api import (
    Card,
    Competence,
    CompetenceArea,
    CourseSource,
    Learner,
    Plugin,
    SelfAssessment,
    Track,
    courses_in,
    hookimpl,
)

plugin = Plugin(name="northern_track", version="1.0.0")

TRACK = Track(
    slug="northern",
    names={"sv": "Norra spåret", "en": "The northern track"},
    summaries={"sv": "Ett spår för prov.", "en": "A track for tests."},
    hue_light="#1D4F91",
    hue_dark="#8FB8F0",
    line=((0, 60), (50, 30), (100, 40)),
)

WALKING = SelfAssessment(
    name="walking",
    titles={"sv": "Att gå", "en": "Walking"},
    summaries={"sv": "Hur det går.", "en": "How it goes."},
    levels=({"en": "Not yet"}, {"en": "With help"}, {"en": "On my own"}),
    areas=(
        CompetenceArea(
            {"en": "On paths"},
            (
                Competence("uphill", {"en": "Uphill"}, {"en": "I get up."}),
                Competence("downhill", {"en": "Downhill"}, {"en": "I get down."}),
            ),
        ),
        CompetenceArea(
            {"en": "At sea"}, (Competence("rowing", {"en": "Rowing"}, {"en": "I row."}),)
        ),
    ),
)


@hookimpl
def register_tracks() -> Sequence[Track]:
    return [TRACK]


@hookimpl
def register_courses() -> Sequence[CourseSource]:
    return courses_in(TRACK, Path(__file__).parent / "courses")


@hookimpl
def register_self_assessments() -> Sequence[SelfAssessment]:
    return [WALKING]


@hookimpl
def dashboard_cards(learner: Learner) -> Sequence[Card]:
    if "first-steps" not in learner.completed:
        return []
    return [Card("Walk on", "You have taken the first steps.", "/courses/first-steps", "Again")]
