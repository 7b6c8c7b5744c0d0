"""A sound course becomes a model; every language and every file is in it."""

import datetime as dt
import zipfile
from pathlib import Path

import pytest

from innocap_lms.content.built_in import BUILT_IN_KINDS
from innocap_lms.content.model import Lesson, Quiz, Source, Validity
from innocap_lms.content.reader import read_course
from tests.content.courses import changed, codes, on_disk, read, sound_course


def test_a_sound_course_has_no_problems() -> None:
    reading = read(sound_course(), today=dt.date(2026, 11, 23))
    assert reading.problems == []
    assert reading.course is not None


def test_the_rules_of_the_course_come_from_course_md() -> None:
    course = read(sound_course()).course
    assert course is not None
    assert (course.id, course.languages, course.hours) == ("needs", ("sv", "en"), 2.0)
    assert (course.licence, course.owner, course.reviewed) == (
        "CC-BY-4.0",
        "service-design",
        "2026-11-23",
    )
    assert course.validity == Validity(24, 90)
    assert course.completion.lessons == ("question", "interview")
    assert course.completion.quizzes == ("final",)


def test_notes_in_course_md_are_in_no_text() -> None:
    course = read(sound_course()).course
    assert course is not None
    assert "Notes for those" not in repr(course)


def test_lessons_and_quizzes_come_in_the_order_of_their_numbers() -> None:
    files = sound_course()
    for language in ("sv", "en"):
        quiz = files[f"final.quiz.{language}.md"]
        assert isinstance(quiz, str)
        middle = quiz.replace("id: final", "id: middle").replace("graded", "practice")
        files[f"01-middle.quiz.{language}.md"] = middle
    course = read(files).course
    assert course is not None
    assert [item.id for item in course.activities] == ["question", "middle", "interview", "final"]
    assert [type(item) for item in course.activities] == [Lesson, Quiz, Lesson, Quiz]


def test_a_lesson_keeps_its_fields_in_each_language() -> None:
    course = read(sound_course()).course
    assert course is not None
    text = course.lessons[0].texts["en"]
    assert (text.title, text.minutes, text.goals, text.review_by) == (
        "Needs",
        15,
        ("ask",),
        "2027-11-01",
    )
    assert text.sources == (Source("A source", "SD-F10", "A town", "https://example.org/a", 2023),)
    assert text.body.startswith("## First part {#first}")


def test_a_translation_takes_from_the_lead_what_it_leaves_out() -> None:
    left_out = (
        "minutes: 15\ngoals: [ask]\nsources:\n  - {fact: SD-F10, title: A source, "
        'publisher: A town, url: "https://example.org/a", year: 2023}\nreview_by: 2027-11-01\n'
    )
    reading = read(changed({"01-question.en": (left_out, "")}))
    assert reading.course is not None
    swedish, english = (reading.course.lessons[0].texts[name] for name in ("sv", "en"))
    assert (english.minutes, english.goals, english.sources, english.review_by) == (
        swedish.minutes,
        swedish.goals,
        swedish.sources,
        swedish.review_by,
    )


def test_a_quiz_keeps_its_keys_apart_from_its_questions() -> None:
    course = read(sound_course()).course
    assert course is not None
    quiz = course.quizzes[0]
    assert (quiz.use, quiz.pass_mark, quiz.attempts) == ("graded", 0.8, 3)
    first, second = quiz.questions
    assert (first.kind, first.points, first.outcome, first.shuffle) == ("single", 2.0, "ask", True)
    assert (second.kind, second.points, second.shuffle) == ("multiple", 1.0, False)
    assert first.views["sv"]["options"][1] == {"id": "purpose", "text": "Settle the purpose"}
    assert course.keys["final"]["first"]["key"] == {"correct": ["purpose"]}
    assert course.keys["final"]["first"]["feedback"]["en"] == {
        "options": {"consent": "Seldom enough.", "purpose": "Yes."},
        "question": "Purpose comes first.",
    }


def test_an_option_of_a_translation_needs_no_mark() -> None:
    reading = read(changed({"final.quiz.en": ("- [x] ", "- ")}))
    assert reading.problems == []
    assert reading.course is not None
    assert reading.course.keys["final"]["two"]["key"] == {"correct": ["one", "two"]}


def test_options_of_a_translation_come_in_the_order_of_the_lead() -> None:
    old = "- [x] One {#one}\n- [x] Two {#two}\n"
    new = "- [x] Two {#two}\n- [x] One {#one}\n"
    course = read(changed({"final.quiz.en": (old, new)})).course
    assert course is not None
    views = course.quizzes[0].question("two").views
    assert [option["id"] for option in views["en"]["options"]] == ["one", "two", "three"]


def test_a_missing_translation_is_a_warning_and_the_language_is_simply_absent() -> None:
    files = sound_course()
    for name in ("course.en.md", "02-interview.en.md", "final.quiz.en.md"):
        del files[name]
    reading = read(files)
    assert codes(reading) == {"C003"}
    assert reading.course is not None
    assert set(reading.course.texts) == {"sv"}
    assert set(reading.course.lessons[1].texts) == {"sv"}
    assert set(reading.course.quizzes[0].titles) == {"sv"}


def test_a_course_without_validity_never_lapses() -> None:
    validity = "validity: {months: 24, renewal_opens_days: 90}\n"
    course = read(changed({"course": (validity, "")})).course
    assert course is not None
    assert course.validity is None


def test_completion_may_name_some_lessons_and_no_quiz() -> None:
    rule = ("{lessons: all, pass: [final]}", "{lessons: [interview]}")
    course = read(changed({"course": rule})).course
    assert course is not None
    assert course.completion.lessons == ("interview",)
    assert course.completion.quizzes == ()


def test_a_practice_quiz_needs_no_pass_mark() -> None:
    files = changed(
        {
            "final.quiz.sv": ("use: graded\npass: 80 %\nattempts: 3", "use: practice"),
            "final.quiz.en": ("use: graded\npass: 80 %\nattempts: 3\n", ""),
            "course": (", pass: [final]", ""),
        }
    )
    reading = read(files)
    assert reading.problems == []
    assert reading.course is not None
    assert (reading.course.quizzes[0].pass_mark, reading.course.quizzes[0].attempts) == (0.0, None)


def test_pictures_are_known_by_hash_and_size() -> None:
    course = read(sound_course()).course
    assert course is not None
    asset = course.assets["images/map.svg"]
    assert (asset.media_type, asset.width, asset.height) == ("image/svg+xml", 120, 80)
    assert len(asset.sha256) == 64


def test_files_and_captions_count_as_used_when_a_text_needs_them() -> None:
    files = sound_course()
    for language in ("sv", "en"):
        text = files[f"02-interview.{language}.md"]
        assert isinstance(text, str)
        media = "\n![Film](files/a.mp4)\n\n![Sound](files/b.mp3)\n\n[Sheet](files/c%20d.pdf)\n"
        files[f"02-interview.{language}.md"] = text + media
        files[f"captions/a.{language}.vtt"] = "WEBVTT"
        files[f"captions/b.{language}.md"] = "Words"
    files |= {"files/a.mp4": b"\0", "files/b.mp3": b"\0", "files/c d.pdf": b"%PDF"}
    assert read(files).problems == []


def test_a_course_on_disk_reads_like_one_in_memory(tmp_path: Path) -> None:
    from_disk = read_course(on_disk(tmp_path, sound_course()), BUILT_IN_KINDS)
    in_memory = read(sound_course())
    assert from_disk.course == in_memory.course


def test_a_course_inside_an_archive_reads_the_same(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        for name, text in sound_course().items():
            archive.writestr(f"course/{name}", text)
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        reading = read_course(zipfile.Path(archive, "course/"), BUILT_IN_KINDS)
        assert reading.course == read(sound_course()).course


def test_windows_line_ends_and_a_byte_order_mark_change_nothing() -> None:
    files = {
        name: b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode()
        if isinstance(text, str) and name.endswith(".md")
        else text
        for name, text in sound_course().items()
    }
    assert read(files).course == read(sound_course()).course


def test_hidden_files_are_left_alone() -> None:
    assert read(sound_course() | {".DS_Store": b"\0", "__pycache__/x.pyc": b""}).problems == []


def test_a_course_without_a_translation_language_is_fine() -> None:
    files = {name: text for name, text in sound_course().items() if ".en." not in name}
    files["course.md"] = str(files["course.md"]).replace("[sv, en]", "[sv]")
    assert read(files).problems == []


def test_all_problems_come_at_once_and_in_order() -> None:
    files = changed(
        {
            "course": ("hours: 2", "hours: two"),
            "final.quiz.sv": ("- [x] Settle", "- [ ] Settle"),
            "final.quiz.en": ("{#three}", "{#four}"),
            "02-interview.en": ("[up](#how)", "[up](#nowhere)"),
        }
    )
    reading = read(files)
    assert reading.course is None
    assert [(each.file, each.code) for each in reading.problems] == [
        ("02-interview.en.md", "C072"),
        ("course.md", "C027"),
        ("final.quiz.en.md", "C032"),
        ("final.quiz.en.md", "C032"),
        ("final.quiz.sv.md", "C042"),
    ]


def test_the_reading_carries_the_texts_for_reports() -> None:
    assert read(sound_course()).sources["course.md"].startswith("---\nid: needs")


def test_asking_for_something_unknown_raises_key_error() -> None:
    course = read(sound_course()).course
    assert course is not None
    with pytest.raises(KeyError):
        course.activity("nothing")
    with pytest.raises(KeyError):
        course.quizzes[0].question("nothing")
    assert course.activity("final") is course.quizzes[0]


def test_a_learner_gets_their_language_or_english_or_the_lead() -> None:
    course = read(sound_course()).course
    assert course is not None
    assert [course.language(wanted) for wanted in ("sv", "en", "fi")] == ["sv", "en", "en"]
    swedish_only = {name: text for name, text in sound_course().items() if ".en." not in name}
    swedish_only["course.md"] = str(swedish_only["course.md"]).replace("[sv, en]", "[sv]")
    course = read(swedish_only).course
    assert course is not None
    assert course.language("en") == "sv"
