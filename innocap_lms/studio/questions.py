"""The questions of a quiz or a bank as forms, over HTTP: what they change is the same Markdown."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from innocap_lms.authoring import services
from innocap_lms.authoring.services import Content, StaleError, UnfitError
from innocap_lms.content import rewriting
from innocap_lms.content.naming import bank_of, holds_questions
from innocap_lms.content.problems import Problem
from innocap_lms.content.rewriting import OptionPiece, QuestionPiece, UnknownPieceError, pieces_of
from innocap_lms.extensions import writing
from innocap_lms.people.policy import require_viewer, signed_in
from innocap_lms.studio.bench import Bench, bench

views = Blueprint("questions", __name__, template_folder="templates")

Told = dict[str, list[Problem]]

ADDRESS = "/studio/courses/<course_id>/questions/<path:path>"
# What a new question begins with, by what its author chooses: lines under the heading, and braces.
BEGINNINGS: Final[Mapping[str, tuple[tuple[str, ...], str]]] = {
    "one": (("- [x] … {#right}", "- [ ] … {#wrong}"), ""),
    "several": (("- [x] … {#first}", "- [x] … {#second}", "- [ ] … {#third}"), ".multiple"),
    "truth": ((), ".true"),
    "number": (("= 42",), ""),
    "words": (("= …",), ""),
    "gaps": (("… [[…]] …",), ""),
    "order": (("1. … {#first}", "2. … {#second}"), ".order"),
    "match": (("… {#term}", ": … {#definition}", "", "… {#other}", ": … {#its}"), ".match"),
    "thought": ((), ".reflection"),
}


@views.get(ADDRESS)
@signed_in
def form(course_id: str, path: str) -> ResponseReturnValue:
    found = _open(course_id, path)
    if not found.is_readable(path):
        return redirect(url_for("editor.edit", course_id=course_id, path=path))
    pieces = pieces_of(_text(found, path))
    return render_template(
        "studio/questions.html",
        course=found.course,
        title=found.title,
        path=path,
        questions=pieces,
        translated=bool(found.lead_of(path)),
        is_bank=bool(bank_of(path)),
        state=_state_of(found, path),
        problems=_problems(found, path, pieces),
        beginnings=_beginnings(),
    )


@views.post(ADDRESS)
@signed_in
def change(course_id: str, path: str) -> ResponseReturnValue:
    """Change one question of the viewer's draft; where it has changed elsewhere, nothing."""
    found, question = _open(course_id, path), request.form.get("question", "")
    if not found.is_readable(path):
        abort(409)  # what cannot be read would be lost
    act = ACTS.get(request.form.get("do", ""))
    if act is None:
        abort(400)
    back = redirect(f"{url_for('.form', course_id=course_id, path=path)}#question-{question}", 303)
    base, stamp = request.form.get("base", ""), request.form.get("revision", "")
    try:
        if (stamp, base) != _state_of(found, path):
            raise StaleError(path)
        text = act(_text(found, path), question)
        with writing():
            services.keep(
                course_id,
                path,
                require_viewer().id,
                Content(text=text),
                base,
                stamp,
            )
    except (StaleError, UnknownPieceError):
        flash(_("The file was changed meanwhile. Look again, then make your change."), "warn")
    except UnfitError:
        flash(_("The file would be too long."), "error")
    else:
        flash(_("Kept as your draft."), "success")
    return back


def _open(course_id: str, path: str) -> Bench:
    found = bench(course_id, "author")
    if not holds_questions(path) or path not in found.working.files:
        abort(404)
    return found


def _text(found: Bench, path: str) -> str:
    return found.working.files[path].decode()


def _state_of(found: Bench, path: str) -> tuple[str, str]:
    """What a form was made of: the stamp of the viewer's draft, and the file that it began from."""
    draft = found.working.drafts.get(path)
    return (draft.stamp, draft.base) if draft else ("", found.working.kept.get(path, ""))


def _problems(found: Bench, path: str, pieces: Sequence[QuestionPiece]) -> Told:
    """The problems of each question, by its id; those before the first one under ""."""
    told: Told = {"": [], **{piece.id: [] for piece in pieces}}
    for problem in found.problems_of(path):
        above = [piece.id for piece in pieces if piece.line <= problem.line]
        told[above[-1] if above else ""].append(problem)
    return told


def _question(text: str, question_id: str) -> str:
    """The form of a question with options: its words, each option, and a new one."""
    form = request.form
    text = rewriting.with_words(text, question_id, form.get("words", ""))
    if "tags" in form:
        text = rewriting.with_tags(text, question_id, _tags())
    piece = next(each for each in pieces_of(text) if each.id == question_id)
    for each in piece.options:
        words = form.get(f"text-{each.id}", each.text)
        if not words.strip():
            text = rewriting.without_option(text, question_id, each.id)
            continue
        ticked = f"ticked-{each.id}" in form if "marks" in form else each.ticked
        feedback = form.get(f"feedback-{each.id}", each.feedback)
        text = rewriting.with_option(
            text, question_id, OptionPiece(each.id, words, ticked, feedback)
        )
    if form.get("text-new", "").strip():
        new = OptionPiece("", form["text-new"], "ticked-new" in form, form.get("feedback-new", ""))
        text = rewriting.with_option(text, question_id, new)
    return text


def _add(text: str, _question_id: str) -> str:
    words = request.form.get("words", "").strip() or _("A new question?")
    under, braces = BEGINNINGS.get(request.form.get("kind", ""), BEGINNINGS["one"])
    if tags := _tags():
        braces = f"{braces} {rewriting.tags_piece(tags)}".strip()
    return rewriting.with_question(text, words, under, braces)


def _tags() -> list[str]:
    """The tags that were written, without what would end the braces in which they stand."""
    return re.findall(r'[^\s,;{}"]+', request.form.get("tags", ""))


ACTS: Final[Mapping[str, Callable[[str, str], str]]] = {
    "question": _question,
    "source": lambda text, name: rewriting.with_source(text, name, request.form.get("source", "")),
    "up": lambda text, name: rewriting.moved(text, name, -1),
    "down": lambda text, name: rewriting.moved(text, name, 1),
    "remove": rewriting.without_question,
    "add": _add,
}


def _beginnings() -> list[tuple[str, str]]:
    return [
        ("one", _("Choose one")),
        ("several", _("Choose all that apply")),
        ("truth", _("True or false")),
        ("number", _("A number")),
        ("words", _("A few words")),
        ("gaps", _("A text with gaps")),
        ("order", _("Put in order")),
        ("match", _("Match terms and definitions")),
        ("thought", _("A thought of one’s own, not graded")),
    ]
