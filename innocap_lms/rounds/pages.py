"""What the pages of rounds show, in the reader's language."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import url_for

from innocap_lms.catalogue.cards import url_of
from innocap_lms.people.language import LANGUAGES, request_language
from innocap_lms.people.viewer import Viewer
from innocap_lms.requirements.days import today
from innocap_lms.rounds import choices, own, queries, reaching
from innocap_lms.rounds.attendance import REFERENCE
from innocap_lms.rounds.enrolments import has_completed
from innocap_lms.rounds.queries import RoundView
from innocap_lms.rounds.rights import arranges_in
from innocap_lms.rounds.states import AGAIN, REQUIRED, SEATED
from innocap_lms.rounds.words import (
    change_words,
    days_of,
    ground_words,
    grounds,
    hand_words,
    hours_of,
    named,
    place_words,
    span_of,
    state_words,
)

CHIPS = {
    "invited": "to_do",
    "enrolled": "to_do",
    "in_progress": "in_progress",
    "completed": "in_order",
    "failed": "late",
    "withdrawn": "paused",
    "cancelled": "paused",
    "expired": "late",
    "waiting": "to_do",
}


@dataclass(frozen=True)
class RoundRow:
    """A round in a list. `state` and `chip` are empty where the reader was never in it."""

    id: str
    title: str
    url: str
    track: str
    days: str
    organiser: str
    leader: str
    free: int
    is_open: bool
    cancelled: bool
    state: str
    chip: str
    enrol_by: date


def rows_of(rounds: Sequence[RoundView], titles: dict[str, str]) -> list[RoundRow]:
    """Rounds as lists show them."""
    words = state_words() if rounds else {}  # most people who open their own page have none
    return [
        RoundRow(
            one.id,
            titles.get(one.course_id, one.course_id),
            url_for("rounds.one", round_id=one.id),
            one.track,
            days_of(one),
            one.organiser,
            one.leader,
            one.free,
            one.is_open(today()),
            one.cancelled_at is not None,
            words.get(one.state, ""),
            CHIPS.get(one.state, ""),
            one.enrol_by,
        )
        for one in rounds
    ]


def coming_of_course(viewer: Viewer, course_id: str) -> list[RoundRow]:
    """The coming rounds of a course or programme, for its page, which says its title. One
    statement."""
    return rows_of(queries.coming(viewer, course_id), {})


def own_coming(viewer: Viewer) -> list[RoundRow]:
    """The rounds that the viewer is in, or is asked to take part in, for the own page. One
    statement, and one for each course of them."""
    found, language = queries.own_coming(viewer.id), request_language()
    titles = {name: named(name, language).title for name in {one.course_id for one in found}}
    return rows_of(found, titles)


def on_card(viewer: Viewer, person_id: str) -> list[dict[str, Any]]:
    """A person's rounds on the card that HR and managers read. Two statements, one without any."""
    found = reaching.rounds_of(viewer, person_id)
    titles, words = choices.titles(request_language()) if found else {}, state_words()
    return [
        {
            "title": titles.get(part.course_id, part.course_id),
            "url": url_for("rounds_people.people", round_id=part.round_id),
            "days": span_of(part.first_day, part.last_day),
            "state": words[part.state],
            "chip": CHIPS[part.state],
            "hours": part.minutes / 60,
        }
        for part in found
    ]


def overview(viewer: Viewer) -> dict[str, Any]:
    """The context of rounds/overview.html."""
    titles = choices.titles(request_language())
    return {
        "coming": rows_of(queries.coming(viewer), titles),
        "earlier": rows_of(queries.earlier(viewer), titles),
        "arranges": bool(choices.arranging_organisations(viewer)),
    }


def round_page(viewer: Viewer, one: RoundView) -> dict[str, Any]:
    """The context of rounds/round.html: the round, and the viewer's own place in it."""
    mine, waiting = own.mine(one.id, viewer.id)
    hours = own.confirmed_hours(mine.enrolment_id) if mine else {}
    state = "waiting" if waiting else one.state
    has_place = bool(waiting) or one.state not in ("", "invited", *AGAIN)
    completed = not has_place and has_completed(viewer.id, one.course_id)
    return {
        **_head(one),
        "sessions": _sessions(one, hours),
        "mine": mine,
        "waiting": waiting,
        "state": state_words().get(state, ""),
        "chip": CHIPS.get(state, ""),
        "why": ground_words(mine.ground, mine.organisation, mine.provision) if mine else "",
        "reference": mine.enrolment_id[-REFERENCE:] if mine else "",
        "is_member": one.state in SEATED,
        "required": bool(mine and mine.ground in REQUIRED),
        "completed": completed,
        "may_enrol": not has_place and not completed and _may_enrol(viewer, one),
        "may_ask": viewer.has("hr", "manager", "admin"),
        "arranges": arranges_in(viewer, one.organiser_id, one.track),
        "history": [
            {"words": change_words(each), "at": each.at, "by": hand_words(each)}
            for each in own.history(one.id, viewer.id)
        ],
        "helped": own.helped(mine.enrolment_id) if mine else [],
    }


def _may_enrol(viewer: Viewer, one: RoundView) -> bool:
    """Whether a round is open, and to an organisation of the viewer's."""
    own_organisations = {role.organisation_id for role in viewer.roles if role.organisation_id}
    return one.is_open(today()) and bool(
        queries.organisations_of(one.id).keys() & own_organisations
    )


def _head(one: RoundView) -> dict[str, Any]:
    what = named(one.course_id, request_language())
    return {
        "round": one,
        "title": what.title,
        "kind": what.kind,
        "course_url": url_of(what.kind, one.course_id) if what.offered else "",
        "days": days_of(one),
        "spoken": LANGUAGES.get(one.language, one.language),
        "is_open": one.is_open(today()),
    }


def _sessions(one: RoundView, hours: dict[str, int]) -> list[dict[str, Any]]:
    return [
        {
            "id": session.id,
            "hours": hours_of(session),
            "place": place_words(session),
            "link": session.link,
            "day": session.day,
            "minutes": hours.get(session.id),
        }
        for session in one.sessions
    ]


def desk_page(one: RoundView, *, leads: bool) -> dict[str, Any]:
    """The context of rounds/desk_round.html: counts for whoever arranges; the help that members
    asked for, and the way to attendance lists, for the leader alone."""
    counted = queries.counts(one.id)
    words = state_words()
    return {
        **_head(one),
        "sessions": _sessions(one, {}),
        "counts": [(words[name], CHIPS[name], number) for name, number in counted.items()],
        "organisations": list(queries.organisations_of(one.id).values()),
        "leads": leads,
        "helped": own.help_asked(one.id) if leads else [],
    }


def people_page(one: RoundView) -> dict[str, Any]:
    """What rounds/people.html and its forms have in common."""
    return {**_head(one), "words": state_words(), "grounds_in_words": grounds(), "chips": CHIPS}
