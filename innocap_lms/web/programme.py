"""The page of a programme, with the way through it of whoever looks."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from flask import url_for

from innocap_lms.catalogue.cards import CourseCard, course_card, in_words
from innocap_lms.catalogue.pages import course_page as rendered
from innocap_lms.catalogue.pages import markup
from innocap_lms.catalogue.queries import EditionView, OfferingView, edition, offerings
from innocap_lms.content.programme import Programme, Step
from innocap_lms.learning.outline import course_head
from innocap_lms.learning.queries import MyCourse, my_programme, my_states
from innocap_lms.learning.renewing import can_be_taken_again, earned_before
from innocap_lms.learning.way import Way, way_through
from innocap_lms.people.language import request_language
from innocap_lms.people.viewer import Viewer
from innocap_lms.rounds.pages import coming_of_course
from innocap_lms.web.before import before
from innocap_lms.web.new_edition import offered_to
from innocap_lms.web.words import called_because, completed_because


@dataclass(frozen=True)
class StepView:
    """A step: one course, or so many of several to choose. `is_met` says whether it is done."""

    courses: tuple[CourseCard, ...]
    choose: int
    is_choice: bool
    is_met: bool

    @property
    def done(self) -> bool:
        """The name that the line of a track asks by."""
        return self.is_met


def programme_page(found: OfferingView, viewer: Viewer | None) -> dict[str, Any]:
    """The context of catalogue/programme.html. Someone enrolled sees the edition they are in.

    Raises TypeError for what is no programme.
    """
    mine = my_programme(viewer.id, found.course_id) if viewer else None
    shown = edition(mine.edition_id) if mine else found.edition
    programme = programme_of(shown)
    way = _way(programme, viewer, mine)
    steps = _steps(programme, way, my_states(viewer.id) if viewer else {})
    completed = mine is not None and mine.completion_id is not None
    return {
        "newer": _newer(found.edition, viewer, mine, way) if viewer and mine else None,
        **_told(shown, programme),
        **before(programme, viewer, enrolled=mine is not None),
        "rounds": coming_of_course(viewer, programme.id) if viewer else [],
        "steps": steps,
        "needed": programme.needed,
        "count": way.count,
        "task_count": programme.task_count,
        "tasks": min(way.tasks, programme.task_count),
        "next": None if completed or not viewer else _next(steps),
        "enrolled": mine is not None,
        "start_url": url_for("programmes.start", programme_id=programme.id),
        "completed": _certificate(mine) if mine and completed else None,
        "renewing": earned_before(viewer.id, mine) if viewer and mine else None,
        "because": completed_because(mine) if mine and completed else "",
        "called": called_because(mine) if mine and completed else "",
        "renew_url": url_for("programmes.renew", programme_id=programme.id)
        if viewer and mine and can_be_taken_again(viewer.id, mine)
        else "",
    }


def _newer(serving: EditionView, viewer: Viewer, mine: MyCourse, way: Way) -> dict[str, Any] | None:
    """The edition in service, for who is in the middle of an older one."""
    if mine.completion_id is not None or mine.edition_id == serving.id:
        return None
    language = request_language()
    titles = {each.course_id: course_card(each.edition, language).title for each in offerings()}
    return offered_to(way, serving, _way(programme_of(serving), viewer, mine), titles)


def programme_of(shown: EditionView) -> Programme:
    """The programme of an edition. Raises TypeError for that of a course."""
    if not isinstance(shown.course, Programme):
        raise TypeError(f"the edition {shown.id} is none of a programme")
    return shown.course


def _told(shown: EditionView, programme: Programme) -> dict[str, Any]:
    """What the programme says of itself, to everybody."""
    language = request_language()
    spoken = programme.language(language)
    text, head = programme.texts[spoken], course_head(shown, language)
    return {
        "programme": {
            "id": programme.id,
            "title": text.title,
            "summary": text.summary,
            "hours": programme.hours,
            "languages": programme.languages,
        },
        "track": {
            "slug": head.track,
            "name": in_words(head.track_names, language),
            "url": url_for("web.track", slug=head.track),
            "points": head.points,
        },
        "outcomes": [outcome.text for outcome in text.outcomes],
        "body_html": markup(rendered(shown, spoken)),
        "body_lang": spoken,
        "edition": shown,
    }


def _way(programme: Programme, viewer: Viewer | None, mine: MyCourse | None) -> Way:
    """The way of whoever looks, from where they are or would be enrolled."""
    if viewer is None:
        return Way(programme, {}, 0)
    if mine is not None:
        return way_through(programme, viewer.id, mine.organisation_id, mine.enrolment_id)
    home = viewer.home()
    return way_through(programme, viewer.id, home.organisation_id if home else None)


def _steps(programme: Programme, way: Way, states: Mapping[str, str]) -> tuple[StepView, ...]:
    language = request_language()
    cards = {each.course_id: course_card(each.edition, language) for each in offerings()}

    def card(name: str) -> CourseCard:
        found = cards.get(name) or CourseCard(name, name, "", 0, (), "")
        begun = "begun" if states.get(name) == "begun" else "open"
        return replace(found, state="done" if name in way.completed else begun)

    def view(step: Step) -> StepView:
        courses = tuple(card(name) for name in step.courses)
        return StepView(courses, step.choose, step.is_choice, way.is_met(step))

    return tuple(view(step) for step in programme.steps)


def _next(steps: tuple[StepView, ...]) -> StepView | None:
    """The first step that is left, with the courses of it that are."""
    left = next((step for step in steps if not step.is_met), None)
    if left is None:
        return None
    return replace(left, courses=tuple(each for each in left.courses if not each.done))


def _certificate(mine: MyCourse) -> dict[str, Any]:
    return {
        "date": mine.completed_at,
        "certificate_url": url_for("credentials.of_completion", completion_id=mine.completion_id),
    }
