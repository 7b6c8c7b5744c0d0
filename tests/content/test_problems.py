"""Every code of the table has a course that shows it, at the right place, with advice."""

# One case a row reads better than one argument a row.
# ruff: noqa: E501

import datetime as dt
from collections.abc import Callable

import pytest

from innocap_lms.content.codes import CODES
from innocap_lms.content.problems import Problem, errors
from tests.content import companion_cases, task_cases
from tests.content.courses import (
    BANK,
    SVG,
    Files,
    banked,
    changed,
    codes,
    in_bank,
    lesson,
    quiz,
    read,
    sound_course,
)

TODAY = dt.date(2026, 11, 23)


OPTIONS = "- [x] A {#a}\n- [ ] B {#b}"
ORDER = "1. A {#a}\n2. B {#b}"
PAIRS = "A {#a}\n: x {#x}\n\nB {#b}\n: y {#y}\n"


def asks(under: str, braces: str = "", translated: str | None = None) -> Files:
    """A quiz of one question; the English file may have something else under it."""
    head = f"## One? {{#one {braces}}}\n\n"
    files = quiz(head + under + "\n")
    if translated is not None:
        files["final.quiz.en.md"] = quiz(head + translated + "\n")["final.quiz.en.md"]
    return files


def idle_draw() -> Files:
    """A quiz that asks nothing but one question of a bank, in which one of three is a reflection."""
    bank = BANK.format(title="T").replace("{#when tags=listening}", "{#when .reflection}")
    bank = bank.partition("\n- [x] At once")[0]
    files = banked("draw: {from: needs-bank, count: 1}", sv=bank, en=bank)
    for name in ("final.quiz.sv.md", "final.quiz.en.md"):
        front, mark, _questions = str(files[name]).rpartition("---\n")
        files[name] = front + mark
    return files


def without(*names: str) -> Files:
    return {name: text for name, text in sound_course().items() if name not in names}


def plus(**files: str | bytes) -> Files:
    """More files; in their names `__` stands for a slash."""
    return sound_course() | {name.replace("__", "/"): text for name, text in files.items()}


def in_course(old: str, new: str) -> Files:
    return changed({"course": (old, new)})


def in_quiz(old: str, new: str) -> Files:
    return changed({"final.quiz.sv": (old, new), "final.quiz.en": (old, new)})


TWO = "## One? {#one}\n\n- [x] A {#a}\n- [ ] B {#b}\n"

# code, files, where (file, line, column)
Case = tuple[str, Callable[[], Files], tuple[str, int, int]]
CASES: list[Case] = [
    ("C001", lambda: without("course.md"), ("course.md", 1, 1)),
    ("C002", lambda: without("01-question.sv.md"), ("01-question.sv.md", 1, 1)),
    ("C002", lambda: without("course.sv.md"), ("course.sv.md", 1, 1)),
    ("C003", lambda: without("01-question.en.md"), ("01-question.en.md", 1, 1)),
    ("C004", lambda: without(*(f"0{n}.{x}.md" for n in ("1-question", "2-interview") for x in ("sv", "en"))), ("course.md", 1, 1)),
    ("C005", lambda: sound_course() | {"readme.txt": ""}, ("readme.txt", 1, 1)),
    ("C005", lambda: sound_course() | {"README.md": ""}, ("README.md", 1, 1)),
    ("C005", lambda: sound_course() | {"notes.sv.md": ""}, ("notes.sv.md", 1, 1)),
    ("C005", lambda: sound_course() | {"images/a/b/c/d/e/f/g.svg": SVG}, ("images/a/b/c/d/e/f", 1, 1)),
    ("C006", lambda: sound_course() | {"01-question.fi.md": ""}, ("01-question.fi.md", 1, 1)),
    ("C007", lambda: sound_course() | {"01-question.sv.md": b"---\nid: x\ntitle: \xe5\n"}, ("01-question.sv.md", 3, 8)),
    ("C008", lambda: sound_course() | {"01-question.sv.md": "x" * 200_001}, ("01-question.sv.md", 1, 1)),
    ("C008", lambda: sound_course() | {"images/map.svg": b" " * 2_000_001}, ("images/map.svg", 1, 1)),
    ("C011", lambda: sound_course() | {"02-a.sv.md": str(lesson("x")["02-interview.sv.md"])}, ("02-interview.sv.md", 1, 1)),
    ("C013", lambda: changed({"02-interview.en": ("minutes: 10", "compared: 0badc0de")}), ("02-interview.en.md", 4, 1)),
    ("C013", lambda: changed({"final.quiz.en": ("attempts: 3", "compared: old")}), ("final.quiz.en.md", 6, 1)),
    ("C020", lambda: changed({"course.sv": ("---\ntitle", "title")}), ("course.sv.md", 1, 1)),
    ("C021", lambda: sound_course() | {"course.sv.md": "---\ntitle: A\n"}, ("course.sv.md", 1, 1)),
    ("C022", lambda: in_course("hours: 2", "hours: a: b"), ("course.md", 4, 9)),
    ("C022", lambda: sound_course() | {"course.sv.md": "---\nonly words\n---\n"}, ("course.sv.md", 2, 1)),
    ("C022", lambda: sound_course() | {"course.sv.md": "---\n{[a]: b}\n---\n"}, ("course.sv.md", 2, 2)),
    ("C022", lambda: sound_course() | {"course.sv.md": "---\na: \x07\n---\n"}, ("course.sv.md", 2, 1)),
    ("C023", lambda: in_course("owner: service-design", "owner: *a"), ("course.md", 6, 8)),
    ("C023", lambda: in_course("owner: service-design", "owner: &a b"), ("course.md", 6, 8)),
    ("C023", lambda: in_course("owner: service-design", "owner: !!python/name:os.system x"), ("course.md", 6, 8)),
    ("C023", lambda: sound_course() | {"course.sv.md": "---\na: b\n--- c\n---\n"}, ("course.sv.md", 3, 1)),
    ("C024", lambda: in_course("hours: 2", "hours: 2\nhours: 3"), ("course.md", 5, 1)),
    ("C025", lambda: in_course("hours: 2\n", ""), ("course.md", 2, 1)),
    ("C026", lambda: in_course("reviewed:", "reviewd: x\nreviewed:"), ("course.md", 9, 1)),
    ("C027", lambda: in_course("hours: 2", "hours: two"), ("course.md", 4, 8)),
    ("C027", lambda: in_course("hours: 2", "hours: true"), ("course.md", 4, 8)),
    ("C027", lambda: in_course("hours: 2", "hours: 0"), ("course.md", 4, 8)),
    ("C027", lambda: in_course("[sv, en]", "[sv, sv]"), ("course.md", 3, 12)),
    ("C027", lambda: in_course("[sv, en]", "[sv, Sweden]"), ("course.md", 3, 12)),
    ("C027", lambda: in_course("[sv, en]", "[]"), ("course.md", 3, 12)),
    ("C027", lambda: in_course("[sv, en]", "sv"), ("course.md", 3, 12)),
    ("C027", lambda: in_course("[sv, en]", "[[sv], en]"), ("course.md", 3, 12)),
    ("C027", lambda: in_course("2026-11-23", "2026-11-31"), ("course.md", 9, 11)),
    ("C027", lambda: in_course("2026-11-23", "20261123"), ("course.md", 9, 11)),
    ("C027", lambda: in_course("renewal_opens_days: 90", "renewal_opens_days: 800"), ("course.md", 8, 44)),
    ("C027", lambda: in_course("{months: 24, renewal_opens_days: 90}", "24"), ("course.md", 8, 11)),
    ("C027", lambda: in_course("months: 24", "months: 2.5"), ("course.md", 8, 20)),
    ("C027", lambda: changed({"course.sv": ("outcomes:\n", "outcomes: [a]\nx:\n")}), ("course.sv.md", 4, 11)),
    ("C027", lambda: changed({"course.sv": ("outcomes:\n", "outcomes: none\nx:\n")}), ("course.sv.md", 4, 11)),
    ("C027", lambda: changed({"course.sv": ("title: Behov", "title: [Behov]")}), ("course.sv.md", 2, 8)),
    ("C027", lambda: changed({"course.sv": ("title: Behov", "title:")}), ("course.sv.md", 2, 7)),
    ("C027", lambda: in_quiz("use: graded", "use: exam"), ("final.quiz.sv.md", 4, 6)),
    ("C027", lambda: in_quiz("attempts: 3", "attempts: 0"), ("final.quiz.sv.md", 6, 11)),
    ("C028", lambda: in_course("hours: 2", "hours: " + "2" * 33_000), ("course.md", 1, 1)),
    ("C028", lambda: in_course("hours: 2", "hours: " + "[" * 9 + "]" * 9), ("course.md", 4, 15)),
    ("C030", lambda: in_course("id: needs", "id: Needs!"), ("course.md", 2, 5)),
    ("C030", lambda: in_quiz("{#consent}", "{#Consent}"), ("final.quiz.sv.md", 12, 1)),
    ("C030", lambda: lesson("### Bad {#Bad_id}"), ("02-interview.sv.md", 9, 1)),
    ("C031", lambda: changed({"02-interview.sv": ("id: interview", "id: question")}), ("02-interview.sv.md", 2, 5)),
    ("C030", lambda: changed({"course.sv": ("id: listen", "id: Listen")}), ("course.sv.md", 6, 10)),
    ("C031", lambda: in_quiz("{#two .fixed outcome=listen}", "{#first}"), ("final.quiz.sv.md", 19, 1)),
    ("C031", lambda: in_quiz("{#purpose}", "{#consent}"), ("final.quiz.sv.md", 14, 1)),
    ("C031", lambda: changed({"course.sv": ("id: listen", "id: ask")}), ("course.sv.md", 6, 10)),
    ("C032", lambda: changed({"01-question.en": ("id: question", "id: questions")}), ("01-question.en.md", 2, 5)),
    ("C032", lambda: changed({"final.quiz.en": ("id: final", "id: finale")}), ("final.quiz.en.md", 2, 5)),
    ("C032", lambda: changed({"final.quiz.en": ("{#two .fixed outcome=listen}", "{#twos}")}), ("final.quiz.en.md", 19, 1)),
    ("C032", lambda: changed({"final.quiz.en": ("{#consent}", "{#consents}")}), ("final.quiz.en.md", 12, 1)),
    ("C032", lambda: changed({"course.en": ("id: listen", "id: hear")}), ("course.en.md", 5, 3)),
    ("C033", lambda: in_quiz(" {#consent}", ""), ("final.quiz.sv.md", 12, 1)),
    ("C033", lambda: in_quiz(" {#two .fixed outcome=listen}", ""), ("final.quiz.sv.md", 19, 1)),
    ("C034", lambda: changed({f"02-interview.{x}": ("id: interview", "id: files") for x in ("sv", "en")}), ("02-interview.sv.md", 2, 5)),
    ("C035", lambda: changed({"final.quiz.en": ("80 %", "70 %")}), ("final.quiz.en.md", 5, 7)),
    ("C035", lambda: changed({"final.quiz.en": ("points=2", "points=3")}), ("final.quiz.en.md", 8, 1)),
    ("C035", lambda: changed({"final.quiz.en": (" .fixed", " .multiple")}), ("final.quiz.en.md", 19, 1)),
    ("C035", lambda: changed({"final.quiz.en": ("- [x] One", "- [ ] One")}), ("final.quiz.en.md", 19, 1)),
    ("C035", lambda: changed({"01-question.en": ("goals: [ask]", "goals: [listen]")}), ("01-question.en.md", 5, 8)),
    ("C036", lambda: in_course("pass: [final]", "pass: [finale]"), ("course.md", 7, 13)),
    ("C036", lambda: in_course("lessons: all", "lessons: [intervju]"), ("course.md", 7, 13)),
    ("C036", lambda: changed({"final.quiz.sv": ("use: graded", "use: practice")}), ("course.md", 7, 13)),
    ("C037", lambda: changed({f"01-question.{x}": ("goals: [ask]", "goals: [asks]") for x in ("sv", "en")}), ("01-question.sv.md", 5, 8)),
    ("C037", lambda: in_quiz("outcome=ask", "outcome=zebra"), ("final.quiz.sv.md", 8, 1)),
    ("C040", lambda: quiz("Only words.\n"), ("final.quiz.sv.md", 8, 1)),
    ("C041", lambda: quiz("## One? {#one}\n\n- [x] A {#a}\n"), ("final.quiz.sv.md", 8, 1)),
    ("C041", lambda: quiz("## One? {#one}\n\nNothing.\n"), ("final.quiz.sv.md", 8, 1)),
    ("C042", lambda: in_quiz("[x] Settle", "[ ] Settle"), ("final.quiz.sv.md", 8, 1)),
    ("C043", lambda: in_quiz("- [ ] Ask", "- Ask"), ("final.quiz.sv.md", 12, 1)),
    ("C044", lambda: quiz(TWO + "\nAfterwards.\n"), ("final.quiz.sv.md", 13, 1)),
    ("C045", lambda: quiz(TWO.replace("{#one}", "{#one .zebra}")), ("final.quiz.sv.md", 8, 1)),
    ("C045", lambda: quiz(TWO.replace("{#one}", "{#one point=2}")), ("final.quiz.sv.md", 8, 1)),
    ("C045", lambda: quiz(TWO.replace("{#one}", "{#one zebra=2}")), ("final.quiz.sv.md", 8, 1)),
    ("C046", lambda: quiz(TWO.replace("{#one}", "{#one two}")), ("final.quiz.sv.md", 8, 1)),
    ("C046", lambda: quiz(TWO.replace("{#a}", "{#a #b}")), ("final.quiz.sv.md", 10, 1)),
    ("C046", lambda: lesson("### Part {#a a=1 a=2}"), ("02-interview.sv.md", 9, 1)),
    ("C047", lambda: quiz(TWO.replace("{#one}", "{#one points=0}")), ("final.quiz.sv.md", 8, 1)),
    ("C047", lambda: quiz(TWO.replace("{#one}", "{#one points=1e9}")), ("final.quiz.sv.md", 8, 1)),
    ("C048", lambda: quiz("Read well.\n\n" + TWO), ("final.quiz.sv.md", 8, 1)),
    ("C049", lambda: quiz(TWO.replace("{#a}\n", "{#a}\n\n  More.\n")), ("final.quiz.sv.md", 12, 3)),
    ("C050", lambda: in_quiz("pass: 80 %", "pass: 0.8"), ("final.quiz.sv.md", 5, 7)),
    ("C050", lambda: in_quiz("pass: 80 %", "pass: 0 %"), ("final.quiz.sv.md", 5, 7)),
    ("C050", lambda: in_quiz("pass: 80 %", "pass: 101 %"), ("final.quiz.sv.md", 5, 7)),
    ("C050", lambda: in_quiz("pass: 80 %\n", ""), ("final.quiz.sv.md", 2, 1)),
    ("C051", lambda: quiz(TWO.replace("B {#b}", "a {#b}")), ("final.quiz.sv.md", 11, 1)),
    ("C060", lambda: lesson("# Title"), ("02-interview.sv.md", 9, 1)),
    ("C061", lambda: lesson("#### Deep"), ("02-interview.sv.md", 9, 1)),
    ("C062", lambda: lesson("## Again {#how}"), ("02-interview.sv.md", 9, 1)),
    ("C063", lambda: lesson("## {#empty}"), ("02-interview.sv.md", 9, 1)),
    ("C064", lambda: lesson("Some <b>bold</b> words"), ("02-interview.sv.md", 9, 6)),
    ("C065", lambda: lesson("> [!TIPS] A\n> B"), ("02-interview.sv.md", 9, 3)),
    ("C065", lambda: lesson("> [!ZEBRA]\n> B"), ("02-interview.sv.md", 9, 3)),
    ("C066", lambda: lesson("A $\\left( a$ b"), ("02-interview.sv.md", 9, 4)),
    ("C066", lambda: lesson("$$\n\\zebra\n$$"), ("02-interview.sv.md", 9, 1)),
    ("C066", lambda: lesson(f"$${'a' * 2001}$$"), ("02-interview.sv.md", 9, 1)),
    ("C067", lambda: lesson("A[^1] b"), ("02-interview.sv.md", 9, 2)),
    ("C068", lambda: changed({"02-interview.sv": ("## How {#how}\n\nMore words, and [up](#how).\n", "")}), ("02-interview.sv.md", 8, 1)),
    ("C069", lambda: lesson("A [b]{lang=swedish} c"), ("02-interview.sv.md", 9, 12)),
    ("C070", lambda: lesson("[a](files/none.pdf)"), ("02-interview.sv.md", 9, 5)),
    ("C070", lambda: lesson("![a](images/Map.svg)"), ("02-interview.sv.md", 9, 6)),
    ("C070", lambda: lesson("![a](map.svg)"), ("02-interview.sv.md", 9, 6)),
    ("C071", lambda: lesson("[a](intervju)"), ("02-interview.sv.md", 9, 5)),
    ("C071", lambda: lesson("[a](zebra)"), ("02-interview.sv.md", 9, 5)),
    ("C071", lambda: lesson("[a](01-question.sv.md)"), ("02-interview.sv.md", 9, 5)),
    ("C072", lambda: lesson("[a](#hw)"), ("02-interview.sv.md", 9, 5)),
    ("C072", lambda: lesson("[a](question#zebra)"), ("02-interview.sv.md", 9, 5)),
    ("C073", lambda: lesson("[a](javascript:alert(1))"), ("02-interview.sv.md", 9, 5)),
    ("C073", lambda: lesson("[a](//example.org)"), ("02-interview.sv.md", 9, 5)),
    ("C073", lambda: lesson("![a](data:image/png;base64,AA)"), ("02-interview.sv.md", 9, 6)),
    ("C073", lambda: changed({"01-question.sv": ("https://example.org/a", "ftp://example.org")}), ("01-question.sv.md", 7, 61)),
    ("C074", lambda: lesson("[a](../other/x.md)"), ("02-interview.sv.md", 9, 5)),
    ("C074", lambda: lesson("![a](/images/map.svg)"), ("02-interview.sv.md", 9, 6)),
    ("C074", lambda: lesson("![a](images/%2e%2e/x.svg)"), ("02-interview.sv.md", 9, 6)),
    ("C075", lambda: lesson("![](images/map.svg)"), ("02-interview.sv.md", 9, 5)),
    ("C076", lambda: lesson("![a](https://example.org/a.png)"), ("02-interview.sv.md", 9, 6)),
    ("C077", lambda: lesson("![a](files/a.mp4)") | {"files/a.mp4": b""}, ("02-interview.sv.md", 9, 6)),
    ("C078", lambda: lesson("![a](files/a.mp3)") | {"files/a.mp3": b""}, ("02-interview.sv.md", 9, 6)),
    ("C079", lambda: sound_course() | {"files/a.pdf": b""}, ("files/a.pdf", 1, 1)),
    ("C080", lambda: lesson("![a](files/a.pdf)") | {"files/a.pdf": b""}, ("02-interview.sv.md", 9, 6)),
    ("C081", lambda: sound_course() | {"images/map.svg": "<svg><script>alert(1)</script></svg>"}, ("images/map.svg", 1, 1)),
    ("C082", lambda: changed({"01-question.sv": ("2027-11-01", "2026-11-22")}), ("01-question.sv.md", 8, 12)),
    ("C083", lambda: lesson("[](https://example.org)"), ("02-interview.sv.md", 9, 4)),
    ("C084", lambda: lesson("See [Läs mer](https://example.org/a)."), ("02-interview.sv.md", 9, 15)),
    ("C084", lambda: lesson(f"[https://example.org/{'a' * 30}](https://example.org/{'a' * 30})"), ("02-interview.sv.md", 9, 2)),
    ("C085", lambda: lesson("| | A | |\n|---|---|---|\n| 1 | 2 | 3 |"), ("02-interview.sv.md", 9, 1)),
    ("C086", lambda: sound_course() | {"images/map.svg": '<svg xmlns="http://www.w3.org/2000/svg"><text x="1" y="1" fill="#999">Hi</text></svg>'}, ("images/map.svg", 1, 1)),
    ("C002", lambda: {n: t for n, t in banked().items() if n != "_banks/needs-bank.bank.sv.md"}, ("_banks/needs-bank.bank.sv.md", 1, 1)),
    ("C003", lambda: {n: t for n, t in banked().items() if n != "_banks/needs-bank.bank.en.md"}, ("_banks/needs-bank.bank.en.md", 1, 1)),
    ("C005", lambda: banked() | {"_banks/readme.md": ""}, ("_banks/readme.md", 1, 1)),
    ("C005", lambda: banked() | {"_banks/images/map.svg": SVG}, ("_banks/images", 1, 1)),
    ("C007", lambda: banked() | {"_banks/needs-bank.bank.sv.md": b"---\nid: \xe5\n"}, ("_banks/needs-bank.bank.sv.md", 2, 5)),
    ("C025", lambda: in_bank("use: graded\n", "", "sv"), ("_banks/needs-bank.bank.sv.md", 2, 1)),
    ("C026", lambda: in_bank("use: graded", "use: graded\npass: 80 %"), ("_banks/needs-bank.bank.sv.md", 5, 1)),
    ("C027", lambda: banked("draw: {from: needs-bank}"), ("final.quiz.sv.md", 7, 7)),
    ("C027", lambda: banked("draw: needs-bank"), ("final.quiz.sv.md", 7, 7)),
    ("C027", lambda: banked("draw: {from: needs-bank, count: 0}"), ("final.quiz.sv.md", 7, 33)),
    ("C027", lambda: banked("draw: {from: needs-bank, tags: {asking: one}}"), ("final.quiz.sv.md", 7, 41)),
    ("C026", lambda: banked("draw: {from: needs-bank, number: 2}"), ("final.quiz.sv.md", 7, 26)),
    ("C030", lambda: banked("draw: {from: needs-bank, tags: {Asking: 1}}"), ("final.quiz.sv.md", 7, 41)),
    ("C030", lambda: in_bank("tags=asking", "tags=Asking"), ("_banks/needs-bank.bank.sv.md", 6, 1)),
    ("C031", lambda: in_bank("#whom", "#first"), ("final.quiz.sv.md", 7, 7)),
    ("C032", lambda: in_bank("#whom", "#who", "en"), ("_banks/needs-bank.bank.en.md", 6, 1)),
    ("C033", lambda: in_bank(" {#owner}", ""), ("_banks/needs-bank.bank.sv.md", 9, 1)),
    ("C034", lambda: changed({f"02-interview.{x}": ("id: interview", "id: check-4-weeks") for x in ("sv", "en")}), ("02-interview.sv.md", 2, 5)),
    ("C035", lambda: in_bank("use: graded", "use: practice", "en"), ("_banks/needs-bank.bank.en.md", 4, 6)),
    ("C035", lambda: in_bank("tags=asking", "tags=listening", "en"), ("_banks/needs-bank.bank.en.md", 6, 1)),
    ("C035", lambda: banked() | changed({"final.quiz.en": ("attempts: 3", "draw: {from: other, count: 1}")}), ("final.quiz.en.md", 6, 7)),
    ("C040", lambda: banked(sv="---\nid: needs-bank\ntitle: T\nuse: graded\n---\n"), ("_banks/needs-bank.bank.sv.md", 7, 1)),
    ("C042", lambda: in_bank("- [x] In silence", "- [ ] In silence"), ("_banks/needs-bank.bank.sv.md", 12, 1)),
    ("C070", lambda: in_bank("- [ ] The manager", "![A map](images/none.svg)\n\n- [ ] The manager"), ("_banks/needs-bank.bank.sv.md", 8, 10)),
    ("C071", lambda: in_bank("> BANK-FEEDBACK", "> [Read](zebra)"), ("_banks/needs-bank.bank.sv.md", 10, 12)),
    ("C110", lambda: banked("draw: {from: need-bank, count: 1}"), ("final.quiz.sv.md", 7, 7)),
    ("C110", lambda: {n: t for n, t in banked().items() if not n.startswith("_banks/")}, ("final.quiz.sv.md", 7, 7)),
    ("C111", lambda: banked("draw: {from: needs-bank, count: 4}"), ("final.quiz.sv.md", 7, 7)),
    ("C111", lambda: banked("draw: {from: needs-bank, tags: {asking: 2, listening: 2}}"), ("final.quiz.sv.md", 7, 7)),
    ("C112", lambda: in_bank("use: graded", "use: practice"), ("final.quiz.sv.md", 7, 7)),
    ("C113", lambda: in_bank("outcome=ask", "outcome=asks"), ("_banks/needs-bank.bank.sv.md", 6, 1)),
    ("C114", lambda: in_bank("id: needs-bank", "id: need-bank"), ("_banks/needs-bank.bank.sv.md", 2, 5)),
    *companion_cases.CASES,
    *task_cases.CASES,
    ("C030", lambda: asks("Term {#T!}\n: A {#a}\n\nB {#b}\n: C {#c}", ".match"), ("final.quiz.sv.md", 10, 1)),
    ("C030", lambda: asks("A {#a}\n: A {#A!}\n\nB {#b}\n: C {#c}", ".match"), ("final.quiz.sv.md", 10, 1)),
    ("C031", lambda: asks("1. A {#a}\n2. B {#a}", ".order"), ("final.quiz.sv.md", 11, 1)),
    ("C031", lambda: asks("A {#a}\n: A {#x}\n\nB {#b}\n: B {#x}", ".match"), ("final.quiz.sv.md", 13, 1)),
    ("C032", lambda: asks(ORDER, ".order", "1. A {#a}\n2. B {#bb}"), ("final.quiz.en.md", 11, 1)),
    ("C032", lambda: asks(PAIRS, ".match", "A {#a}\n: x {#x}"), ("final.quiz.en.md", 8, 1)),
    ("C033", lambda: asks("1. A {#a}\n2. B", ".order"), ("final.quiz.sv.md", 11, 1)),
    ("C033", lambda: asks("A {#a}\n: x\n\nB {#b}\n: y {#y}", ".match"), ("final.quiz.sv.md", 11, 1)),
    ("C035", lambda: asks(ORDER, ".order", "1. B {#b}\n2. A {#a}"), ("final.quiz.en.md", 10, 1)),
    ("C035", lambda: asks(PAIRS, ".match", PAIRS.replace("#x", "#z").replace("#y", "#x").replace("#z", "#y")), ("final.quiz.en.md", 10, 1)),
    ("C035", lambda: asks("= 42 km", "", "= 43 km"), ("final.quiz.en.md", 10, 1)),
    ("C041", lambda: asks("1. A {#a}", ".order"), ("final.quiz.sv.md", 8, 1)),
    ("C041", lambda: asks("A {#a}\n: x {#x}", ".match"), ("final.quiz.sv.md", 8, 1)),
    ("C041", lambda: asks("A [[=one]] b."), ("final.quiz.sv.md", 10, 3)),
    ("C041", lambda: asks("A [[=one|=two]] b."), ("final.quiz.sv.md", 10, 3)),
    ("C044", lambda: asks("= one\ntwo"), ("final.quiz.sv.md", 11, 1)),
    ("C047", lambda: asks("Think.", ".reflection points=2"), ("final.quiz.sv.md", 8, 1)),
    ("C049", lambda: asks("1. A {#a}\n\n   More.\n2. B {#b}", ".order"), ("final.quiz.sv.md", 12, 4)),
    ("C049", lambda: asks("A {#a}\n: x {#x}\n: more {#z}\n\nB {#b}\n: y {#y}", ".match"), ("final.quiz.sv.md", 12, 1)),
    ("C051", lambda: asks("1. A {#a}\n2. a {#b}", ".order"), ("final.quiz.sv.md", 11, 1)),
    ("C051", lambda: asks("A {#a}\n: x {#x}\n\nB {#b}\n: X {#y}", ".match"), ("final.quiz.sv.md", 13, 1)),
    ("C051", lambda: asks("A [[=one|One]] b."), ("final.quiz.sv.md", 10, 3)),
    ("C100", lambda: asks("= one\n="), ("final.quiz.sv.md", 11, 1)),
    ("C100", lambda: asks("Words.\n= one"), ("final.quiz.sv.md", 8, 1)),
    ("C100", lambda: asks("Words.", ".text"), ("final.quiz.sv.md", 8, 1)),
    ("C100", lambda: asks("A [[one|]] b."), ("final.quiz.sv.md", 10, 3)),
    ("C102", lambda: asks("= 42 ± x km"), ("final.quiz.sv.md", 10, 1)),
    ("C102", lambda: asks("= 42\n= 4 ± 1 km per h"), ("final.quiz.sv.md", 11, 1)),
    ("C103", lambda: asks(OPTIONS, ".partial"), ("final.quiz.sv.md", 8, 1)),
    ("C103", lambda: asks(OPTIONS, ".multiple penalty=1"), ("final.quiz.sv.md", 8, 1)),
    ("C103", lambda: asks(OPTIONS, ".multiple .partial penalty=-1"), ("final.quiz.sv.md", 8, 1)),
    ("C103", lambda: asks(OPTIONS, ".multiple .partial penalty=11"), ("final.quiz.sv.md", 8, 1)),
    ("C103", lambda: asks("= one", "typos=1.5"), ("final.quiz.sv.md", 8, 1)),
    ("C103", lambda: asks("= one", "typos=9"), ("final.quiz.sv.md", 8, 1)),
    ("C104", lambda: asks(OPTIONS, ".order"), ("final.quiz.sv.md", 10, 1)),
    ("C104", lambda: asks(ORDER), ("final.quiz.sv.md", 10, 1)),
    ("C104", lambda: asks(PAIRS), ("final.quiz.sv.md", 10, 1)),
    ("C104", lambda: asks("= one", ".order"), ("final.quiz.sv.md", 10, 1)),
    ("C104", lambda: asks("Words.", ".true .false"), ("final.quiz.sv.md", 8, 1)),
    ("C104", lambda: asks(PAIRS + "\n- [x] Z {#z}", ".match"), ("final.quiz.sv.md", 16, 1)),
    ("C105", lambda: asks("\n".join(f"- [x] Option {i} {{#o{i}}}" for i in range(51))), ("final.quiz.sv.md", 10, 1)),
    ("C105", lambda: asks("\n".join(f"= {i}" for i in range(51))), ("final.quiz.sv.md", 10, 1)),
    ("C105", lambda: asks("\n\n".join(f"T{i} {{#t{i}}}\n: D{i} {{#d{i}}}" for i in range(51)), ".match"), ("final.quiz.sv.md", 10, 1)),
    ("C105", lambda: asks("[[a]] " * 51), ("final.quiz.sv.md", 8, 1)),
    ("C105", lambda: asks("[[=" + "|".join(map(str, range(51))) + "]]"), ("final.quiz.sv.md", 10, 1)),
    ("C105", lambda: asks("= " + "a" * 501), ("final.quiz.sv.md", 10, 1)),
    ("C105", lambda: asks(f"[[{'a' * 501}]]"), ("final.quiz.sv.md", 10, 1)),
    ("C105", lambda: quiz("".join(f"## Q {{#q{i} .true}}\n" for i in range(501))), ("final.quiz.sv.md", 508, 1)),
    ("C106", lambda: asks("A [[gap]] and [a [[link]]](https://example.org)."), ("final.quiz.sv.md", 10, 18)),
    ("C106", lambda: asks("A [[gap]] and ![a [[picture]]](images/map.svg)."), ("final.quiz.sv.md", 10, 19)),
    ("C106", lambda: asks("### A [[heading]]\n\nA [[gap]]."), ("final.quiz.sv.md", 10, 7)),
    ("C106", lambda: asks("A [[gap]]\nand [[one over\ntwo lines]]."), ("final.quiz.sv.md", 11, 5)),
    ("C106", lambda: quiz("## The [[capital]] {#one}\n\nA [[gap]].\n"), ("final.quiz.sv.md", 8, 1)),
    ("C107", lambda: asks("= ett", "", "Words."), ("final.quiz.en.md", 8, 1)),
    ("C107", lambda: asks("A [[b]].", "", "Words."), ("final.quiz.en.md", 8, 1)),
    ("C108", lambda: asks("A [[b]] [[c]].", "", "A [[b]]."), ("final.quiz.en.md", 8, 1)),
    ("C108", lambda: asks("A [[=b|c]].", "", "A [[c|=b]]."), ("final.quiz.en.md", 10, 3)),
    ("C109", lambda: asks("Think.", ".reflection"), ("final.quiz.sv.md", 5, 7)),
    ("C022", lambda: changed({"course.sv": ("title: Behov", 'title: "Be\\0hov"')}), ("course.sv.md", 2, 8)),
    ("C031", lambda: asks("A {#a}\n: x {#b}\n\nB {#b}\n: y {#y}", ".match"), ("final.quiz.sv.md", 10, 1)),
    ("C031", lambda: asks(PAIRS + "\n- [ ] Z {#b}", ".match"), ("final.quiz.sv.md", 16, 1)),
    ("C047", lambda: asks(OPTIONS, "points=2,5"), ("final.quiz.sv.md", 8, 1)),
    ("C103", lambda: asks("= GIS", "typos=2"), ("final.quiz.sv.md", 8, 1)),
    ("C103", lambda: asks("= something\n= no", "typos=1"), ("final.quiz.sv.md", 8, 1)),
    ("C103", lambda: asks("A [[something]] or [[no]].", "typos=1"), ("final.quiz.sv.md", 8, 1)),
    ("C104", lambda: asks(ORDER, ".order .fixed"), ("final.quiz.sv.md", 8, 1)),
    ("C104", lambda: asks(PAIRS, ".match .fixed"), ("final.quiz.sv.md", 8, 1)),
    ("C105", lambda: lesson("[" * 5001), ("02-interview.sv.md", 1, 1)),
    ("C106", lambda: asks("A [[secret]].\n\n" + OPTIONS), ("final.quiz.sv.md", 10, 1)),
    ("C106", lambda: asks("A [[secret]].\n\n= one"), ("final.quiz.sv.md", 10, 1)),
    ("C106", lambda: asks("A [[secret]].", ".true"), ("final.quiz.sv.md", 10, 1)),
    ("C106", lambda: asks("A [[secret]].", ".reflection"), ("final.quiz.sv.md", 10, 1)),
    ("C106", lambda: asks("> [!HINT]\n> A [[secret]].\n\n" + OPTIONS), ("final.quiz.sv.md", 8, 1)),
    ("C106", lambda: asks(OPTIONS + "\n- [ ] A [[secret]] {#c}"), ("final.quiz.sv.md", 12, 1)),
    ("C106", lambda: asks(OPTIONS + "\n  > A [[secret]]."), ("final.quiz.sv.md", 11, 1)),
    ("C106", lambda: asks(PAIRS.replace(": y", ": [[secret]]"), ".match"), ("final.quiz.sv.md", 13, 1)),
    ("C106", lambda: asks("Words.\n\n" + OPTIONS, "", "A [[secret]].\n\n" + OPTIONS), ("final.quiz.en.md", 10, 1)),
    ("C106", lambda: asks("A [[one over\ntwo lines]]."), ("final.quiz.sv.md", 8, 1)),
    ("C106", lambda: asks("A [[link]](question)."), ("final.quiz.sv.md", 8, 1)),
    ("C115", lambda: quiz("## {#one}\n\n" + OPTIONS + "\n"), ("final.quiz.sv.md", 8, 1)),
    ("C115", lambda: asks(OPTIONS + "\n- [ ] {#c}"), ("final.quiz.sv.md", 12, 1)),
    ("C115", lambda: asks("A {#a}\n: {#x}\n\nB {#b}\n: y {#y}", ".match"), ("final.quiz.sv.md", 11, 1)),
    ("C116", lambda: asks("= 42km"), ("final.quiz.sv.md", 10, 1)),
    ("C121", lambda: asks("See the law.[^1]\n\n[^1]: Of 2018.\n\n" + OPTIONS), ("final.quiz.sv.md", 12, 1)),
    ("C121", lambda: asks("See [the law][law].\n\n[law]: https://example.org\n\n" + OPTIONS), ("final.quiz.sv.md", 12, 1)),
    ("C121", lambda: asks(OPTIONS + "\n\n*[GDPR]: a law"), ("final.quiz.sv.md", 13, 1)),
    ("C106", lambda: asks("$[[x]]$ and [[y]]"), ("final.quiz.sv.md", 10, 2)),
    ("C046", lambda: quiz("## One? {#one points=2\n\n" + OPTIONS), ("final.quiz.sv.md", 8, 1)),
    ("C046", lambda: asks("- [x] A {#a\n- [ ] B {#b}"), ("final.quiz.sv.md", 10, 1)),
    ("C117", lambda: in_quiz(" outcome=listen", ""), ("course.sv.md", 6, 10)),
    ("C120", lambda: changed({"02-interview.sv": ("sources: [{title: A book}]\n", "")}), ("02-interview.sv.md", 2, 5)),
    ("C116", lambda: asks("= 40-44"), ("final.quiz.sv.md", 10, 1)),
    ("C116", lambda: asks("= 42\n= forty-two"), ("final.quiz.sv.md", 10, 1)),
    ("C116", lambda: asks("= 1,000 km"), ("final.quiz.sv.md", 10, 1)),
    ("C116", lambda: asks("= 0 ± 5 %"), ("final.quiz.sv.md", 10, 1)),
    ("C116", lambda: asks("= 50 % ± 5 %"), ("final.quiz.sv.md", 10, 1)),
    ("C116", lambda: asks("= GDPR | the regulation"), ("final.quiz.sv.md", 10, 1)),
    ("C116", lambda: asks("= **GDPR**"), ("final.quiz.sv.md", 10, 1)),
    ("C103", lambda: asks("- [x] A {#a}\n- [x] B {#b}\n- [ ] C {#c}", ".partial penalty=0"), ("final.quiz.sv.md", 8, 1)),
    ("C122", lambda: asks("2. B {#b}\n1. A {#a}\n3. C {#c}", ".order"), ("final.quiz.sv.md", 11, 1)),
    ("C116", lambda: asks("About [[1,000]] people."), ("final.quiz.sv.md", 10, 7)),
    ("C116", lambda: asks("Some [[20 % ± 5 %]] of them."), ("final.quiz.sv.md", 10, 6)),
    ("C102", lambda: asks("About [[42 ± ca 1]] people."), ("final.quiz.sv.md", 10, 7)),
    ("C108", lambda: asks("About [[42]].", "", "About [[43]]."), ("final.quiz.en.md", 10, 7)),
    ("C109", lambda: idle_draw(), ("final.quiz.sv.md", 7, 7)),
    ("C003", lambda: asks("> [!HINT]\n> Think.\n\n" + OPTIONS, "", OPTIONS), ("final.quiz.en.md", 8, 1)),
    ("C003", lambda: asks(OPTIONS + "\n  > Because.", "", OPTIONS), ("final.quiz.en.md", 11, 1)),
    ("C100", lambda: asks("=42"), ("final.quiz.sv.md", 8, 1)),
]  # fmt: skip


@pytest.mark.parametrize(
    ("code", "files", "where"), CASES, ids=[f"{code}-{i}" for i, (code, *_) in enumerate(CASES)]
)
def test_a_fault_is_reported_where_it_stands(
    code: str, files: Callable[[], Files], where: tuple[str, int, int]
) -> None:
    reading = read(files(), today=TODAY)
    found = [each for each in reading.problems if each.code == code]
    assert where in [(each.file, each.line, each.column) for each in found], reading.problems
    assert all(each.message and each.advice for each in reading.problems)
    assert (reading.course is None) == bool(errors(reading.problems))


def test_every_code_has_a_case() -> None:
    # Links and unreadable files need a real disk: see test_files. What needs an edition, or is told
    # by counting, is in test_craft; what plugins find, in test_check_course; programmes, in
    # test_programmes.
    programmes = {f"C{number}" for number in range(130, 139)}
    elsewhere = programmes | {
        "C009",
        "C010",
        "C012",
        "C014",
        "C087",
        "C088",
        "C118",
        "C119",
        "C123",
    }
    assert set(CODES) - {code for code, *_ in CASES} == elsewhere


def advice_for(files: Files) -> str:
    return "\n".join(each.advice for each in read(files).problems)


@pytest.mark.parametrize(
    ("files", "advice"),
    [
        (lambda: in_course("reviewed:", "reviewd: x\nreviewed:"), "known here: id, languages"),
        (lambda: in_quiz("attempts: 3", "atempts: 3"), "did you mean “attempts”?"),
        (lambda: quiz(TWO.replace("{#one}", "{#one point=2}")), "did you mean points=?"),
        (lambda: lesson("> [!TIPS] A\n> B"), "did you mean [!TIP]?"),
        (lambda: lesson("[a](#hw)"), "did you mean #how?"),
        (lambda: lesson("[a](zebra)"), "known: final, interview, question"),
        (lambda: lesson("![a](images/Map.svg)"), "did you mean images/map.svg?"),
        (lambda: in_course("id: needs", "id: Två Ord"), "write tva-ord"),
        (lambda: in_quiz(" {#consent}", ""), "write {#ask-for-consent} at the end of the line"),
        (lambda: changed({"final.quiz.en": ("{#two .fixed outcome=listen}", "{#twoo}")}), "did you mean {#two}?"),
        (lambda: asks(OPTIONS, "points=0"), "write points=2"),
        (lambda: asks("- [x] A {#a}\n> Yes.\n- [ ] B {#b}"), "two spaces before its `> `"),
        (lambda: asks(OPTIONS, ".mutliple"), "did you mean .multiple?"),
        (lambda: asks(OPTIONS, "points=2,5"), "write points=2.5"),
        (lambda: asks("= GIS", "typos=2"), "write typos=1"),
        (lambda: asks("= no", "typos=1"), "leave typos= out"),
        (lambda: asks("A [[gap."), "write [[answer]] on one line"),
        (lambda: asks("= 42", ".partial"), "leave the lines or the class out"),
    ],
)  # fmt: skip
def test_advice_names_what_was_probably_meant(files: Callable[[], Files], advice: str) -> None:
    assert advice in advice_for(files())


def test_a_fault_of_the_lead_language_is_not_said_again_for_its_translations() -> None:
    reading = read(quiz("## One? {#one}\n\n- [x] A {#a}\n"))
    assert [each.file for each in reading.problems] == ["final.quiz.sv.md"]


def test_unreadable_front_matter_does_not_drown_in_missing_fields() -> None:
    files = sound_course() | {"course.sv.md": "---\na: b: c\n---\nText"}
    found = [each for each in read(files).problems if each.file == "course.sv.md"]
    assert [each.code for each in found] == ["C022"]


def test_a_refused_picture_has_one_problem_not_two() -> None:
    files = sound_course() | {"images/map.svg": "<svg onload='x()'/>"}
    assert codes(read(files)) == {"C081"}


def test_a_link_to_a_lesson_may_name_its_number_its_anchor_or_only_its_id() -> None:
    body = "[a](question) [b](01-question) [c](question#first) [d](final) [e](https://a.se) "
    assert (
        codes(read(lesson(body + "[f](mailto:a@b.se) ![](images/map.svg){.decorative}"))) == set()
    )


def test_the_words_of_a_link_may_run_over_two_lines() -> None:
    assert codes(read(lesson("[one\ntwo](question)"))) == set()


def test_an_anchor_in_an_untranslated_lesson_is_that_of_the_lead_language() -> None:
    files = sound_course()
    del files["02-interview.en.md"]
    assert codes(read(files)) == {"C003"}


@pytest.mark.parametrize(
    "files",
    [
        lambda: asks("Write `[[title]]` for a link.\n\n" + OPTIONS),
        lambda: asks("= 42 km\n= 1 000 km\n= 0,125\n= 3.142 ± 0.001\n= 12,5"),
        lambda: asks("= 42km\n= 1,000", ".text"),
        lambda: asks("= GIS", "typos=1"),
        lambda: lesson(("[" * 900 + "\n\n") * 5),
    ],
)
def test_what_only_looks_like_a_fault_is_none(files: Callable[[], Files]) -> None:
    assert codes(read(files())) == set()


@pytest.mark.parametrize(
    "files",
    [
        lambda: in_quiz("use: graded\n", ""),
        lambda: in_quiz("pass: 80 %\n", "pass: 80 %\npass: 80 %\n"),
        lambda: in_quiz("attempts: 3\n---", "attempts: 3\n"),
        lambda: sound_course() | {"final.quiz.sv.md": b"\xe5"},
    ],
)
def test_a_quiz_that_cannot_be_read_is_not_told_to_be_missing(files: Callable[[], Files]) -> None:
    assert "C036" not in codes(read(files()))


def test_code_in_a_quiz_may_look_like_a_definition() -> None:
    assert codes(read(asks("```\n[a]: b\n```\n\n" + OPTIONS))) == set()


def test_problems_sort_by_file_and_line() -> None:
    one = Problem("a.md", 2, 1, "C001", "m", "a")
    two = Problem("a.md", 10, 1, "C001", "m", "a")
    assert sorted([two, one]) == [one, two]
    assert one.as_dict()["severity"] == "error"
