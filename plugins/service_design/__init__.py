"""The service design track, along the six steps of Innovationsguiden."""

from collections.abc import Sequence
from importlib.resources import files

from innocap_lms.plugin_api import (
    Card,
    CertificateDesign,
    CourseSource,
    Learner,
    Plugin,
    ProgrammeSource,
    QuestionKind,
    Setting,
    Track,
    courses_in,
    hookimpl,
    own_settings,
    programmes_in,
)
from plugins.service_design.facts import check_course as check_course
from plugins.service_design.practice import PRACTICE
from plugins.service_design.steps import GUIDE_STEP

PRACTICE_CARDS = Setting(
    name="practice_cards",
    kind="yes_no",
    default=True,
    labels={
        "sv": "Föreslå något att pröva på jobbet efter en kurs",
        "en": "Suggest something to try at work after a course",
    },
    hints={
        "sv": "Förslaget står på deltagarens egen sida.",
        "en": "The suggestion stands on the learner's own page.",
    },
)

plugin = Plugin(name="service_design", version="1.2.0", needs_api="1.3", settings=(PRACTICE_CARDS,))

TRACK = Track(
    slug="service-design",
    names={"sv": "Tjänstedesign", "en": "Service design", "fi": "Palvelumuotoilu"},
    summaries={
        "sv": "Börja i invånarens vardag: ringa in behovet, undersök, pröva och "
        "förverkliga tillsammans.",
        "en": "Start in people's everyday life: frame the need, explore, test and "
        "realise it together.",
    },
    hue_light="#7A2E6B",
    hue_dark="#E0A3D3",
    line=((0, 40), (18, 18), (36, 62), (52, 40), (70, 14), (88, 58), (100, 40)),
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
    return [GUIDE_STEP]


@hookimpl
def register_certificate_designs() -> Sequence[CertificateDesign]:
    """The track's certificates bear a drawing of the way from a need to a service in use."""
    return [
        CertificateDesign(
            track=TRACK.slug,
            logo=files("plugins.service_design") / "drawings" / "steps.svg",
            logo_words={
                "sv": "Fem steg i rad, det sista ifyllt",
                "en": "Five steps in a row, the last one filled",
            },
        )
    ]


@hookimpl
def dashboard_cards(learner: Learner) -> Sequence[Card]:
    """What to try at work, once the course that prepares for it is completed."""
    language = learner.language if learner.language in PRACTICE else "en"
    cards = [card for course, card in PRACTICE[language].items() if course in learner.completed]
    return cards if cards and own_settings()["practice_cards"] else []
