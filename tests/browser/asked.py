"""What learners have asked in the town: questions about a quiz, another attempt, more time."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from innocap_lms import clock
from innocap_lms.catalogue.queries import EditionView, edition, offering, quiz_keys
from innocap_lms.catalogue.services import publish
from innocap_lms.content.model import Quiz
from innocap_lms.extensions import db, writing
from innocap_lms.ids import new_id
from innocap_lms.inquiries import services
from innocap_lms.inquiries.models import Inquiry
from innocap_lms.learning import services as learning
from innocap_lms.learning.models import Attempt
from innocap_lms.learning.regrading import decide
from innocap_lms.learning.remedies import wording
from innocap_lms.people.queries import viewer_of
from tests.browser.town import Someone, Town

SAID = (
    ("fault", "Både det andra och det tredje svaret står i lektionen. Vilket räknas?"),
    ("help", "Jag förstår inte vad som menas med att guida vidare. Finns det ett exempel?"),
    ("fault", "Det tredje alternativet stämmer inte längre: reglerna ändrades i våras."),
    ("help", "What is the difference between the first answer and the last one?"),
)
SORRY = "Jag blev avbruten mitt i provet och har läst lektionerna igen."
NAMES = ("Signe Åkerlund", "Jonas Wiklund", "Amira Said", "Tove Lindahl")


def prepare(town: Town, course_id: str, trainer: Someone) -> dict[str, str]:
    """Fill the trainer's list; the ids that scenes name."""
    limited = _limited(town, course_id)
    quiz = limited.course.quizzes[0]
    people = [town.newcomer(name, language="sv") for name in NAMES]
    attempts = [_attempt(town, who, limited, quiz, minutes=45) for who in people]
    now = clock.utcnow()
    for days, (who, attempt, (about, text)) in enumerate(
        zip(people, attempts, SAID, strict=True), 1
    ):
        with town.site.app.app_context(), clock.at(now - timedelta(days=9 - 2 * days)), writing():
            place = services.Place(who.id, attempt.enrolment_id, limited, quiz.id, "sv")
            question = quiz.questions[(days - 1) % len(quiz.questions)]
            services.ask(place, attempt.id, question, about, text)
    out = town.newcomer("Berit Nygren", language="sv")
    used = _attempt(town, out, limited, quiz, failed=True)
    with town.site.app.app_context():
        place = services.Place(out.id, used.enrolment_id, limited, quiz.id, "sv")
        with writing():
            services.ask_for_attempt(place, 1, SORRY)
        asked = _ids()
        with writing():
            services.answer(trainer.id, asked[1], "Ja: se lektion tre, stycket om att visa först.")
        found = wording(course_id, quiz.id, quiz.questions[-1].id)
        assert found is not None
        with writing():
            reason = "Frågan går att förstå på två sätt."
            decide(trainer.id, found, "drop", (), reason)
    first = town.newcomer("Rolf Ek", language="sv")
    _attempt(town, first, limited, quiz, failed=True)
    return {
        "inquiry": asked[0],
        "inquiry_answered": asked[1],
        "inquiry_attempt": asked[-1],
        "asker_attempt": attempts[1].id,
        "faulty": quiz.questions[0].id,
        "decided": quiz.questions[-1].id,
        "asker": people[1].account,
        "asked_another": out.account,
        "out_of_attempts": first.account,
    }


def _ids() -> list[str]:
    return list(db.session.scalars(select(Inquiry.id).order_by(Inquiry.asked_at)))


def _limited(town: Town, course_id: str) -> EditionView:
    """An edition of the course whose quiz gives one attempt of 45 minutes; not in service.

    Its last question is one of its own, so that a decision about it changes nothing for others.
    """
    with town.site.app.app_context():
        found = offering(course_id)
        assert found is not None
        course, quiz = found.edition.course, found.edition.course.quizzes[0]
        last = replace(quiz.questions[-1], points=quiz.questions[-1].points + 1)
        questions = (*quiz.questions[:-1], last)
        once = replace(quiz, attempts=1, minutes=45, questions=questions)
        keys = {each.id: quiz_keys(found.edition.id, each.id) for each in course.quizzes}
        limited = replace(
            course,
            fingerprint="limited",
            activities=tuple(once if each is quiz else each for each in course.activities),
            keys=keys,
        )
        with writing():
            made = publish(limited, track=found.track, plugin=found.plugin, actor_id=None)
            publish(course, track=found.track, plugin=found.plugin, actor_id=None)
        return edition(made.edition_id)


def _attempt(
    town: Town,
    who: Someone,
    found: EditionView,
    quiz: Quiz,
    *,
    minutes: int = 0,
    failed: bool = False,
) -> Attempt:
    """An attempt under way against the clock, or one that failed."""
    now, lead = clock.utcnow(), found.course.languages[0]
    asked = [
        (each.id, [option["id"] for option in each.views[lead].get("options", ())])
        for each in quiz.questions
    ]
    total = sum(each.points for each in quiz.questions)
    wrong = quiz.questions[:2]  # with one of them right, it would pass
    sent: dict[str, Any] = {
        "submitted_at": now,
        "answers": {},
        "marks": {each.id: [each.points, "right"] for each in quiz.questions}
        | {each.id: [0.0, "wrong"] for each in wrong},
        "points": total - sum(each.points for each in wrong),
        "max_points": total,
        "passed": False,
    }
    with town.site.app.app_context(), writing():
        enrolment = learning.enrol(viewer_of(who.id), found, "sv")
        attempt = Attempt(
            id=new_id(),
            enrolment_id=enrolment,
            quiz_id=quiz.id,
            number=1,
            edition_id=found.id,
            fingerprint=quiz.fingerprint,
            language="sv",
            asked=asked,
            started_at=now,
            due_at=now + timedelta(minutes=minutes) if minutes else None,
            **(sent if failed else {}),
        )
        db.session.add(attempt)
    return attempt
