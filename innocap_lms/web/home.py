"""A person's own page: go on where you were, what you are in, what you have earned."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import current_app, url_for
from flask_babel import gettext as _

from innocap_lms.catalogue.queries import EditionView, editions
from innocap_lms.credentials.queries import CertificateView, certificates_of
from innocap_lms.learning.outline import CourseHead, Stop, course_head, first_open, outline
from innocap_lms.learning.queries import MyCourse, my_courses
from innocap_lms.people.language import request_language
from innocap_lms.people.viewer import Viewer
from innocap_lms.plugin_host.contract import Card, Learner
from innocap_lms.plugin_host.host import PluginHost
from innocap_lms.web.words import completed_because


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
    state_text: str
    because: str


def home_page(viewer: Viewer) -> dict[str, Any]:
    """The context of web/home.html. Three statements besides the session's."""
    language = request_language()
    mine = my_courses(viewer.id)
    found = editions(item.edition_id for item in mine)
    inside = [_Inside(item, found[item.edition_id], language) for item in mine]
    under_way = [item for item in inside if item.mine.completion_id is None]
    return {
        "continue_": under_way[0].go_on() if under_way else None,
        "courses": [item.row() for item in inside],
        "certificates": [_certificate(item) for item in certificates_of(viewer.id)],
        "cards": cards_for(mine, language),
    }


class _Inside:
    """A course the person is in, with its outline."""

    def __init__(self, mine: MyCourse, edition: EditionView, language: str) -> None:
        self.mine = mine
        self.head: CourseHead = course_head(edition, language)
        self.stops: Sequence[Stop] = outline(edition, mine.progress, language)
        self.done = sum(stop.state == "done" for stop in self.stops)

    def go_on(self) -> dict[str, Any]:
        stop = first_open(self.stops)
        return {
            "course_title": self.head.title,
            "activity_title": stop.title,
            "url": stop.url,
            "done": self.done,
            "total": len(self.stops),
            "track": self.head.track,
            "points": self.head.points,
        }

    def row(self) -> HomeCourse:
        completed = self.mine.completion_id is not None
        return HomeCourse(
            self.head.id,
            self.head.title,
            self.head.url,
            self.head.track,
            self.head.points,
            self.done,
            len(self.stops),
            "valid" if completed else "in_progress",
            _("Completed") if completed else _("In progress"),
            completed_because(self.mine) if completed else "",
        )


def _certificate(certificate: CertificateView) -> dict[str, Any]:
    valid_until: datetime | None = certificate.valid_until
    return {
        "title": certificate.title,
        "issued": certificate.issued_at,
        "valid_until": valid_until,
        "url": url_for("credentials.certificate", certificate_id=certificate.id),
        "track": certificate.track,
    }


def cards_for(mine: Sequence[MyCourse], language: str) -> list[Card]:
    """What plugins put on the page; one that fails is left out."""
    host: PluginHost = current_app.extensions["innocap_host"]
    learner = Learner(language, frozenset(item.course_id for item in mine if item.completion_id))
    return [
        card for _name, cards in host.call("dashboard_cards", learner=learner) for card in cards
    ]
