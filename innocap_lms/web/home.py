"""A person's own page: go on where you were, what you are in, what you have earned."""

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from functools import lru_cache
from typing import Any, TypeVar
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
class HomePlace:
    """A course or programme on a person's own page; the way through a programme shows its page."""

    id: str
    title: str
    url: str
    track: str
    standing: str
    because: str


@dataclass(frozen=True)
class HomeCourse(HomePlace):
    """A course there, with its line."""

    points: tuple[tuple[float, float], ...]
    done: int
    total: int


Place = TypeVar("Place", bound=HomePlace)


def home_page(viewer: Viewer) -> dict[str, Any]:
    """The context of web/home.html. Five statements besides the session's, and one for each course
    that is due and not begun, or of a coming round."""
    language = request_language()
    places = my_places(viewer.id)
    owned = own_standings(viewer.id, today())
    found = editions(item.edition_id for item in places)
    certificates = certificates_of(viewer.id)
    everything = [
        _Inside(item, found[item.edition_id], language, _earned(item, certificates))
        for item in places
    ]
    inside = [item for item in everything if item.edition.kind == "course"]
    joined = [item for item in everything if item.edition.kind == "programme"]
    asked = {own.rule.target_id: own for own in reversed(owned)}  # the nearest deadline tells
    rows = [_as_required(item.row(), asked.get(item.head.id)) for item in inside]
    programmes = [_as_required(item.programme(), asked.get(item.head.id)) for item in joined]
    known = {item.edition.course.id: item.edition.course for item in inside}
    under_way = [item for item in inside if item.mine.completion_id is None]
    return {
        "continue_": under_way[0].go_on() if under_way else None,
        "courses": rows,
        "programmes": programmes,
        "required": calling(owned, known, language),
        "is_asked": bool(owned),
        "due": _due([*rows, *programmes], asked),
        "checks": [check for item in inside if (check := invitation(item.mine, item.edition))],
        "rounds": own_coming(viewer),
        "certificates": [_certificate(item) for item in certificates if not item.superseded_by],
        "cards": cards_for([item.mine for item in inside], language),
        "has_self_assessments": bool(plugins().self_assessments),
    }


def _as_required(place: Place, own: Own | None) -> Place:
    """What an organisation requires stands as that requirement says."""
    return place if own is None else replace(place, standing=own.state, because=said(own))


def _due(places: Iterable[HomePlace], asked: Container[str]) -> list[HomePlace]:
    """Those that ask for something now; what is `asked` by a requirement stands with those."""
    return [place for place in places if place.standing in CALLS and place.id not in asked]


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
    """A course or programme the person is in."""

    def __init__(self, mine: MyCourse, edition: EditionView, language: str, earned: Earned) -> None:
        self.mine = mine
        self.head: CourseHead = course_head(edition, language)
        self.edition, self.language = edition, language
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
        self.done, self.total = len(mine.progress.done), len(edition.course.activities)

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
        return HomeCourse(
            self.head.id,
            self.head.title,
            self.head.url,
            self.head.track,
            *_standing(self.stood),
            self.head.points,
            self.done,
            self.total,
        )

    def programme(self) -> HomePlace:
        url = url_of("programme", self.head.id)
        return HomePlace(
            self.head.id, self.head.title, url, self.head.track, *_standing(self.stood)
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
