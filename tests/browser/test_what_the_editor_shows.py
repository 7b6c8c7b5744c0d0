"""What the editor shows: problems where they are, colours, and all of it to everybody, at once."""

import statistics

import pytest
from playwright.sync_api import expect

from tests.browser.edited import LESSON, PROBLEMS, Edit, editor, field, put, tell
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


def test_a_problem_is_marked_where_it_is_and_told_with_its_advice(
    edit: Edit,
) -> None:
    page = edit(problems=PROBLEMS)
    said = page.get_by_role("status").and_(page.locator(".editor-said"))
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
    edit: Edit,
) -> None:
    page = edit(problems=PROBLEMS)
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


def test_the_page_sends_somebody_to_a_line(edit: Edit) -> None:
    page = edit("\n".join(f"line {number}" for number in range(1, 500)), viewport=DESK)
    height = page.locator(".cm-editor").evaluate("(one) => one.offsetHeight")
    assert 300 < height < DESK["height"], "as high as the field, however long the text"
    expect(page.get_by_text("line 400", exact=True)).to_have_count(0)
    tell(page, "editor:goto", {"line": 400})
    expect(editor(page)).to_be_focused()
    expect(page.get_by_text("line 400", exact=True)).to_be_in_viewport()
    page.keyboard.type("here: ")
    assert "\nhere: line 400\n" in field(page).input_value()


def test_front_matter_and_marks_of_the_format_have_colours_of_their_own(
    edit: Edit,
) -> None:
    page = edit("---\nid: a\n---\n## Ask {#ask}\n\n*soft* words [[gap|hole]]\n")
    colour = "(one) => getComputedStyle(one).color"
    seen = {
        text: page.locator(".cm-line span").get_by_text(text, exact=True).first.evaluate(colour)
        for text in ("id", "{#ask}", "[[gap|hole]]")
    }
    plain = editor(page).evaluate(colour)
    assert len({plain, *seen.values()}) == 4, seen


@pytest.mark.parametrize("language", ["en", "sv"])
def test_the_editor_has_no_barrier(edit: Edit, language: str) -> None:
    page, found = edit(problems=PROBLEMS, language=language, viewport=DESK), dict[str, object]()
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


@pytest.mark.slow  # a time, so no gate at each change
def test_a_letter_in_a_text_of_200_000_characters_shows_at_once(
    edit: Edit,
) -> None:
    long = (LESSON + LESSON.partition("---\n## ")[2] * 3000)[:200_000]
    page = edit(long, problems=[{**PROBLEMS[0], "line": 40 * n} for n in range(1, 100)])
    editor(page).press("Control+End")
    expect(page.locator(".cm-activeLine")).to_be_in_viewport()
    page.evaluate(MEASURE_KEYS)
    for _letter in range(20):
        page.keyboard.press("a")
    median = statistics.median(page.evaluate(ALL_WAITS, 20))
    print(f"a letter in 200,000 characters: {median:.0f} ms")
    assert median < 50
    expect(field(page)).to_have_value(long + "a" * 20)


def test_only_a_page_with_an_editor_loads_it(edit: Edit, editing_site: Site) -> None:
    client = editing_site.app.test_client()
    assert "codemirror" in client.get("/edited").text
    for address in ("/", "/login", "/accessibility"):
        assert "codemirror" not in client.get(address).text
