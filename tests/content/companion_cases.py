"""Texts beside the lessons of the sound course, and one with each fault that they alone can have."""

# One case a row reads better than one argument a row.
# ruff: noqa: E501

from collections.abc import Callable

from tests.content.courses import Files, sound_course

CARD = """---
id: need-card
title: {title}
layout: card
---
Fill in before the interview, see [the lesson](interview).

## Question

What do you want to know?

## Person

Whom do you ask?
"""

Case = tuple[str, Callable[[], Files], tuple[str, int, int]]
FILE = "need-card.template.sv.md"


def with_companions() -> Files:
    """The sound course with a template, a pocket guide and a guide, in Swedish (lead) and English."""
    files = sound_course()
    for language, title in (("sv", "Kort"), ("en", "Card")):
        files[f"need-card.template.{language}.md"] = CARD.format(title=title)
        guide = f"---\ntitle: {title}\n---\n## Beforehand {{#before}}\n\nPrint [it](need-card).\n"
        files[f"pocket-guide.{language}.md"] = guide
        files[f"facilitator.{language}.md"] = guide
    return files


def with_change(name: str, old: str, new: str) -> Files:
    """The same with a change in one file."""
    files = with_companions()
    text = files[name]
    assert isinstance(text, str)
    assert old in text
    files[name] = text.replace(old, new)
    return files


def without(name: str) -> Files:
    """The same less one file."""
    return {each: text for each, text in with_companions().items() if each != name}


def checklist(translated: str) -> Files:
    """The same with a list to tick off instead of the card."""
    files = with_companions()
    head = CARD.partition("Fill in")[0].replace("layout: card", "layout: checklist")
    files[FILE] = head.format(title="T") + "- [ ] One\n- [ ] Two\n"
    files["need-card.template.en.md"] = head.format(title="T") + translated
    return files


ENGLISH = "need-card.template.en.md"
CASES: list[Case] = [
    ("C025", lambda: with_change(FILE, "layout: card\n", ""), (FILE, 2, 1)),
    ("C025", lambda: with_change(FILE, "id: need-card\n", ""), (FILE, 2, 1)),
    ("C026", lambda: with_change("pocket-guide.sv.md", "title:", "id: a\ntitle:"), ("pocket-guide.sv.md", 2, 1)),
    ("C027", lambda: with_change(FILE, "layout: card", "layout: poster"), (FILE, 4, 9)),
    ("C002", lambda: without(FILE), (FILE, 1, 1)),
    ("C003", lambda: without("facilitator.en.md"), ("facilitator.en.md", 1, 1)),
    ("C005", lambda: {**with_companions(), "01-need.template.sv.md": CARD}, ("01-need.template.sv.md", 1, 1)),
    ("C031", lambda: with_change(FILE, "id: need-card", "id: interview"), (FILE, 2, 5)),
    ("C032", lambda: with_change(ENGLISH, "id: need-card", "id: other"), (ENGLISH, 2, 5)),
    ("C034", lambda: with_change("02-interview.sv.md", "id: interview", "id: sheets"), ("02-interview.sv.md", 2, 5)),
    ("C035", lambda: with_change(ENGLISH, "layout: card", "layout: canvas"), (ENGLISH, 4, 9)),
    ("C071", lambda: with_change("pocket-guide.sv.md", "need-card", "facilitator"), ("pocket-guide.sv.md", 6, 12)),
    ("C140", lambda: with_change(FILE, "## ", "### "), (FILE, 6, 1)),
    ("C140", lambda: with_change("pocket-guide.sv.md", "## Beforehand {#before}\n\nPrint [it](need-card).\n", ""), ("pocket-guide.sv.md", 5, 1)),
    ("C141", lambda: with_change(ENGLISH, "## Person", "Person"), (ENGLISH, 6, 1)),
    ("C141", lambda: checklist("- [ ] One\n"), (ENGLISH, 6, 1)),
]  # fmt: skip
