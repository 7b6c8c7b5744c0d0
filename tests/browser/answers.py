"""Some hundred first attempts at a quiz, with faults that a trainer should find."""

import json
import math
import random
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import insert

from innocap_lms import clock
from innocap_lms.catalogue.queries import EditionView, quiz_keys
from innocap_lms.content.model import Question, Quiz
from innocap_lms.extensions import db, writing
from innocap_lms.ids import new_id
from innocap_lms.learning.models import Attempt, Enrolment, Response
from innocap_lms.learning.responses import item_of
from innocap_lms.people.models import Person
from tests.browser.town import Town

COURSE = "hypotheses-and-experiments"
LEARNERS = 260
# By place in the quiz: how hard, how well it tells who knows, how much harder in English.
SHAPES: Mapping[int, tuple[float, float, float]] = {
    1: (0.4, 1.2, 0),
    2: (-0.6, 1.6, 0),
    3: (-0.2, 1.1, 2.2),
    4: (0.5, 0.9, 0),
    5: (0.9, -1.3, 0),
    6: (-0.4, 1.4, 0),
    7: (0.2, 1.8, 0),
    8: (-4.5, 0.6, 0),
    9: (-0.9, 1.0, 0),
    10: (1.9, 0.5, 0),
}
SLOW = 7


def fill(town: Town) -> str:
    """Let LEARNERS people answer the quiz of COURSE once each; returns its id."""
    edition = town.course(COURSE)
    (quiz,) = edition.course.quizzes
    chance = random.Random(26)
    with town.site.app.app_context():
        keys = quiz_keys(edition.id, quiz.id)
        with writing():
            for number in range(LEARNERS):
                language = "en" if number % 3 == 0 else "sv"
                attempt = _attempt(edition, quiz, number, language)
                rows = list(_rows(edition, quiz, keys, language, chance))
                db.session.execute(
                    insert(Response), [{"attempt_id": attempt, **row} for row in rows]
                )
    return COURSE


def _attempt(edition: EditionView, quiz: Quiz, number: int, language: str) -> str:
    now, person, enrolment, attempt = clock.utcnow(), new_id(), new_id(), new_id()
    named = {
        "edition_id": edition.id,
        "fingerprint": edition.course.fingerprint,
        "language": language,
    }
    for model, values in (
        (
            Person,
            {
                "id": person,
                "name": f"Learner {number:03}",
                "email": f"learner.{number}@example.org",
                "language": language,
                "created_at": now,
            },
        ),
        (
            Enrolment,
            {
                **named,
                "id": enrolment,
                "person_id": person,
                "course_id": edition.course.id,
                "enrolled_at": now,
            },
        ),
        (
            Attempt,
            {
                **named,
                "id": attempt,
                "enrolment_id": enrolment,
                "quiz_id": quiz.id,
                "number": 1,
                "asked": [],
                "started_at": now,
                "submitted_at": now,
            },
        ),
    ):
        db.session.execute(insert(model).values(**values))
    return attempt


def _rows(
    edition: EditionView,
    quiz: Quiz,
    keys: Mapping[str, Any],
    language: str,
    chance: random.Random,
) -> Iterator[dict[str, Any]]:
    ability = chance.gauss(0.3, 1)
    right = [
        _is_right(place, ability, language, chance)
        for place, _question in enumerate(quiz.questions, 1)
    ]
    points = sum(question.points for question in quiz.questions)
    earned = sum(q.points for q, mark in zip(quiz.questions, right, strict=True) if mark)
    for place, (question, mark) in enumerate(zip(quiz.questions, right, strict=True)):
        own = question.points if mark else 0.0
        slow = 3.2 if place + 1 == SLOW else 1.0
        yield {
            "position": place,
            "item": item_of(edition, quiz, question, language, keys[question.id]),
            "chosen": json.dumps(
                _choice(question, keys[question.id]["key"]["correct"], mark, chance),
                separators=(",", ":"),
            ),
            "share": 1.0 if mark else 0.0,
            "rest": (earned - own) / (points - question.points),
            "seconds": min(600, round(slow * chance.lognormvariate(3.5, 0.6))),
        }


def _is_right(place: int, ability: float, language: str, chance: random.Random) -> bool:
    hard, telling, in_english = SHAPES.get(place, (0.0, 1.0, 0.0))
    hard += in_english if language == "en" else 0
    return chance.random() < 1 / (1 + math.exp(-(telling * ability - hard)))


def _choice(
    question: Question, correct: Sequence[str], right: bool, chance: random.Random
) -> list[str]:
    if right:
        return sorted(correct)
    options = [option["id"] for option in next(iter(question.views.values()))["options"]]
    wrong = [option for option in options if option not in correct]
    if len(correct) > 1:
        return sorted([correct[0], chance.choice(wrong)])
    return [chance.choices(wrong, weights=[9, 5, 0.1][: len(wrong)])[0]]
