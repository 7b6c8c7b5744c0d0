"""The questions of an attempt, as they are asked and, once that is due, as they are reviewed."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from markupsafe import Markup

from innocap_lms.catalogue.queries import EditionView
from innocap_lms.content.kinds import QuestionKind
from innocap_lms.content.model import Question, Quiz
from innocap_lms.learning.corrections import DROPPED
from innocap_lms.learning.drawing import as_written
from innocap_lms.learning.grading import best_mark
from innocap_lms.learning.own_attempts import AttemptView
from innocap_lms.learning.showing import Piece, Source, feedback_of, source_of, words_of
from innocap_lms.plugin_host.current import plugins

log = logging.getLogger(__name__)

FIELD = "q-"
RECORDED = "recorded"


@dataclass(frozen=True)
class OptionShown:
    """An option or a term on a page. `right` and `feedback_html` are None and empty until due."""

    id: str
    html: Markup
    chosen: bool
    right: bool | None = None
    feedback_html: Markup = Markup("")

    @property
    def text(self) -> str:
        """Its plain words, for lists that hold no HTML."""
        return self.html.striptags()


@dataclass(frozen=True)
class QuestionShown:
    """A question on a page. `options` come in the order of its attempt, `given` is the answer as
    its kind read it. `key`, in the language of the page, is None until it is due; so are `right`
    and `parts`, which says of each part whether it was right. `because` is the word of the mark.
    Two with the same `origin` say the same words.
    """

    origin: tuple[str, ...]
    number: int
    id: str
    kind: str
    view: Mapping[str, Any]
    text_html: Markup
    stem_html: Markup
    options: tuple[OptionShown, ...]
    field_name: str
    right: bool | None = None
    outcome: str = ""
    feedback_html: Markup = Markup("")
    hint_html: Markup = Markup("")
    table_html: Markup = Markup("")
    terms: tuple[OptionShown, ...] = ()
    pieces: tuple[Piece, ...] = ()
    given: tuple[str, ...] = ()
    key: Mapping[str, Any] | None = None
    parts: tuple[bool, ...] = ()
    because: str = ""
    points: float = 0.0


def asked(
    attempt: AttemptView,
    edition: EditionView,
    quiz: Quiz,
    language: str,
    answers: Mapping[str, Sequence[str]],
    only: int | None = None,
) -> list[QuestionShown]:
    """The questions without any key, with `answers`, as their kinds read them, filled in; or
    question `only`, from 1, alone."""
    shown = []
    for number, (question_id, order) in enumerate(attempt.asked, 1):
        if only not in (None, number):
            continue
        source = source_of(edition.course, quiz, question_id, language)
        given = tuple(answers.get(question_id, ()))
        shown.append(_shown(number, quiz.question(question_id), source, order, given))
    return shown


def keys_are_due(attempt: AttemptView, quiz: Quiz, *, ended: bool = False) -> bool:
    """Whether the keys may be shown: after a practice or a pass, after any attempt where the first
    alone counts, or once the learner's attempts have `ended`, with a pass or because they chose to
    see the answers instead of asking for more.

    With tries left, or another to be had, a blank hand-in would be a way to copy the answers.
    `quiz` says how many there are: as the learner takes it now.
    """
    if attempt.submitted_at is None:
        return False
    last = ended and quiz.attempts is not None and attempt.number >= quiz.attempts
    decided = quiz.use == "practice" or quiz.counts == "first"
    return decided or (attempt.passed is True and attempt.counting) or last


def reviewed(
    attempt: AttemptView,
    edition: EditionView,
    quiz: Quiz,
    language: str,
    keys: Mapping[str, Mapping[str, Any]],
    *,
    ended: bool = False,
    rule: Quiz | None = None,
) -> list[QuestionShown]:
    """The questions with keys and feedback. `rule` is the quiz as the learner takes it now, where
    that is another. Raises ValueError before they are due."""
    if not keys_are_due(attempt, rule or quiz, ended=ended):
        raise ValueError("the keys of this attempt are not due")
    return [
        replace(
            _with_key(question, edition, quiz, language, keys[question.id]),
            right=_is_right(attempt, quiz.question(question.id)),
        )
        for question in marked(attempt, edition, quiz, language)
    ]


def marked(
    attempt: AttemptView, edition: EditionView, quiz: Quiz, language: str
) -> list[QuestionShown]:
    """The questions with the answers given and whether each was right, without any key."""
    shown = []
    for number, (question_id, order) in enumerate(attempt.asked, 1):
        question = quiz.question(question_id)
        source = source_of(edition.course, quiz, question_id, language)
        given = tuple(attempt.answers.get(question_id, ()))
        right, because = _is_right(attempt, question), attempt.marks.get(question_id, (None, ""))[1]
        shown.append(_shown(number, question, source, order, given, right, because))
    return shown


def on_paper(
    edition: EditionView,
    quiz: Quiz,
    language: str,
    keys: Mapping[str, Mapping[str, Any]] | None = None,
) -> list[QuestionShown]:
    """Every question of a quiz to be printed, options as their author wrote them; for trainers,
    with the keys where they are given."""
    return [one_on_paper(edition, quiz, language, each.id, keys) for each in quiz.questions]


def one_on_paper(
    edition: EditionView,
    quiz: Quiz,
    language: str,
    question_id: str,
    keys: Mapping[str, Mapping[str, Any]] | None = None,
) -> QuestionShown:
    """One question of a quiz to be printed, with its number there, and its key where it is given.

    Raises KeyError.
    """
    question = quiz.question(question_id)
    number, kind = quiz.questions.index(question) + 1, _kind_of(quiz, question_id)
    source = source_of(edition.course, quiz, question_id, language)
    try:
        order = kind.order(source.view, as_written) if kind else []
    except Exception:
        log.exception("question %s cannot be printed", question_id)
        order = []
    paper = _shown(number, question, source, order, ())
    if keys is None or question_id not in keys:
        return paper
    return _with_key(paper, edition, quiz, language, keys[question_id])


def _with_key(
    question: QuestionShown,
    edition: EditionView,
    quiz: Quiz,
    language: str,
    found: Mapping[str, Any],
) -> QuestionShown:
    """The question with its key, its feedback, and what of the answer was right."""
    source = source_of(edition.course, quiz, question.id, language, found["feedback"])
    feedback, key = feedback_of(source), found.get("also", {}).get(source.language, found["key"])
    correct = key.get("correct", ())
    return replace(
        question,
        key=key,
        parts=_right_parts(quiz, question, found),
        feedback_html=feedback.text,
        options=tuple(
            replace(
                option,
                right=option.id in correct,
                feedback_html=feedback.named.get(option.id, Markup("")),
            )
            for option in question.options
        ),
        terms=tuple(
            replace(term, feedback_html=feedback.named.get(term.id, Markup("")))
            for term in question.terms
        ),
    )


def _right_parts(quiz: Quiz, question: QuestionShown, key: Mapping[str, Any]) -> tuple[bool, ...]:
    kind = _kind_of(quiz, question.id)
    if kind is None or not question.given:
        return ()
    try:
        return best_mark(kind, key, question.given).parts
    except Exception:
        log.exception("question %s could not be marked again", question.id)
        return ()


def _is_right(attempt: AttemptView, question: Question) -> bool | None:
    """None where the answer could not be marked, or counts neither way."""
    earned, because = attempt.marks.get(question.id, (None, ""))
    return None if earned is None or because in (RECORDED, DROPPED) else earned >= question.points


def _shown(
    number: int,
    question: Question,
    source: Source,
    order: Sequence[str],
    given: tuple[str, ...],
    right: bool | None = None,
    because: str = "",
) -> QuestionShown:
    words = words_of(source)
    return QuestionShown(
        origin=source.origin,
        number=number,
        id=question.id,
        kind=question.kind,
        view=source.view,
        text_html=words.text,
        stem_html=words.stem,
        options=tuple(OptionShown(name, words.named[name], name in given) for name in order),
        field_name=FIELD + question.id,
        outcome=question.outcome,
        hint_html=words.hint,
        table_html=words.table,
        terms=tuple(
            OptionShown(term["id"], words.named[term["id"]], chosen=False)
            for term in source.view.get("terms", ())
        ),
        pieces=words.pieces,
        given=given,
        right=right,
        because=because,
        points=question.points,
    )


def _kind_of(quiz: Quiz, question_id: str) -> QuestionKind | None:
    return plugins().kinds.get(quiz.question(question_id).kind)
