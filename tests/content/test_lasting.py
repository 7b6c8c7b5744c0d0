"""Ids that have changed since the edition in service, and ids that come back."""

from collections.abc import Callable

import pytest

from innocap_lms.content.lasting import Past
from innocap_lms.content.model import Course
from tests.content.courses import (
    READY,
    Files,
    banked,
    changed,
    codes,
    in_bank,
    quiz,
    read,
    sound_course,
)
from tests.content.task_cases import FILE, RUBRIC, with_task

# ------------------------------------------------------------------ ids that have changed


def changed_ids(files: Files, then: Files) -> list[tuple[str, int, str]]:
    """Where ids of files have changed since the edition `then`, and what to write."""
    before = read(then).draft
    assert before is not None
    found = [each for each in read(files, past=Past(before)).problems if each.code == "C012"]
    return [(each.file, each.line, each.advice) for each in found]


def compared(files: Files) -> list[tuple[str, int, str]]:
    return changed_ids(files, sound_course())


def both(name: str, old: str, new: str) -> Files:
    return changed({f"{name}.{language}": (old, new) for language in ("sv", "en")})


@pytest.mark.parametrize(
    ("files", "place"),
    [
        (
            lambda: both("02-interview", "id: interview", "id: talk"),
            ("02-interview.sv.md", 2, "interview"),
        ),
        (lambda: both("final.quiz", "id: final", "id: last"), ("final.quiz.sv.md", 2, "final")),
        (lambda: both("final.quiz", "{#two .", "{#both ."), ("final.quiz.sv.md", 19, "two")),
        (lambda: both("final.quiz", "{#consent}", "{#agree}"), ("final.quiz.sv.md", 8, "consent")),
        (lambda: both("course", "id: listen", "id: hear"), ("course.sv.md", 6, "listen")),
    ],
)
def test_an_id_that_changed_is_told_where_it_stands(
    files: Callable[[], Files], place: tuple[str, int, str]
) -> None:
    file, line, old = place
    assert compared(files()) == [(file, line, f"write the id {old} again")]


def test_what_is_new_and_what_is_gone_is_no_changed_id() -> None:
    assert compared(sound_course()) == []
    gone = {name: text for name, text in sound_course().items() if not name.startswith("02-")}
    assert compared(gone) == []
    assert compared(both("final.quiz", "## Which two? {#two", "## Which of these? {#other")) == []


def test_another_question_under_the_same_heading_is_another_question() -> None:
    head, options = "## What comes first? {#first points=2 outcome=ask}\n\n", "- [x] {} {{#{}}}\n"
    one, other = (
        quiz(
            head.replace("#first", f"#{name}")
            + options.format(words, words.lower())
            + "- [ ] No {#no}\n"
        )
        for name, words in (("first", "Walk"), ("new", "Run"))
    )
    before = read(one).draft
    assert before is not None
    assert "C012" not in codes(read(other, past=Past(before)))


def test_the_choices_of_a_gap_are_counted_and_have_no_id_to_keep() -> None:
    texts = ("First [[=a|b|c]], then [[=d|e|f]].", "Then [[=d|e]].", "Then [[=d|e|f]].")
    then, between, now = (quiz(f"## Fill in {{#fill}}\n\n{text}\n") for text in texts)
    editions = [read(files).draft for files in (between, then)]
    for each in editions:
        assert each is not None
        past = Past(each, lambda: [e for e in editions if e])
        assert codes(read(now, past=past)).isdisjoint({"C012", "C014"})


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [("{#evidence}", "{#proof}", 18), ("{#whom}", "{#who}", 16)],
    ids=["criterion", "level"],
)
def test_an_id_of_a_rubric_that_changed_is_told_where_it_stands(
    old: str, new: str, line: int
) -> None:
    name = old.strip("{#}")
    changed_rubric = with_task(RUBRIC.replace(old, new))
    assert changed_ids(changed_rubric, with_task()) == [(FILE, line, f"write the id {name} again")]


def two_endings(first: str, second: str) -> Files:
    """The sound course with two more lessons of one title, under these ids."""
    files = sound_course()
    lesson = str(files["02-interview.sv.md"]).replace("title: Behov", "title: Sammanfattning")
    for number, name in ((5, first), (6, second)):
        for language in ("sv", "en"):
            text = lesson.replace("id: interview", f"id: {name}")
            files[f"0{number}-{name}.{language}.md"] = f"{text}\nThe words of {number}.\n"
    return files


def test_lessons_of_one_title_are_told_apart_by_their_words() -> None:
    then = two_endings("before", "after")
    assert changed_ids(then, then) == []
    another = two_endings("before", "new")
    for language in ("sv", "en"):
        text = str(another[f"06-new.{language}.md"])
        another[f"06-new.{language}.md"] = text.replace("words of 6", "quite other words")
    assert changed_ids(another, then) == [], "another lesson of the same title"
    renamed = two_endings("before", "renamed")
    assert changed_ids(renamed, then) == [("06-renamed.sv.md", 2, "write the id after again")]


# ------------------------------------------------------------------ ids that come back


IN_BANK = "_banks/needs-bank.bank.sv.md"


def without(files: Files, *names: str) -> Files:
    return {name: text for name, text in files.items() if not name.startswith(names)}


def returning(now: Files, *then: Files) -> list[tuple[str, int, str]]:
    """Ids that come back in files, where these were the editions, the newest and in service last:
    file, line, and what the id belonged to."""
    editions = []
    for files in reversed(then):
        course = read(files).draft
        assert course is not None
        editions.append(course)
    found = read(now, past=Past(editions[0], lambda: editions)).problems
    told = [each for each in found if each.code == "C014"]
    return [(each.file, each.line, each.message.split(" was that of ")[1]) for each in told]


def other_interview() -> Files:
    """The sound course with another lesson under the id of its second."""
    return changed(
        {
            "02-interview.sv": ("title: Behov", "title: Annat"),
            "02-interview.en": ("title: Needs", "title: Another"),
        }
    )


def interview_as_quiz() -> Files:
    """The sound course with a quiz under the id of its second lesson."""
    quiz = READY.replace("id: ready", "id: interview")
    new: Files = {f"03-talk.quiz.{language}.md": quiz for language in ("sv", "en")}
    return without(sound_course(), "02-") | new


@pytest.mark.parametrize(
    ("now", "between", "told"),
    [
        (
            other_interview,
            lambda: without(sound_course(), "02-"),
            ("02-interview.sv.md", 2, "the lesson “Behov” in an earlier edition"),
        ),
        (
            interview_as_quiz,
            lambda: without(sound_course(), "02-"),
            ("03-talk.quiz.sv.md", 2, "the lesson “Behov” in an earlier edition"),
        ),
        (
            lambda: both("final.quiz", "## Which two? {#two", "## Which of these? {#two"),
            lambda: both("final.quiz", "## Which two? {#two", "## Quite new? {#new"),
            ("final.quiz.sv.md", 19, "the question “Which two?” in an earlier edition"),
        ),
        (
            lambda: both("final.quiz", "Ask for consent", "Ask nobody"),
            lambda: both("final.quiz", "Ask for consent {#consent}", "Write first {#write}"),
            ("final.quiz.sv.md", 8, "the option “Ask for consent” in an earlier edition"),
        ),
        (
            lambda: both("course", "text: Listen}", "text: Be silent}"),
            lambda: both("course", "id: listen, text: Listen}", "id: write, text: Write}"),
            ("course.sv.md", 6, "the outcome “Listen” in an earlier edition"),
        ),
        (
            lambda: in_bank("## When do you write?", "## When do you rest?"),
            lambda: in_bank("## When do you write? {#when", "## Where do you write? {#where"),
            (IN_BANK, 17, "the question “When do you write?” in an earlier edition"),
        ),
        (
            lambda: with_task(RUBRIC.replace("## Evidence", "## Readers")),
            lambda: with_task(RUBRIC.replace("## Evidence {#evidence}", "## Reach {#reach}")),
            (FILE, 18, "the criterion “Evidence” in an earlier edition"),
        ),
        (
            lambda: with_task(RUBRIC.replace("names *whom*", "is short")),
            lambda: with_task(RUBRIC.replace("names *whom* {#whom}", "is kind {#kind}")),
            (FILE, 16, "the level “Open, and names *whom*” in an earlier edition"),
        ),
    ],
)  # fmt: skip
def test_an_id_that_comes_back_for_something_else_is_told_where_it_stands(
    now: Callable[[], Files], between: Callable[[], Files], told: tuple[str, int, str]
) -> None:
    first = {IN_BANK: banked, FILE: with_task}.get(told[0], sound_course)()
    assert returning(now(), first, between()) == [told]


def test_what_comes_back_saying_the_same_keeps_its_id() -> None:
    away = without(sound_course(), "02-")
    assert returning(sound_course(), sound_course(), away) == []
    # Reworded while it was there, it may come back in any of its wordings.
    assert returning(other_interview(), sound_course(), other_interview(), away) == []
    assert returning(sound_course(), sound_course(), other_interview(), away) == []


def test_what_is_reworded_without_having_been_away_has_not_come_back() -> None:
    assert returning(other_interview(), sound_course(), sound_course()) == []


def test_what_the_newest_edition_holds_may_be_reworded_though_an_older_one_serves_again() -> None:
    away, there = (read(files).draft for files in (without(sound_course(), "02-"), sound_course()))
    assert away is not None
    assert there is not None
    found = read(other_interview(), past=Past(away, lambda: [there, away])).problems
    assert "C014" not in {each.code for each in found}


def test_earlier_editions_are_asked_for_only_where_an_id_is_new() -> None:
    before = read(sound_course()).course
    assert before is not None

    def refuse() -> list[Course]:
        raise AssertionError("every edition is read")

    assert codes(read(sound_course(), past=Past(before, refuse))) == set()
    with pytest.raises(AssertionError, match="every edition"):
        read(both("final.quiz", "{#two .", "{#both ."), past=Past(before, refuse))
