"""Jobs: the mail that says a question is answered, and those that say a result has changed or is
there at last.

Each is written in its reader's language. Neither says what anybody answered in a quiz, nor what
would have been right.
"""

from collections.abc import Mapping
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _

from innocap_lms.catalogue.queries import EditionView, edition
from innocap_lms.content.model import Quiz
from innocap_lms.inquiries.pages import quiz_of
from innocap_lms.inquiries.queries import InquiryView, inquiry_for_mail
from innocap_lms.jobs.mail import send
from innocap_lms.learning.outcomes import out_of
from innocap_lms.learning.outline import text_language
from innocap_lms.learning.own_attempts import attempt_of
from innocap_lms.learning.remedies import remedied_attempt
from innocap_lms.people.mail import reachable, site_address


def send_answer(payload: dict[str, Any]) -> None:
    """Outbox kind ANSWER_MAIL_JOB; payload: inquiry_id."""
    inquiry = inquiry_for_mail(payload["inquiry_id"])
    reader = reachable(inquiry.person_id) if inquiry else None
    if inquiry is None or reader is None:
        return
    found = edition(inquiry.edition_id)
    quiz = quiz_of(found, inquiry.quiz_id)
    with force_locale(reader.language):
        course = found.course.texts[found.course.language(reader.language)].title
        subject = _("Your question about %(course)s is answered", course=course)
        text = _paragraphs(
            _("Hello %(name)s,", name=reader.name),
            *_answer(inquiry, _title(quiz, found, reader.language)),
            _("Everything you have asked stands here:"),
            f"{site_address()}/me/questions",
        )
    send(reader.email or "", subject, text, f"answer-{inquiry.id}")


def _answer(inquiry: InquiryView, quiz: str) -> list[str]:
    if inquiry.granted:
        said = _("You have another attempt at the quiz “%(quiz)s”:", quiz=quiz)
        return [said, f"{site_address()}/courses/{inquiry.course_id}/{inquiry.quiz_id}"]
    asked = [_("You wrote:"), inquiry.text] if inquiry.text else []
    return [*asked, _("%(name)s answers:", name=inquiry.by), inquiry.answer or ""]


def send_result(payload: dict[str, Any]) -> None:
    """Outbox kind RESULT_MAIL_JOB; payload: attempt, remedy, before, after."""
    attempt = remedied_attempt(payload["attempt"], payload["remedy"])
    reader = reachable(attempt.person_id)
    if reader is None:
        return
    found = edition(attempt.edition_id)
    quiz = quiz_of(found, attempt.quiz_id)
    with force_locale(reader.language):
        title = _title(quiz, found, reader.language)
        before, after = _result(payload["before"]), _result(payload["after"])
        text = _paragraphs(
            _("Hello %(name)s,", name=reader.name),
            _(
                "A question in the quiz “%(quiz)s” was faulty. Your result is corrected.",
                quiz=title,
            ),
            _("Before: %(result)s", result=before) + "\n" + _("Now: %(result)s", result=after),
            _("Reason: %(reason)s", reason=attempt.reason),
            _page_of(found, quiz, payload["attempt"]),
        )
        subject = _("Your result in “%(quiz)s” is corrected", quiz=title)
    send(reader.email or "", subject, text, f"result-{payload['remedy']}-{payload['attempt']}")


def send_marked(payload: dict[str, Any]) -> None:
    """Outbox kind MARKED_MAIL_JOB; payload: person, attempt."""
    attempt, reader = (
        attempt_of(payload["person"], payload["attempt"]),
        reachable(payload["person"]),
    )
    if attempt is None or reader is None:
        return
    found = edition(attempt.edition_id)
    quiz = quiz_of(found, attempt.quiz_id)
    with force_locale(reader.language):
        title = _title(quiz, found, reader.language)
        text = _paragraphs(
            _("Hello %(name)s,", name=reader.name),
            _(
                "One of your answers in the quiz “%(quiz)s” could not be marked when you handed it "
                "in. Now it is.",
                quiz=title,
            ),
            _("Your result: %(result)s", result=_result(vars(attempt))),
            _page_of(found, quiz, attempt.id),
        )
        subject = _("Your result in “%(quiz)s”", quiz=title)
    send(reader.email or "", subject, text, f"marked-{attempt.id}")


def _page_of(found: EditionView, quiz: Quiz, attempt_id: str) -> str:
    return f"{site_address()}/courses/{found.course.id}/{quiz.id}/attempts/{attempt_id}"


def _result(result: Mapping[str, Any]) -> str:
    words = {True: _("passed"), False: _("not passed"), None: _("no result yet")}[result["passed"]]
    return f"{out_of(result['points'], result['max_points'])}, {words}"


def _title(quiz: Quiz, found: EditionView, language: str) -> str:
    return quiz.titles[text_language(quiz, found, language)]


def _paragraphs(*parts: str) -> str:
    return "\n\n".join(parts) + "\n"
