"""The pages of an attempt under way: all questions, one question, and the look before sending."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import render_template
from flask_babel import gettext as _

from innocap_lms import clock
from innocap_lms.catalogue.queries import EditionView
from innocap_lms.content.model import Quiz
from innocap_lms.learning.addresses import attempt_url, question_url
from innocap_lms.learning.answering import Sent, new_page
from innocap_lms.learning.asking import asked
from innocap_lms.learning.attempts import AnswerSheet
from innocap_lms.learning.outline import course_head, text_language
from innocap_lms.learning.own_attempts import AttemptView
from innocap_lms.people.language import request_language


@dataclass(frozen=True)
class Trouble:
    """Why answers were not taken, by question id: none given, changed in another window since,
    or no answer to the question."""

    missing: tuple[str, ...] = ()
    elsewhere: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.missing or self.elsewhere or self.refused)

    def at(self, question_id: str) -> str:
        """What to say at that question."""
        if question_id in self.refused:
            return _("This answer is too long, or it does not fit the question.")
        if question_id in self.elsewhere:
            return _("Changed in another window. This is the answer that was saved there.")
        return _("no answer yet") if question_id in self.missing else ""


NONE = Trouble()


def trouble_with(mine: AttemptView, sent: Sent, sheet: AnswerSheet, *, incomplete: bool) -> Trouble:
    """Why answers are not handed in as they are; `incomplete` says that some may be missing."""
    ids = [question_id for question_id, _options in mine.asked]
    missing = [name for name in ids if not sheet.answers.get(name) and name not in sent.refused]
    return Trouble(() if incomplete else tuple(missing), sheet.elsewhere, tuple(sent.refused))


def ask_page(
    mine: AttemptView,
    found: EditionView,
    quiz: Quiz,
    answers: Mapping[str, Sequence[str]],
    trouble: Trouble = NONE,
) -> str:
    """All questions of an attempt on one page, with the answers given so far."""
    shown = text_language(quiz, found, request_language())
    return render_template(
        "learning/attempt.html",
        **_frame(mine, found, quiz, shown, trouble),
        questions=asked(mine, found, quiz, shown, answers),
        send_url=attempt_url(found.course.id, quiz.id, mine.id),
    )


def question_page(
    mine: AttemptView,
    found: EditionView,
    quiz: Quiz,
    number: int,
    answers: Mapping[str, Sequence[str]],
    trouble: Trouble = NONE,
) -> str:
    """Question `number`, from 1, alone on its page."""
    shown = text_language(quiz, found, request_language())
    return render_template(
        "learning/question.html",
        **_frame(mine, found, quiz, shown, trouble),
        questions=(questions := asked(mine, found, quiz, shown, answers, only=number)),
        question=questions[0],
        total=len(mine.asked),
        steps=_steps(mine, quiz),
        send_url=question_url(found.course.id, quiz.id, mine.id, number),
        overview_url=attempt_url(found.course.id, quiz.id, mine.id),
    )


def overview_page(
    mine: AttemptView, found: EditionView, quiz: Quiz, trouble: Trouble = NONE
) -> str:
    """Which questions have an answer, and the button that sends them all."""
    shown = text_language(quiz, found, request_language())
    return render_template(
        "learning/overview.html",
        **_frame(mine, found, quiz, shown, trouble),
        questions=asked(mine, found, quiz, shown, mine.answers),
        steps=_steps(mine, quiz),
        send_url=attempt_url(found.course.id, quiz.id, mine.id),
    )


def _frame(
    mine: AttemptView, found: EditionView, quiz: Quiz, shown: str, trouble: Trouble
) -> dict[str, Any]:
    return {
        "course": course_head(found, request_language()),
        "quiz": {"title": quiz.titles[shown]},
        "attempt": mine,
        "answered": sum(1 for name, _options in mine.asked if mine.answers.get(name)),
        "body_lang": shown,
        "trouble": trouble,
        "seen": {name: saved[0] for name, saved in mine.saved.items()},
        "page": new_page(),
        "seconds_left": _seconds_left(mine),
    }


def _seconds_left(mine: AttemptView) -> int | None:
    """By the server's clock: a telephone's may be wrong."""
    return None if mine.due_at is None else int((mine.due_at - clock.utcnow()).total_seconds())


def _steps(mine: AttemptView, quiz: Quiz) -> list[dict[str, Any]]:
    """The questions of an attempt by number: address, and whether an answer is saved."""
    return [
        {
            "number": number,
            "id": question_id,
            "url": question_url(mine.course_id, quiz.id, mine.id, number),
            "answered": bool(mine.answers.get(question_id)),
        }
        for number, (question_id, _options) in enumerate(mine.asked, 1)
    ]
