"""Item analysis of a course: each question of an edition with its figures and its findings."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from innocap_lms.analysis.figures import Figures, figures_of
from innocap_lms.analysis.findings import TO_SHARPEN, Finding, findings_of, usual_seconds
from innocap_lms.analysis.queries import Answers, answers_to
from innocap_lms.catalogue.queries import EditionView, quiz_keys
from innocap_lms.content.kinds import QuestionKind
from innocap_lms.content.model import Question, Quiz
from innocap_lms.learning.responses import item_of


@dataclass(frozen=True)
class Item:
    """A question; `number` counts from 1 in the author's order, the gravest finding comes first."""

    number: int
    question: Question
    figures: Figures
    findings: tuple[Finding, ...]

    @property
    def to_look_at(self) -> bool:
        """Whether more than sharpening is called for."""
        return any(finding.gravity < TO_SHARPEN for finding in self.findings)


@dataclass(frozen=True)
class QuizItems:
    """The questions of a quiz that are marked; `usual` is the seconds that one usually takes."""

    quiz: Quiz
    items: tuple[Item, ...]
    usual: float | None


def item_analysis(edition: EditionView, kinds: Mapping[str, QuestionKind]) -> list[QuizItems]:
    """Every quiz of an edition, over all answers to the same words, whatever edition, draw or
    course asked them. Four statements at most, whatever the number of questions and answers."""
    wanted = [(quiz, _items_of(edition, quiz, kinds)) for quiz in edition.course.quizzes]
    answers = answers_to(
        {
            item
            for _quiz, questions in wanted
            for _number, _question, items in questions
            for item in items.values()
        }
    )
    return [_quiz_items(edition, quiz, questions, answers) for quiz, questions in wanted]


_Asked = tuple[int, Question, dict[str, int]]  # number, question, item by language


def _items_of(edition: EditionView, quiz: Quiz, kinds: Mapping[str, QuestionKind]) -> list[_Asked]:
    """The questions that are marked, with their items by language, the lead language first."""
    keys = quiz_keys(edition.id, quiz.id)
    found = []
    for number, question in enumerate(quiz.questions, 1):
        kind = kinds.get(question.kind)
        if kind is not None and not kind.graded:
            continue
        languages = [name for name in edition.course.languages if name in question.views]
        items = {
            name: item_of(edition, quiz, question, name, keys[question.id]) for name in languages
        }
        found.append((number, question, items))
    return found


def _quiz_items(
    edition: EditionView,
    quiz: Quiz,
    asked: list[_Asked],
    answers: Mapping[int, Answers],
) -> QuizItems:
    keys = quiz_keys(edition.id, quiz.id)
    figures = [
        figures_of(
            {language: answers.get(item, Answers()) for language, item in items.items()},
            _option_ids(question),
            keys[question.id]["key"].get("correct", ()),
        )
        for _number, question, items in asked
    ]
    usual = usual_seconds(figures)
    return QuizItems(
        quiz,
        tuple(
            Item(number, question, each, tuple(findings_of(each, usual)))
            for (number, question, _items), each in zip(asked, figures, strict=True)
        ),
        usual,
    )


def _option_ids(question: Question) -> list[str]:
    """The ids of what the question offers, in its author's order; none where it offers nothing."""
    views: Any = next(iter(question.views.values()))
    return [option["id"] for option in views.get("options", ())]
