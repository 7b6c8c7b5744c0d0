"""The questions of one attempt: the quiz's own, those drawn by chance, and the order of options."""

import logging
import random
from collections.abc import Iterable, Mapping

from innocap_lms.content.draws import serve
from innocap_lms.content.kinds import QuestionKind
from innocap_lms.content.model import Question, Quiz

Asked = list[tuple[str, list[str]]]  # question id, ids of its options in order

log = logging.getLogger(__name__)

# No seed: nobody who has seen attempts can tell the next one.
chance = random.SystemRandom()


def draw(quiz: Quiz, kinds: Mapping[str, QuestionKind], lead: str) -> Asked:
    """The questions of an attempt with their options in the order in which they will be shown.

    Called before the transaction, since question kinds are plugins.
    """
    return put((*quiz.own, *drawn(quiz)), kinds, lead)


def drawn(quiz: Quiz) -> tuple[Question, ...]:
    """The questions that one attempt takes from the quiz's bank by chance, tag by tag."""
    if quiz.draw is None:
        return ()
    bank = [question for question in quiz.questions if question.bank]
    chance.shuffle(bank)
    return serve(quiz.draw, bank).questions


def put(questions: Iterable[Question], kinds: Mapping[str, QuestionKind], lead: str) -> Asked:
    """Questions in the order given, each with its options in an order of this attempt's own.

    A kind that is gone or fails does not keep a learner from the other questions: its own has no
    options, and stays ungraded.
    """
    asked: Asked = []
    for question in questions:
        mix = chance.shuffle if question.shuffle else as_written
        try:
            order = kinds[question.kind].order(question.views[lead], mix)
        except Exception:
            log.exception("question %s of kind %s cannot be put", question.id, question.kind)
            order = []
        asked.append((question.id, order))
    return asked


def as_written(_options: list[str]) -> None:
    """Leaves options in the order in which their author wrote them: a mix that mixes nothing."""
