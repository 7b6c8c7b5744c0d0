"""Every plugin tried on a site of its own: what an upgrade of the core or a new plugin would break.

The site is made as for a preview. Tables of plugins go up, down and up again. Each course is
published, each of its pages opened in each of its languages, each quiz answered, printed and
reviewed, as people would.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Final

from flask import Flask
from flask.testing import FlaskClient

from innocap_lms.catalogue.publishing import SourceReport, publish_sources
from innocap_lms.catalogue.queries import OfferingView, offerings
from innocap_lms.content.model import Course
from innocap_lms.content.problems import errors
from innocap_lms.extensions import db, writing
from innocap_lms.people.sign_in import open_session
from innocap_lms.plugin_host.discovery import BUILT_IN
from innocap_lms.plugin_host.host import PluginHost, PluginStatus
from innocap_lms.preview.people import COACH, begin, person_id
from innocap_lms.preview.tables import faults_of_tables

FIELD: Final = "q-"  # how the fields of questions are named
WELL: Final = (200, 302, 303)


@dataclass
class Finding:
    """What was found of a plugin. It is well when nothing is in `faults`; `notes` say what works
    and had better be replaced."""

    name: str
    version: str
    origin: str
    faults: list[str] = field(default_factory=list)
    notes: tuple[str, ...] = ()
    courses: int = 0
    pages: int = 0

    @property
    def is_well(self) -> bool:
        return not self.faults


def examine(app: Flask, files: Path) -> list[Finding]:
    """Try every plugin of a new, empty site that `make_site` has made."""
    host: PluginHost = app.extensions["innocap_host"]
    found = {status.name: _first_look(status) for status in host.statuses if _is_theirs(status)}
    listener = _Listener(found)
    logger = logging.getLogger("innocap_lms.plugin_host")
    logger.addHandler(listener)
    try:
        with app.app_context():
            for plugin, folder in host.migrations.items():
                found[plugin].faults += faults_of_tables(plugin, folder)
            for report in publish_sources(host, files):
                _published(report, found[report.plugin])
            served = offerings()
            with writing():
                for each in served:
                    begin(each.edition)
            db.session.remove()
        for each in served:
            _visit(app, each, found[each.plugin])
        _open(_as(app, COACH), "/me", [])  # what plugins put there is told by the listener
        for status in host.statuses:
            if status.name in found:
                found[status.name].notes = status.notes
    finally:
        logger.removeHandler(listener)
    return list(found.values())


def _is_theirs(status: PluginStatus) -> bool:
    return status.origin != BUILT_IN


def _first_look(status: PluginStatus) -> Finding:
    found = Finding(status.name, status.version, status.origin)
    if status.state != "loaded":
        found.faults.append(f"{status.state}: {status.reason}")
    return found


def _published(report: SourceReport, finding: Finding) -> None:
    name = report.source.folder.name
    if report.published is not None:
        finding.courses += 1
    elif report.refused:
        finding.faults.append(f"course {name}: {report.refused}")
    for problem in errors(list(report.problems)):
        place = f"{problem.file}:{problem.line}:{problem.column}"
        finding.faults.append(f"course {name}: {place}: {problem.code} {problem.message}")


class _Listener(logging.Handler):
    """Hears what the host says of plugins that fail, or are slow, while the site goes on."""

    def __init__(self, found: Mapping[str, Finding]) -> None:
        super().__init__(logging.WARNING)
        self._found = found

    def emit(self, record: logging.LogRecord) -> None:
        plugin = record.args[0] if isinstance(record.args, tuple) and record.args else ""
        if not isinstance(plugin, str) or plugin not in self._found:
            return
        said = record.getMessage().partition("\n")[0]  # without the frames
        if said not in self._found[plugin].faults:
            self._found[plugin].faults.append(said)


def _visit(app: Flask, served: OfferingView, finding: Finding) -> None:
    """Open whatever a course has, as coach and as trainer."""
    course = served.edition.course
    coach, trainer = _as(app, COACH), _as(app, "trainer")
    front = f"/courses/{course.id}"
    for language in course.languages:
        for browser in (coach, trainer):
            browser.get(f"/language/{language}")
        for path in (front, *(f"{front}/{part.id}" for part in course.activities)):
            finding.pages += _open(coach, path, finding.faults)
        for path in _to_print(course):
            finding.pages += _open(trainer, path, finding.faults)
        for quiz in course.quizzes:
            finding.pages += _take(coach, f"{front}/{quiz.id}", finding.faults)
            paper = f"/studio/courses/{course.id}/{quiz.id}/print?answers=yes"
            finding.pages += _open(trainer, paper, finding.faults)


def _to_print(course: Course) -> list[str]:
    """Slides and sheets, as pages and as PDF, in which a picture may be one that cannot be set."""
    front = f"/courses/{course.id}"
    found = [f"{front}/facilitator/slides/{lesson.id}" for lesson in course.lessons]
    for each in course.companions:
        guide = each.kind == "facilitator"
        found.append(f"{front}/facilitator/guide" if guide else f"{front}/sheets/{each.id}")
    return [f"{path}{ending}" for path in found for ending in ("", ".pdf")]


def _as(app: Flask, key: str) -> FlaskClient:
    """A browser in which somebody of the site is signed in."""
    client = app.test_client()
    with app.app_context(), writing():
        token = open_session(person_id(key), 1)
    with client.session_transaction() as session:
        session["_user_id"] = token
    return client


def _open(browser: FlaskClient, path: str, faults: list[str]) -> int:
    """Open a page; 1 when it came."""
    status = browser.get(path).status_code
    if status not in WELL:
        faults.append(f"{path} gives {status}")
    return int(status in WELL)


def _take(browser: FlaskClient, quiz: str, faults: list[str]) -> int:
    """Begin a quiz, answer whatever can be answered, and look at the result; pages that came."""
    begun = browser.post(f"{quiz}/attempts")
    if begun.status_code not in WELL:
        return 0  # no attempts are left, in a further language
    attempt = begun.headers["Location"]
    came = _open(browser, attempt, faults)
    form = _Fields()
    form.feed(browser.get(attempt).text)
    sent = browser.post(attempt, data={**form.answers(), "incomplete": "yes"})
    if sent.status_code not in (*WELL, 422):
        faults.append(f"handing in {quiz} gives {sent.status_code}")
    return came + _open(browser, attempt, faults)


class _Fields(HTMLParser):
    """The fields of questions in a page, each with something that can be chosen or written: of the
    lists of one question, in each the next place."""

    def __init__(self) -> None:
        super().__init__()
        self._sent: dict[str, list[str]] = {}
        self._list, self._options = "", list[str]()

    def answers(self) -> dict[str, list[str]]:
        return self._sent

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        name, value = said.get("name") or "", said.get("value") or ""
        if tag == "select":
            self._list, self._options = name, []
        elif tag == "option" and value:
            self._options.append(value)
        elif name.startswith(FIELD) and tag in ("input", "textarea"):
            is_choice = said.get("type") in ("radio", "checkbox")
            if not is_choice or name not in self._sent:
                self._sent.setdefault(name, []).append(value or "1")

    def handle_endtag(self, tag: str) -> None:
        if tag == "select" and self._list.startswith(FIELD) and self._options:
            sent = self._sent.setdefault(self._list, [])
            sent.append(self._options[len(sent) % len(self._options)])
