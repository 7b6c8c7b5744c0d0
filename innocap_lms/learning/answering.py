"""What the fields of an attempt's page sent, read as answers. Knows views of questions, no keys."""

import logging
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from innocap_lms.content.kinds import AnswerRefused, QuestionKind
from innocap_lms.content.model import Question, Quiz
from innocap_lms.learning.asking import FIELD
from innocap_lms.learning.attempts import AS_SENT, AnswerSheet, Given, Page
from innocap_lms.learning.own_attempts import AttemptView

log = logging.getLogger(__name__)

SEEN = "s-"  # the revision at which the page knew the question: s-<id>
PAGE, TURN = "page", "turn"

MOST_VALUES, LONGEST_VALUE = 200, 20_000  # of an answer whose kind cannot say what it takes


@dataclass(frozen=True)
class Sent:
    """What a page sent: answers, and by question id why others cannot be taken."""

    given: tuple[Given, ...]
    refused: Mapping[str, str]
    page: Page
    as_sent: Mapping[str, list[str]]  # what was refused, to be mended where it was written


class Reread(NamedTuple):
    """A sheet whose answers were read once more; the questions where that still cannot be done, and
    those whose kind says now that what was sent is no answer: it can only be kept."""

    sheet: AnswerSheet
    unread: frozenset[str]
    refused: frozenset[str]


def new_page() -> str:
    """A name for one showing of an attempt's page."""
    return secrets.token_urlsafe(6)


def read_form(
    form: Any,
    attempt: AttemptView,
    quiz: Quiz,
    lead: str,
    kinds: Mapping[str, QuestionKind],
    only: Iterable[str] = (),
) -> Sent:
    """The answers in a sent form, of the questions in `only` or of all. Other fields count for
    nothing: a question that was not asked has no answer here. Calls plugins."""
    wanted = set(only)
    given, refused, as_sent = [], dict[str, str](), dict[str, list[str]]()
    for question_id, order in attempt.asked:
        name = FIELD + question_id
        if (wanted and question_id not in wanted) or not (
            name in form or SEEN + question_id in form
        ):
            continue
        question, sent = quiz.question(question_id), form.getlist(name)
        try:
            read = _read(kinds.get(question.kind), question, lead, order, sent)
            answer = _kept(sent) if read is None else read
        except AnswerRefused as reason:
            refused[question_id], as_sent[question_id] = str(reason), sent
            continue
        seen = _whole(form.get(SEEN + question_id))
        given.append(Given(question_id, answer, seen, as_sent=read is None))
    page = Page(form.get(PAGE, "")[:20], _whole(form.get(TURN)) or 0)
    return Sent(tuple(given), refused, page, as_sent)


def read_again(
    sheet: AnswerSheet,
    attempt: AttemptView,
    quiz: Quiz,
    lead: str,
    kinds: Mapping[str, QuestionKind],
) -> Reread:
    """The sheet with the answers that were kept as sent, read now. Calls plugins."""
    orders, answers, saved = dict(attempt.asked), dict(sheet.answers), dict(sheet.saved)
    unread, refused = set[str](), set[str]()
    for question_id, noted in sheet.saved.items():
        if AS_SENT not in noted[4:]:
            continue
        question, sent = quiz.question(question_id), list(answers.get(question_id, ()))
        try:
            answer = _read(kinds.get(question.kind), question, lead, orders[question_id], sent)
        except AnswerRefused:
            refused.add(question_id)
            continue
        if answer is None:
            unread.add(question_id)
        else:
            answers[question_id], saved[question_id] = list(answer), list(noted[:4])
    again = replace(sheet, answers=answers, saved=saved)
    return Reread(again, frozenset(unread), frozenset(refused))


def _read(
    kind: QuestionKind | None, question: Question, lead: str, order: list[str], sent: list[str]
) -> tuple[str, ...] | None:
    """The answer, or None where its kind is gone or fails. Raises AnswerRefused."""
    if kind is None:
        return None
    try:
        return kind.read(question.views[lead], order, sent)
    except AnswerRefused:
        raise
    except Exception:
        log.exception("an answer to %s of kind %s cannot be read", question.id, question.kind)
        return None


def _kept(sent: Sequence[str]) -> tuple[str, ...]:
    """The fields as they came, until their kind is back; they cannot be marked before."""
    if len(sent) > MOST_VALUES or any(len(value) > LONGEST_VALUE for value in sent):
        raise AnswerRefused("the answer is too long")
    return tuple(value for value in sent if value)


def _whole(text: str | None) -> int | None:
    """A number of a hidden field; what somebody else wrote there counts as not said."""
    return int(text) if text and len(text) <= 9 and text.isascii() and text.isdigit() else None
