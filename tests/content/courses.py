"""A small sound course in memory, and folders made of dictionaries."""

import io
from collections.abc import Iterator, Mapping
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import IO, Any, cast

from innocap_lms.content.built_in import BUILT_IN_KINDS
from innocap_lms.content.reader import Reading, read_course

Files = dict[str, str | bytes]

SHARED = """---
id: needs
languages: [sv, en]
hours: 2
licence: CC-BY-4.0
owner: service-design
completion: {lessons: all, pass: [final]}
validity: {months: 24, renewal_opens_days: 90}
reviewed: 2026-11-23
---
Notes for those who maintain the course.
"""

FRONT = """---
title: {title}
summary: A summary.
outcomes:
  - {{id: ask, text: Ask an open question}}
  - {{id: listen, text: Listen}}
---
Welcome. Start with [the first lesson](question).
"""

LESSON = """---
id: question
title: {title}
minutes: 15
goals: [ask]
sources:
  - {{fact: SD-F10, title: A source, publisher: A town, url: "https://example.org/a", year: 2023}}
review_by: 2027-11-01
---
## First part {{#first}}

Words about [the other lesson](02-interview#how) and ![A map of actors](images/map.svg "The map").
"""

SECOND = """---
id: interview
title: {title}
minutes: 10
sources: [{{title: A book}}]
---
## How {{#how}}

More words, and [up](#how).
"""

QUIZ = """---
id: final
title: {title}
use: graded
pass: 80 %
attempts: 3
---
## What comes first? {{#first points=2 outcome=ask}}

What stands here belongs to the question.

- [ ] Ask for consent {{#consent}}
  > Seldom enough.
- [x] Settle the purpose {{#purpose}}
  > Yes.

> Purpose comes first.

## Which two? {{#two .fixed outcome=listen}}

- [x] One {{#one}}
- [x] Two {{#two}}
- [ ] Three {{#three}}
"""

SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="120" height="80"><title>Map</title></svg>'


def sound_course() -> Files:
    """Every file of a course without a single problem, in Swedish (lead) and English."""
    files: Files = {"course.md": SHARED, "images/map.svg": SVG}
    for language, title in (("sv", "Behov"), ("en", "Needs")):
        files[f"course.{language}.md"] = FRONT.format(title=title)
        files[f"01-question.{language}.md"] = LESSON.format(title=title)
        files[f"02-interview.{language}.md"] = SECOND.format(title=title)
        files[f"final.quiz.{language}.md"] = QUIZ.format(title=title)
    return files


def changed(replacements: Mapping[str, tuple[str, str]]) -> Files:
    """The sound course with one replacement in each named file: `{"final.quiz.sv": (old, new)}`."""
    files = sound_course()
    for name, (old, new) in replacements.items():
        text = files[f"{name}.md"]
        assert isinstance(text, str)
        assert old in text, f"{old!r} is not in {name}"
        files[f"{name}.md"] = text.replace(old, new)
    return files


def lesson(body: str, language: str = "sv") -> Files:
    """The sound course with another text in its second lesson."""
    files = sound_course()
    for name in ("sv", "en"):
        files[f"02-interview.{name}.md"] = SECOND.format(title="T")
    head = SECOND.format(title="T").partition("## ")[0]
    files[f"02-interview.{language}.md"] = head + "## How {#how}\n\n" + body
    return files


READY = """---
id: ready
title: Ready?
use: practice
---
## Ask? {#ready-ask .reflection outcome=ask}

## Listen? {#ready-listen .reflection outcome=listen}
"""


def quiz(body: str) -> Files:
    """The sound course with another body in its quiz, in both languages; a practice quiz is for
    the outcomes."""
    files = sound_course()
    for name in ("sv", "en"):
        files[f"ready.quiz.{name}.md"] = READY
        files[f"final.quiz.{name}.md"] = QUIZ.format(title="T").partition("## ")[0] + body
    return files


BANK = """---
id: needs-bank
title: {title}
use: graded
---
## Whom do you ask? {{#whom tags=asking outcome=ask}}

- [ ] The manager {{#manager}}
- [x] The one who has the need {{#owner}}
  > BANK-FEEDBACK

## How do you listen? {{#how tags="asking listening" .fixed}}

- [x] In silence {{#silence}}
- [ ] With advice {{#advice}}

## When do you write? {{#when tags=listening}}

- [x] At once {{#once}}
- [ ] Next week {{#later}}
"""

DRAW = "draw: {from: needs-bank, tags: {asking: 1, listening: 1}}"


def banked(draw: str = DRAW, **banks: str) -> Files:
    """The sound course, whose quiz draws from a sound bank; `banks` add or replace languages."""
    files = sound_course()
    for language, title in (("sv", "Frågor"), ("en", "Questions")):
        files[f"_banks/needs-bank.bank.{language}.md"] = BANK.format(title=title)
    lead = files["final.quiz.sv.md"]
    assert isinstance(lead, str)
    files["final.quiz.sv.md"] = lead.replace("attempts: 3\n", f"attempts: 3\n{draw}\n")
    files.update({f"_banks/needs-bank.bank.{name}.md": text for name, text in banks.items()})
    return files


def in_bank(old: str, new: str, *languages: str) -> Files:
    """The sound course with another text in its bank, in those languages or in all."""
    texts = {name: BANK.format(title="T").replace(old, new) for name in languages or ("sv", "en")}
    assert all(old not in text or old in new for text in texts.values())
    return banked(**texts)


def on_disk(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    """The folder, with these files written into it."""
    for name, text in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode() if isinstance(text, str) else text)
    return folder


def own(files: Mapping[str, str | bytes], *beside: str) -> Reading:
    """Read a course whose banks lie in its own folder, with those texts of a bank beside it."""
    banks = MemoryFolder({f"needs-bank.bank.{name}.md": BANK.format(title="T") for name in beside})
    folder = cast(Traversable, MemoryFolder(files))
    return read_course(folder, BUILT_IN_KINDS, banks=cast(Traversable, banks) if beside else None)


def read(files: Mapping[str, str | bytes], **options: Any) -> Reading:
    """Read a course from memory with the built-in kinds of question; `_banks/…` lie beside it."""
    inside = {name: text for name, text in files.items() if not name.startswith("_banks/")}
    banks = {name.removeprefix("_banks/"): files[name] for name in files.keys() - inside.keys()}
    if banks:
        options.setdefault("banks", MemoryFolder(banks))
    folder = cast(Traversable, MemoryFolder(inside))
    return read_course(folder, options.pop("kinds", BUILT_IN_KINDS), **options)


def codes(reading: Reading) -> set[str]:
    return {problem.code for problem in reading.problems}


class MemoryFolder:
    """A folder of `importlib.resources` made of names and texts."""

    def __init__(self, files: Mapping[str, str | bytes], path: str = "") -> None:
        self.files, self.path = files, path

    @property
    def name(self) -> str:
        return self.path.rstrip("/").rpartition("/")[2]

    def is_dir(self) -> bool:
        return self.path == "" or any(name.startswith(self.path + "/") for name in self.files)

    def is_file(self) -> bool:
        return self.path in self.files

    def iterdir(self) -> Iterator["MemoryFolder"]:
        start = self.path + "/" if self.path else ""
        inside = {n[len(start) :].partition("/")[0] for n in self.files if n.startswith(start)}
        return iter([MemoryFolder(self.files, start + name) for name in inside])

    def open(self, mode: str = "r", *_: Any, **__: Any) -> IO[bytes]:
        assert mode == "rb"
        data = self.files[self.path]
        return io.BytesIO(data.encode() if isinstance(data, str) else data)

    def joinpath(self, *names: str) -> "MemoryFolder":
        return MemoryFolder(self.files, "/".join((self.path, *names)).strip("/"))

    __truediv__ = joinpath

    def read_bytes(self) -> bytes:
        return self.open("rb").read()

    def read_text(self, encoding: str | None = None) -> str:
        return self.read_bytes().decode(encoding or "utf-8")
