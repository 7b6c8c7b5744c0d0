"""What HR does with a list: send it in, say what its columns are, look at what it would do, and let
it be done, or not. In a write transaction, but for `received` and `forget_old`."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Final, NamedTuple

from flask_babel import gettext as _
from sqlalchemy import delete, insert, select, update

from innocap_lms import clock
from innocap_lms.extensions import db, writing
from innocap_lms.ids import new_id
from innocap_lms.ledger.services import record
from innocap_lms.people.identity import InvalidInputError
from innocap_lms.recognition import evidence, working
from innocap_lms.recognition.lists import COLUMNS, OF_ROWS
from innocap_lms.recognition.models import Evidence, Intake, IntakeRow
from innocap_lms.requirements.services import reason_of
from innocap_lms.spreadsheets import cells
from innocap_lms.spreadsheets.cells import CellError
from innocap_lms.spreadsheets.columns import chosen
from innocap_lms.spreadsheets.reading import opened
from innocap_lms.tasks.file_checks import Upload

KEPT: Final = timedelta(days=30)
MOST_PEOPLE: Final = 2000


class Made(NamedTuple):
    """Who sends a list in, for which organisation."""

    organisation_id: str
    by: str


class NotNowError(ValueError):
    """The list is not where this can be done: somebody else was quicker."""


def received(content: Path) -> tuple[str, tuple[str, ...]]:
    """Look at a file that was sent in and keep it; the id for its list, and its header. Raises
    TableError. Done before the transaction: a file that no list names harms nobody."""
    header = opened(content).header
    name = new_id()
    place = working.place_of(name)
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    content.replace(place)
    return name, header


def begin(made: Made, intake_id: str, name: str, header: Iterable[str]) -> Intake:
    """A list from a file: next, somebody says what its columns are."""
    said = name[:200] or "-"
    return _make(made, intake_id, what="completion", name=said, state="columns", header=header)


def read_columns(
    intake: Intake, what: str, places: Mapping[str, int], shared: Mapping[str, str]
) -> None:
    """Let the chosen columns be read and looked at. Raises InvalidInputError, by the names of the
    form's fields, and TableError for columns that cannot be."""
    if intake.state != "columns":
        raise NotNowError(intake.id)
    _check_shared(what, places, shared)
    needed = chosen(intake.header, COLUMNS, places).places
    intake.what, intake.places, intake.shared = what, dict(needed), dict(shared)
    intake.state = "reading"
    working.ask(intake)


class Shown(NamedTuple):
    """Evidence that lies on the disk already: the name of its bytes, and what it is."""

    stored: str
    upload: Upload


class Whom(NamedTuple):
    """People by their ids, and by e-mail addresses or user names that somebody wrote."""

    ids: Iterable[str] = ()
    addresses: Iterable[str] = ()


def choose_people(
    made: Made, what: str, whom: Whom, shared: Mapping[str, str], shown: Shown | None = None
) -> str:
    """A list of people for all of whom the same is to be noted, with the same evidence; returns its
    id. Raises InvalidInputError."""
    who = [("person", each) for each in dict.fromkeys(whom.ids)]
    addresses = dict.fromkeys(each.strip() for each in whom.addresses if each.strip())
    who += [("who", each) for each in addresses]
    if not who:
        raise InvalidInputError({"who": _("Choose people, or write their addresses.")})
    if len(who) > MOST_PEOPLE:
        raise InvalidInputError({"who": _("At most %(most)s people at once.", most=MOST_PEOPLE)})
    _check_shared(what, {"who": 0}, shared)
    name = new_id()
    intake = _make(made, name, what=what, name="", state="checking", header=[])
    intake.shared = dict(shared)
    if shown:
        evidence.name(shown.stored, shown.upload, made.organisation_id)
        intake.evidence_id = shown.stored
    db.session.flush()
    rows = [
        {"intake_id": name, "number": number, "said": dict([each]), "outcome": ""}
        for number, each in enumerate(who, 1)
    ]
    db.session.execute(insert(IntakeRow), rows)
    working.ask(intake)
    return name


def choose_courses(intake: Intake, courses: Mapping[str, str]) -> None:
    """Say which courses are meant by titles that are not known, and look at those rows again."""
    if intake.state != "checked":
        raise NotNowError(intake.id)
    intake.courses = {**intake.courses, **courses}
    db.session.execute(
        update(IntakeRow)
        .where(IntakeRow.intake_id == intake.id, IntakeRow.outcome == "course")
        .values(outcome="", wrong=None)
    )
    intake.state = "checking"
    working.ask(intake)


def confirm(intake: Intake, actor_id: str) -> None:
    """Let everything that can be added be added. Raises NotNowError."""
    changed = db.session.execute(
        update(Intake)
        .where(Intake.id == intake.id, Intake.state == "checked")
        .values(state="adding", made_by=actor_id)
        .returning(Intake.id)
    ).first()
    if changed is None:
        raise NotNowError(intake.id)
    record(
        "list.confirmed",
        person_id=None,
        actor_id=actor_id,
        organisation_id=intake.organisation_id,
        happened_at=clock.utcnow(),
        content={"list": intake.id, "what": intake.what, "file": intake.name},
    )
    working.ask(intake)


def discard(intake: Intake) -> None:
    """Forget a list: what was added by it stays, with its evidence. Raises NotNowError while it is
    being added."""
    if intake.state == "adding":
        raise NotNowError(intake.id)
    stored = intake.evidence_id if intake.state != "done" else None
    db.session.execute(delete(IntakeRow).where(IntakeRow.intake_id == intake.id))
    db.session.execute(delete(Intake).where(Intake.id == intake.id))
    if stored:  # of its file the sweep takes care
        db.session.execute(delete(Evidence).where(Evidence.id == stored))
    working.place_of(intake.id).unlink(missing_ok=True)


def _make(
    made: Made, intake_id: str, *, what: str, name: str, state: str, header: Iterable[str]
) -> Intake:
    intake = Intake(
        id=intake_id,
        organisation_id=made.organisation_id,
        what=what,
        name=name,
        made_by=made.by,
        made_at=clock.utcnow(),
        state=state,
        header=list(header),
        places={},
        shared={},
        courses={},
        turn=0,
    )
    db.session.add(intake)
    db.session.flush()
    return intake


def _check_shared(what: str, places: Mapping[str, int], shared: Mapping[str, str]) -> None:
    """Raises InvalidInputError for what holds for all rows."""
    problems: dict[str, str] = {}
    if what == "credit" and not shared.get("requirement"):
        problems["requirement"] = _("Choose a requirement.")
    if what == "completion" and not shared.get("course") and "course" not in places:
        problems["course"] = _("Choose a course.")
    if not shared.get("day") and "day" not in places:
        problems["day"] = _("Write the day.")
    for name, reading in (("day", cells.day), ("hours", cells.hours)):
        try:
            if shared.get(name):
                reading(shared[name])
        except CellError as error:
            problems[name] = str(OF_ROWS[error.code])
    try:
        reason_of(shared.get("reason", ""))
    except InvalidInputError as error:
        problems |= error.errors
    if problems:
        raise InvalidInputError(problems)


def forget_old() -> None:
    """Forget lists older than 30 days, and files that no list names. A repeating job."""
    old = select(Intake).where(Intake.made_at < clock.utcnow() - KEPT, Intake.state != "adding")
    for intake in db.session.scalars(old).all():
        with writing():
            discard(intake)
    before = (clock.utcnow() - timedelta(days=1)).timestamp()
    for file in working.place_of("").glob("*"):
        if file.stat().st_mtime < before and db.session.get(Intake, file.name) is None:
            file.unlink(missing_ok=True)
