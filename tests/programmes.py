"""A programme for tests: copies of the test track's course under other ids."""

import shutil
from collections.abc import Mapping
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient

from innocap_lms.catalogue.publishing import SourceReport, publish_sources
from innocap_lms.plugin_host.contract import CourseSource, ProgrammeSource
from tests.conftest import PLUGINS, take_first_steps

ORIGINAL = PLUGINS / "northern_track" / "courses" / "first-steps"
PLUGIN, TRACK = "northern_track", "northern"
WAY = "steps: [first-steps, {choose: 1, of: [hill-steps, shore-steps]}]"
RULES = """---
id: {id}
languages: [sv, en]
hours: 3
licence: CC-BY-4.0
owner: northern
{way}
reviewed: 2026-01-15
---
For tests.
"""
FRONT = """---
title: {title}
summary: A programme for tests.
outcomes:
  - {{id: walk, text: Walk all the way}}
---
Begin with [the first steps](first-steps).
"""


TASK = """---
id: own-case
title: A case
minutes: 20
assessors: 1
---
Document a case.

## Result {#result}

1. None {#none}
2. Some {#some .meets}
"""


def add_task(place: Path, course_id: str) -> None:
    """Give a course that was added a practical task that it does not require."""
    for language in ("sv", "en"):
        (place / course_id / f"own-case.task.{language}.md").write_text(TASK, encoding="utf-8")


def add_course(app: Flask, place: Path, course_id: str, rules: str = "") -> None:
    """Let the test track supply a copy of its course under another id, with more rules."""
    folder = place / course_id
    shutil.copytree(ORIGINAL, folder)
    shared = folder / "course.md"
    text = shared.read_text(encoding="utf-8").replace("id: first-steps", f"id: {course_id}")
    text = text.replace("reviewed:", f"{rules}\nreviewed:" if rules else "reviewed:")
    shared.write_text(text, encoding="utf-8")
    for front in folder.glob("course.??.md"):
        text = front.read_text(encoding="utf-8").replace("title: ", f"title: {course_id} ")
        front.write_text(text, encoding="utf-8")
    app.extensions["innocap_host"].courses.append((PLUGIN, CourseSource(TRACK, folder)))


def add_programme(app: Flask, place: Path, programme_id: str = "walker", way: str = WAY) -> Path:
    """Let the test track supply a programme; its file of rules."""
    shared = place / f"{programme_id}.programme.md"
    shared.write_text(RULES.format(id=programme_id, way=way), encoding="utf-8")
    for language, title in (("sv", "Vandraren"), ("en", "The walker")):
        front = place / f"{programme_id}.programme.{language}.md"
        front.write_text(FRONT.format(title=title), encoding="utf-8")
    source = ProgrammeSource(TRACK, place, programme_id)
    app.extensions["innocap_host"].programmes.append((PLUGIN, source))
    return shared


def publish(app: Flask) -> Mapping[str, SourceReport]:
    """Publish all that the test track supplies; what became of each, by id."""
    host, settings = app.extensions["innocap_host"], app.extensions["innocap_settings"]
    only = [source.folder.name for plugin, source in host.courses if plugin == PLUGIN]
    only += [source.id for plugin, source in host.programmes if plugin == PLUGIN]
    with app.app_context():
        reports = list(publish_sources(host, settings.data_dir / "files", only=only))
    return {report.course_id: report for report in reports}


def walk(app: Flask, place: Path, way: str = WAY) -> None:
    """The programme `walker` with its three courses, in service."""
    add_course(app, place, "hill-steps")
    add_course(app, place, "shore-steps")
    add_programme(app, place, way=way)
    reports = publish(app)
    assert all(report.published for report in reports.values()), reports


def take(browser: FlaskClient, course_id: str, begin: str = "start") -> None:
    """Begin one of the courses, read it and pass its quiz: that completes it."""
    take_first_steps(browser, begin, course_id)
