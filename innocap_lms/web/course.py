"""The front page of a course, and lists of courses, with the progress of whoever looks."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from flask import url_for

from innocap_lms.catalogue.cards import CourseCard, TrackCard, course_card, in_words
from innocap_lms.catalogue.pages import course_page as rendered
from innocap_lms.catalogue.pages import markup
from innocap_lms.catalogue.queries import OfferingView, edition, offerings
from innocap_lms.learning.check_pages import invitation
from innocap_lms.learning.outline import course_head, first_open, outline
from innocap_lms.learning.queries import MyCourse, Progress, my_course, my_states
from innocap_lms.learning.renewing import can_be_taken_again, earned_before
from innocap_lms.people.language import request_language
from innocap_lms.people.viewer import Viewer
from innocap_lms.printing.pages import for_everybody, for_trainers
from innocap_lms.rounds.pages import coming_of_course
from innocap_lms.web.before import before
from innocap_lms.web.programme import programme_of
from innocap_lms.web.words import called_because, completed_because


def course_page(found: OfferingView, viewer: Viewer | None) -> dict[str, Any]:
    """The context of catalogue/course.html. Someone enrolled sees the edition they are in."""
    mine = my_course(viewer.id, found.course_id) if viewer else None
    shown = edition(mine.edition_id) if mine else found.edition
    language = request_language()
    text_language = shown.course.language(language)
    text = shown.course.texts[text_language]
    progress = mine.progress if mine else Progress()
    stops = outline(shown, progress, language, linked=mine is not None)
    head = course_head(shown, language)
    return {
        "course": {
            **vars(text),
            "id": found.course_id,
            "hours": shown.course.hours,
            "languages": shown.course.languages,
        },
        "track": {
            "slug": head.track,
            "name": in_words(head.track_names, language),
            "url": url_for("web.track", slug=head.track),
            "points": head.points,
        },
        "outcomes": [outcome.text for outcome in text.outcomes],
        "activities": stops,
        "body_html": markup(rendered(shown, text_language)),
        "body_lang": text_language,
        "edition": shown,
        "enrolled": mine is not None,
        "start_url": url_for("learning.start", course_id=found.course_id),
        "continue_url": first_open(stops).url if mine else "",
        "check": invitation(mine, shown) if mine else None,
        "rounds": coming_of_course(viewer, found.course_id) if viewer else [],
        **_completed(mine, viewer),
        **before(shown.course, viewer, enrolled=mine is not None),
        "printed": for_everybody(found.edition.course, language),
        "for_trainers": for_trainers(found.edition.course, language, viewer, found.track),
        "part_of": _programmes_with(found.course_id, language),
        "renew_url": url_for("learning.renew", course_id=found.course_id)
        if viewer and mine and can_be_taken_again(viewer.id, mine)
        else "",
    }


def _programmes_with(course_id: str, language: str) -> list[CourseCard]:
    """The programmes in service that the course is a part of. One statement."""
    return [
        course_card(each.edition, language)
        for each in offerings("programme")
        if course_id in programme_of(each.edition).course_ids
    ]


def _completed(mine: MyCourse | None, viewer: Viewer | None) -> dict[str, Any]:
    if viewer is None or mine is None:
        return {"completed": None, "renewing": None}
    if mine.completion_id is None:
        return {"completed": None, "renewing": earned_before(viewer.id, mine)}
    return {
        "completed": {
            "date": mine.completed_at,
            "certificate_url": url_for(
                "credentials.of_completion", completion_id=mine.completion_id
            ),
        },
        "because": completed_because(mine),
        "called": called_because(mine),
    }


def with_progress(tracks: Sequence[TrackCard], viewer: Viewer | None) -> list[TrackCard]:
    """The same tracks, with what the viewer has done and begun."""
    if viewer is None:
        return list(tracks)
    states = my_states(viewer.id)

    def stated(cards: tuple[CourseCard, ...]) -> tuple[CourseCard, ...]:
        return tuple(replace(card, state=states.get(card.id, "open")) for card in cards)

    return [
        replace(track, courses=stated(track.courses), programmes=stated(track.programmes))
        for track in tracks
    ]
