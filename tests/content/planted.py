"""A course with twenty faults, planted in ten files of it."""

from tests.content.courses import Files, sound_course

# What is replaced, in which file, and what the checker says of it: line, column, code.
FAULTS = (
    ("course.md", "hours: 2", "hours: two", (4, 8, "C027")),
    ("course.md", "pass: [final]", "pass: [finale]", (7, 13, "C036")),
    ("course.md", "days: 90", "days: 900", (8, 44, "C027")),
    ("course.en.md", "(question)", "(questions)", (8, 40, "C071")),
    ("01-question.sv.md", "minutes: 15", "minutes: soon", (4, 10, "C027")),
    ("01-question.sv.md", "goals: [ask]", "goals: [asks]", (5, 8, "C037")),
    ("01-question.sv.md", "![A map of actors]", "![]", (12, 58, "C075")),
    ("01-question.en.md", "{#first}", "{#First}", (10, 1, "C030")),
    ("02-interview.sv.md", "(#how)", "(#who)", (9, 44, "C072")),
    ("02-interview.sv.md", "## How", "#### How", (7, 1, "C061")),
    ("02-interview.sv.md", "More words", "More [here](https://example.org)", (9, 13, "C084")),
    ("course.sv.md", "summary: A summary.\n", "", (2, 1, "C025")),
    ("final.quiz.sv.md", "pass: 80 %", "pass: 0.8", (5, 7, "C050")),
    ("final.quiz.sv.md", "{#first points=2", "{#first points=0", (8, 1, "C047")),
    ("final.quiz.sv.md", "- [x] Settle", "- [ ] Settle", (8, 1, "C042")),
    ("final.quiz.sv.md", " {#three}", "", (23, 1, "C033")),
    ("final.quiz.sv.md", "{#one}", "{#two}", (22, 1, "C031")),
    ("readme.txt", "", "Read me.\n", (1, 1, "C005")),
    ("01-question.fi.md", "", "---\n", (1, 1, "C006")),
    ("images/new.png", "", "no picture", (1, 1, "C079")),
)


def planted() -> Files:
    """The sound course with all of them."""
    files = sound_course()
    for name, old, new, _said in FAULTS:
        text = str(files.get(name, ""))
        assert old in text, f"{old!r} is not in {name}"
        files[name] = text.replace(old, new, 1) if old else new
    return files
