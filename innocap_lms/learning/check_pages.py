"""The pages of a check of what has stayed: the invitation, the questions, the result."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import render_template, url_for

from innocap_lms.catalogue.queries import EditionView, edition
from innocap_lms.learning.asking import asked, reviewed
from innocap_lms.learning.attempt_pages import NONE, Trouble
from innocap_lms.learning.outline import course_head
from innocap_lms.learning.own_attempts import AttemptView
from innocap_lms.learning.queries import MyCourse
from innocap_lms.learning.quiz_pages import to_reread
from innocap_lms.learning.retention import Check, Kinds, check_to_offer, keys_of, quiz_of
from innocap_lms.people.language import request_language
from innocap_lms.plugin_host.current import plugins


def invitation(mine: MyCourse, found: EditionView) -> Mapping[str, Any] | None:
    """What a page says of the check that its learner may take now. No statement."""
    check = check_to_offer(mine, found, kinds())
    return _invitation(check, found) if check else None


def _invitation(check: Check, found: EditionView) -> Mapping[str, Any]:
    address: dict[str, Any] = {"course_id": found.course.id, "weeks": check.weeks}
    return {
        "course": course_head(found, request_language()),
        "start_url": url_for("retention.begin", **address),
        "aside_url": url_for("retention.put_aside", **address),
    }


def kinds() -> Kinds:
    return plugins().kinds


def invitation_page(check: Check, found: EditionView) -> str:
    """A page of its own for the invitation, for those who come by its address."""
    return render_template("learning/check.html", invitation=_invitation(check, found))


def questions_page(
    attempt: AttemptView,
    check: Check,
    answers: Mapping[str, Sequence[str]],
    trouble: Trouble = NONE,
) -> str:
    """The questions of an open check, with these answers; `trouble` says why they came back."""
    found = edition(attempt.edition_id)
    quiz = quiz_of(found, check.id, [name for name, _order in attempt.asked])
    shown = found.course.language(request_language())
    return render_template(
        "learning/check_questions.html",
        course=course_head(found, request_language()),
        questions=asked(attempt, found, quiz, shown, answers),
        body_lang=shown,
        trouble=trouble,
        seen={name: saved[0] for name, saved in attempt.saved.items()},
        send_url=url_for("retention.send", course_id=found.course.id, weeks=check.weeks),
    )


def result_page(attempt: AttemptView, check: Check) -> str:
    """What has stayed, question by question, and where to read what has not."""
    found, language = edition(attempt.edition_id), request_language()
    names = [name for name, _order in attempt.asked]
    shown = found.course.language(language)
    quiz = quiz_of(found, check.id, names)
    questions = reviewed(attempt, found, quiz, shown, keys_of(found, names))
    return render_template(
        "learning/check_result.html",
        course=course_head(found, language),
        questions=questions,
        right=sum(question.right is True for question in questions),
        counted=sum(question.right is not None for question in questions),
        reread={
            question.id: to_reread(found, {question.outcome}, language)
            for question in questions
            if question.right is False
        },
        body_lang=shown,
    )
