"""The files that a new course begins with: an example of everything, ready to be changed."""

import json
import re
from datetime import timedelta
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Final

from innocap_lms import clock
from innocap_lms.content.naming import placed

EXAMPLE: Final = files("innocap_lms.authoring") / "scaffolds" / "course"
WRITTEN_IN: Final = ("sv", "en")  # others begin with the English text


def course_texts(
    course_id: str, languages: list[str], title: str, owner: str
) -> list[tuple[str, str]]:
    """The files of a new course: names and texts."""
    today = clock.utcnow().date()
    values = {
        "@ID@": course_id,
        "@TITLE@": json.dumps(title, ensure_ascii=False),
        "@OWNER@": json.dumps(owner, ensure_ascii=False),
        "@LANGUAGES@": ", ".join(languages),
        "@TODAY@": today.isoformat(),
        "@NEXT_YEAR@": (today + timedelta(days=365)).isoformat(),
    }
    found = [("course.md", EXAMPLE / "course.md"), ("images/talk.svg", EXAMPLE / "talk.svg")]
    for language in languages:
        place = EXAMPLE / (language if language in WRITTEN_IN else "en")
        for file in sorted(place.iterdir(), key=lambda each: each.name):
            found.append((placed(f"{file.name.removesuffix('.md')}.{language}.md"), file))
    return [(name, filled(file, values)) for name, file in found]


def filled(file: Traversable, values: dict[str, str]) -> str:
    """The text of a template with its values in their places."""
    text = file.read_text(encoding="utf-8")
    names = re.compile("|".join(map(re.escape, values)))
    return names.sub(lambda found: values[found.group()], text)
