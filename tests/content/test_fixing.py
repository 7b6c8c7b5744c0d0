"""What `course check --fix` mends: ids and the order of fields, and never a word."""

import re
from pathlib import Path

import pytest

from innocap_lms.content.built_in import BUILT_IN_KINDS
from innocap_lms.content.fixing import fix_course
from innocap_lms.content.reader import read_course
from tests.content.courses import Files, banked, sound_course

ID = re.compile(r" ?\{#[\w-]+\}")


def on_disk(folder: Path, files: Files) -> Path:
    for name, text in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    return folder


def texts(folder: Path) -> dict[str, str]:
    return {file.name: file.read_bytes().decode("utf-8") for file in folder.glob("*.md")}


def fixed(folder: Path) -> list[tuple[str, str]]:
    return [(file.name, done) for file, done in fix_course(folder)]


def codes(folder: Path) -> set[str]:
    return {each.code for each in read_course(folder, BUILT_IN_KINDS).problems}


def without(text: str, *ids: str) -> str:
    for name in ids:
        text = text.replace(f"{{#{name}}}", "").replace(f"{{#{name} ", "{")
    return text


def test_a_sound_course_is_left_as_it_is(tmp_path: Path) -> None:
    folder = on_disk(tmp_path, sound_course())
    before = texts(folder)
    assert fixed(folder) == []
    assert texts(folder) == before


def test_missing_ids_are_written_and_are_the_same_in_every_language(tmp_path: Path) -> None:
    files = sound_course()
    for language in ("sv", "en"):
        name = f"final.quiz.{language}.md"
        files[name] = without(str(files[name]), "two", "consent", "three")
    # One language knows an id that the other has lost: it is that one.
    files["final.quiz.sv.md"] = without(str(files["final.quiz.sv.md"]), "purpose")
    folder = on_disk(tmp_path, files)
    assert "C033" in codes(folder)
    assert {name for name, _done in fixed(folder)} == {"final.quiz.sv.md", "final.quiz.en.md"}
    assert codes(folder) == set()
    quiz = texts(folder)["final.quiz.sv.md"]
    assert "## Which two? {#which-two .fixed outcome=listen}" in quiz
    assert "- [ ] Ask for consent {#ask-for-consent}" in quiz
    assert "- [x] Settle the purpose {#purpose}" in quiz
    assert ID.sub("", quiz) == ID.sub("", str(sound_course()["final.quiz.sv.md"]).replace(
        "{title}", "Behov"
    )).replace("{#two .fixed", "{#which-two .fixed")  # fmt: skip
    assert fixed(folder) == [], "once is enough"


def test_two_options_with_the_same_words_get_ids_of_their_own(tmp_path: Path) -> None:
    files = sound_course()
    body = "## Which?\n\n- [x] The same\n- [ ] The same\n- [ ] Runs over\n  two lines\n"
    for language in ("sv", "en"):
        name = f"final.quiz.{language}.md"
        files[name] = str(files[name]).partition("## ")[0] + body
    folder = on_disk(tmp_path, files)
    fixed(folder)
    quiz = texts(folder)["final.quiz.sv.md"]
    assert "## Which? {#which}" in quiz
    assert "The same {#the-same}" in quiz
    assert "The same {#the-same-2}" in quiz
    assert "  two lines {#runs-over-two-lines}" in quiz
    assert "C033" not in codes(folder)


def test_a_translation_of_another_shape_gets_no_ids_that_may_be_wrong(tmp_path: Path) -> None:
    files = sound_course()
    files["final.quiz.sv.md"] = without(str(files["final.quiz.sv.md"]), "three")
    english = without(str(files["final.quiz.en.md"]), "three").replace("- [x] Two {#two}\n", "")
    files["final.quiz.en.md"] = english
    folder = on_disk(tmp_path, files)
    assert [name for name, _done in fixed(folder)] == ["final.quiz.sv.md"]
    assert texts(folder)["final.quiz.en.md"] == english


def test_an_id_in_the_fields_is_that_of_another_language_or_of_the_file(tmp_path: Path) -> None:
    files = sound_course()
    files["02-interview.en.md"] = str(files["02-interview.en.md"]).replace("id: interview\n", "")
    for language in ("sv", "en"):
        name = f"01-question.{language}.md"
        files[name] = str(files[name]).replace("id: question\n", "")
    folder = on_disk(tmp_path, files)
    fixed(folder)
    assert codes(folder) == set()
    assert "id: interview\n" in texts(folder)["02-interview.en.md"]
    assert "id: question\n" in texts(folder)["01-question.sv.md"]


def test_fields_come_in_order_with_their_comments_and_what_belongs_to_them(tmp_path: Path) -> None:
    fields = "\r\n".join(
        [
            "---", "title: Å", "# about the goals", "goals:", "  - ask", "", "minutes: 5",
            "id: interview", "# the end", "---", "Text  ", "minutes: 7", "",
        ]
    )  # fmt: skip
    files = sound_course() | {"02-interview.sv.md": fields}
    folder = on_disk(tmp_path, files)
    assert ("02-interview.sv.md", "put the fields in order") in fixed(folder)
    assert texts(folder)["02-interview.sv.md"].split("\r\n") == [
        "---", "id: interview", "title: Å", "", "minutes: 5", "# about the goals", "goals:",
        "  - ask", "# the end", "---", "Text  ", "minutes: 7", "",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        b"\xff\xfe",
        b"no front matter",
        b"---\nid: [\ntitle: a\n---\nText.\n",
        b"---\ntitle: |\n  id: not a field\nminutes: 2\n: odd\nid: interview\n---\nText.\n",
    ],
)
def test_what_cannot_be_read_is_left_alone(tmp_path: Path, text: bytes) -> None:
    folder = on_disk(tmp_path, sound_course() | {"02-interview.sv.md": text})
    fixed(folder)
    assert (folder / "02-interview.sv.md").read_bytes() == text


HEAD = "---\nid: final\ntitle: T\nuse: graded\npass: 70 %\n---\n"
QUESTION = "## Which? {#which outcome=ask}\n\n"


@pytest.mark.parametrize(
    "quiz",
    [
        "---\n{title: T, use: graded, pass: 70 %}\n---\n" + QUESTION,
        "---\n  title: T\n  use: graded\n  pass: 70 %\n---\n" + QUESTION,
        HEAD + QUESTION + "- [x] A\n  ```\n  code\n  ```\n- [ ] C {#c}\n",
        HEAD + QUESTION + "- [x] A {#a}\n- [ ] C\n  | a | b |\n  |---|---|\n",
        HEAD + QUESTION + "- [ ] C {#c}\n- [x] A\n***\n",
    ],
)
def test_where_an_id_would_change_what_is_read_none_is_written(tmp_path: Path, quiz: str) -> None:
    folder = on_disk(tmp_path, sound_course() | {"final.quiz.sv.md": quiz})
    fixed(folder)
    assert texts(folder)["final.quiz.sv.md"] == quiz


def test_options_in_another_order_get_no_id_twice(tmp_path: Path) -> None:
    swedish = HEAD + QUESTION + "- [ ] Ett {#one}\n- [x] Två {#two}\n"
    english = HEAD + QUESTION + "- [ ] Two {#two}\n- [ ] One\n"
    files = {"final.quiz.sv.md": swedish, "final.quiz.en.md": english}
    folder = on_disk(tmp_path, sound_course() | files)
    fixed(folder)
    assert texts(folder)["final.quiz.en.md"] == english


def test_links_are_not_followed_and_rights_are_kept(tmp_path: Path) -> None:
    folder = on_disk(tmp_path / "course", sound_course())
    outside = tmp_path / "outside.md"
    outside.write_text("---\ntitle: Outside\nminutes: 2\n---\nText.\n", encoding="utf-8")
    (folder / "02-interview.sv.md").unlink()
    (folder / "02-interview.sv.md").symlink_to(outside)
    shared = folder / "01-question.en.md"
    shared.write_text(shared.read_text("utf-8").replace("id: question\n", ""), encoding="utf-8")
    shared.chmod(0o664)
    fixed(folder)
    assert (folder / "02-interview.sv.md").is_symlink()
    assert "id: question" in shared.read_text("utf-8")
    assert shared.stat().st_mode & 0o777 == 0o664


def test_the_own_banks_of_a_course_are_mended_and_those_beside_it_are_not(tmp_path: Path) -> None:
    files = banked()
    for language in ("sv", "en"):
        name = f"_banks/needs-bank.bank.{language}.md"
        files[name] = without(str(files[name]), "how", "owner").replace("id: needs-bank\n", "")
    files["_banks/other.bank.fi.md"] = "---\ntitle: In no language of the course\n---\n"
    folder = on_disk(tmp_path / "track" / "needs", files)
    shared = on_disk(tmp_path / "track", {"_banks/a.bank.sv.md": "---\ntitle: T\n---\n"})
    assert {"C025", "C033"} <= codes(folder)
    assert {name for name, _done in fixed(folder)} == {
        "needs-bank.bank.sv.md",
        "needs-bank.bank.en.md",
    }
    assert codes(folder) == {"C002", "C003", "C079"}, "of the bank in another language"
    text = (folder / "_banks" / "needs-bank.bank.sv.md").read_text(encoding="utf-8")
    assert text.startswith("---\nid: needs-bank\ntitle: ")
    assert "id:" not in (shared / "_banks" / "a.bank.sv.md").read_text(encoding="utf-8")
