"""Slides made from a lesson: what is on them."""

from dataclasses import replace

import pytest

from innocap_lms.content.model import Course, Lesson
from innocap_lms.printing.cutting import first_sentence, sections_of
from innocap_lms.printing.slides import Slide, deck_of
from tests.content.courses import lesson, read


def slides(body: str) -> list[Slide]:
    """The slides of a lesson with this text, after the first."""
    course = read(lesson("Text.")).draft
    assert course is not None
    (found,) = [each for each in course.lessons if each.id == "interview"]
    text = replace(found.texts["en"], body=body)
    changed = Lesson(found.id, {"en": text})
    return list(deck_of(course, changed, "en").slides[1:])


def test_the_first_slide_says_what_the_lesson_is_for() -> None:
    course: Course | None = read(lesson("Text.")).draft
    assert course is not None
    deck = deck_of(course, course.lessons[0], "en")
    (goal,) = [each.text for each in course.texts["en"].outcomes if each.id == "ask"]
    assert deck.slides[0] == Slide(course.lessons[0].texts["en"].title, f"- {goal}")
    assert course.texts["en"].title in deck.foot


def test_each_heading_is_a_slide_with_what_leads_to_its_first_list() -> None:
    body = "## One {#one}\n\nFirst sentence. Second.\n\n- a\n- b\n\nMore words.\n\n- c\n"
    assert slides(body) == [Slide("One", "First sentence.\n\n- a\n- b")]


def test_words_after_the_list_do_not_lead_to_it() -> None:
    assert slides("## One\n\n- a\n\nAfter it.\n") == [Slide("One", "- a")]


def test_a_table_is_shown_with_its_caption() -> None:
    table = "| a | b |\n|---|---|\n| 1 | 2 |\n: What it says"
    assert slides(f"## One\n\n{table}\n") == [Slide("One", table)]


def test_without_list_or_table_the_first_paragraph_stands_whole() -> None:
    assert slides("## One\n\nA first. And a second.\n\nMore.\n") == [
        Slide("One", "A first. And a second.")
    ]


def test_subheadings_stand_for_what_is_under_them() -> None:
    assert slides("## One\n\n### Part {#p}\n\nWords.\n\n### Other\n") == [
        Slide("One", "Words.\n\n- Part\n- Other")
    ]


def test_each_figure_has_a_slide_of_its_own() -> None:
    body = "## One\n\nWords.\n\n![A map](images/map.svg)\n\n![Another](images/map.svg)\n"
    found = slides(body)
    assert [each.title for each in found] == ["One"] * 3
    assert found[1].markdown == "![A map](images/map.svg)"


def test_boxes_of_something_to_do_and_of_the_end_are_slides_and_notes_are_not() -> None:
    body = "## One\n\nWords.\n\n> [!NOTE] Aside\n> No.\n\n> [!TRY] Now\n> - [ ] Do\n"
    body += "\n> [!SUMMARY]\n> All."
    assert slides(body) == [
        Slide("One", "Words."),
        Slide("Now", "- [ ] Do"),
        Slide("Summary", "All."),
    ]


def test_words_after_a_box_belong_to_the_heading_above() -> None:
    body = "## One\n\n> [!TRY] Now\n> Do.\n\nWords.\n"
    assert slides(body) == [Slide("Now", "Do."), Slide("One", "Words.")]


@pytest.mark.parametrize(
    ("paragraph", "said"),
    [
        ("One. Two.", "One."),
        ("About 2.5 km, e.g. there. Then more.", "About 2.5 km, e.g. there."),
        ("”Ett.” Två.", "”Ett.”"),
        ("**A. B.** More.", "**A. B.**"),
        ("**A. B** and more.", "**A. B** and more."),
        ("One only", "One only"),
    ],
)
def test_a_sentence_is_cut_where_no_mark_is_torn(paragraph: str, said: str) -> None:
    assert first_sentence(paragraph) == said


def test_a_text_is_cut_at_its_headings_and_not_inside_code() -> None:
    assert sections_of("Words alone.") == ("Words alone.", ())
    intro, parts = sections_of("In.\n\n## A {#x}\n\n```\n## no\n```\n\n## B\n")
    assert intro == "In."
    assert [(each.anchor, each.title) for each in parts] == [("x", "A"), ("b", "B")]
    assert "## no" in parts[0].markdown
