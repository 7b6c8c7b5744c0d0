"""Faulty questions at the trainer's desk, over HTTP: decide, see whom it concerns, apply."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from innocap_lms.catalogue.queries import quiz_keys
from innocap_lms.content.numeric import NUMERIC
from innocap_lms.extensions import writing
from innocap_lms.inquiries.desk import own_course
from innocap_lms.inquiries.pages import options_of, text_of
from innocap_lms.inquiries.queries import open_reports
from innocap_lms.learning.affected import FEWEST, Preview, leaves_nothing, preview
from innocap_lms.learning.asking import one_on_paper
from innocap_lms.learning.corrections import (
    MOST_OPTIONS,
    Answers,
    How,
    further_options,
    further_words,
    is_choice,
    takes_words,
)
from innocap_lms.learning.outcomes import out_of
from innocap_lms.learning.outline import course_head, text_language
from innocap_lms.learning.own_attempts import attempts_at
from innocap_lms.learning.queries import place_in, progress_of
from innocap_lms.learning.regrading import NothingLeftError, decide, end, note_preview
from innocap_lms.learning.remedies import Wording, decided, remedies_of, wording
from innocap_lms.people.language import request_language
from innocap_lms.people.policy import allow, require_viewer

views = Blueprint("studio_remedies", __name__, template_folder="templates")

LONGEST_REASON = 500


@dataclass(frozen=True)
class Form:
    """A remedy as it was filled in."""

    how: str = ""
    options: tuple[str, ...] = ()
    words: str = ""
    reason: str = ""


@views.get("/studio/courses/<course_id>/questions")
@allow("trainer", "admin")
def questions(course_id: str) -> ResponseReturnValue:
    found, language = own_course(course_id).edition, request_language()
    reports = open_reports(course_id)
    quizzes = []
    for quiz in found.course.quizzes:
        shown, remedies = text_language(quiz, found, language), remedies_of(found, quiz)
        rows = [
            {
                "question": question,
                "html": text_of(question, shown),
                "reports": reports.get((quiz.id, question.id), 0),
                "remedy": remedies.get(question.id),
            }
            for question in quiz.questions
        ]
        quizzes.append({"id": quiz.id, "title": quiz.titles[shown], "lang": shown, "rows": rows})
    return render_template(
        "inquiries/questions.html", course=course_head(found, language), quizzes=quizzes
    )


@views.get("/studio/courses/<course_id>/<quiz_id>/questions/<question_id>/remedy")
@allow("trainer", "admin")
def remedy(course_id: str, quiz_id: str, question_id: str) -> ResponseReturnValue:
    return _page(_wording(course_id, quiz_id, question_id), Form())


@views.post("/studio/courses/<course_id>/<quiz_id>/questions/<question_id>/remedy")
@allow("trainer", "admin")
def decide_remedy(course_id: str, quiz_id: str, question_id: str) -> ResponseReturnValue:
    """Show what a remedy would change; with `step=apply`, decide it."""
    found, sent = _wording(course_id, quiz_id, question_id), request.form
    form = Form(
        sent.get("how", ""),
        tuple(sent.getlist("option")),
        sent.get("words", ""),
        sent.get("reason", "").strip(),
    )
    accepted, errors = _read(found, form)
    if not errors:
        errors = _refused(found, form)
    if errors:
        return _page(found, form, errors=errors)
    how = cast("How", form.how)
    if sent.get("step") != "apply":
        with writing():
            note_preview(require_viewer().id, found, how, accepted)
        return _page(found, form, preview(found, how, accepted))
    try:
        with writing():
            made = decide(require_viewer().id, found, how, accepted, form.reason)
    except NothingLeftError:
        return _page(found, form, errors=_nothing_left())
    if made:
        flash(_("It is decided. Results are changed now, one after the other."), "success")
    else:
        flash(_("This question had been decided already. Nothing was changed."), "warning")
    return redirect(_address(found), 303)


@views.post("/studio/courses/<course_id>/<quiz_id>/questions/<question_id>/remedy/end")
@allow("trainer", "admin")
def end_remedy(course_id: str, quiz_id: str, question_id: str) -> ResponseReturnValue:
    """End what was decided, for attempts to come."""
    found = _wording(course_id, quiz_id, question_id)
    made = decided(found)
    if made is None:
        abort(404)
    if _concerns_viewer(found):
        return _page(found, Form(), errors=_concerned())
    with writing():
        end(require_viewer().id, made.remedy.id)
    flash(_("It is ended. What it has given stays."), "success")
    return redirect(_address(found), 303)


def _refused(found: Wording, form: Form) -> Mapping[str, str]:
    """Why what is filled in may not be decided."""
    if not found.question.points:
        return {"how": _("Nobody gets points for this question: there is nothing to correct.")}
    if _concerns_viewer(found):
        return _concerned()
    if form.how == "drop" and leaves_nothing(found):
        return _nothing_left()
    return {}


def _concerns_viewer(found: Wording) -> bool:
    """Whether the viewer has tried the quiz as a learner and not passed it."""
    viewer = require_viewer()
    place = place_in(viewer.id, found.course_id)
    if place is None or not attempts_at(viewer.id, found.course_id, found.quiz_id):
        return False
    return found.quiz_id not in progress_of(place[0]).passed


def _concerned() -> Mapping[str, str]:
    return {
        "how": _("You have tried this quiz yourself and not passed it: another trainer decides.")
    }


def _nothing_left() -> Mapping[str, str]:
    return {
        "how": _(
            "Without this question an attempt could have no question that counts, and nobody "
            "could pass it. Accept every answer instead, or publish the quiz with another question."
        )
    }


def _wording(course_id: str, quiz_id: str, question_id: str) -> Wording:
    """The question as the edition of `?edition=` words it, or the newest that has it; else 404."""
    own_course(course_id)
    number = request.args.get("edition", "")
    if number and not (number.isascii() and number.isdigit() and len(number) < 9):
        abort(404)
    found = wording(course_id, quiz_id, question_id, number=int(number) if number else None)
    if found is None:
        abort(404)
    return found


def _address(found: Wording, door: str = ".remedy") -> str:
    return url_for(
        door,
        course_id=found.course_id,
        quiz_id=found.quiz_id,
        question_id=found.question.id,
        edition=found.edition.number,
    )


def _ways(found: Wording) -> list[tuple[str, str]]:
    ways = [("accept_all", _("Accept every answer: everybody gets the points"))]
    if is_choice(found.question) or takes_words(found.question):
        ways.append(("accept", _("Accept further answers, which you name below")))
    return [*ways, ("drop", _("Drop the question: it counts for nobody"))]


def _read(found: Wording, form: Form) -> tuple[Answers, Mapping[str, str]]:
    """The answers to accept, and what is wrong with the form by the names of its fields."""
    errors, accepted = {}, Answers()
    if form.how not in dict(_ways(found)):
        errors["how"] = _("Choose what to do with the question.")
    if form.how == "accept":
        accepted, errors = _accepted(found, form)
    if not form.reason:
        errors["reason"] = _("Write the reason: those whose result changes read it.")
    elif len(form.reason) > LONGEST_REASON:
        errors["reason"] = _(
            "The reason is too long: at most %(most)s characters.", most=LONGEST_REASON
        )
    return accepted, errors


def _accepted(found: Wording, form: Form) -> tuple[Answers, dict[str, str]]:
    question = found.question
    if not is_choice(question):
        try:
            accepted = further_words(question, form.words)
        except ValueError as line:
            message = _("“%(line)s” is no number. Write 42 or 42 ± 1 km.", line=line)
            return (), {"words": message}
        return accepted, {} if accepted else {"words": _("Write at least one answer to accept.")}
    if not form.options:
        return (), {"option": _("Choose at least one option to accept.")}
    try:
        return further_options(question, _key(found), form.options), {}
    except ValueError:
        message = ngettext(
            "Choose at most %(num)s option of the list.",
            "Choose at most %(num)s options of the list.",
            MOST_OPTIONS,
        )
        return (), {"option": message}


def _key(found: Wording) -> Mapping[str, object]:
    key: Mapping[str, object] = _keys(found)[found.question.id]["key"]
    return key


def _keys(found: Wording) -> Mapping[str, Mapping[str, Any]]:
    return quiz_keys(found.edition.id, found.quiz_id)


def _page(
    found: Wording,
    form: Form,
    shown: Preview | None = None,
    errors: Mapping[str, str] = {},
) -> ResponseReturnValue:
    language, question = request_language(), found.question
    quiz = found.quizzes[found.edition.id]
    words = text_language(quiz, found.edition, language)
    page = render_template(
        "inquiries/remedy.html",
        course=course_head(found.edition, language),
        quiz={"title": quiz.titles[words]},
        question=question,
        paper=one_on_paper(found.edition, quiz, words, question.id, _keys(found)),
        body_lang=words,
        options=options_of(question, words, _key(found)),
        choice=is_choice(question),
        several=is_choice(question) and next(iter(question.views.values()))["multiple"],
        words=takes_words(question),
        words_hint=_("One answer a line, as in a quiz file: 42 or 42 ± 1 km.")
        if question.kind == NUMERIC.name
        else _("One answer a line. Case and spaces do not matter."),
        editions=len(found.quizzes),
        ways=_ways(found),
        decided=decided(found),
        form=form,
        preview=shown,
        fewest=FEWEST,
        errors=errors,
        out_of=out_of,
        send_url=_address(found),
        end_url=_address(found, ".end_remedy"),
    )
    return page, 422 if errors else 200
