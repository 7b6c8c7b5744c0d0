"""A track for tests: one course, whose quiz has a question of every kind."""

from collections.abc import Sequence
from pathlib import Path

from innocap_lms.plugin_api import CourseSource, Plugin, Track, courses_in, hookimpl

plugin = Plugin(name="every_kind", version="1.0.0")

TRACK = Track(
    slug="every-kind",
    names={"sv": "Alla slags frågor", "en": "Every kind of question"},
    summaries={"sv": "Ett spår för prov.", "en": "A track for tests."},
    hue_light="#1D4F91",
    hue_dark="#8FB8F0",
    line=((0, 60), (50, 30), (100, 40)),
)


@hookimpl
def register_tracks() -> Sequence[Track]:
    return [TRACK]


@hookimpl
def register_courses() -> Sequence[CourseSource]:
    return courses_in(TRACK, Path(__file__).parent / "courses")
