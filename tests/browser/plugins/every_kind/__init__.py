"""A track for tests: its quiz has a question of every kind, its settings are of every kind."""

from collections.abc import Sequence
from pathlib import Path

from innocap_lms.plugin_api import CourseSource, Plugin, Setting, Track, courses_in, hookimpl

SETTINGS = (
    Setting("link", "text", "Again", {"sv": "Länkens ord", "en": "Words of the link"}, least=1),
    Setting("cards", "number", 1, {"sv": "Antal kort", "en": "Number of cards"}, least=0, most=3),
    Setting(
        "new",
        "yes_no",
        True,
        {"sv": "Visa vad som är nytt", "en": "Show what is new"},
        {"sv": "På deltagarens egen sida.", "en": "On the learner's own page."},
    ),
    Setting(
        "leads_to",
        "choice",
        "course",
        {"sv": "Kortet leder till", "en": "The card leads to"},
        choices={
            "course": {"sv": "Kursen", "en": "The course"},
            "lesson": {"sv": "Första lektionen", "en": "The first lesson"},
        },
    ),
)

plugin = Plugin(name="every_kind", version="1.0.0", needs_api="1.1", settings=SETTINGS)

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
