"""The editor of texts: a field of a form that highlights, searches and shows what is wrong."""

import statistics
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.desk import Desk
from tests.browser.edited import Manuscript, edited_site
from tests.browser.site import Site
from tests.browser.test_every_page import (
    AXE,
    COLOURS,
    DESK,
    ENLARGED_FOUR_TIMES,
    RULES,
    RUN_AXE,
    TOO_SMALL,
    TOO_WIDE,
)
from tests.browser.words import words

LESSON = """---
id: interviews
title: Interviews
---
## Ask {#ask}

Ask what *happened*, not what somebody wants.
"""
PROBLEMS: list[dict[str, Any]] = [
    {"line": 3, "column": 8, "severity": "error", "message": "too short", "advice": "say more"},
    {"line": 7, "column": 1, "severity": "warning", "message": "too long", "advice": "say less"},
]
# What editors like to tidy away: spaces at ends, tabs, marks above letters, signs of two units.
UNTIDY = (
    "\n  \ttabbed \t \nspaces at the end  \n   \n"
    "e\u0301 \u00e9 \u00a0 \u200b \ufeff \U0001f9ed \U0001f468\u200d\U0001f469\u200d\U0001f467 ő̂\n"
    "\u0645\u0631\u062d\u0628\u0627 \u2028 \u2029 \x0c\r\n\n\n  "
)
NOTE_INPUTS = """() => {
  window.inputs = [];
  addEventListener("input", (event) => window.inputs.push(event.target.name));
}"""
# From the key to the picture after it, in milliseconds.
MEASURE_KEYS = """() => {
  window.waits = [];
  let pressed;
  addEventListener("keydown", () => { pressed = performance.now(); }, true);
  document.querySelector("textarea").addEventListener("input", () => requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => window.waits.push(performance.now() - pressed);
    port2.postMessage("painted");
  }));
}"""
ALL_WAITS = """async (count) => {
  while (window.waits.length < count) await new Promise(requestAnimationFrame);
  return window.waits;
}"""


@pytest.fixture(scope="module")
def manuscript() -> Manuscript:
    return Manuscript()


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory, manuscript: Manuscript) -> Iterator[Site]:
    with edited_site(tmp_path_factory.mktemp("edited"), manuscript) as served:
        yield served


@pytest.fixture
def write(browser: Browser, place: Site, manuscript: Manuscript) -> Iterator[Callable[..., Page]]:
    """Opens the page with a text and its problems; at the end no browser had trouble, so none
    has refused a style or a script of the editor."""
    desks: list[Desk] = []

    def opened(
        text: str = LESSON, problems: Any = (), language: str = "en", **options: Any
    ) -> Page:
        manuscript.text, manuscript.problems, manuscript.sent = text, list(problems), None
        desks.append(Desk(browser, place, viewport=DESK, **options))
        desks[-1].open("/edited", language)
        return desks[-1].page

    yield opened
    for desk in desks:
        desk.close()
    assert [trouble for desk in desks for trouble in desk.trouble] == []


def editor(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Text of the lesson")


def field(page: Page) -> Locator:
    return page.locator("textarea")


def tell(page: Page, event: str, detail: Any) -> None:
    field(page).evaluate(
        "(one, [name, detail]) => one.dispatchEvent(new CustomEvent(name, {detail}))",
        [event, detail],
    )


def put(page: Page, text: str) -> None:
    """Write into the field as a script of the page does."""
    field(page).evaluate(
        "(one, text) => { one.value = text; one.dispatchEvent(new Event('input')); }", text
    )


def test_the_field_holds_what_is_typed_and_the_form_sends_it(
    write: Callable[..., Page], manuscript: Manuscript
) -> None:
    page = write()
    page.evaluate(NOTE_INPUTS)
    editor(page).press("Control+End")
    page.keyboard.type("Then listen.")
    expect(field(page)).to_have_value(f"{LESSON}Then listen.")
    assert page.evaluate("inputs") == ["text"] * len("Then listen.")
    page.keyboard.press("Control+z")
    expect(field(page)).to_have_value(LESSON)
    page.keyboard.press("Control+y")
    page.keyboard.press("Control+f")  # whose fields are none of the form's
    page.keyboard.type("ask")
    assert set(page.evaluate("inputs")) == {"text"}
    page.get_by_role("button", name="Save").click()
    expect(field(page)).to_have_value(f"{LESSON}Then listen.")
    assert manuscript.sent == {"text": f"{LESSON}Then listen."}


def test_without_its_script_the_field_is_the_editor(
    write: Callable[..., Page], manuscript: Manuscript
) -> None:
    page = write(java_script_enabled=False)
    editor(page).fill("Plain words.")
    page.get_by_role("button", name="Save").click()
    expect(editor(page)).to_have_value("Plain words.")
    assert manuscript.sent == {"text": "Plain words."}


def test_nothing_changes_but_what_is_typed(
    write: Callable[..., Page], manuscript: Manuscript
) -> None:
    page = write(UNTIDY)
    kept = UNTIDY.replace("\r\n", "\n")
    expect(field(page)).to_have_value(kept)
    editor(page).press("Control+End")
    page.keyboard.type("x")
    page.keyboard.press("Enter")
    page.keyboard.press("Control+Home")
    page.keyboard.type("- a  \nb")
    written = f"- a  \nb{kept}x\n  "
    expect(field(page)).to_have_value(written)
    page.get_by_role("button", name="Save").click()
    page.wait_for_load_state()
    assert manuscript.sent == {"text": written}


def test_what_the_page_writes_into_the_field_is_in_the_editor(write: Callable[..., Page]) -> None:
    page = write()
    tell(page, "editor:goto", {"line": 7})
    put(page, LESSON.replace("id: interviews", "id: interviews-of-users"))
    page.keyboard.type("First: ")  # the cursor is still where it was
    text = LESSON.replace("id: interviews", "id: interviews-of-users")
    expect(field(page)).to_have_value(text.replace("Ask what", "First: Ask what"))
    page.evaluate("document.querySelector('form[method=post]').reset()")
    expect(editor(page)).not_to_contain_text("First")
    expect(field(page)).to_have_value(LESSON)


def test_tab_leaves_the_editor_until_somebody_lets_it_indent(write: Callable[..., Page]) -> None:
    page = write()
    editor(page).press("Control+Home")
    expect(editor(page)).to_have_accessible_description(
        "Markdown with front matter Tab moves on. Ctrl-M lets it indent."
    )
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Search in the text")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(editor(page)).to_be_focused()
    page.keyboard.press("Control+m")
    expect(page.locator(".cm-announced")).to_have_text("Tab indents. Esc, then Tab moves on.")
    page.keyboard.press("Tab")
    expect(field(page)).to_have_value(f"  {LESSON}")
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Search in the text")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Save")).to_be_focused()


def test_the_label_and_a_link_to_the_field_lead_to_the_editor(write: Callable[..., Page]) -> None:
    page = write()
    page.get_by_text("Text of the lesson").click()
    expect(editor(page)).to_be_focused()
    page.get_by_role("heading", level=1).click()
    field(page).evaluate("(one) => one.focus()")
    expect(editor(page)).to_be_focused()


def test_a_problem_is_marked_where_it_is_and_told_with_its_advice(
    write: Callable[..., Page],
) -> None:
    page = write(problems=PROBLEMS)
    said = page.get_by_role("status").filter(has_text="Problems").or_(page.locator(".editor-said"))
    expect(said).to_have_text("Problems: 2")
    expect(page.locator(".cm-lintRange-error")).to_have_text("Interviews")
    expect(page.locator(".cm-lintRange-warning")).to_have_text("Ask")
    expect(page.locator(".cm-lint-marker-error")).to_be_visible()
    page.locator(".cm-lint-marker-error").hover()
    expect(page.locator(".cm-tooltip")).to_contain_text("say more")
    editor(page).press("F8")
    expect(said).to_contain_text("Error on line 3: too short")
    expect(said).to_contain_text("say more")
    page.get_by_role("button", name="Next problem").click()
    expect(said).to_contain_text("Warning on line 7: too long")
    page.keyboard.press("Shift+F8")
    expect(said).to_contain_text("Error on line 3")
    page.keyboard.type("Good ")  # nothing was selected that the letters could replace
    expect(field(page)).to_have_value(LESSON.replace("title: ", "title: Good "))


def test_problems_move_with_the_text_and_new_ones_take_their_place(
    write: Callable[..., Page],
) -> None:
    page = write(problems=PROBLEMS)
    said = page.locator(".editor-said")
    editor(page).press("Control+Home")
    page.keyboard.type("\n\n")
    page.keyboard.press("F8")
    expect(said).to_contain_text("Error on line 5: too short")
    beyond = {"line": 99, "column": 99, "severity": "error", "message": "gone", "advice": ""}
    signs = {"line": 9, "column": 3, "severity": "warning", "message": "here", "advice": ""}
    put(page, LESSON + "\n\U0001f9ed\U0001f9edword\n")
    tell(page, "editor:problems", [beyond, signs])
    expect(said).to_have_text("Problems: 2")
    expect(page.locator(".cm-lintRange-warning")).to_have_text("word")
    tell(page, "editor:problems", [])
    expect(said).to_have_text("")
    expect(page.locator(".cm-lint-marker")).to_have_count(0)
    expect(page.get_by_role("button", name="Next problem")).to_be_hidden()


def test_the_page_sends_somebody_to_a_line(write: Callable[..., Page]) -> None:
    page = write("\n".join(f"line {number}" for number in range(1, 500)))
    expect(page.get_by_text("line 400", exact=True)).to_have_count(0)
    tell(page, "editor:goto", {"line": 400})
    expect(editor(page)).to_be_focused()
    expect(page.get_by_text("line 400", exact=True)).to_be_in_viewport()
    page.keyboard.type("here: ")
    assert "\nhere: line 400\n" in field(page).input_value()


def test_front_matter_and_marks_of_the_format_have_colours_of_their_own(
    write: Callable[..., Page],
) -> None:
    page = write("---\nid: a\n---\n## Ask {#ask}\n\n*soft* words [[gap|hole]]\n")
    colour = "(one) => getComputedStyle(one).color"
    seen = {
        text: page.locator(".cm-line span").get_by_text(text, exact=True).first.evaluate(colour)
        for text in ("id", "{#ask}", "[[gap|hole]]")
    }
    plain = editor(page).evaluate(colour)
    assert len({plain, *seen.values()}) == 4, seen


@pytest.mark.parametrize("language", ["en", "sv"])
def test_ctrl_f_searches_and_replaces_in_the_language_of_the_page(
    write: Callable[..., Page], language: str
) -> None:
    page, say = write(language=language), words(language)
    editor(page).press("Control+f")
    expect(page.get_by_role("textbox", name=say("Find"))).to_be_focused()
    page.keyboard.type("what")
    page.keyboard.press("Enter")
    expect(page.locator(".cm-searchMatch-selected")).to_have_text("what")
    expect(page.locator(".cm-announced")).to_contain_text(say("Found"))
    for label in ("Match case", "Regular expression", "Whole words"):
        expect(page.get_by_role("checkbox", name=say(label))).to_be_visible()
    page.get_by_role("textbox", name=say("Replace with")).fill("how it")
    page.get_by_role("button", name=say("Replace all"), exact=True).click()
    expect(field(page)).to_have_value(LESSON.replace("what", "how it"))
    page.keyboard.press("Escape")
    expect(page.get_by_role("textbox", name=say("Find"))).to_have_count(0)
    expect(editor(page)).to_be_focused()


def test_each_line_runs_in_the_direction_of_its_words(write: Callable[..., Page]) -> None:
    page = write("Välkommen\n\u0645\u0631\u062d\u0628\u0627\nWelcome\n")
    lines = page.locator(".cm-line")
    running = [one.evaluate("(one) => getComputedStyle(one).direction") for one in lines.all()]
    assert running == ["ltr", "rtl", "ltr", "ltr"]


@pytest.mark.parametrize("language", ["en", "sv"])
def test_the_editor_has_no_barrier(write: Callable[..., Page], language: str) -> None:
    page, found = write(problems=PROBLEMS, language=language), dict[str, object]()
    editor(page).press("F8")
    page.keyboard.press("Control+f")
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found["axe, light"] = page.evaluate(RUN_AXE, ["tag", RULES])
    page.emulate_media(color_scheme="dark")
    found["axe, dark"] = page.evaluate(RUN_AXE, ["rule", COLOURS])
    page.emulate_media(color_scheme="light", forced_colors="active")
    expect(page.locator(".cm-lint-marker-error")).to_have_css("background-color", "rgb(0, 0, 0)")
    page.emulate_media(forced_colors="none")
    for name, size in (("phone", {"width": 360, "height": 740}), ("400 %", ENLARGED_FOUR_TIMES)):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        found[f"too wide, {name}"] = page.evaluate(TOO_WIDE)
        found[f"targets under 24 pixels, {name}"] = page.evaluate(TOO_SMALL)
        found[f"hides lines, {name}"] = page.locator(".cm-scroller").evaluate(
            "(one) => one.clientHeight < 60 ? [one.clientHeight] : []"
        )
    assert {name: what for name, what in found.items() if what} == {}


def test_a_letter_in_a_text_of_200_000_characters_shows_at_once(
    write: Callable[..., Page],
) -> None:
    long = (LESSON + LESSON.partition("---\n## ")[2] * 3000)[:200_000]
    page = write(long, problems=[{**PROBLEMS[0], "line": 40 * n} for n in range(1, 100)])
    editor(page).press("Control+End")
    expect(page.locator(".cm-activeLine")).to_be_in_viewport()
    page.evaluate(MEASURE_KEYS)
    for _letter in range(20):
        page.keyboard.press("a")
    median = statistics.median(page.evaluate(ALL_WAITS, 20))
    print(f"a letter in 200,000 characters: {median:.0f} ms")
    assert median < 50
    expect(field(page)).to_have_value(long + "a" * 20)


def test_only_a_page_with_an_editor_loads_it(write: Callable[..., Page], place: Site) -> None:
    client = place.app.test_client()
    assert "codemirror" in client.get("/edited").text
    for address in ("/", "/login", "/accessibility"):
        assert "codemirror" not in client.get(address).text
