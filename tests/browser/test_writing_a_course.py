"""Writing a file of a course in a browser: kept as it is typed, shown and checked beside it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser import written
from tests.browser.desk import Desk
from tests.browser.town import COURSE, Town

pytestmark = pytest.mark.browser

OURS = "signes-course"


def test_what_is_typed_is_kept_shown_and_checked_while_one_writes(
    desk: Desk, town: Town, until: Callable[..., object]
) -> None:
    trainer = town.person("johan.naslund")
    written.new_course(town, OURS, town.course(COURSE).track, trainer)
    desk.sign_in(trainer.account)
    desk.open(f"/studio/courses/{OURS}/files/01-first-lesson.en.md", language="en")
    page = desk.page
    editor = page.locator(".cm-content")
    editor.click()
    page.keyboard.press("Control+End")
    page.keyboard.type("\n\nA **bold** word and ![](images/none.png)\n")
    expect(page.locator("[data-saving]")).to_have_text("Kept as your draft")
    expect(page.locator("[data-shown] strong").last).to_have_text("bold")
    expect(page.locator("[data-notes]")).to_contain_text("none.png")
    expect(page.locator(".cm-lint-marker-error")).not_to_have_count(0)
    page.reload()
    until(lambda: "A **bold** word" in page.locator("textarea[name=text]").input_value())
    pictures = page.locator("[data-shown] img")
    pictures.first.scroll_into_view_if_needed()
    until(lambda: pictures.first.evaluate("img => img.naturalWidth") > 0)
