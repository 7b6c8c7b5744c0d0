"""A person's own page: go on where you were, what you are in, what you have earned."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from flask import current_app, url_for

from innocap_lms import clock
from innocap_lms.catalogue.cards import url_of
from innocap_lms.catalogue.queries import EditionView, editions
from innocap_lms.content.model import Course, Validity
from innocap_lms.credentials.queries import CertificateView, certificates_of
from innocap_lms.learning.calls import Call
from innocap_lms.learning.check_pages import invitation
from innocap_lms.learning.outline import CourseHead, course_head, first_open, outline
from innocap_lms.learning.queries import MyCourse, my_places
from innocap_lms.people.language import request_language
from innocap_lms.people.viewer import Viewer
from innocap_lms.plugin_host.contract import Card, Learner
from innocap_lms.plugin_host.current import plugins
from innocap_lms.requirements.courses import course_timeline
from innocap_lms.requirements.days import today
from innocap_lms.requirements.queries import Own, own_standings
from innocap_lms.requirements.reminding import CALLS
from innocap_lms.requirements.timeline import standing
from innocap_lms.requirements.words import because
from innocap_lms.rounds.pages import own_coming
from innocap_lms.web.required import calling, said


@dataclass(frozen=True)
class HomeCourse:
    """A course on a person's own page."""

    id: str
    title: str
    url: str
    track: str
    points: tuple[tuple[float, float], ...]
    done: int
    total: int
    standing: str
    because: str


def home_page(viewer: Viewer) -> dict[str, Any]:
    """The context of web/home.html. Five statements besides the session's, and one for each course
    that is due and not begun, or of a coming round."""
    language = request_language()
    places = my_places(viewer.id)
    owned = own_standings(viewer.id, today())
    found = editions(item.edition_id for item in places)
    mine = [item for item in places if found[item.edition_id].kind == "course"]
    programmes = [item for item in places if found[item.edition_id].kind == "programme"]
    certificates = certificates_of(viewer.id)
    inside = [
        _Inside(item, found[item.edition_id], language, _earned(item, certificates))
        for item in mine
    ]
    asked = {own.rule.target_id: own for own in reversed(owned)}  # the nearest deadline tells
    rows = [_as_required(item.row(), asked.get(item.head.id)) for item in inside]
    known = {item.edition.course.id: item.edition.course for item in inside}
    under_way = [item for item in inside if item.mine.completion_id is None]
    return {
        "continue_": under_way[0].go_on() if under_way else None,
        "courses": rows,
        "programmes": [
            _programme(item, found[item.edition_id], asked.get(item.course_id), language)
            for item in programmes
        ],
        "required": calling(owned, known, language),
        "is_asked": bool(owned),
        "due": [row for row in rows if row.standing in CALLS and row.id not in asked],
        "checks": [check for item in inside if (check := invitation(item.mine, item.edition))],
        "rounds": own_coming(viewer),
        "certificates": [_certificate(item) for item in certificates if not item.superseded_by],
        "cards": cards_for(mine, language),
        "has_self_assessments": bool(plugins().self_assessments),
    }


def _as_required(row: HomeCourse, own: Own | None) -> HomeCourse:
    """A course that an organisation requires stands as that requirement says."""
    return row if own is None else replace(row, standing=own.state, because=said(own))


@dataclass(frozen=True)
class HomeProgramme:
    """A programme on a person's own page; its own page shows the way through it."""

    title: str
    url: str
    track: str
    standing: str
    because: str


def _programme(
    mine: MyCourse, edition: EditionView, own: Own | None, language: str
) -> HomeProgramme:
    standing = "valid" if mine.completion_id else "in_progress"
    return HomeProgramme(
        edition.course.texts[edition.course.language(language)].title,
        url_of("programme", mine.course_id),
        edition.track,
        own.state if own else standing,
        said(own) if own else "",
    )


Earned = tuple[datetime | None, datetime | None]  # when completed, and when that was revoked


def _earned(mine: MyCourse, certificates: Iterable[CertificateView]) -> Earned:
    """The person's last completion of a course: the last that was not revoked, if there is one."""
    theirs = [one for one in certificates if one.course_id == mine.course_id]
    ended = {one.completed_at: one.revoked_at for one in theirs if one.revoked_at}
    if mine.earned_at not in ended:
        return mine.earned_at, None
    left = [one.completed_at for one in theirs if one.completed_at not in ended]
    return (max(left), None) if left else (mine.earned_at, ended[mine.earned_at])


class _Inside:
    """A course the person is in, with its outline."""

    def __init__(self, mine: MyCourse, edition: EditionView, language: str, earned: Earned) -> None:
        self.mine = mine
        self.head: CourseHead = course_head(edition, language)
        self.edition, self.language = edition, language
        self.total = len(edition.course.activities)
        name = current_app.extensions["innocap_settings"].timezone
        zone = ZoneInfo(name)
        completed, revoked = earned
        call = mine.call if completed and mine.call and mine.call.concerns(completed) else None
        self.stood = _Stood(
            mine.enrolled_at.astimezone(zone).date(),
            _day(completed, zone),
            _day(call.at if call else None, zone),
            _day(call.taken_back_at if call else None, zone),
            _day(revoked, zone),
            clock.utcnow().astimezone(zone).date(),
            name,
            language,
            edition.course.validity,
            edition.course,
        )
        self.done = len(mine.progress.done)

    def go_on(self) -> dict[str, Any]:
        stop = first_open(outline(self.edition, self.mine.progress, self.language))
        return {
            "course_title": self.head.title,
            "activity_title": stop.title,
            "url": stop.url,
            "done": self.done,
            "total": self.total,
            "track": self.head.track,
            "points": self.head.points,
        }

    def row(self) -> HomeCourse:
        state, why = _standing(self.stood)
        return HomeCourse(
            self.head.id,
            self.head.title,
            self.head.url,
            self.head.track,
            self.head.points,
            self.done,
            self.total,
            state,
            why,
        )


def _day(moment: datetime | None, zone: ZoneInfo) -> date | None:
    return moment.astimezone(zone).date() if moment else None


@dataclass(frozen=True)
class _Stood:
    """What a standing depends on: days and a validity, so that many people share an answer.

    `course` goes with the rest and is not compared.
    """

    began: date
    completed: date | None
    called: date | None
    taken_back: date | None
    revoked: date | None
    today: date
    timezone: str
    language: str
    validity: Validity | None
    course: Course = field(compare=False)


@lru_cache(maxsize=5000)
def _standing(stood: _Stood) -> tuple[str, str]:
    """State, and reasons in words, of whoever began and completed on these days."""
    noon = time(12, tzinfo=ZoneInfo(stood.timezone))
    completed = ("completed", datetime.combine(stood.completed, noon)) if stood.completed else None
    began = ("began", datetime.combine(stood.began, noon))
    revoked = datetime.combine(stood.revoked, noon) if stood.revoked else None
    over = datetime.combine(stood.taken_back, noon) if stood.taken_back else None
    call = Call(datetime.combine(stood.called, noon), over) if stood.called else None
    periods = course_timeline(
        stood.course,
        stood.timezone,
        began,
        completed,
        call=call,
        revoked=revoked,
    )
    period = standing(periods, stood.today)
    return period.state, because(period.because)


def _certificate(certificate: CertificateView) -> dict[str, Any]:
    valid_until: datetime | None = certificate.valid_until
    return {
        "title": certificate.title,
        "language": certificate.language,
        "issued": certificate.issued_at,
        "valid_until": valid_until,
        "standing": certificate.standing(clock.utcnow()),
        "url": url_for("credentials.certificate", certificate_id=certificate.id),
        "track": certificate.track,
    }


def cards_for(mine: Sequence[MyCourse], language: str) -> list[Card]:
    """What plugins put on the page; one that fails is left out."""
    host = plugins()
    learner = Learner(language, frozenset(item.course_id for item in mine if item.completion_id))
    return [
        card for _name, cards in host.call("dashboard_cards", learner=learner) for card in cards
    ]
