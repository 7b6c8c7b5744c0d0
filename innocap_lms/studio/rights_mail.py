"""Job: the mail that tells somebody which course they may write, sign off or publish, and where."""

from collections.abc import Iterable
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _

from innocap_lms.authoring.rights import RIGHTS, rights_in
from innocap_lms.catalogue.cards import in_words
from innocap_lms.catalogue.queries import offering
from innocap_lms.jobs.mail import send
from innocap_lms.people.mail import reachable, site_address, site_name
from innocap_lms.people.queries import viewer_of
from innocap_lms.plugin_host.current import plugins


def send_rights(payload: dict[str, Any]) -> None:
    """Outbox kind RIGHTS_MAIL_JOB; payload: person, track, course ("" for all of the track),
    rights, message. What was taken back meanwhile is left out."""
    reader = reachable(payload["person"])
    if reader is None:
        return
    course_id = payload["course"]
    held = rights_in(viewer_of(reader.id), payload["track"], course_id)
    rights = [name for name in RIGHTS if name in payload["rights"] and name in held]
    if not rights:
        return
    with force_locale(reader.language):
        subject, first = _which(course_id, payload["track"], reader.language)
        text = "\n\n".join(
            (
                _("Hello %(name)s,", name=reader.name),
                first,
                _what(rights),
                _("This is where you do it:") + f"\n{_address(course_id)}",
                _("You find the way again at %(site)s, under My account.", site=site_name()),
            )
        )
    send(reader.email or "", subject, f"{text}\n", payload["message"])


def _which(course_id: str, track: str, language: str) -> tuple[str, str]:
    """The subject, and the first sentence."""
    if course_id:
        course = _title(course_id, language)
        return (
            _("You may work on the course “%(course)s”", course=course),
            _("A trainer lets you work on the course “%(course)s”.", course=course),
        )
    known = plugins().tracks.get(track)
    name = in_words(known.names, language) if known else track
    return (
        _("You may work on the courses of the track “%(track)s”", track=name),
        _("A trainer lets you work on every course of the track “%(track)s”.", track=name),
    )


def _what(rights: Iterable[str]) -> str:
    words = {
        "author": _("write and change its texts"),
        "reviewer": _("sign off its versions"),
        "publisher": _("publish it"),
    }
    lines = [f"- {words[name]}" for name in rights]
    return "\n".join([_("You may:"), *lines])


def _title(course_id: str, language: str) -> str:
    """What a course is called: by its edition, and by its id until it has one."""
    found = offering(course_id)
    if found is None:
        return course_id
    course = found.edition.course
    return course.texts[course.language(language)].title


def _address(course_id: str) -> str:
    page = f"/studio/courses/{course_id}/files" if course_id else "/studio"
    return site_address() + page
