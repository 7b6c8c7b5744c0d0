"""What HR reads of training that people sent in: one of them, or a list, page by page."""

from dataclasses import dataclass
from typing import Any, Final, Literal, NamedTuple

from sqlalchemy import ColumnElement, case, func, select

from innocap_lms.extensions import db
from innocap_lms.hr.paging import Order, page_of
from innocap_lms.hr.reach import decided_by
from innocap_lms.hr.sorting import Columns, column_of, is_from_end
from innocap_lms.people.models import Organisation, Person
from innocap_lms.people.viewer import Viewer
from innocap_lms.recognition.models import ExternalTraining

Which = Literal["", "answered"]  # what waits for an answer, or what has one

PAGE = 50
ANSWERED: Final = ("approved", "refused")
COLUMNS: Final[Columns] = {"title": False, "person": False, "day": True, "sent": True}
# How a list is sorted where its address does not say so: who has waited longest comes first.
USUAL: Final[dict[Which, str]] = {"": "sent", "answered": "-sent"}

_training = ExternalTraining.__table__.c


@dataclass(frozen=True)
class Sent:
    """A training as HR sees it; no name where the identity is protected."""

    training: ExternalTraining
    name: str
    organisation: str


class SentPage(NamedTuple):
    """A page of them; `before` and `after` are the ids its neighbours are asked for with."""

    sent: list[Sent]
    before: str
    after: str


class Numbers(NamedTuple):
    """How many trainings wait for an answer, and how many have one."""

    waiting: int
    answered: int


def numbers(viewer: Viewer) -> Numbers:
    """Of all that the viewer answers. One statement."""
    waiting = func.count(case((_training.state == "sent", 1)))
    answered = func.count(case((_training.state.in_(ANSWERED), 1)))
    return Numbers(*db.session.execute(select(waiting, answered).where(*_theirs(viewer))).one())


def page(viewer: Viewer, which: Which, sort: str, after: str = "", before: str = "") -> SentPage:
    """Fifty after, or before, the training of that id. One statement."""
    states = ANSWERED if which else ("sent",)
    who = [*_theirs(viewer), _training.state.in_(states)]
    found = page_of(who, _told(), PAGE, after, before, _order(sort))
    return SentPage([Sent(*row[1:]) for row in found.rows], found.before, found.after)


def one(viewer: Viewer, training_id: str) -> Sent | None:
    """One that was not taken back, where the viewer answers it. One statement."""
    found = select(*_told()).where(
        _training.id == training_id, _training.state != "withdrawn", *_theirs(viewer)
    )
    row = db.session.execute(found).first()
    return Sent(*row) if row else None


def is_theirs(viewer: Viewer, training_id: str) -> bool:
    """Whether the viewer answers it, also where it was taken back while they turned pages. One
    statement."""
    found = select(_training.id).where(_training.id == training_id, *_theirs(viewer))
    return db.session.scalar(found) is not None


def _theirs(viewer: Viewer) -> list[ColumnElement[bool]]:
    """Sent in to organisations in which the viewer decides. One's own is for a colleague."""
    return [decided_by(viewer, _training.organisation_id), _training.person_id != viewer.id]


def _told() -> list[Any]:
    organisation = select(Organisation.name).where(Organisation.id == _training.organisation_id)
    shown = case((Person.protected, ""), else_=Person.name)
    return [ExternalTraining, _of_person(shown), organisation.scalar_subquery()]


def _of_person(value: Any) -> ColumnElement[Any]:
    return select(value).where(Person.id == _training.person_id).scalar_subquery()


def _order(sort: str) -> Order:
    """Protected identities stand together beyond the last name, as in lists of people."""
    columns: dict[str, list[ColumnElement[Any]]] = {
        "title": [_training.title],
        "person": [_of_person(Person.protected), _of_person(Person.name)],
        "day": [_training.day],
        "sent": [],
    }
    then = [*columns[column_of(sort)], _training.sent_at, _training.id]
    return Order(backwards=is_from_end(sort), then=then)
