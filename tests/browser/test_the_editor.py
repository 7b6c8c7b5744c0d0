"""The editor of texts is a field of its form: what is typed is kept, letter by letter."""

import pytest
from playwright.sync_api import expect

from tests.browser.edited import LESSON, Edit, Manuscript, editor, field, put, tell
from tests.browser.words import words

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


def test_the_field_holds_what_is_typed_and_the_form_sends_it(
    edit: Edit, manuscript: Manuscript
) -> None:
    page = edit()
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


def test_without_its_script_the_field_is_the_editor(edit: Edit, manuscript: Manuscript) -> None:
    page = edit(java_script_enabled=False)
    editor(page).fill("Plain words.")
    page.get_by_role("button", name="Save").click()
    expect(editor(page)).to_have_value("Plain words.")
    assert manuscript.sent == {"text": "Plain words."}


def test_nothing_changes_but_what_is_typed(edit: Edit, manuscript: Manuscript) -> None:
    page = edit(UNTIDY)
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


def test_what_the_page_writes_into_the_field_is_in_the_editor(edit: Edit) -> None:
    page = edit()
    tell(page, "editor:goto", {"line": 7})
    put(page, LESSON.replace("id: interviews", "id: interviews-of-users"))
    page.keyboard.type("First: ")  # the cursor is still where it was
    text = LESSON.replace("id: interviews", "id: interviews-of-users")
    expect(field(page)).to_have_value(text.replace("Ask what", "First: Ask what"))
    page.evaluate("document.querySelector('form[method=post]').reset()")
    expect(editor(page)).not_to_contain_text("First")
    expect(field(page)).to_have_value(LESSON)


def test_tab_leaves_the_editor_until_somebody_lets_it_indent(edit: Edit) -> None:
    page = edit()
    editor(page).press("Control+Home")
    expect(editor(page)).to_have_accessible_description(
        "Markdown with front matter Tab moves on. Ctrl-M lets it indent."
    )
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Search")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(editor(page)).to_be_focused()
    page.keyboard.press("Control+m")
    expect(page.locator(".cm-announced")).to_have_text("Tab indents. Esc, then Tab moves on.")
    page.keyboard.press("Tab")
    expect(field(page)).to_have_value(f"  {LESSON}")
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Search")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Save")).to_be_focused()


def test_the_label_and_a_link_to_the_field_lead_to_the_editor(edit: Edit) -> None:
    page = edit()
    page.get_by_text("Text of the lesson").click()
    expect(editor(page)).to_be_focused()
    page.get_by_role("heading", level=1).click()
    field(page).evaluate("(one) => one.focus()")
    expect(editor(page)).to_be_focused()


def test_what_is_said_of_the_field_holds_for_the_editor(edit: Edit) -> None:
    page = edit(attributes="readonly required aria-invalid=true lang=sv spellcheck=false")
    for name, value in {
        "aria-readonly": "true",
        "aria-required": "true",
        "aria-invalid": "true",
        "lang": "sv",
        "spellcheck": "false",
    }.items():
        expect(editor(page)).to_have_attribute(name, value)
    editor(page).press("Control+Home")
    page.keyboard.type("x")
    page.keyboard.press("Enter")
    expect(editor(page)).to_contain_text("interviews")
    assert field(page).input_value() == LESSON


def test_a_text_that_is_missing_is_asked_for_in_the_editor(
    edit: Edit, manuscript: Manuscript
) -> None:
    page = edit("", attributes="required")
    page.get_by_role("button", name="Save").click()
    expect(editor(page)).to_be_focused()
    assert manuscript.sent is None


@pytest.mark.parametrize("language", ["en", "sv"])
def test_ctrl_f_searches_and_replaces_in_the_language_of_the_page(
    edit: Edit, language: str
) -> None:
    page, say = edit(language=language), words(language)
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


def test_each_line_runs_in_the_direction_of_its_words(edit: Edit) -> None:
    page = edit("Välkommen\n\u0645\u0631\u062d\u0628\u0627 abc\nWelcome\n")
    lines = page.locator(".cm-line")
    running = [one.evaluate("(one) => getComputedStyle(one).direction") for one in lines.all()]
    assert running == ["ltr", "rtl", "ltr", "ltr"]
    tell(page, "editor:goto", {"line": 2})
    for _step in range(7):
        page.keyboard.press("ArrowLeft")
    page.keyboard.type("!")
    # Through the word that runs leftwards, then from the end of the one that does not.
    assert "\u0645\u0631\u062d\u0628\u0627 ab!c" in field(page).input_value()
