"""A sound practical task, and one with each fault that a task alone can have."""

# One case a row reads better than one argument a row.
# ruff: noqa: E501

from collections.abc import Callable

from tests.content.courses import Files, sound_course

HEAD = """---
id: real-case
title: {title}
minutes: 120
answer_days: 10
goals: [ask]
---
Document a case, as [the lesson](interview) says.
"""

RUBRIC = """
## Open question {#open}

What the question is about.

1. A solution in disguise {#disguised}
2. Open {#open-enough .meets}
3. Open, and names *whom* {#whom}

## Evidence {#evidence}

1. None {#none}
2. Some {#some .meets}
"""

TRANSLATED = """---
id: real-case
title: A real case
---
Write about a case.
"""

Case = tuple[str, Callable[[], Files], tuple[str, int, int]]
FILE = "03-case.task.sv.md"


def with_task(rubric: str = RUBRIC, head: str = HEAD) -> Files:
    """The sound course with a practical task in Swedish (lead) and English."""
    files = sound_course()
    files[FILE] = head.format(title="Ett ärende") + rubric
    files["03-case.task.en.md"] = TRANSLATED + rubric
    return files


def lead(old: str, new: str) -> Files:
    """The same with a change in the lead language alone."""
    return _changed(FILE, old, new)


def translation(old: str, new: str) -> Files:
    """The same with a change in the translation alone."""
    return _changed("03-case.task.en.md", old, new)


def both(old: str, new: str) -> Files:
    assert old in RUBRIC
    return with_task(RUBRIC.replace(old, new))


def required(ids: str) -> Files:
    """The course with the task, and this in its completion rule."""
    files = with_task()
    files["course.md"] = str(files["course.md"]).replace("[final]}", f"[final], tasks: [{ids}]}}")
    return files


def _changed(name: str, old: str, new: str) -> Files:
    files = with_task()
    text = str(files[name])
    assert old in text
    files[name] = text.replace(old, new)
    return files


CASES: list[Case] = [
    ("C002", lambda: {k: v for k, v in with_task().items() if k != FILE}, (FILE, 1, 1)),
    ("C030", lambda: both("{#disguised}", "{#Dis_guised}"), (FILE, 14, 1)),
    ("C031", lambda: both("{#whom}", "{#disguised}"), (FILE, 16, 1)),
    ("C031", lambda: both("{#evidence}", "{#open}"), (FILE, 18, 1)),
    ("C032", lambda: translation("{#whom}", "{#who}"), ("03-case.task.en.md", 13, 1)),
    ("C032", lambda: translation("{#evidence}", "{#proof}"), ("03-case.task.en.md", 15, 1)),
    ("C032", lambda: translation("id: real-case", "id: realcase"), ("03-case.task.en.md", 2, 5)),
    ("C033", lambda: both(" {#none}", ""), (FILE, 20, 1)),
    ("C035", lambda: translation("title: A", "assessors: 1\ntitle: A"), ("03-case.task.en.md", 3, 12)),
    ("C035", lambda: translation("{#whom}", "{#whom .meets}"), ("03-case.task.en.md", 7, 1)),
    ("C036", lambda: required("realcase"), ("course.md", 7, 13)),
    ("C037", lambda: lead("[ask]", "[asking]"), (FILE, 6, 8)),
    ("C046", lambda: both(".meets}\n3", ".meet}\n3"), (FILE, 15, 1)),
    ("C046", lambda: both("{#open}", "{#open points=2}"), (FILE, 10, 1)),
    ("C046", lambda: both("{#open}", "{#open two}"), (FILE, 10, 1)),
    ("C063", lambda: both("## Evidence {#evidence}", "## {#evidence}"), (FILE, 18, 1)),
    ("C071", lambda: lead("(interview)", "(intervju)"), (FILE, 8, 34)),
    ("C090", lambda: with_task(""), (FILE, 8, 1)),
    ("C091", lambda: both("1. None {#none}\n2. Some {#some .meets}", "- None {#none}"), (FILE, 18, 1)),
    ("C092", lambda: both(" .meets}\n3", "}\n3"), (FILE, 10, 1)),
    ("C092", lambda: both("{#whom}", "{#whom .meets}"), (FILE, 10, 1)),
    ("C092", lambda: both("{#none}\n2. Some {#some .meets}", "{#none .meets}\n2. Some {#some}"), (FILE, 18, 1)),
    ("C093", lambda: both("{#none}\n", "{#none}\n\n   More.\n"), (FILE, 22, 4)),
    ("C093", lambda: with_task(RUBRIC + "\nAfterwards.\n"), (FILE, 23, 1)),
    ("C094", lambda: lead("Document a case, as [the lesson](interview) says.\n", ""), (FILE, 9, 1)),
    ("C095", lambda: both("What the", "### Why\n\nWhat the"), (FILE, 12, 1)),
    ("C096", lambda: both("2. Some", "2.  none"), (FILE, 21, 1)),
]  # fmt: skip
