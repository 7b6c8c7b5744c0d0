"""The pages of a quiz before an attempt and after it."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import render_template, url_for

from innocap_lms import clock
from innocap_lms.catalogue.queries import EditionView, edition, quiz_keys
from innocap_lms.content.model import Quiz
from innocap_lms.learning.addresses import activity_address, attempt_url
from innocap_lms.learning.allowances import (
    AllowanceView,
    allowance_of,
    is_used_up,
    may_ask_for_more,
    rule_for,
)
from innocap_lms.learning.asking import keys_are_due, marked, reviewed
from innocap_lms.learning.attempts import next_opens
from innocap_lms.learning.outcomes import out_of, outcome_of, rule_said, verdict_said
from innocap_lms.learning.outline import (
    Stop,
    course_head,
    outline,
    text_language,
    title_and_minutes,
)
from innocap_lms.learning.own_attempts import AttemptLine, AttemptView, attempts_ever
from innocap_lms.learning.queries import MyCourse, my_course, progress_of
from innocap_lms.learning.remedies import corrections_of
from innocap_lms.learning.showing import quiz_feedback
from innocap_lms.people.language import request_language
from innocap_lms.people.policy import require_viewer

EARLIER = 10  # attempts that the page of a quiz lists


def quiz_page(mine: MyCourse, found: EditionView, quiz: Quiz) -> str:
    """What the quiz asks for, the attempts so far, and the way in."""
    language = request_language()
    quiz = rule_for(mine.enrolment_id, quiz)
    shown = text_language(quiz, found, language)
    every = attempts_ever(require_viewer().id, found.course.id, quiz.id)
    attempts = [attempt for attempt in every if not attempt.before]
    before = [attempt for attempt in every if attempt.before and attempt.submitted_at]
    sent = [attempt for attempt in attempts if attempt.submitted_at]
    under_way = next((attempt for attempt in attempts if not attempt.submitted_at), None)
    limited = quiz.attempts is not None or quiz.minutes is not None or bool(sent)
    more = allowance_of(mine.enrolment_id, quiz.id) if limited else AllowanceView()
    left = None if quiz.attempts is None else max(0, quiz.attempts + more.attempts - len(attempts))
    left = 0 if more.closed_at is not None else left
    opens = next_opens(quiz, sent[-1].submitted_at) if sent and sent[-1].submitted_at else None
    wait_until = opens if opens and opens > clock.utcnow() else None
    may_start = under_way is None and left != 0 and wait_until is None
    return render_template(
        "learning/quiz.html",
        course=course_head(found, language),
        quiz={
            "id": quiz.id,
            "title": quiz.titles[shown],
            "questions": quiz.asked_count,
            "counts": quiz.counts,
        },
        rule=rule_said(quiz, more.attempts),
        attempts=[_attempt_row(found, quiz, attempt) for attempt in sent[-EARLIER:]],
        attempts_before=[_attempt_row(found, quiz, attempt) for attempt in before[-EARLIER:]],
        attempts_used=len(sent),
        attempts_left=left,
        passed=quiz.id in mine.progress.passed,
        may_ask=may_ask_for_more(quiz, more),
        resume_url=attempt_url(found.course.id, quiz.id, under_way.id) if under_way else "",
        minutes=quiz.minutes + more.minutes if quiz.minutes else None,
        wait_until=wait_until if left != 0 else None,
        start_url=url_for("attempts.begin", course_id=found.course.id, quiz_id=quiz.id)
        if may_start
        else "",
        outline=outline(found, mine.progress, language, quiz.id),
    )


def _attempt_row(found: EditionView, quiz: Quiz, attempt: AttemptLine) -> Mapping[str, Any]:
    return {
        "number": attempt.number,
        "url": attempt_url(found.course.id, quiz.id, attempt.id),
        "sent": attempt.submitted_at,
        "score": out_of(attempt.points, attempt.max_points),
        "practice": quiz.counts == "first" and attempt.number > 1,
        "passed": attempt.passed,
    }


def result_page(mine: AttemptView, found: EditionView, quiz: Quiz) -> str:
    """What an attempt that has been handed in came to, question by question."""
    language = request_language()
    shown = text_language(quiz, found, language)
    progress = progress_of(mine.enrolment_id)
    passed = quiz.id in progress.passed
    now = edition(mine.enrolled_in)
    rule = rule_for(mine.enrolment_id, _as_taken_now(quiz, now))
    more = AllowanceView() if rule.attempts is None else allowance_of(mine.enrolment_id, quiz.id)
    ended = passed or more.closed_at is not None
    due = keys_are_due(mine, rule, ended=ended) and not _is_taken_again(mine, quiz)
    questions = (
        reviewed(mine, found, quiz, shown, quiz_keys(found.id, quiz.id), ended=ended, rule=rule)
        if due
        else marked(mine, found, quiz, shown)
    )
    stops = outline(now, progress, language, quiz.id)
    quiz_url = activity_address(found.course.id, quiz.id)
    outcome = outcome_of(mine, quiz, rule)
    remedies = corrections_of(mine, found, quiz)
    wrong = {each.outcome for each in questions if each.right is False}
    return render_template(
        "learning/result.html",
        course=course_head(found, language),
        quiz={"id": quiz.id, "title": quiz.titles[shown], "url": quiz_url},
        attempt=mine,
        outcome=outcome,
        score=out_of(mine.points, mine.max_points),
        completed=mine.completion_id is not None and outcome.passed,
        stops=[True] * len(stops),
        because=verdict_said(outcome, mine, rule, more.attempts),
        certificate_url=url_for("credentials.of_completion", completion_id=mine.completion_id)
        if mine.completion_id
        else "",
        next=next((stop for stop in stops if stop.state != "done" and not stop.current), None),
        retry_url="" if mine.passed else quiz_url,
        reread=[] if mine.passed else to_reread(found, wrong, language),
        left=_left(now, stops) if outcome.passed else [],
        questions=questions,
        remedies=remedies,
        keys_due=due,
        used_up=not due and is_used_up(rule, more, mine.number, passed=passed),
        may_ask=may_ask_for_more(rule, more),
        said=quiz_feedback(found.course, quiz, shown, passed=mine.passed),
        body_lang=shown,
    )


def _is_taken_again(mine: AttemptView, quiz: Quiz) -> bool:
    """Whether the learner has begun the course anew and has this quiz still to pass: until then its
    right answers wait, also those of the time before."""
    if not mine.before or quiz.use != "graded":
        return False
    current = my_course(require_viewer().id, mine.course_id)
    if current is None or quiz.id in current.progress.passed:
        return False
    return any(each.id == quiz.id for each in edition(current.edition_id).course.quizzes)


def _as_taken_now(quiz: Quiz, now: EditionView) -> Quiz:
    """The quiz by the rules of the edition the learner is in: how often it may be tried, and what
    counts. The attempt's own where that edition has it no longer."""
    try:
        return now.course.quiz(quiz.id)
    except KeyError:
        return quiz


def _left(found: EditionView, stops: Sequence[Stop]) -> list[Stop]:
    """The parts that the course's completion rule still asks for."""
    rule = found.course.completion
    wanted = {*rule.lessons, *rule.quizzes, *rule.tasks}
    return [stop for stop in stops if stop.id in wanted and stop.state != "done"]


def to_reread(found: EditionView, outcomes: set[str], language: str) -> list[Mapping[str, str]]:
    """The lessons that teach the outcomes whose questions went wrong."""
    lead = found.course.languages[0]
    return [
        {
            "title": title_and_minutes(lesson, found, language)[0],
            "url": activity_address(found.course.id, lesson.id),
        }
        for lesson in found.course.lessons
        if outcomes.intersection(lesson.texts[lead].goals)
    ]
