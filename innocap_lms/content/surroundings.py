"""What courses and programmes need to know of each other, read from their files at a glance."""

from collections.abc import Iterable

from innocap_lms.content.files import Folder
from innocap_lms.content.frontmatter import split
from innocap_lms.content.naming import SHARED
from innocap_lms.content.programme_reader import read_programme
from innocap_lms.content.rules import read_rules
from innocap_lms.content.sequence import Known, known_of

Programmes = Iterable[tuple[Folder, str]]  # the folder of a track, and the id of a programme in it


def known_in(courses: Iterable[Folder], programmes: Programmes) -> dict[str, Known]:
    """By id; what cannot be read is left out, and has a problem of its own where it is checked."""
    found = dict(each for folder in courses if (each := at_a_glance(folder)))
    for folder, programme_id in programmes:
        if draft := read_programme(folder, programme_id).draft:
            found[draft.id] = known_of(draft)
    return found


def at_a_glance(folder: Folder) -> tuple[str, Known] | None:
    """The id of a course and what others need to know of it, by its rules and the names of its
    files alone; None where the rules cannot be read."""
    try:
        text = folder.joinpath(SHARED).read_text(encoding="utf-8")
        names = [entry.name for entry in folder.iterdir()]
    except (OSError, UnicodeDecodeError):
        return None
    rules = read_rules(split(SHARED, text), [])
    if not (rules.id and rules.languages):
        return None
    tasks = sum(name.endswith(f".task.{rules.languages[0]}.md") for name in names)
    before = tuple(each.id for each in rules.prerequisites)
    return rules.id, Known(False, rules.hours, rules.languages, tasks, before)
