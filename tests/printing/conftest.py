"""The course of the test track with something to print, in service."""

from pathlib import Path

import pytest
from flask import Flask

from tests.catalogue.conftest import Desk, desk_of

CARD = """---
id: walk-card
title: {title}
layout: card
---
See [the lesson](start-walking).

## Where to {{#where}}

The place, in a *few* words.

## When

The day.
"""
GUIDE = (
    "---\ntitle: {title}\n---\nBefore.\n\n## Plan {{#plan}}\n\n- [ ] Print [the card](walk-card)\n"
)
TITLES = {"sv": ("Vandringskort", "Fickguide", "Ledarens guide"), "en": ("Card", "Pocket", "Guide")}


@pytest.fixture
def desk(app: Flask, tmp_path: Path) -> Desk:
    """`first-steps` with a template, a pocket guide and a facilitator's guide, published."""
    found = desk_of(app, tmp_path)
    for language, (card, pocket, guide) in TITLES.items():
        texts = {
            "walk-card.template": CARD.format(title=card),
            "pocket-guide": GUIDE.format(title=pocket),
            "facilitator": GUIDE.format(title=guide),
        }
        for name, text in texts.items():
            (found.folder / f"{name}.{language}.md").write_text(text, encoding="utf-8")
    report = found.publish()
    assert report.problems == ()
    assert report.published is not None
    return found
