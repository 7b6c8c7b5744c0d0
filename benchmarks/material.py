"""A plugin with courses to measure: written into a folder, found by INNOCAP_PLUGIN_DIRS.

Twenty courses of twelve lessons and a quiz of ten questions, in Swedish and English. A lesson is
about as long as those of the tracks, with what costs time to show: tables, notes, definitions.
"""

from collections.abc import Sequence
from pathlib import Path
from textwrap import dedent
from typing import Any

TRACK = "bench"
COURSES = tuple(f"bench-{n:02}" for n in range(1, 21))
LESSONS = tuple(f"lesson-{n:02}" for n in range(1, 13))
QUESTIONS = tuple(f"question-{n:02}" for n in range(1, 11))
LANGUAGES = ("sv", "en")

PLUGIN = '''
"""Courses to measure with."""

from pathlib import Path

from innocap_lms.plugin_api import CourseSource, Plugin, Track, hookimpl

plugin = Plugin(name="bench", version="1.0.0")


@hookimpl
def register_tracks():
    words = {"en": "Measured", "sv": "Uppmätt"}
    line = ((0.0, 50.0), (50.0, 20.0), (100.0, 60.0))
    return [Track("bench", words, words, "#1D4F91", "#8FB8F0", line)]


@hookimpl
def register_courses():
    folder = Path(__file__).parent / "courses"
    return [CourseSource("bench", course) for course in sorted(folder.iterdir())]
'''

SENTENCES = (
    "A coach helps a colleague to put the need into words before anybody looks for a tool.",
    "Write down what happened last time, who was there, and what the next step had been.",
    "The service knows where mistakes are made; the supplier knows what the product can do.",
    "Test the riskiest assumption first, with the smallest thing that can prove you wrong.",
    "What was learnt is noted the same day, in words that the rest of the unit can use.",
)


def write_plugin(folder: Path) -> None:
    """Write the plugin `bench` below `folder`."""
    home = folder / "bench"
    home.mkdir(parents=True)
    (home / "__init__.py").write_text(PLUGIN.lstrip(), encoding="utf-8")
    for course in COURSES:
        _write_course(home / "courses" / course)


def _write_course(folder: Path) -> None:
    folder.mkdir(parents=True)
    number = folder.name.rpartition("-")[2]
    _write(
        folder / "course.md",
        f"""\
        ---
        id: {folder.name}
        languages: [sv, en]
        hours: 2
        licence: CC-BY-4.0
        owner: bench
        completion: {{lessons: all, pass: [final]}}
        reviewed: 2026-11-23
        ---
        Made for measuring.
        """,
    )
    for language in LANGUAGES:
        _write(
            folder / f"course.{language}.md",
            f"""\
            ---
            title: Course {number} ({language})
            summary: A course to measure with, as long as a real one.
            outcomes:
              - {{id: first-outcome, text: Say what a page costs}}
            ---
            {SENTENCES[0]}
            """,
        )
        for place, lesson in enumerate(LESSONS, 1):
            text = lesson_text(place, language)
            (folder / f"{place:02}-{lesson}.{language}.md").write_text(text, encoding="utf-8")
        quiz = quiz_text(language)
        (folder / f"final.quiz.{language}.md").write_text(quiz, encoding="utf-8")


def _write(path: Path, text: str) -> None:
    path.write_text(dedent(text), encoding="utf-8")


def lesson_text(place: int, language: str, sections: int = 6) -> str:
    """A lesson of some 6,000 characters, or of fewer sections."""
    parts = [
        f"---\nid: {LESSONS[place - 1]}\ntitle: Lesson {place} ({language})\nminutes: 15\n"
        "goals: [first-outcome]\nsources: [{title: A report}]\n---\n"
    ]
    for section in range(1, sections + 1):
        said = " ".join(SENTENCES[(section + n) % len(SENTENCES)] for n in range(4))
        parts.append(f"## Section {section} of lesson {place} {{#section-{section}}}\n\n{said}\n")
        parts.append(f"{said} See [section one](#section-1) for where this began.\n")
        parts.append("\n".join(f"- {sentence}" for sentence in SENTENCES[:3]) + "\n")
    rows = "\n".join(f"| Step {n} | {SENTENCES[n % 5]} |" for n in range(1, 7))
    parts.append(f"| Step | What you do |\n|---|---|\n{rows}\n: Six steps\n")
    parts.append(f"> [!TIP] Before you start\n> {SENTENCES[1]}\n")
    parts.append(f"Need\n: {SENTENCES[0]}\n\nAssumption\n: {SENTENCES[3]}\n")
    return "\n".join(parts)


def quiz_text(language: str) -> str:
    """A graded quiz of ten questions with four options each; the right one, `first`, stands at
    another place in each."""
    parts = ["---\nid: final\ntitle: Final quiz\nuse: graded\npass: 80 %\n---\n"]
    for turn, question in enumerate(questions()):
        parts.append(
            f"## {question['text']} ({language}) {{#{question['id']} outcome=first-outcome}}\n"
        )
        for option, text in turned(question["options"], turn):
            mark = "x" if option == question["key"] else " "
            parts.append(f"- [{mark}] {text} {{#{option}}}\n  > {SENTENCES[4]}")
        parts.append("")
    return "\n".join(parts)


def turned(options: Sequence[Any], turn: int) -> list[Any]:
    """The options, beginning with another one at each turn."""
    at = turn % len(options)
    return [*options[at:], *options[:at]]


def questions() -> list[dict[str, Any]]:
    """The same ten questions as plain values, for the floor: id, text, key, options."""
    return [
        {
            "id": name,
            "text": f"Which step comes first in case {place}?",
            "key": "first",
            "options": list(zip(("first", "second", "third", "fourth"), SENTENCES, strict=False)),
        }
        for place, name in enumerate(QUESTIONS, 1)
    ]
