"""`make corpora`: courses and credentials by others must not break reading and rendering.

INNOCAP_CORPORA names files and folders, parted by ":". Each Markdown file in them is rendered, and
read as a lesson and as a quiz of a course. Nothing may raise, and nothing unsafe may come out; what
is wrong with them as courses of ours is counted by code (`innocap-lms explain CODE`).
Exit status 1 when a file does; files are named.
"""

import os
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

from innocap_lms.content.built_in import BUILT_IN_KINDS
from innocap_lms.content.codes import CODES
from innocap_lms.content.page import nowhere
from innocap_lms.content.reader import read_course
from innocap_lms.content.rendering import render
from tests.full import credential_corpora

ENDINGS = {".md", ".markdown"}
FORBIDDEN_TAGS = {"script", "style", "iframe", "object", "embed", "form", "link", "meta", "base"}
ADDRESSES = {"href", "src", "action", "formaction", "poster", "xlink:href"}

SHARED = """---
id: foreign
languages: [en]
hours: 1
licence: CC-BY-4.0
owner: others
completion: {lessons: all}
reviewed: 2026-01-01
---
"""
FRONT = """---
title: Foreign
summary: A text by others.
outcomes:
  - {id: read, text: Read it}
---
Front page.
"""
LESSON = "---\nid: foreign-text\ntitle: Foreign text\nminutes: 5\ngoals: [read]\n---\n"
QUIZ = "---\nid: foreign-quiz\ntitle: Foreign quiz\nuse: practice\n---\n"


class Unsafe(HTMLParser):
    """Collects what must not stand in a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in FORBIDDEN_TAGS:
            self.found.append(f"<{tag}>")
        for name, value in attrs:
            if name.startswith("on") or name == "style":
                self.found.append(f"{name}=")
            if name in ADDRESSES and (value or "").strip().lower().startswith("javascript:"):
                self.found.append(f"{name}={value}")


def main() -> int:
    """Check all files; returns the exit status."""
    named = [Path(part) for part in os.environ.get("INNOCAP_CORPORA", "").split(":") if part]
    if not named:
        print("skipped: corpora. INNOCAP_CORPORA=folder:file:… names Markdown files of others.")
        return 0
    counts: Counter[str] = Counter()
    codes: Counter[str] = Counter()
    for file in _files(named):
        text = file.read_text(encoding="utf-8", errors="replace")
        counts["files"] += 1
        counts["characters"] += len(text)
        try:
            counts.update(_check(text, codes))
        except Exception as error:  # that is what this looks for
            counts["failures"] += 1
            print(f"{file}: {type(error).__name__}: {error}")
    everything = [file for place in named for file in _below(place)]
    for wrong in credential_corpora.check(everything, counts):
        counts["failures"] += 1
        print(wrong)
    print(", ".join(f"{count:,} {what}" for what, count in counts.items()))
    for code, count in codes.most_common():
        print(f"{count:>7,}  {code} {CODES[code].title}")
    if not counts["files"]:
        print(f"no Markdown file in {', '.join(map(str, named))}")
    return 1 if counts["failures"] or not counts["files"] else 0


def _files(named: list[Path]) -> Iterator[Path]:
    for place in named:
        yield from (file for file in _below(place) if file.suffix.lower() in ENDINGS)


def _below(place: Path) -> list[Path]:
    if not place.exists():
        raise SystemExit(f"INNOCAP_CORPORA: there is no {place}")
    inside = sorted(place.rglob("*")) if place.is_dir() else [place]
    return [file for file in inside if file.is_file()]


def _check(text: str, codes: Counter[str]) -> Counter[str]:
    """Render and read one text; returns what was seen, and counts the problems by code. Raises what
    must not happen."""
    rendered = render(text, resolve=nowhere, language="en")
    watch = Unsafe()
    watch.feed(rendered.html)
    if watch.found:
        raise ValueError(f"unsafe in the page: {', '.join(watch.found)}")
    seen = Counter(headings=len(rendered.headings))
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        for name, content in (
            ("course.md", SHARED),
            ("course.en.md", FRONT),
            ("01-foreign-text.en.md", LESSON + text),
            ("02-foreign-quiz.quiz.en.md", QUIZ + text),
            ("03-as-it-is.en.md", text),
        ):
            (home / name).write_text(content, encoding="utf-8", errors="replace")
        reading = read_course(home, BUILT_IN_KINDS)
    seen["problems named"] = len(reading.problems)
    codes.update(problem.code for problem in reading.problems)
    return seen


if __name__ == "__main__":
    sys.exit(main())
