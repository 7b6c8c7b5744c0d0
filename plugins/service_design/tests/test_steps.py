"""The track's own kind of question: an activity and the six steps of Innovationsguiden."""

from pathlib import Path
from typing import Any

import pytest

from innocap_lms.plugin_api import AnswerRefused, Mark, QuestionBlock
from innocap_lms.testing.courses import read
from plugins import service_design
from plugins.service_design.steps import GUIDE_STEP, NAMES, STEPS

TEMPLATES = Path(service_design.__file__).parent / "templates"


def block(step: str, *classes: str, language: str = "sv") -> QuestionBlock:
    return QuestionBlock(
        id="q",
        text="Du ritar en karta.",
        stem="",
        options=(),
        feedback="Ja.",
        classes=frozenset({"guide-step", *classes}),
        attributes={"step": step},
        file="final.quiz.sv.md",
        line=8,
        language=language,
    )


def key(step: str, *classes: str) -> Any:
    return GUIDE_STEP.parse(block(step, *classes)).key


def test_the_steps_stand_in_their_own_order_in_the_language_of_the_text() -> None:
    for language, first in (("sv", "Ringa in"), ("en", "Frame"), ("fi", "Frame")):
        view = GUIDE_STEP.parse(block("test", language=language)).view
        assert [option["id"] for option in view["options"]] == list(NAMES)
        assert view["options"][0]["text"] == first
    assert GUIDE_STEP.order(view, list.reverse) == list(NAMES)


def test_every_step_has_a_name_in_swedish_and_english() -> None:
    assert all(set(names) == {"sv", "en"} for names in STEPS.values())


def test_the_view_does_not_tell_the_step() -> None:
    views = [GUIDE_STEP.parse(block(step)).view for step in NAMES]
    assert all(view == views[0] for view in views)


@pytest.mark.parametrize(
    ("answer", "classes", "mark"),
    [
        (["explore"], (), Mark(1.0, "right")),
        (["frame"], (), Mark(0.0, "wrong")),
        (["frame"], ("partial",), Mark(0.5, "partly")),
        (["focus"], ("partial",), Mark(0.5, "partly")),
        (["realise"], ("partial",), Mark(0.0, "wrong")),
        (["frame", "focus"], ("partial",), Mark(0.0, "wrong")),
        (["explore", "focus"], ("partial",), Mark(0.0, "wrong")),
        ([], (), Mark(0.0, "unanswered")),
    ],
)
def test_a_neighbouring_step_earns_half_where_the_author_says_so(
    answer: list[str], classes: tuple[str, ...], mark: Mark
) -> None:
    assert GUIDE_STEP.grade(key("explore", *classes), answer) == mark


@pytest.mark.parametrize("step", ["", "explores", "Frame"])
def test_a_step_that_is_none_is_a_problem_at_the_question(step: str) -> None:
    (problem,) = GUIDE_STEP.parse(block(step)).problems
    assert (problem.file, problem.line, problem.severity) == ("final.quiz.sv.md", 8, "error")
    assert "frame, explore, focus, ideas, test, realise" in problem.advice


def test_only_its_own_classes_are_claimed() -> None:
    assert GUIDE_STEP.claims(block("frame", "partial"))
    assert not GUIDE_STEP.claims(block("frame", "multiple"))


def test_the_quiz_of_the_track_asks_two_such_questions_in_both_languages() -> None:
    (source,) = service_design.register_courses()
    (quiz,) = read(source, [GUIDE_STEP]).quizzes
    found = [question for question in quiz.questions if question.kind == "guide-step"]
    assert len(found) == 2
    for question in found:
        assert set(question.views) == {"sv", "en"}


def test_its_templates_are_there() -> None:
    assert all((TEMPLATES / name).is_file() for name in GUIDE_STEP.templates.values())


def test_an_activity_belongs_to_one_step() -> None:
    view = GUIDE_STEP.parse(block("test")).view
    assert GUIDE_STEP.read(view, NAMES, ["test"]) == ("test",)
    with pytest.raises(AnswerRefused):
        GUIDE_STEP.read(view, NAMES, ["test", "ideas"])
