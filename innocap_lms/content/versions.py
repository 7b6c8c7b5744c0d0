"""Which version of the lead language a translation was last compared with.

A translation may say `compared: 1f3a9c2e` in its front matter: the version of its sister in the
lead language at that time, eight hexadecimal digits of a SHA-256 over title, summary and text.
"""

import hashlib
import re
import shutil
from pathlib import Path
from typing import Final

from innocap_lms.content.codes import Place, problem
from innocap_lms.content.frontmatter import Document, split
from innocap_lms.content.problems import Problem

FIELD: Final = "compared"
_LINE: Final = re.compile(rf"{FIELD}:.*\Z")


def version_of(document: Document) -> str:
    """The version of a text as its learners read it."""
    read = [_said(document, name) for name in ("title", "summary")]
    return hashlib.sha256("\0".join([*read, document.body]).encode()).hexdigest()[:8]


def _said(document: Document, name: str) -> str:
    fields = document.node.value if document.node is not None else {}
    found = fields.get(name) if isinstance(fields, dict) else None
    return found.node.raw if found is not None else ""


def check_version(lead: Document, translation: Document) -> list[Problem]:
    """A warning where the lead language has changed since a translation was compared with it."""
    compared, now = _said(translation, FIELD), version_of(lead)
    if not compared or compared == now or lead.node is None:
        return []
    fields = translation.node.value if translation.node is not None else {}
    field = fields[FIELD] if isinstance(fields, dict) else None
    place = Place(translation.file, field.line, field.column) if field else Place(translation.file)
    said = f"{lead.file} has changed since this text was compared with it"
    advice = "bring the text up to date, then run “innocap-lms course compared” on this file"
    return [problem("C013", place, said, advice)]


def compared_with(text: str) -> str:
    """The version of the lead language that a translation was compared with; "" for none."""
    return _said(split("", text), FIELD)


def version_in(text: str) -> str:
    """The version of a text of the lead language."""
    return version_of(split("", text.replace("\r\n", "\n")))


def note_compared(translation: Path, lead: Path) -> str:
    """Write into a translation which version of the lead language it says the same as; gives it.

    Only the line of that field changes. Raises ValueError for a file without front matter.
    """
    version = version_in(_text(lead))
    try:
        changed = with_compared(_text(translation), version)
    except ValueError:
        raise ValueError(f"{translation} has no front matter") from None
    unfinished = translation.with_name(f".{translation.name}.part")
    unfinished.write_bytes(changed.encode("utf-8"))
    shutil.copymode(translation, unfinished)
    unfinished.replace(translation)
    return version


def with_compared(text: str, version: str) -> str:
    """A translation that names the version of the lead language it says the same as.

    Only the line of that field changes. Raises ValueError for a text without front matter.
    """
    lines = text.split("\n")
    ends = [number for number, line in enumerate(lines) if line.rstrip() == "---"]
    if len(ends) < 2 or ends[0] != 0:
        raise ValueError("there is no front matter")
    ending = "\r" if lines[0].endswith("\r") else ""
    kept = [line for line in lines[1 : ends[1]] if not _LINE.match(line.rstrip("\r"))]
    return "\n".join([lines[0], *kept, f"{FIELD}: {version}{ending}", *lines[ends[1] :]])


def _text(file: Path) -> str:
    try:
        return file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ValueError(f"{file} is not UTF-8") from None
