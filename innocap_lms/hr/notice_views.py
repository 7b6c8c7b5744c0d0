"""An organisation's words around what is mailed, over HTTP: written, looked at, saved by HR."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _

from innocap_lms.extensions import let_reads_go, writing
from innocap_lms.hr import queries
from innocap_lms.hr.digest_mail import Said, around, others_said, own_said
from innocap_lms.hr.reach import decides_in
from innocap_lms.people import mail, notices
from innocap_lms.people.identity import InvalidInputError
from innocap_lms.people.language import LANGUAGES
from innocap_lms.people.notices import Words
from innocap_lms.people.policy import allow, require_viewer
from innocap_lms.requirements.days import today
from innocap_lms.requirements.periods import State
from innocap_lms.requirements.queries import Own
from innocap_lms.requirements.reminding import LateOne
from innocap_lms.requirements.rules import Rule
from innocap_lms.rounds import mail as rounds_mail

views = Blueprint("hr_notices", __name__, template_folder="templates")


@dataclass(frozen=True)
class Preview:
    """A mail to a person who does not exist."""

    language: str
    language_name: str
    subject: str
    text: str


@dataclass(frozen=True)
class Letter:
    """Whose words, around which kind of mail."""

    organisation_id: str
    organisation: str
    reader: str


@views.get("/hr/notices")
@allow("hr", "admin")
def overview() -> ResponseReturnValue:
    """Where there is one organisation to decide about, straight to it."""
    organisations = _organisations()
    if len(organisations) == 1:
        return redirect(url_for(".notice", organisation_id=next(iter(organisations))))
    return render_template("hr/notices.html", organisations=organisations)


@views.route(
    "/hr/notices/<organisation_id>", defaults={"reader": "learner"}, methods=["GET", "POST"]
)
@views.route("/hr/notices/<organisation_id>/<reader>", methods=["GET", "POST"])
@allow("hr", "admin")
def notice(organisation_id: str, reader: str) -> ResponseReturnValue:
    """The words around one kind of mail: the digest of whoever learns, of managers or of HR, the
    invitation, what a round tells."""
    organisation = _organisations().get(organisation_id)
    if organisation is None or reader not in notices.PLACES:
        abort(404)
    letter = Letter(organisation_id, organisation, reader)
    if request.method == "GET":
        kept = notices.words_of(organisation_id, reader)
        words = {language: kept.get(language, Words()) for language in LANGUAGES}
        return _page(letter, words, {})
    words, viewer = notices.read_words(request.form), require_viewer()
    if request.form.get("do") != "save":
        errors = notices.check(words, reader)
        return _page(letter, words, errors), 422 if errors else 200
    let_reads_go()
    try:
        with writing():
            notices.set_words(organisation_id, reader, words, viewer.id)
    except InvalidInputError as error:
        return _page(letter, words, error.errors), 422
    flash(_("Saved. The next mails say it so."), "success")
    return redirect(url_for(".notice", organisation_id=organisation_id, reader=reader))


def _organisations() -> dict[str, str]:
    """The organisations whose words the viewer may choose: names by id, by name."""
    viewer = require_viewer()
    return {
        place.organisation_id: place.organisation
        for place in queries.places(viewer)
        if decides_in(viewer, place.organisation_id)
    }


def _page(letter: Letter, words: Mapping[str, Words], errors: dict[str, str]) -> str:
    return render_template(
        "hr/notice.html",
        letter=letter,
        words=words,
        places=notices.PLACES[letter.reader],
        errors=errors,
        previews=[_preview(language, letter, said) for language, said in words.items()],
    )


def _preview(language: str, letter: Letter, words: Words) -> Preview:
    """What somebody would read; whatever is wrong with the words, there is a preview of them."""
    with force_locale(language):
        subject, text = _written(letter, words, _("Maja Example"))
    return Preview(language, LANGUAGES[language], subject, text)


def _written(letter: Letter, words: Words, name: str) -> tuple[str, str]:
    if letter.reader == "invitation":
        return mail.example_invitation(words, name, letter.organisation)
    if letter.reader == "round":
        return rounds_mail.example(words, name, _titles()["first"], letter.organisation)
    said = _to_learner(letter) if letter.reader == "learner" else _to_others()
    facts = {"name": name, "number": said.number, "organisation": letter.organisation}
    return around([said], facts, words)


def _to_learner(letter: Letter) -> Said:
    day = today()
    made_up: list[tuple[str, State, date]] = [
        ("first", "due_soon", day + timedelta(days=14)),
        ("second", "overdue", day - timedelta(days=3)),
    ]
    titles = {target: ("", title) for target, title in _titles().items()}
    return own_said(
        [
            Own("", "", letter.organisation, Rule("course", target, "employer", day), state, last)
            for target, state, last in made_up
        ],
        titles,
    )


def _to_others() -> Said:
    since = today() - timedelta(days=30)
    late = [
        LateOne(_("Kim Example"), "first", since),
        LateOne(_("Robin Example"), "second", since),
    ]
    return others_said(late, len(late), _titles())


def _titles() -> dict[str, str]:
    return {"first": _("An example course"), "second": _("Another course")}
