"""Banks that courses of a track share, and quizzes that draw from them."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from innocap_lms.content.built_in import BUILT_IN_KINDS
from innocap_lms.content.fingerprints import of_question
from innocap_lms.content.model import Course, Draw
from innocap_lms.content.reader import read_course
from innocap_lms.content.snapshot import from_snapshot, keys_of, to_snapshot
from tests.content.courses import (
    BANK,
    READY,
    Files,
    banked,
    codes,
    in_bank,
    own,
    read,
    sound_course,
)


def course(files: Files) -> Course:
    reading = read(files)
    assert reading.course is not None, reading.problems
    assert reading.problems == []
    return reading.course


def test_a_quiz_holds_its_own_questions_and_then_those_that_it_may_draw() -> None:
    quiz = course(banked()).quizzes[0]
    assert [(each.id, each.bank) for each in quiz.questions] == [
        ("first", ""),
        ("two", ""),
        ("whom", "needs-bank"),
        ("how", "needs-bank"),
        ("when", "needs-bank"),
    ]
    assert [each.tags for each in quiz.questions[2:]] == [
        ("asking",),
        ("asking", "listening"),
        ("listening",),
    ]
    assert quiz.draw == Draw("needs-bank", {"asking": 1, "listening": 1})
    assert [each.id for each in quiz.own] == ["first", "two"]
    assert quiz.asked_count == 4
    assert (quiz.questions[2].file, quiz.questions[2].line) == (
        "_banks/needs-bank.bank.sv.md",
        6,
    )
    assert quiz.questions[2].outcome == "ask"
    assert set(quiz.questions[2].views) == {"sv", "en"}


def test_only_what_the_draw_can_take_is_in_the_edition() -> None:
    quiz = course(banked("draw: {from: needs-bank, tags: {listening: 1}}")).quizzes[0]
    assert [each.id for each in quiz.questions if each.bank] == ["how", "when"]
    any_of_them = course(banked("draw: {from: needs-bank, count: 1}")).quizzes[0]
    assert [each.id for each in any_of_them.questions if each.bank] == ["whom", "how", "when"]
    assert any_of_them.asked_count == 3


def test_keys_of_drawn_questions_stand_with_those_of_the_quiz_and_in_no_snapshot() -> None:
    found = course(banked())
    assert keys_of(found)["final"]["whom"]["key"] == {"correct": ["owner"]}
    assert keys_of(found)["final"]["whom"]["feedback"]["en"]["options"] == {
        "owner": "BANK-FEEDBACK"
    }
    assert "BANK-FEEDBACK" not in str(to_snapshot(found))


def test_a_course_that_draws_comes_back_equal_from_its_snapshot() -> None:
    found = course(banked())
    again = from_snapshot(to_snapshot(found))
    assert again.quizzes == found.quizzes
    assert again.fingerprint == found.fingerprint


def test_an_edition_from_before_there_were_banks_can_still_be_read() -> None:
    snapshot = to_snapshot(course(sound_course()))
    for activity in snapshot["activities"]:
        for name in ("draw", "show", "counts", "wait_hours", "minutes"):
            activity.pop(name, None)
        for question in activity.get("questions", ()):
            for name in ("tags", "bank", "file", "line"):
                del question[name]
    quiz = from_snapshot(snapshot).quizzes[0]
    assert (quiz.draw, quiz.asked_count, quiz.questions[0].tags) == (None, 2, ())


@pytest.mark.parametrize(
    ("changed", "counts"),
    [
        (lambda: in_bank("In silence", "Without a word"), True),
        (lambda: in_bank("> BANK-FEEDBACK", "> Other"), True),
        (lambda: banked("draw: {from: needs-bank, tags: {asking: 2}}"), True),
        (lambda: in_bank("title: T", "title: Other"), False),
        (lambda: in_bank("---\n##", "---\n\n\n##"), False),
    ],
)
def test_a_change_that_learners_could_meet_makes_another_quiz(
    changed: Callable[[], Files], counts: bool
) -> None:
    before, after = course(banked()).quizzes[0], course(changed()).quizzes[0]
    assert (before.fingerprint != after.fingerprint) is counts


def test_a_question_has_one_fingerprint_in_every_quiz_that_draws_it() -> None:
    first, other = course(banked()), course(banked("draw: {from: needs-bank, count: 2}"))
    names = [
        of_question(each.quizzes[0].question("how"), "sv", each.keys["final"]["how"]["key"])
        for each in (first, other)
    ]
    assert names[0] == names[1]


def test_a_quiz_may_have_no_questions_of_its_own() -> None:
    files = banked()
    for language in ("sv", "en"):
        name = f"final.quiz.{language}.md"
        files[name] = str(files[name]).partition("## ")[0]
        files[f"ready.quiz.{language}.md"] = READY
    quiz = course(files).quiz("final")
    assert quiz.own == ()
    assert quiz.asked_count == 2


def test_a_course_that_draws_from_none_reads_no_bank() -> None:
    class Locked:
        def __getattr__(self, name: str) -> Any:
            raise AssertionError("a bank was opened")

    assert codes(read(sound_course(), banks=Locked())) == set()


def test_a_bank_that_no_quiz_asks_for_is_not_read() -> None:
    assert codes(read(banked() | {"_banks/other.bank.sv.md": b"\xff"})) == set()


def test_a_bank_may_have_more_languages_than_the_course() -> None:
    assert codes(read(banked(fi=BANK.format(title="Kysymyksiä")))) == set()


def test_a_course_draws_from_its_own_bank_as_it_would_from_that_beside_it() -> None:
    mine, shared = own(banked()), read(banked())
    assert mine.problems == []
    assert mine.course == shared.course
    assert mine.banks["needs-bank"].file == "_banks/needs-bank.bank.sv.md"
    assert mine.banks["needs-bank"].titles == {"sv": "Frågor", "en": "Questions"}


def test_of_two_banks_of_one_id_the_courses_own_is_taken_whole() -> None:
    files = in_bank("In silence", "Without a word")
    reading = own(files, "sv", "en")
    assert reading.problems == []
    assert "Without a word" in str(reading.banks["needs-bank"].questions)
    del files["_banks/needs-bank.bank.en.md"]
    missing = own(files, "sv", "en").problems
    assert [(each.code, each.file) for each in missing] == [
        ("C003", "_banks/needs-bank.bank.en.md")
    ]


def test_a_course_with_banks_of_its_own_draws_from_others_beside_it() -> None:
    files = banked()
    for language in ("sv", "en"):
        text = str(files.pop(f"_banks/needs-bank.bank.{language}.md"))
        files[f"_banks/other.bank.{language}.md"] = text.replace("id: needs-bank", "id: other")
    assert codes(own(files)) == {"C079", "C110"}
    assert codes(own(files, "sv", "en")) == {"C079"}


def test_an_own_bank_is_checked_before_a_quiz_draws_from_it() -> None:
    files = in_bank("- [x] In silence", "- [ ] In silence")
    files["final.quiz.sv.md"] = sound_course()["final.quiz.sv.md"]
    found = {(each.code, each.file, each.line) for each in own(files).problems}
    bank = "_banks/needs-bank.bank.sv.md"
    assert found == {("C042", bank, 12), ("C079", bank, 1)}


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("_banks/notes.md", "C005"),
        ("_banks/map.svg", "C005"),
        ("_banks/needs.bank.fi.md", "C002"),
        ("_banks/deeper/needs.bank.sv.md", "C005"),
    ],
)
def test_what_lies_among_the_own_banks_and_is_none_is_told(name: str, code: str) -> None:
    reading = own(banked() | {name: "x"})
    assert code in codes(reading)
    assert {each.file.partition("/")[0] for each in reading.problems} == {"_banks"}


def test_a_bank_beside_the_texts_is_told_where_banks_lie() -> None:
    (told,) = [
        each
        for each in own(banked() | {"needs.bank.sv.md": "x"}).problems
        if each.file == "needs.bank.sv.md"
    ]
    assert (told.code, told.advice) == ("C005", "put it where banks lie: _banks/needs.bank.sv.md")


def test_an_outcome_that_another_course_has_counts_for_nothing_here() -> None:
    found = course(in_bank("outcome=ask", "outcome=budgeting"))
    assert found.quizzes[0].question("whom").outcome == ""


@pytest.mark.parametrize(
    ("draw", "message", "advice"),
    [
        ("{from: needs-bank, tags: {asking: 3}}", "2 questions tagged asking, 3 are", "fewer"),
        ("{from: needs-bank, tags: {asknig: 1}}", "no questions tagged asknig", "mean “asking”?"),
        ("{from: needs-bank, tags: {zebra: 1}}", "no questions tagged", "known: asking, listening"),
        ("{from: needs-bank, count: 4}", "the bank has 3 questions, 4 are asked for", "fewer"),
        (
            "{from: needs-bank, tags: {asking: 2, listening: 2}}",
            "3 questions tagged asking or listening, 4 are asked for",
            "serves one of them",
        ),
        ("{from: need-bank, count: 1}", "no bank “need-bank”", "did you mean “needs-bank”?"),
        ("{from: zebra, count: 1}", "no bank “zebra”", "write _banks/zebra.bank.sv.md"),
    ],
)  # fmt: skip
def test_a_draw_that_cannot_be_made_says_what_there_is_and_what_is_asked_for(
    draw: str, message: str, advice: str
) -> None:
    (found,) = read(banked(f"draw: {draw}")).problems
    assert message in found.message
    assert advice in found.advice


def test_two_quizzes_that_draw_from_one_bank_tell_its_problems_once() -> None:
    files = in_bank("- [x] In silence", "- [ ] In silence")
    for language in ("sv", "en"):
        quiz = str(files[f"final.quiz.{language}.md"]).replace("id: final", "id: again")
        files[f"again.quiz.{language}.md"] = quiz
    assert [each.code for each in read(files).problems] == ["C042"]


@pytest.fixture
def track(tmp_path: Path) -> Iterator[Path]:
    """The folder of a track on a real disk, with the course that draws and its bank."""
    for name, text in banked().items():
        file = tmp_path / (name if name.startswith("_banks/") else f"needs/{name}")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(str(text), encoding="utf-8")
    yield tmp_path
    (tmp_path / "_banks").chmod(0o755)


def test_a_link_in_the_bank_folder_is_not_followed(track: Path, tmp_path: Path) -> None:
    bank = track / "_banks" / "needs-bank.bank.sv.md"
    bank.rename(tmp_path / "elsewhere.md")
    bank.symlink_to(tmp_path / "elsewhere.md")
    reading = read_course(track / "needs", BUILT_IN_KINDS, banks=track / "_banks")
    assert [(each.code, each.file) for each in reading.problems] == [
        ("C009", "_banks/needs-bank.bank.sv.md")
    ]


def test_a_link_in_the_place_of_the_own_banks_is_not_followed(track: Path) -> None:
    (track / "needs" / "_banks").symlink_to(track / "_banks")
    reading = read_course(track / "needs", BUILT_IN_KINDS)
    assert [(each.code, each.file) for each in reading.problems] == [
        ("C009", "_banks"),
        ("C110", "final.quiz.sv.md"),
    ]


def test_a_bank_folder_that_cannot_be_opened_is_a_problem(
    track: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Path.iterdir

    def closed(place: Path) -> Any:
        if place.name == "_banks":
            raise PermissionError(place)
        return real(place)

    monkeypatch.setattr(Path, "iterdir", closed)
    reading = read_course(track / "needs", BUILT_IN_KINDS, banks=track / "_banks")
    assert {(each.code, each.file) for each in reading.problems} == {
        ("C010", "_banks/"),
        ("C110", "final.quiz.sv.md"),
    }
