"""Facts that the track's lessons cite are entries of its fact sheet."""

from types import SimpleNamespace
from typing import cast

from innocap_lms.plugin_api import Course
from plugins.service_design.facts import check_course

TEXT = """---
id: a
sources:
  - {fact: SD-F10, title: Fine}
  - {title: Wrong, fact: "DT-F6"}
---
fact: whatever the text says
"""


def owned_by(owner: str) -> Course:
    return cast(Course, SimpleNamespace(owner=owner))


def test_a_source_that_is_no_entry_of_the_sheet_is_told_where_it_stands() -> None:
    (found,) = check_course(owned_by("service-design"), {"01-a.sv.md": TEXT})
    assert (found.file, found.line, found.column, found.code) == ("01-a.sv.md", 5, 27, "SD001")
    assert found.severity == "warning"
    assert check_course(owned_by("somebody-else"), {"01-a.sv.md": TEXT}) == []
