"""A kind of question of this track: into which step of Innovationsguiden does an activity belong?

    ## You draw a map of who is concerned. {#map .guide-step step=frame}

The six steps are the options, in their own order. With `.partial` a neighbouring step earns half:
the border between two steps is a matter of judgement. Source: svid.se (2017), innovationsguiden.se.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from innocap_lms.plugin_api import Mark, Parsed, Problem, QuestionBlock, QuestionKind

STEPS: Final[Mapping[str, Mapping[str, str]]] = {
    "frame": {"sv": "Ringa in", "en": "Frame"},
    "explore": {"sv": "Undersöka", "en": "Explore"},
    "focus": {"sv": "Fokusera", "en": "Focus"},
    "ideas": {"sv": "Ta fram idéer", "en": "Generate ideas"},
    "test": {"sv": "Testa idéer", "en": "Test ideas"},
    "realise": {"sv": "Förverkliga", "en": "Realise"},
}
NAMES: Final = tuple(STEPS)
TEMPLATE: Final = "service_design/guide_step.html"


def claims(block: QuestionBlock) -> bool:
    return "guide-step" in block.classes and block.classes <= {"guide-step", "partial"}


def parse(block: QuestionBlock) -> Parsed:
    step = block.attributes.get("step", "")
    at = NAMES.index(step) if step in NAMES else -2
    near = [name for place, name in enumerate(NAMES) if abs(place - at) == 1]
    language = block.language if block.language in STEPS["frame"] else "en"
    return Parsed(
        view={
            "text": block.text,
            "stem": block.stem,
            "hint": block.hint,
            "options": [{"id": name, "text": words[language]} for name, words in STEPS.items()],
            "multiple": False,
        },
        key={"correct": [step], "near": near if "partial" in block.classes else []},
        feedback={"options": {}, "question": block.feedback},
        problems=() if at >= 0 else (unknown_step(block, step),),
    )


def unknown_step(block: QuestionBlock, step: str) -> Problem:
    said = f"“{step}” is no step of Innovationsguiden" if step else "the step is missing"
    advice = f"write step= and one of {', '.join(NAMES)}"
    return Problem(block.file, block.line, 1, "service-design-step", said, advice)


def grade(key: Mapping[str, Any], answer: Sequence[str]) -> Mark:
    if not answer:
        return Mark(0.0, "unanswered")
    if list(answer) == list(key["correct"]):
        return Mark(1.0, "right")
    return (
        Mark(0.5, "partly") if [*answer] in [[name] for name in key["near"]] else Mark(0.0, "wrong")
    )


def order(_view: Mapping[str, Any], _shuffle: Callable[[list[str]], None]) -> list[str]:
    """The steps stay in their own order: it is the one that is taught."""
    return list(NAMES)


GUIDE_STEP: Final = QuestionKind(
    name="guide-step",
    claims=claims,
    parse=parse,
    grade=grade,
    order=order,
    templates={"ask": TEMPLATE, "review": TEMPLATE, "print": TEMPLATE},
)
